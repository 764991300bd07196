"""What a study asks: its points, its question, its goals, and whether it can be run."""
