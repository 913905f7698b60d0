"""Rule files: reading, checking, formatting and changing them."""
