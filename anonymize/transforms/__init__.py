"""Transforms: a folder per family, a file per transform."""
