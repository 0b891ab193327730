"""Score the study's estimators, and what is common instead, on worlds that are known.

One draw is a market of `analysis.synthetic.deposit_market`; each estimator says what
one percentage point does to the balance of each product and segment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.panel_effects import (
    estimate_panel_effects,
    measure_free_variation,
)
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    LEAD_PERIODS,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    SEGMENT,
    BalancePanel,
    add_leads,
    add_sisters,
)
from analysis.studies.deposit_rate_elasticity.response.estimates import (
    estimate_experiment_response,
    estimate_instrumented_response,
    estimate_responses,
    fit_alone,
)
from analysis.studies.deposit_rate_elasticity.response.lead_tests import Fit
from analysis.studies.deposit_rate_elasticity.response.pooling import (
    pool_rows,
    pool_segments,
    prefer_pooled,
)
from analysis.studies.deposit_rate_elasticity.response.verdicts import judge_responses
from analysis.synthetic.deposit_market import Market, MarketSwitches, draw_market

HEADLINE = "report"
"""The estimator whose number the report prints: judged, and refused where it fails."""
POOLED = "pooled over products and segments"
CLEAN = MarketSwitches(
    answer=0.0,
    exceptions=False,
    cannibalisation=False,
    capitalisation=False,
    quarter_end=False,
    ceiling=False,
    attrition=False,
)
SCENARIOS = {
    "bank": MarketSwitches(),
    "clean": CLEAN,
    "weak instrument": MarketSwitches(credit_load=0.02),
    "uniform prices": MarketSwitches(uniform=True),
    "treasury answers outflow": MarketSwitches(credit_load=0.1, credit_answers=40.0),
    "clean, answer to outflow": replace(CLEAN, answer=2.0),
    "clean, exceptions": replace(CLEAN, exceptions=True),
    "clean, cannibalisation": replace(CLEAN, cannibalisation=True),
    "clean, capitalisation": replace(CLEAN, capitalisation=True),
    "clean, quarter end": replace(CLEAN, quarter_end=True),
    "clean, ceiling": replace(CLEAN, ceiling=True),
    "clean, attrition": replace(CLEAN, attrition=True),
    "clean, stale quotes": replace(CLEAN, stale_quotes=True),
    "clean, sticky prices": replace(CLEAN, sticky=True),
    "clean, thresholds": replace(CLEAN, threshold=0.1),
    "clean, asymmetry": replace(CLEAN, asymmetry=0.3),
    "clean, lags": replace(CLEAN, adjustment=0.3),
    "clean, maturities": replace(CLEAN, maturity=True),
    "clean, tiers": replace(CLEAN, tiers=(50_000.0, 200_000.0, 500_000.0)),
    "clean, insured limit": replace(CLEAN, insured_limit=500_000.0),
    "experiment": MarketSwitches(wedge=0.2),
}
"""Worlds by name; the third to the fifth must be refused. A draw's numbers depend on
the place of its world: new ones are added at the end."""
PRODUCT = "product"
_QUARTER = Quarter.parse("2026Q3")


def score_market(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a world and let every estimator say what a rate does.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per estimator, product and segment: `estimator`, `target` (the
        product), `part` (the segment), `truth`, `estimate`, `lower`, `upper`, percent
        of balance per percentage point; missing where it is refused.
    """
    market = draw_market(rng, switches=SCENARIOS[scenario])
    rows = lay_out_market(market)
    truth = market.truth[SEGMENT].assign(truth=100 * market.truth["response"])
    parts = [
        pd.DataFrame(
            [
                {PRODUCT: product, "segment": segment, **fit(part)}
                for (product, segment), part in rows.groupby(SEGMENT)
            ]
        ).assign(estimator=name)
        for name, fit in _list_estimators(rows).items()
    ]
    if "std_error" in parts[-1]:
        parts.append(_pool(parts[-1]))
    parts.append(_report(rows))
    columns = ["estimator", *SEGMENT, "estimate", "lower", "upper"]
    found = pd.concat([part.reindex(columns=columns) for part in parts])
    scored = found.merge(truth, on=SEGMENT)
    return scored.rename(columns={PRODUCT: "target", "segment": "part"})


def lay_out_market(market: Market) -> pd.DataFrame:
    """Lay a market out as the study's panel, account by account.

    Parameters
    ----------
    market : Market
        A draw.

    Returns
    -------
    pandas.DataFrame
        As `BalancePanel.groups`, with `gross`, the log balance with credited interest,
        and `paid_pct`, the rate that the account was paid.
    """
    prices = market.prices.rename(
        columns={"posted_pct": "rate_pct", "credit_pct": "funding_pct"}
    )
    later = prices.assign(month=prices["month"] - LEAD_PERIODS)
    keys = [PRODUCT, "region", "month"]
    months = prices["month"].nunique()
    days = pd.date_range(end=_QUARTER.last_day, periods=months, freq="ME")
    both = add_leads(prices, later, keys=keys)
    both = both.assign(tier="all", period=days[both["month"]])
    rows = market.accounts.merge(add_sisters(both), on=keys)
    rows = rows.sort_values([*SEGMENT, "account", "month"], ignore_index=True)
    kept = np.log1p(-rows["credited"]).groupby(
        [rows[PRODUCT], rows["segment"], rows["account"]]
    )
    gross = np.log(rows["balance"])
    return rows.assign(
        gross=gross,
        outcome=gross + kept.cumsum(),
        weight=1,
        cell=rows["region"],
        group=rows.groupby([*SEGMENT, "account"]).ngroup(),
        market=rows.groupby([*SEGMENT, "month"]).ngroup(),
    )


def _fit_log_log(rows: pd.DataFrame) -> Fit:
    """Regress log balances on log rates paid: what most tools do."""
    paid = rows["paid_pct"].clip(lower=0.01)
    found = _regress(
        rows.assign(
            outcome=rows["gross"], log_paid=np.log(paid), one=0, own=rows.index
        ),
        regressor="log_paid",
        effects=["one"],
        cluster="own",
    )
    return {name: value / float(paid.mean()) for name, value in found.items()}


def _fit_accounts(rows: pd.DataFrame) -> Fit:
    """Add an effect of each account, clustered by account."""
    return _regress(
        rows.assign(outcome=rows["gross"]), effects=["group"], cluster="group"
    )


def _fit_two_ways(rows: pd.DataFrame) -> Fit:
    """Add effects of account and month, clustered by pricing cell."""
    return _regress(
        rows.assign(outcome=rows["gross"]), effects=["group", "market"], cluster="cell"
    )


def _fit_gap(rows: pd.DataFrame, *, to: str) -> Fit:
    """As with effects of account and month, of the posted rate less another's."""
    gap = rows["rate_pct"] - rows[to]
    return _fit_two_ways(rows.assign(rate_pct=gap))


def _regress(
    rows: pd.DataFrame,
    *,
    effects: list[str],
    cluster: str,
    regressor: str = "rate_pct",
) -> Fit:
    found = estimate_panel_effects(
        rows,
        regressors=[regressor],
        effects=effects,
        cluster=cluster,
        confidence_level=CONFIDENCE_LEVEL,
    )
    numbers = ["estimate", "std_error", "lower", "upper"]
    if found.empty:
        return {}
    return {name: 100 * float(found[name].iloc[0]) for name in numbers}


ESTIMATORS: dict[str, Callable[[pd.DataFrame], Fit]] = {
    "log-log, pooled": _fit_log_log,
    "account effects": _fit_accounts,
    "account and month effects": _fit_two_ways,
    "instrument alone": fit_alone,
    "instruments with sister": estimate_instrumented_response,
}
"""The last one is what the study pools and judges."""
BESIDE: dict[str, tuple[str, Callable[[pd.DataFrame], Fit]]] = {
    "competitor_pct": ("gap to competitors", partial(_fit_gap, to="competitor_pct")),
    "quote_pct": ("gap to quotes seen", partial(_fit_gap, to="quote_pct")),
    "wedge_pct": ("prices set at random", estimate_experiment_response),
}
"""Those that need a column which not every world has, by the column."""


def _list_estimators(rows: pd.DataFrame) -> dict[str, Callable[[pd.DataFrame], Fit]]:
    """Give the estimators that the columns allow, the study's own last."""
    beside = [
        pair
        for column, pair in BESIDE.items()
        if column in rows and rows[column].notna().any()
    ]
    return dict(beside) | ESTIMATORS


def _pool(parts: pd.DataFrame) -> pd.DataFrame:
    """Pool the segments of all products."""
    held = parts.dropna(subset=["std_error"]).reset_index(drop=True)
    pooled = pool_rows(held).cells.rename(columns={"mean": "estimate"})
    names = ["estimate", "lower", "upper"]
    return held.assign(**pooled[names], estimator=POOLED)


def _report(rows: pd.DataFrame) -> pd.DataFrame:
    """Give what the report would print."""
    panel = BalancePanel(rows, _count(rows), _QUARTER, "simulation")
    verdicts = judge_responses(
        panel, estimate_responses(panel), Parameters(quarter=str(_QUARTER))
    )
    return prefer_pooled(pool_segments(verdicts)).assign(estimator=HEADLINE)


def _count(rows: pd.DataFrame) -> pd.DataFrame:
    """Count what the panel knows before anything is estimated."""
    return pd.DataFrame(
        [
            {
                PRODUCT: product,
                "segment": segment,
                "customers": part["account"].nunique(),
                "balance": part["balance"].sum(),
                "cells": part["cell"].nunique(),
                "free_share_pct": 100 * _measure_free(part),
            }
            for (product, segment), part in rows.groupby(SEGMENT)
        ]
    )


def _measure_free(rows: pd.DataFrame) -> float:
    prices = rows.drop_duplicates(["cell", "month"])
    return measure_free_variation(prices, column="rate_pct", unit="cell", time="month")
