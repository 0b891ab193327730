"""Which kinds of customers there are, by behaviour, by rule and by products held."""
