"""Figures of time: what flows in a year, a quarter and a month, and what came in each fiscal period."""
