"""Payment and bank accounts."""
