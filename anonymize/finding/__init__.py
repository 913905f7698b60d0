"""Finds personal data, and drafts the rules for it."""
