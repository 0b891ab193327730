"""What customers do when a term deposit matures, and what matures next."""
