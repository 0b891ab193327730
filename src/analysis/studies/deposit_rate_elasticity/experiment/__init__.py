"""Which test of prices would settle what past data cannot tell, and what it costs."""
