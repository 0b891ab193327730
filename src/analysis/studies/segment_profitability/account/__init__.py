"""The profit account of each customer, from transfer prices to the ledger."""
