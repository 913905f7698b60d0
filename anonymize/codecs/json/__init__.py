"""JSON lines: values as byte ranges."""
