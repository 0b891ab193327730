"""A seeded bank, consistent across the studies, whose truths are known."""
