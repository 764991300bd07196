"""Figures that are no single numbers: courses over time, what parts a whole has, and bridges between two moments.

Each is a function of the records of all replications and their model. What is counted begins after the warm-up.
"""
