"""Passwords, keys and wallets."""
