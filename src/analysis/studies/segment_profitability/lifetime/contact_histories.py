"""Customers' contacts as histories, counted inside the engine.

A customer's contacts are summed up as how often, since when and until when; customers
with the same history are one row.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import ibis
import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.statistics.beta_geometric_activity import ActivityHistory
from analysis.studies.segment_profitability.parameters import Parameters

UPKEEP_RATIO: Final = 0.5
"""A contact that sleepers have at least so often, as a share of others, is the
bank's own."""

_STEPS: Final = ((50, 5), (200, 25), (1000, 250))
"""From so many contacts on they are counted in steps of so many: who is in touch so
often and then stops has stopped, whatever the exact count."""


def list_periods(tables: Tables) -> list[date]:
    """List the periods at which customers are known.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.

    Returns
    -------
    list of date
        Last day of each, oldest first.
    """
    periods = tables["customer_periods"].select("period").distinct()
    return sorted(periods.to_pyarrow()["period"].to_pylist())


def split_upkeep(
    tables: Tables, parameters: Parameters
) -> tuple[list[str], tuple[str, ...]]:
    """Tell customers' own contacts from the bank's, by the last quarter.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    list of str, tuple of str
        Activities of customers, and those of the bank.
    """
    first = ibis.literal(parameters.reported.first_day)
    events, periods = tables["events"], tables["customer_periods"]
    states = periods.filter(periods.period >= first).select(
        "period", "customer_id", asleep=(periods.state == "sleeping").fill_null(False)
    )
    sizes = states.group_by("asleep").agg(customers=states.count()).to_pandas()
    size = sizes.set_index("asleep")["customers"].to_dict()
    joined = events.filter(events.period >= first).join(
        states, ["period", "customer_id"]
    )
    counted = joined.group_by("activity").agg(
        asleep=joined["count"].sum(where=joined.asleep).fill_null(0),
        awake=joined["count"].sum(where=~joined.asleep).fill_null(0),
    )
    rows = counted.order_by("activity").to_pandas()
    asleep = rows["asleep"] / max(size.get(True, 0), 1)
    awake = rows["awake"] / max(size.get(False, 0), 1)
    is_upkeep = (asleep > 0) & (asleep >= UPKEEP_RATIO * awake)
    return list(rows.loc[~is_upkeep, "activity"]), tuple(
        rows.loc[is_upkeep, "activity"]
    )


def count_histories(
    tables: Tables, own: list[str], window: list[date], n_fitted: int | None
) -> pd.DataFrame:
    """Count customers present at the end of the fitted periods by their history.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    own : list of str
        Activities that count.
    window : list of date
        Periods looked at, oldest first.
    n_fitted : int or None
        How many of them, from the first, are fitted; None for all.

    Returns
    -------
    pandas.DataFrame
        One row per history: `asleep`, `repeats` (contacts after the first), `last`
        and `observed` (periods since the first one), `customers`, and `returned` (of
        them, with a contact in the periods that are not fitted).
    """
    end = len(window) if n_fitted is None else n_fitted
    numbers = ibis.memtable({"period": window, "place": list(range(len(window)))})
    events = tables["events"]
    kept = events.filter(events.activity.isin(own) & (events["count"] > 0))
    acted = kept.join(numbers, "period")
    fitted = acted.place < end
    lives = acted.group_by("customer_id").agg(
        first=acted.place.min(where=fitted),
        latest=acted.place.max(where=fitted),
        times=acted["count"].sum(where=fitted).fill_null(0),
        returned=(acted.place.max() >= end).cast("int64"),
    )
    periods = tables["customer_periods"]
    here = periods.filter(periods.period == ibis.literal(window[end - 1])).select(
        "customer_id", asleep=(periods.state == "sleeping").fill_null(False)
    )
    known = lives.filter(lives.times > 0).join(here, "customer_id")
    histories = known.select(
        "asleep",
        "returned",
        repeats=_round_down(known.times - 1),
        last=known.latest - known["first"],
        observed=end - 1 - known["first"],
    )
    names = ["asleep", "repeats", "last", "observed"]
    counted = histories.group_by(names).agg(
        customers=histories.count(), returned=histories.returned.sum()
    )
    rows: pd.DataFrame = counted.order_by(names).to_pandas()
    return rows


def _round_down(repeats: ibis.Value) -> ibis.Value:
    rounded = repeats
    for least, step in _STEPS:
        rounded = ibis.ifelse(repeats >= least, repeats - repeats % step, rounded)
    return rounded


def take_history(rows: pd.DataFrame) -> ActivityHistory:
    """Take histories as the model reads them.

    Parameters
    ----------
    rows : pandas.DataFrame
        What `count_histories` gives.

    Returns
    -------
    ActivityHistory
        One row each.
    """
    names = ("repeats", "last", "observed", "customers")
    return ActivityHistory(*(rows[name].to_numpy(np.float64) for name in names))
