"""A seeded bank, consistent across the studies, whose truths are known."""

from analysis.synthetic.bank import BankSummary, make_bank

__all__ = ["BankSummary", "make_bank"]
