"""Places where keys are kept: one file each."""
