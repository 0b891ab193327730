"""What customers are worth over the time they stay, and what winning them may cost."""
