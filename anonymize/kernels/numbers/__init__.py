"""Numbers, as columns and as text."""
