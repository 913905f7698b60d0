"""Health care and health insurance."""
