"""Studies: a question about a scenario, the arms and factors that answer it, and what is expected."""
