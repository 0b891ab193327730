"""What each segment makes, line by line."""
