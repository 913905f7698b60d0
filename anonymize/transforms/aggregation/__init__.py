"""Aggregation: release a table about the records instead of them."""
