"""A Jupyter course on differentiating a neural network, with auto-graded exercises."""

import sys

# jsonschema, under nbformat, builds a grammar for international web addresses when this package is there: a second at
# every start, and no notebook's schema has such an address. Without it jsonschema does not look at that one format.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
