"""Complaints and waiting: how often, how long, and what they go along with."""
