"""Compare balances on the last day with the average of the days (时点 and 日均)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import ibis
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory

SHOWN_YEARS = 3
"""Years of deviations that are drawn."""
MONTHS_A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class QuarterEnds:
    """How far balances of the last day lie above the average of their period.

    Parameters
    ----------
    deviations : pandas.DataFrame
        One row per period: `period`, `customers`, `end` and `average` (deposits, major
        units), `deviation_pct` ((end less average) / average), `ends_quarter`.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    deviations: pd.DataFrame
    quarter: Quarter
    source: str

    @property
    def now_pct(self) -> float:
        """Deviation in the quarter's last period."""
        return self._read(self.quarter)

    @property
    def previous_pct(self) -> float:
        """Deviation at the end of the quarter before."""
        return self._read(self.quarter.previous)

    @property
    def other_pct(self) -> float:
        """Mean deviation of periods that do not end a quarter; missing without any."""
        rows = self.deviations[~self.deviations["ends_quarter"]]
        return float(rows["deviation_pct"].mean()) if len(rows) else math.nan

    def _read(self, quarter: Quarter) -> float:
        rows = self.deviations[
            self.deviations["period"] == pd.Timestamp(quarter.last_day)
        ]
        return math.nan if rows.empty else float(rows["deviation_pct"].iloc[0])


def measure_quarter_ends(tables: Tables, history: RateHistory) -> QuarterEnds:
    """Measure the deviation of deposits on the last day from their average.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    history : RateHistory
        Gives the quarter.

    Returns
    -------
    QuarterEnds
        One row per period of the last years.
    """
    accounts = tables["accounts"]
    deposits = accounts.filter(accounts["side"] == "deposit").select(
        "account_id", "customer_id"
    )
    balances = tables["balances"]
    first = history.quarter.shift(-4 * SHOWN_YEARS).last_day
    recent = balances.filter(balances["period"] > ibis.literal(first))
    held = recent.join(deposits, "account_id")
    units = float(tables.source.minor_units)
    sums: pd.DataFrame = (
        held.group_by("period")
        .agg(
            customers=held["customer_id"].nunique(),
            end=held["balance_end_minor"].sum().cast("float64") / units,
            average=held["balance_average"].sum(),
        )
        .to_pandas()
    )
    known = sums[sums["average"] > 0].assign(period=pd.to_datetime(sums["period"]))
    ends = known["period"].dt.month % MONTHS_A_QUARTER == 0
    deviation = 100 * (known["end"] / known["average"] - 1)
    rows = known.assign(deviation_pct=deviation, ends_quarter=ends)
    return QuarterEnds(
        deviations=rows.sort_values("period", ignore_index=True),
        quarter=history.quarter,
        source=history.source,
    )
