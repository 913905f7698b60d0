"""Companies and other organizations."""
