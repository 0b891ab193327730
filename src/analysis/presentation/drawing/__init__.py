"""How charts are drawn: shapes, axes, labels, one look, and the values behind marks."""
