"""Files as streams of bytes: decompressed on the way in, compressed on the way out."""
