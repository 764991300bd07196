"""Figures of single deals and customers among all."""
