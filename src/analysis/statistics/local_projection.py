"""Measure how one series moves after another one did, over a panel of units.

Rates are in the caller's unit; a response is a share of the impulse. The next periods'
change of the response is projected on the impulse's change now, with the levels and
changes just before held, so that what both do on their way back to equilibrium is not
taken for following. Nothing here says whether an effect is causal.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.statistics.panel_effects import estimate_panel_effects

IMPULSE = "impulse_change"
_BEFORE = (
    "impulse_before",
    "response_before",
    "impulse_change_before",
    "response_change_before",
)


def project_responses(
    rows: pd.DataFrame,
    *,
    horizons: Sequence[int],
    controls: Sequence[str] = (),
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Project the change of a response over some periods on an impulse's change.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per unit and period: `unit`, `period` (whole number), `impulse` and
        `response` (levels), and the controls. A missing period breaks a unit's series.
    horizons : sequence of int
        Periods ahead, 0 for the period of the impulse.
    controls : sequence of str
        Columns held beside what the two series did before.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    pandas.DataFrame
        One row per horizon: `horizon`, `estimate` (share of the impulse), `std_error`,
        `lower`, `upper`, `pvalue`, `nobs`, `clusters`. Unit and period effects are
        taken off. Errors are clustered by period, which allows for what hits all units
        at once; lags of both series are in the projection, so that overlapping
        horizons need no further correction.

    Raises
    ------
    ValueError
        If there are fewer than two periods, or two columns can't be told apart.

    References
    ----------
    .. [1] Jorda (2005), Estimation and inference of impulse responses by local
       projections, American Economic Review 95, equation 2.
    .. [2] Montiel Olea and Plagborg-Moller (2021), Local projection inference is
       simpler and more robust than you think, Econometrica 89, section 3.
    """
    lagged = _lag(rows)
    found = [
        estimate_panel_effects(
            _lead(lagged, horizon),
            regressors=[IMPULSE, *_BEFORE, *controls],
            effects=["unit", "period"],
            cluster="period",
            confidence_level=confidence_level,
        )
        .query("term == @IMPULSE")
        .assign(horizon=horizon)
        for horizon in horizons
    ]
    return pd.concat(found, ignore_index=True).drop(columns="term")


def _lag(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what both series were and did before, over unbroken periods only."""
    ordered = rows.sort_values(["unit", "period"], ignore_index=True)
    levels = ["impulse", "response"]
    before, earlier = (_shift(ordered, levels, -step) for step in (1, 2))
    return ordered.assign(
        **{IMPULSE: ordered["impulse"] - before["impulse"]},
        impulse_before=before["impulse"],
        response_before=before["response"],
        impulse_change_before=before["impulse"] - earlier["impulse"],
        response_change_before=before["response"] - earlier["response"],
        weight=1,
    )


def _lead(lagged: pd.DataFrame, horizon: int) -> pd.DataFrame:
    later = _shift(lagged, ["response"], horizon)["response"]
    return lagged.assign(outcome=later - lagged["response_before"])


def _shift(rows: pd.DataFrame, columns: list[str], step: int) -> pd.DataFrame:
    """Give the columns some periods later, missing where there is no such row."""
    later = rows[["unit", "period", *columns]]
    later = later.assign(period=later["period"] - step)
    return rows[["unit", "period"]].merge(later, on=["unit", "period"], how="left")
