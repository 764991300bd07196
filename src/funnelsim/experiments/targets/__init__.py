"""Targets of single runs: how often they are reached, and by how much they are missed."""
