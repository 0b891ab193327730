"""How profit spreads over customers: who makes it, who loses it."""
