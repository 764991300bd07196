"""What becomes of one visit: its outcome, and how an open deal goes on where it stands."""
