"""How bytes become pages of rows, and edited pages become bytes again."""
