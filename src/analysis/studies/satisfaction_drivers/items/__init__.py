"""Whether the items can be trusted: reliability, likeness, marker and gaps."""
