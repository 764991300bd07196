"""What is expected before anything is simulated: flows, loads and sizes."""
