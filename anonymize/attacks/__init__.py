"""Attacks on releases: one file each."""
