"""Whose profit keeps its sign under every assumption, and whose does not.

A customer loses money where profit is below zero. Each alternative is asked for every
customer inside the engine; one whole number per customer comes back, a bit of which
says whether the customer loses under that alternative.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import numpy as np
from numpy.typing import NDArray

from analysis.data.sources import Tables
from analysis.statistics.paired_bootstrap import Flags, Floats
from analysis.studies.segment_profitability.account.funds_pricing import PricedBalances
from analysis.studies.segment_profitability.assurance.choices import (
    Alternative,
    choose,
    list_alternatives,
)
from analysis.studies.segment_profitability.assurance.repriced_profit import (
    QuarterParts,
    take_parts,
    write_profit,
)
from analysis.studies.segment_profitability.customers.customer_panel import (
    CustomerPanel,
    Measured,
    Sample,
    compare,
)
from analysis.studies.segment_profitability.parameters import Parameters
from analysis.studies.segment_profitability.refusal import Refused

Bits = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Flips:
    """What one alternative does to the signs of profits.

    Parameters
    ----------
    alternative : Alternative
        What is assumed.
    share_pct : Measured
        Share of customers whose profit changes its sign, percent.
    losing_pct : float
        Share of customers who lose money then, percent.
    to_loss, to_profit : int
        Customers who come to lose, and who come to earn.
    """

    alternative: Alternative
    share_pct: Measured
    losing_pct: float
    to_loss: int
    to_profit: int


@dataclass(frozen=True, slots=True, eq=False)
class SignStability:
    """How far "who loses money" rests on assumptions.

    Parameters
    ----------
    flips : tuple of Flips
        One per alternative, the most customers first.
    always_losing_pct, always_earning_pct, depends_pct : Measured
        Share of customers who lose, or earn, whatever is assumed, and of the rest;
        percent of all.
    losing : dict of str to ndarray of int, shape (n_customers,)
        By quarter: bit 0 says who loses under the set in force, bit k under the k-th
        alternative of `alternatives`; customers in the panel's order.
    alternatives : tuple of Alternative
        In the order of the bits.
    parts : QuarterParts
        Of the quarter reported.
    panel : CustomerPanel
        What it was measured on.
    """

    flips: tuple[Flips, ...]
    always_losing_pct: Measured
    always_earning_pct: Measured
    depends_pct: Measured
    losing: dict[str, Bits]
    alternatives: tuple[Alternative, ...]
    parts: QuarterParts
    panel: CustomerPanel

    @property
    def now(self) -> Bits:
        """Bits of the quarter reported."""
        return self.losing[self.panel.now.quarter]

    def find_status(self) -> tuple[Flags, Flags]:
        """Say who loses, and who earns, whatever is assumed.

        Returns
        -------
        tuple of ndarray of bool, shape (n_customers,)
            Of the quarter reported; no customer is in both.
        """
        return self.now == self._all_bits, self.now == 0

    @property
    def _all_bits(self) -> int:
        return (1 << len(self.alternatives) + 1) - 1


def vary_assumptions(
    panel: CustomerPanel | Refused,
    priced: PricedBalances,
    tables: Tables,
    parameters: Parameters,
) -> SignStability | Refused:
    """Ask each customer's profit for its sign under every alternative.

    Parameters
    ----------
    panel : CustomerPanel or Refused
        Customers of both quarters.
    priced : PricedBalances
        Funding curves.
    tables : Tables
        For the currency's minor units.
    parameters : Parameters
        The set of assumptions in force.

    Returns
    -------
    SignStability or Refused
        Refused where there is no profit.
    """
    if isinstance(panel, Refused):
        return panel
    account = panel.account
    if account.refusal:
        return account.refusal
    alternatives = list_alternatives(account, priced, choose(parameters))
    samples = [s for s in (panel.before, panel.now) if s is not None]
    parts = {
        s.quarter: take_parts(account, priced, tables.source.minor_units, s.quarter)
        for s in samples
    }
    losing = {name: _read_losing(part, alternatives) for name, part in parts.items()}
    flips = [
        _measure_flips(panel, losing, alternative, place)
        for place, alternative in enumerate(alternatives, start=1)
    ]
    most = (1 << len(alternatives) + 1) - 1
    return SignStability(
        flips=tuple(sorted(flips, key=lambda f: -f.share_pct.estimate)),
        always_losing_pct=_share(panel, losing, lambda bits: bits == most),
        always_earning_pct=_share(panel, losing, lambda bits: bits == 0),
        depends_pct=_share(panel, losing, lambda bits: (bits != 0) & (bits != most)),
        losing=losing,
        alternatives=alternatives,
        parts=parts[panel.now.quarter],
        panel=panel,
    )


def _read_losing(parts: QuarterParts, alternatives: tuple[Alternative, ...]) -> Bits:
    """Read one whole number per customer, in the order of their keys."""
    rows = parts.rows
    signs = [rows.profit < 0] + [
        write_profit(parts, alternative.choices) < 0 for alternative in alternatives
    ]
    bits = sum(
        (sign.ifelse(2**place, 0) for place, sign in enumerate(signs)),
        ibis.literal(0, "int64"),
    )
    ordered = rows.select("customer_id", bits=bits.cast("int64")).order_by(
        "customer_id"
    )
    found: Bits = ordered.bits.to_pyarrow().to_numpy().astype(np.int64)
    return found


def _measure_flips(
    panel: CustomerPanel,
    losing: dict[str, Bits],
    alternative: Alternative,
    place: int,
) -> Flips:
    now = losing[panel.now.quarter]
    base, other = _read_bit(now, 0), _read_bit(now, place)
    return Flips(
        alternative=alternative,
        share_pct=_share(
            panel, losing, lambda bits: _read_bit(bits, 0) != _read_bit(bits, place)
        ),
        losing_pct=100 * float(other.mean()),
        to_loss=int((other & ~base).sum()),
        to_profit=int((base & ~other).sum()),
    )


def _read_bit(bits: Bits, place: int) -> Flags:
    is_set: Flags = (bits >> place) % 2 == 1
    return is_set


def _share(
    panel: CustomerPanel, losing: dict[str, Bits], pick: Callable[[Bits], Flags]
) -> Measured:
    return compare(panel, lambda s: _replicate_share(s, pick(losing[s.quarter])))


def _replicate_share(sample: Sample, picked: Flags) -> Floats:
    everybody = sample.total(np.ones(sample.n_customers))
    shares: Floats = 100 * sample.total(picked.astype(np.float64)) / everybody
    return shares[:, 0]
