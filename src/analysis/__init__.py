"""Quarterly reports on a bank's customers, from parameterised notebooks."""
