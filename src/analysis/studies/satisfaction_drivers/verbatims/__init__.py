"""What customers say in their own words, by topic and masked."""
