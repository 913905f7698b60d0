"""Anonymize tables by rule."""

__version__ = "0.1.0"
