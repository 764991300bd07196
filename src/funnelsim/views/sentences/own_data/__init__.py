"""What was made of a firm's own data, in words."""
