"""Substitution: put something else in the place of values (pseudonymization)."""
