"""Addresses and identifiers of machines."""
