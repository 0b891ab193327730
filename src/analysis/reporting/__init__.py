"""Run the notebooks, export HTML and PDF, record what was run, publish a quarter."""

import sys

# jsonschema compiles some thirty-five grammars at import, a second in every process
# that imports nbformat, to check addresses of a kind that no notebook holds. It does
# without where this package is not installed.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
