"""The two columns that tell where a row comes from, so that it can be found again."""

ROW = "__row"
"""Number of the row in its file, a header counted; missing in a database."""
FILE = "__file"
"""Name of the file or table."""
