"""Generalization: say less about values."""
