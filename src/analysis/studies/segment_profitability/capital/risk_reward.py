"""Whether customers and segments earn the capital that their risk needs.

The charge for capital is taken off once: a return on capital is profit before that
charge over capital, economic profit is profit after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.data.dominance import measure_dominance
from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.statistics.credit_capital import measure_raroc
from analysis.statistics.paired_bootstrap import Floats
from analysis.studies.segment_profitability.account.customer_profit import (
    QUARTERS_A_YEAR,
)
from analysis.studies.segment_profitability.customers.customer_panel import (
    CustomerPanel,
    Measured,
    Sample,
    compare,
)
from analysis.studies.segment_profitability.parameters import (
    CONFIDENCE_LEVEL,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say


@dataclass(frozen=True, slots=True, eq=False)
class RiskReward:
    """What segments earn on the capital that their risk needs.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per segment with at least ten customers: `customers`, `profit`,
        `capital`, `economic_profit` (major currency units a quarter), `creating_pct`
        (customers with an economic profit above zero), `raroc_pct` (percent a year)
        with `lower` and `upper`, and the dominance of profit and capital.
    creating_pct : Measured
        Share of customers with an economic profit above zero, percent.
    raroc_pct : Measured
        Return on the capital of all customers, percent a year.
    economic_profit : Measured
        Of all customers, major currency units a quarter.
    hurdle_pct : float
        What owners ask of capital, percent a year.
    panel : CustomerPanel
        What it was measured on.
    """

    rows: pd.DataFrame
    creating_pct: Measured
    raroc_pct: Measured
    economic_profit: Measured
    hurdle_pct: float
    panel: CustomerPanel


def reward_risk(
    panel: CustomerPanel | Refused, parameters: Parameters
) -> RiskReward | Refused:
    """Set profit against the capital that it needs, for each segment and for all.

    Parameters
    ----------
    panel : CustomerPanel or Refused
        Customers of both quarters.
    parameters : Parameters
        Hurdle.

    Returns
    -------
    RiskReward or Refused
        Refused where customers have no profit or need no capital, or where the source
        lacks their cost or risk: a return without these would flatter.

    References
    ----------
    .. [1] Hull, Risk Management and Financial Institutions, chapter on economic
       capital and RAROC.
    """
    if isinstance(panel, Refused):
        return panel
    account = panel.account
    for line in ("deposit_margin", "cost_to_serve", "expected_loss"):
        if line in account.refused:
            return account.refuse(line)
    rows = _reward_segments(panel).merge(_measure_largest(panel), on="segment")
    if rows.empty:
        reason = say(
            "No segment of {least} customers or more needs capital.",
            least=MINIMUM_CELL,
        )
        return Refused(reason, account.quarter, account.source)
    return RiskReward(
        rows=rows,
        creating_pct=compare(panel, _share_creating),
        raroc_pct=compare(panel, _replicate_raroc),
        economic_profit=compare(panel, _total_economic_profit),
        hurdle_pct=parameters.hurdle_rate_pct,
        panel=panel,
    )


def _reward_segments(panel: CustomerPanel) -> pd.DataFrame:
    by_segment = {
        name: panel.now.total(values, n_segments=len(panel.segments))
        for name, values in (
            ("customers", np.ones(panel.now.n_customers)),
            ("profit", panel.now.profit),
            ("capital", panel.now.capital),
            ("economic_profit", panel.now.economic_profit),
            ("creating", (panel.now.economic_profit > 0).astype(float)),
        )
    }
    rows = pd.DataFrame({name: draws[0] for name, draws in by_segment.items()})
    shown = (rows["customers"] >= MINIMUM_CELL) & (rows["capital"] > 0)
    raroc = _annualise(by_segment["profit"], by_segment["capital"])[:, shown]
    tail = (1 - CONFIDENCE_LEVEL) / 2
    rewarded = rows[shown].assign(
        segment=np.array(panel.segments, dtype=object)[shown],
        creating_pct=100 * rows["creating"] / rows["customers"],
        raroc_pct=raroc[0],
        lower=np.nanquantile(raroc[1:], tail, axis=0),
        upper=np.nanquantile(raroc[1:], 1 - tail, axis=0),
    )
    return rewarded.sort_values("raroc_pct", ascending=False).reset_index(drop=True)


def _measure_largest(panel: CustomerPanel) -> pd.DataFrame:
    rows = panel.account.rows
    now = rows.filter(rows.quarter == panel.account.quarter)
    return measure_dominance(now, ("segment",), ("profit", "capital"))


def _annualise(profit: Floats, capital: Floats) -> Floats:
    return QUARTERS_A_YEAR * 100 * measure_raroc(profit, capital)


def _share_creating(sample: Sample) -> Floats:
    creating = sample.total((sample.economic_profit > 0).astype(float))
    shares: Floats = 100 * creating / sample.total(np.ones(sample.n_customers))
    return shares[:, 0]


def _replicate_raroc(sample: Sample) -> Floats:
    return _annualise(sample.total(sample.profit), sample.total(sample.capital))[:, 0]


def _total_economic_profit(sample: Sample) -> Floats:
    return sample.total(sample.economic_profit)[:, 0]
