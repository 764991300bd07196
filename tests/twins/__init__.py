"""The two engines, held against each other."""
