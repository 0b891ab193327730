"""Shown items as words, HTML, Typst and data."""
