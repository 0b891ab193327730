"""Who kept silent, and what that may hide."""
