"""The run store: what replications left, in one file that survives a kill, and the tables made of it."""
