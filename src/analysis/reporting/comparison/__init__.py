"""Two runs beside each other: what moved, what went in, what they have read."""
