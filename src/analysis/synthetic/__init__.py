"""A seeded bank, consistent across the studies, whose truths are known."""

from analysis.synthetic.bank import (
    DEFAULT_CUSTOMERS,
    DEFAULT_SEED,
    BankSummary,
    make_bank,
)

__all__ = ["DEFAULT_CUSTOMERS", "DEFAULT_SEED", "BankSummary", "make_bank"]
