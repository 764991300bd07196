"""Arithmetic, random numbers and distributions with the same bits everywhere."""
