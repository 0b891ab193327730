"""How much of a policy move reaches posted rates, and how fast."""
