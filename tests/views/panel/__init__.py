"""The what-if panel and its hosts."""
