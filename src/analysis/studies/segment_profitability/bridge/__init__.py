"""Why profit changed: the bridge from the quarter before to the quarter reported."""
