"""How balances answer posted rates, and whether that can be believed."""
