"""What the bank can pull: fees, whose time is served, and moving contacts."""
