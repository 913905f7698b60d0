"""Pure functions over Arrow and NumPy buffers. They know no rule and no file."""
