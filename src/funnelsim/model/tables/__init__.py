"""The compiled scenario as typed arrays, and how they are built."""
