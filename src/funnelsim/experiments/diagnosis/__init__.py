"""Where the limit of a line is, and what can be done about it: the five focusing steps."""
