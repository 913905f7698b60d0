"""Finding personal data in columns of text, in linear time."""
