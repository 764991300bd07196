"""What is decided, as pure functions of numbers that both engines call."""
