"""What a reader sees: findings, tables and charts, safe to publish."""
