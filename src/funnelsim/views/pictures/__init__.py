"""Pictures: a function or class for each, and what all of them share."""
