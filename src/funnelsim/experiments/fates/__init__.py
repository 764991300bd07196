"""What became of the same leads: each lead's fate in two arms, and an account of the difference that adds up."""
