"""What may be shown of customers' worth, moves, stay and cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.presentation.disclosure import Released, Sum, release, stack
from analysis.studies.segment_profitability.lifetime.acquisition import Acquisition
from analysis.studies.segment_profitability.lifetime.backtest import (
    LEFT,
    NAMES,
    PROFIT,
    BackTest,
)
from analysis.studies.segment_profitability.lifetime.cohorts import Retention
from analysis.studies.segment_profitability.lifetime.customer_value import CustomerValue
from analysis.studies.segment_profitability.lifetime.migration import Migration
from analysis.units import Unit, write_interval, write_number
from analysis.wording import say

_VALUES = ("value", "marginal_value")
_ENDS = ("", "_lower", "_upper")
_PROFIT_MEASURES = ["profit_largest", "profit_second", "profit_absolute"]
_COST_MEASURES = ["cost_largest", "cost_second", "cost_absolute"]
_WEIGHED = ("cost_each", "value", "ratio")


def release_values(value: CustomerValue) -> Released:
    """Release what customers of each state are worth.

    Parameters
    ----------
    value : CustomerValue
        Values of the states.

    Returns
    -------
    Released
        One row per state, richest first: `state`, `customers`, `value` and
        `marginal_value` with their ends, `longer_memory_value`, `kept_pct`, `years`,
        `worth` (of all in the state), major currency units.
    """
    worth = value.rows["value"] * value.rows["customers"]
    rows = value.rows.assign(worth=worth)
    bounded = [f"{name}{end}" for name in _VALUES for end in _ENDS]
    shown = [*bounded, "longer_memory_value", "kept_pct", "years", "worth"]
    released = release(
        rows[["state", "customers", "profit", *shown, *_PROFIT_MEASURES]],
        count="customers",
        amounts=("profit",),
        derived={name: ("profit", "customers") for name in shown},
        dominance=("profit",),
    )
    return released.select(["state", "customers", *shown])


def release_moves(migration: Migration) -> Released:
    """Release where customers of each state went.

    Parameters
    ----------
    migration : Migration
        Moves of the year.

    Returns
    -------
    Released
        One row per state then, newcomers last, named by the index and by `state`:
        `customers`, and for each place "n_<place>", "share_<place>" (percent) and
        "interval_<place>" (in words); the last place is who left.
    """
    counts, n = migration.counts, len(migration.panel.states)
    kept = np.flatnonzero(counts.sum(axis=1) > 0)
    names = [*migration.panel.states, say("New since")]
    rows = pd.DataFrame(
        {"state": [names[row] for row in kept], "customers": counts[kept].sum(axis=1)},
        index=[names[row] for row in kept],
    )
    observed = migration.observed
    for place in range(n + 1):
        ends = zip(
            observed.lower[kept, place], observed.upper[kept, place], strict=True
        )
        rows[f"n_{place}"] = counts[kept, place]
        rows[f"share_{place}"] = 100 * observed.shares[kept, place]
        rows[f"interval_{place}"] = [
            write_interval(100 * low, 100 * high, Unit.PERCENT) for low, high in ends
        ]
    places = tuple(f"n_{place}" for place in range(n + 1))
    derived = {
        f"{kind}_{place}": (f"n_{place}", "customers")
        for kind in ("share", "interval")
        for place in range(n + 1)
    }
    return release(
        rows,
        count="customers",
        counts=places,
        derived=derived,
        sums=(Sum("customers", places),),
    )


def release_backtest(test: BackTest) -> Released:
    """Release how far what came lay from what was foreseen.

    Parameters
    ----------
    test : BackTest
        Forecast of a year ago.

    Returns
    -------
    Released
        One row per quantity: `name`, `customers`, `off_pct` with `lower` and `upper`.
    """
    rows = test.rows
    # A count that came is as many customers; profit is of them all.
    behind = rows["came"].where(rows["key"] != PROFIT, rows["customers"])
    numbers = ["off_pct", "lower", "upper"]
    named = rows.assign(
        name=[_name_quantity(str(key), test) for key in rows["key"]],
        customers=behind.round().astype(np.int64),
    )
    finite = np.isfinite(named[numbers].to_numpy(np.float64)).all(axis=1)
    known = named.loc[finite, ["name", "customers", *numbers]]
    return release(
        known.reset_index(drop=True),
        count="customers",
        derived={number: ("customers",) for number in numbers},
    )


def release_retention(retention: Retention) -> Released:
    """Release the share of new customers who have left, as seen and as modelled.

    Parameters
    ----------
    retention : Retention
        How long new customers stay.

    Returns
    -------
    Released
        `age_years`, `left_pct`, `lower` and `upper` (missing for what was seen), by
        `series`.
    """
    seen, band = retention.observed, retention.band
    columns = ["series", "age_years", "left_pct", "lower", "upper"]
    observed = release(
        pd.DataFrame(
            {
                "series": say("Seen"),
                "age_years": seen["age_quarters"] / 4,
                "left_pct": 100 - seen["kept_pct"],
                "lower": np.nan,
                "upper": np.nan,
                "at_risk": seen["at_risk"],
                "left": seen["left"],
            }
        ),
        count="at_risk",
        counts=("left",),
        derived={"left_pct": ("left", "at_risk"), "age_years": ("at_risk",)},
    )
    model = pd.DataFrame(
        {
            "series": say("Model"),
            "age_years": np.arange(1, len(band.estimate) + 1) / 4,
            "left_pct": 100 * (1 - band.estimate),
            "lower": 100 * (1 - band.upper),
            "upper": 100 * (1 - band.lower),
            "customers": retention.n_customers,
        }
    )
    modelled = release(
        model,
        count="customers",
        derived={name: ("customers",) for name in columns[1:]},
    )
    return stack([observed.select(columns), modelled.select(columns)])


def release_acquisition(rows: pd.DataFrame) -> Released:
    """Release what new customers cost and are worth.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of an `Acquisition`, with `name`.

    Returns
    -------
    Released
        `name`, `customers`, `cost_each`, `value` and `ratio` with their ends, and
        `payback` with its interval in words.
    """
    bounded = [f"{name}{end}" for name in _WEIGHED for end in _ENDS]
    payback = [
        write_payback(*each)
        for each in zip(*(rows[f"payback_months{end}"] for end in _ENDS), strict=True)
    ]
    shown = [*bounded, "payback"]
    named = rows.assign(payback=payback)
    released = release(
        named[["name", "customers", "cost", *shown, *_COST_MEASURES]],
        count="customers",
        amounts=("cost",),
        derived={name: ("cost", "customers") for name in shown},
        dominance=("cost",),
    )
    return released.select(["name", "customers", *shown])


def release_all_acquired(acquisition: Acquisition) -> Released:
    """Release what all new customers together cost and are worth.

    Parameters
    ----------
    acquisition : Acquisition
        Cost and worth of new customers.

    Returns
    -------
    Released
        One row, in the form of `release_acquisition`.
    """
    return release_acquisition(acquisition.whole.assign(name=say("All new customers")))


def write_payback(months: float, lower: float, upper: float) -> str:
    """Write after how many months a cost has come back.

    Parameters
    ----------
    months, lower, upper : float
        Months and their interval; infinite for not within the longest payback.

    Returns
    -------
    str
        A number with its interval, or that it does not come back.
    """
    if not np.isfinite(months):
        return say("not within ten years")
    number = write_number(months)
    if not np.isfinite(upper):
        return say(
            "{months} ({lower} or more)", months=number, lower=write_number(lower)
        )
    interval = write_interval(round(lower), round(upper), Unit.COUNT)
    return say("{value} ({interval})", value=number, interval=interval)


def _name_quantity(key: str, test: BackTest) -> str:
    if key in (LEFT, PROFIT):
        return say(NAMES[key])
    state = test.panel.states[int(key.removeprefix("state "))]
    return say("Customers now {state}", state=state)
