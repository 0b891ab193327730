"""Test whether today's balances go with a change of price that is still to come.

They must not: if they do, prices answer balances, or both answer the same cause.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.statistics.instrumental_effects import estimate_instrumented_effects
from analysis.statistics.panel_effects import estimate_panel_effects

EFFECTS = ["group", "market"]
"""What every regression takes off: levels of accounts, and what a segment shares."""
Fit = dict[str, Any]
FEWEST_PERIODS = 2
"""Periods in which an instrument, or its coming change, must be known."""


def fit_later_prices(rows: pd.DataFrame) -> Fit:
    """Fit the coming change beside a rate per segment.

    Parameters
    ----------
    rows : pandas.DataFrame
        Groups of accounts by period, see `BalancePanel`.

    Returns
    -------
    dict of str to float
        `lead_estimate`, `lead_std_error`, `lead_pvalue`; empty if effects explain it.
    """
    own = _split_by_segment(rows, "rate_pct")
    led = estimate_panel_effects(
        rows.assign(**own),
        regressors=[*own, "lead_pct"],
        effects=EFFECTS,
        cluster="cell",
    )
    return _take_lead(led)


def fit_later_instrument(
    rows: pd.DataFrame, *, instrument: str, later: str, cluster: str
) -> Fit:
    """Fit the coming change that moves with the instrument's coming change.

    Parameters
    ----------
    rows : pandas.DataFrame
        Groups of accounts by period, see `BalancePanel`.
    instrument, later : str
        Columns of the instrument, and of its coming change.
    cluster : str
        What the instrument was set for.

    Returns
    -------
    dict of str to float
        As `fit_later_prices`; empty too where no two periods know the change.
    """
    known = rows.dropna(subset=[instrument, later])
    if known["period"].nunique() < FEWEST_PERIODS:
        return {}
    own = _split_by_segment(known, "rate_pct")
    moved_by = _split_by_segment(known, instrument)
    led = estimate_instrumented_effects(
        known.assign(**own, **moved_by),
        endogenous=[*own, "lead_pct"],
        instruments=[*moved_by, later],
        effects=EFFECTS,
        cluster=cluster,
    )
    return _take_lead(led.effects)


def in_percent(row: pd.Series) -> Fit:
    """Give a coefficient in percent of balance per percentage point.

    Parameters
    ----------
    row : pandas.Series
        Of `estimate_panel_effects`, in log points.

    Returns
    -------
    dict of str to float
        `estimate`, `std_error`, `lower`, `upper`, `pvalue`, `nobs`, `clusters`, and
        `influence`: how far each cluster moves the estimate.
    """
    scaled = {
        name: 100 * float(row[name])
        for name in ("estimate", "std_error", "lower", "upper")
    }
    return {
        **scaled,
        "pvalue": float(row["pvalue"]),
        "nobs": int(row["nobs"]),
        "clusters": int(row["clusters"]),
        "influence": {name: 100 * moved for name, moved in row["influence"].items()},
    }


def _split_by_segment(rows: pd.DataFrame, column: str) -> dict[str, pd.Series]:
    """Give a column per segment, with nothing in the rows of the others."""
    return {
        f"{column}_{place}": rows[column].where(rows["segment"] == segment, 0.0)
        for place, segment in enumerate(sorted(rows["segment"].unique()))
    }


def _take_lead(effects: pd.DataFrame) -> Fit:
    found = effects[effects["term"] == "lead_pct"]
    if found.empty:
        return {}
    lead = in_percent(found.iloc[0])
    return {
        "lead_estimate": lead["estimate"],
        "lead_std_error": lead["std_error"],
        "lead_pvalue": lead["pvalue"],
    }
