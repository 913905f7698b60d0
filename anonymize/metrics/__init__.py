"""Measures of privacy: one file each."""
