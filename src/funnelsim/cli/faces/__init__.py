"""Commands that make what people look at: pages and reports."""
