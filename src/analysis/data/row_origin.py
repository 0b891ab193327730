"""Columns beside a contract table that tell where a row comes from and what failed."""

ROW = "__row"
"""Number of the row in its file, a header counted; missing in a database."""
FILE = "__file"
"""Name of the file or table."""
FAILED = "__failed_"
"""Prefix of a column that holds the text of what could not be converted."""
