"""The best staffing or policy under a budget, with how sure that is."""
