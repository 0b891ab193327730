"""See whether deposits gather at thresholds of price, tier or insurance.

Deposits of a customer are added up over accounts on the quarter's last day, in major
units of the source's currency. Distances from a threshold are percent of it, in logs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import Quarter, write_quarter
from analysis.statistics.bunching import measure_bunching
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.sentences import write_pvalue
from analysis.units import Unit, write_interval, write_money, write_number
from analysis.wording import say

REACH_PCT = 20
"""Percent around a threshold whose density is fitted, in bins of one."""
WINDOW_PCT = 2.0
"""Percent around a threshold within which deposits gather."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Density at each threshold, and what lies above it.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per threshold: `threshold`, `customers` (within the window), `expected`,
        `excess_pct`, `lower`, `upper`, `pvalue`, `above` (customers above),
        `above_share_pct` (of deposits, what exceeds the threshold: uninsured where it
        is the limit of insurance).
    quarter : Quarter
        The quarter reported.
    currency : str
        Of thresholds.
    source : str
        Where the numbers come from.
    """

    rows: pd.DataFrame
    quarter: Quarter
    currency: str
    source: str


def measure_thresholds(tables: Tables, parameters: Parameters) -> Thresholds:
    """Count customers around each threshold inside the engine.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    parameters : Parameters
        Thresholds, and the quarter.

    Returns
    -------
    Thresholds
        One row per threshold.
    """
    accounts, balances = tables["accounts"], tables["balances"]
    deposits = accounts.filter(accounts["side"] == "deposit")
    last = balances.filter(balances["period"] == balances["period"].max())
    held = last.join(deposits[["account_id", "customer_id"]], "account_id")
    units = float(tables.source.minor_units)
    owned = held.group_by("customer_id").agg(
        owned=held["balance_end_minor"].sum().cast("float64") / units
    )
    positive = owned.filter(owned["owned"] > 0)
    rows = [_measure(positive, threshold) for threshold in parameters.thresholds]
    return Thresholds(
        rows=pd.DataFrame(rows),
        quarter=parameters.reported,
        currency=tables.source.currency,
        source=tables.source.title,
    )


def _measure(owned: ibis.Table, threshold: float) -> dict[str, float]:
    distance = 100 * (owned["owned"] / threshold).ln()
    binned = owned.mutate(place=distance.floor())
    near = binned.filter(binned["place"].between(-REACH_PCT, REACH_PCT - 1))
    counted = near.group_by("place").agg(n=near.count()).to_pandas()
    places = np.arange(-REACH_PCT, REACH_PCT)
    counts = counted.set_index("place")["n"].reindex(places, fill_value=0)
    found = measure_bunching(
        places.astype(np.float64) + 0.5,
        counts.to_numpy(np.int64),
        window=WINDOW_PCT,
        confidence_level=CONFIDENCE_LEVEL,
    )
    whole = owned.agg(
        above=(owned["owned"] > threshold).sum(),
        beyond=(owned["owned"] - threshold).clip(lower=0.0).sum(),
        owned=owned["owned"].sum(),
    ).to_pandas()
    beyond, total = float(whole["beyond"].iloc[0]), float(whole["owned"].iloc[0])
    return {
        "threshold": threshold,
        "customers": found.observed,
        "expected": found.expected,
        "excess_pct": found.excess_pct,
        "lower": found.lower,
        "upper": found.upper,
        "pvalue": found.pvalue,
        "above": int(whole["above"].iloc[0]),
        "above_share_pct": 100 * beyond / total,
    }


def tabulate_thresholds(thresholds: Thresholds) -> DisplayTable | Note:
    """Show density at the thresholds and what lies above them.

    Parameters
    ----------
    thresholds : Thresholds
        By threshold.

    Returns
    -------
    DisplayTable or Note
        A note where no threshold is set.
    """
    if thresholds.rows.empty:
        return Note(say("No threshold is set, so none is looked at."))
    rows = thresholds.rows.assign(
        name=[
            write_money(value, thresholds.currency)
            for value in thresholds.rows["threshold"]
        ],
        interval=_write_intervals(thresholds.rows),
        test=thresholds.rows["pvalue"].map(write_pvalue),
    )
    columns = (
        DisplayColumn("name", say("Threshold")),
        DisplayColumn("customers", say("Customers within 2%"), Unit.COUNT),
        DisplayColumn("expected", say("Expected there"), None, 1),
        DisplayColumn("excess_pct", say("More than expected"), Unit.PERCENT),
        DisplayColumn("interval", say("95% interval")),
        DisplayColumn("test", say("None, p")),
        DisplayColumn("above", say("Customers above"), Unit.COUNT),
        DisplayColumn("above_share_pct", say("Deposits beyond it"), Unit.PERCENT),
    )
    near = ("expected", "excess_pct", "interval", "test")
    return DisplayTable(
        title=_title(thresholds),
        released=release(
            rows[[column.name for column in columns]],
            count="above",
            counts=("customers",),
            derived={name: ("customers",) for name in near}
            | {"above_share_pct": ("above",)},
        ),
        columns=columns,
        source=thresholds.source,
        note=say(
            "All deposits of a customer on the last day. Expected: a smooth density "
            "fitted to 20% either side, without the 2% next to the threshold. Beyond "
            "it: what exceeds the threshold, uninsured where it is the limit of "
            "insurance."
        ),
    )


def _write_intervals(rows: pd.DataFrame) -> Sequence[str]:
    dash = "\N{EN DASH}"
    return [
        dash if np.isnan(lower) else write_interval(lower, upper, Unit.PERCENT)
        for lower, upper in zip(rows["lower"], rows["upper"], strict=True)
    ]


def _title(thresholds: Thresholds) -> str:
    rows = thresholds.rows
    clear = int((rows["lower"] > 0).sum())
    if clear == 0:
        return say(
            "In {quarter} deposits gather clearly at none of {n} thresholds",
            quarter=write_quarter(thresholds.quarter),
            n=write_number(len(rows)),
        )
    return say(
        "In {quarter} deposits gather clearly at {clear} of {n} thresholds",
        quarter=write_quarter(thresholds.quarter),
        clear=write_number(clear),
        n=write_number(len(rows)),
    )
