"""Tell the answer to a rise of the rate from the answer to a fall.

A rate path is the sum of its rises and falls. Added-up rises drift, and would take up
any drift of a cell's balances; their changes do not, so that the change of a balance
within a period is fitted to the rise and to the fall in it. Where an instrument is
needed, it is the rise and fall of the path that the treasury's credit and the market
foretell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.lagged_paths import find_smallest_seen, split_moves
from analysis.statistics.multiple_tests import adjust_pvalues
from analysis.statistics.panel_effects import estimate_panel_effects
from analysis.statistics.two_way_effects import take_off_effects
from analysis.studies.deposit_rate_elasticity.dynamics.designs import (
    LINEAR,
    NUMBERS,
    Subject,
    choose_main,
    fit_by_grade,
    is_narrow,
    list_subjects,
)
from analysis.studies.deposit_rate_elasticity.dynamics.price_paths import (
    CELL_PERIOD,
    lay_out_path,
    list_paths,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    SISTERS,
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts

MOVES = ("rise", "fall")
EFFECTS = ["market"]
"""Changes have no account effect left."""


@dataclass(frozen=True, slots=True)
class Directions:
    """The answers to rises and falls of a rate, by product.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per product, largest balance first: `product`, `grade`, `customers`;
        `up`, `up_lower`, `up_upper`, `down`, `down_lower`, `down_upper`, and
        `difference`, `difference_lower`, `difference_upper` (up less down), percent
        per percentage point; `pvalue` of no difference, adjusted over the products;
        `smallest_seen`, the difference that would be found four times in five;
        `nobs`; `check` (empty, "strength" or "width"; then there is no number).
    main : str
        Product whose response is known best; empty if there is none.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    rows: pd.DataFrame
    main: str
    quarter: Quarter
    source: str


def estimate_directions(panel: BalancePanel, verdicts: Verdicts) -> Directions:
    """Estimate the answers to rises and to falls, and test whether they are equal.

    Parameters
    ----------
    panel : BalancePanel
        Compressed panel and prices.
    verdicts : Verdicts
        Grades.

    Returns
    -------
    Directions
        Numbers of products of grade B and C only.
    """
    subjects = list_subjects(panel, verdicts) if len(panel.prices) else ()
    rows = [
        {
            "product": subject.product,
            "grade": subject.grade,
            "customers": subject.customers,
            **_fit_subject(subject, panel.prices),
        }
        for subject in subjects
    ]
    return Directions(
        rows=_adjust(pd.DataFrame(rows)),
        main=choose_main(subjects).product if subjects else "",
        quarter=panel.quarter,
        source=panel.source,
    )


def _adjust(rows: pd.DataFrame) -> pd.DataFrame:
    """Adjust the tests of all products for each other, where any was made."""
    if "pvalue" not in rows:
        return rows
    return rows.assign(pvalue=adjust_pvalues(rows["pvalue"]))


def _fit_subject(subject: Subject, prices: pd.DataFrame) -> dict[str, Any]:
    mine = prices[prices["cell"].isin(subject.groups["cell"].unique())]
    rows = difference_balances(subject.groups, mine["period"]).merge(
        _list_moves(mine, subject.grade), on=CELL_PERIOD
    )
    pairs = [(f"own_{move}", f"credit_{move}") for move in MOVES]
    each = _fit(rows, pairs, subject.grade)
    # The move, and half of its size: their coefficients are mean and difference.
    turned = {
        f"{name}_{move}": column
        for name in ("own", "credit")
        for move, column in zip(
            MOVES,
            (
                rows[f"{name}_rise"] + rows[f"{name}_fall"],
                (rows[f"{name}_rise"] - rows[f"{name}_fall"]) / 2,
            ),
            strict=True,
        )
    }
    both = _fit(rows.assign(**turned), pairs, subject.grade)
    if each.empty or both.empty:
        return {"check": "strength", "nobs": 0}
    return _lay_out(each, both.iloc[1])


def _fit(rows: pd.DataFrame, pairs: list[tuple[str, str]], grade: str) -> pd.DataFrame:
    return fit_by_grade(rows, pairs, grade=grade, effects=EFFECTS, model=LINEAR)


def _lay_out(each: pd.DataFrame, difference: pd.Series) -> dict[str, Any]:
    ends = [tuple(row) for row in each[["lower", "upper"]].to_numpy(float)]
    shared = {"nobs": int(difference["nobs"])}
    if not all(is_narrow(*pair) for pair in ends):
        return {"check": "width", **shared}
    named = zip(
        ("up", "down", "difference"),
        (each.iloc[0], each.iloc[1], difference),
        strict=True,
    )
    numbers = {
        f"{name}{end}": float(row[column])
        for name, row in named
        for end, column in zip(
            ("", "_lower", "_upper"), (NUMBERS[0], *NUMBERS[2:]), strict=True
        )
    }
    seen = find_smallest_seen(
        float(difference["std_error"]), int(difference["clusters"]) - 1
    )
    return {
        **numbers,
        "pvalue": float(difference["pvalue"]),
        "smallest_seen": seen,
        "check": "",
        **shared,
    }


def difference_balances(groups: pd.DataFrame, periods: pd.Series) -> pd.DataFrame:
    """Give the change of each group's balance since the period before.

    Parameters
    ----------
    groups : pandas.DataFrame
        Rows of `BalancePanel.groups`.
    periods : pandas.Series
        All periods that may occur.

    Returns
    -------
    pandas.DataFrame
        Rows whose period before is there too: `cell`, `period`, `market`, `region`,
        `weight`, and `outcome`, the change in log points.
    """
    numbers = {day: place for place, day in enumerate(sorted(periods.unique()))}
    ordered = groups.assign(number=groups["period"].map(numbers)).sort_values(
        ["group", "number"]
    )
    before = ordered.groupby("group")[["outcome", "number"]].shift(1)
    follows = ordered["number"] - before["number"] == 1
    change = ordered["outcome"] - before["outcome"]
    kept = [*CELL_PERIOD, "market", "region", "weight"]
    return ordered.assign(outcome=change).loc[follows, [*kept, "outcome"]]


def _list_moves(prices: pd.DataFrame, grade: str) -> pd.DataFrame:
    """List the rises and falls of each cell, with those that the credit foretells."""
    foretold = prices
    if grade == "B":
        foretold = _foretell(prices.dropna(subset=["funding_pct"]))
    sources = {"own": prices, "credit": foretold}
    paths = {
        f"{name}_{move}": path
        for name, source in sources.items()
        for move, path in zip(
            MOVES, split_moves(lay_out_path(source, "rate_pct")), strict=True
        )
    }
    sisters = {
        name: lay_out_path(prices, name).diff(axis=1)
        for name in SISTERS
        if prices[name].notna().any()
    }
    moves = list_paths({**paths, **sisters})
    return moves.assign(**{name: np.nan for name in SISTERS if name not in sisters})


def _foretell(prices: pd.DataFrame) -> pd.DataFrame:
    """Give prices as the treasury's credit and the market of the period foretell them.

    What a cell's own price has beside these may answer its balances and is left out;
    that of all cells together is in the effects.
    """
    named = prices.assign(
        market=prices.groupby(["tenor_months", "tier", "period"]).ngroup(),
        outcome=prices["rate_pct"],
        weight=1,
    )
    found = estimate_panel_effects(
        named, regressors=["funding_pct"], effects=["cell", "market"], cluster="region"
    )
    share = float(found["estimate"].iloc[0]) if len(found) else 0.0
    moved = share * named["funding_pct"]
    rest = (named["rate_pct"] - moved).to_numpy(float)[:, None]
    level = named["market"].to_numpy()
    apart = take_off_effects(rest, [level], np.ones(len(level)))[:, 0]
    return prices.assign(rate_pct=named["rate_pct"] - apart)
