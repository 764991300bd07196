"""Tuning: the inputs that are least known, moved as little as possible until the line comes to known totals."""
