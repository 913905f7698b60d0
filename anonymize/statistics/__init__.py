"""Mergeable facts about a whole data set: one file each."""
