"""Dates and times, as columns and as text."""
