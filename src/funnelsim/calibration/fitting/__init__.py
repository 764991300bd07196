"""From a history to a scenario: what is estimated, what is assumed, and the file that says which is which."""
