"""What turns the event loop into machine code and keeps it on disk; knows nothing of leads and reps."""
