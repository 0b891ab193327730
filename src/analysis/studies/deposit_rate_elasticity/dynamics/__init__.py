"""What moves when a rate moves, how soon, how far, and whether up and down differ."""
