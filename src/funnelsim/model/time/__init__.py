"""Calendars, and when leads arrive."""
