"""The state of a run: time, hours, waiting lines, what waits in them, and the books."""
