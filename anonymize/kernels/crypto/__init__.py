"""Keys, ciphers and what is drawn from them."""
