"""The engine against exact queueing theory."""
