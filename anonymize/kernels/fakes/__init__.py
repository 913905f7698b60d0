"""Made-up values."""
