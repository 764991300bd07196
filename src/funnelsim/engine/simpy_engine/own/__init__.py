"""A user's own rules and observers: what they are, what they are shown, and where they are called."""
