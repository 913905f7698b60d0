"""Places: coordinates, regions, postal codes."""
