"""All texts in all languages, and how numbers are written."""
