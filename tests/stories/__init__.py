"""What must emerge from time, priorities, ageing and hidden quality, without being written down anywhere."""
