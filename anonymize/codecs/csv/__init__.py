"""CSV: cells as byte ranges."""
