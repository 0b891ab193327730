"""What profit is left after paying for the capital it ties up."""
