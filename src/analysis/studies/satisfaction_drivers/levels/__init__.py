"""What they said: scores by segment and over time."""
