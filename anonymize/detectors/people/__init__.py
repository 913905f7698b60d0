"""Names and dates of people."""
