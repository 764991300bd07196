"""Sweeps: all points of a study run and stored, so that a stopped one goes on where it was."""
