"""Kinds of files: one file each."""
