"""The parts of a scenario, each from the columns of a history to numbers with intervals."""
