"""The small language of `when` and `where`."""
