"""Bring a source of data to the contract, check it and build panels from it."""
