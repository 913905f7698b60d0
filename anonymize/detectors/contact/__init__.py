"""Ways to reach a person: addresses, numbers, links."""
