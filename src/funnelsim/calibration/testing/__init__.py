"""A calibrated scenario against what came afterwards, beside methods that know no line."""
