"""Replications of scenarios: on which engine, where, how many, and whether they fit."""
