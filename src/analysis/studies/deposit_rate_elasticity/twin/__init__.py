"""How far this quarter's estimates can be trusted: the same panel, its truth known."""
