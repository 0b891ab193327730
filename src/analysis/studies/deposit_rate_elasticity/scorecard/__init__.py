"""Whether the responses of the quarter before foresaw what balances did in this one."""
