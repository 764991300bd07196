"""The types of a scenario: what may be written, and the form of each value."""
