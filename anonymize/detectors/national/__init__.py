"""Numbers that states give to persons."""
