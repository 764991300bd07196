"""What is refused in a scenario as a whole, and what is allowed but looks like a slip."""
