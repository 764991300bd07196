"""Comparing scenarios and choosing among them, and whether what a study predicts holds."""
