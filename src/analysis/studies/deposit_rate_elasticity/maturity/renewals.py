"""Estimate how much of what matures is renewed, and whether the rate gap matters.

Shares are of contracts or of their money; effects are percentage points of renewal
probability per 10 bp. Errors are clustered by pricing cell.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.clustered_ratio import estimate_clustered_ratio
from analysis.statistics.multinomial_choice import (
    AverageEffect,
    average_effect,
    estimate_multinomial_choice,
)
from analysis.studies.deposit_rate_elasticity.maturity.choices import (
    GAPS,
    MaturityChoices,
    name_lines,
)
from analysis.studies.deposit_rate_elasticity.maturity.outcomes import OUTCOMES
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    FEWEST_CLUSTERS,
    LINE,
    Parameters,
)
from analysis.units import write_number
from analysis.wording import say

STEP_PCT = 0.10
"""Size of a rate gap that an effect is told for: 10 bp."""
FEWEST_CHOOSERS = 10
"""Fewest contracts for an alternative to be kept apart, per coefficient it needs."""


@dataclass(frozen=True, slots=True)
class GapEffect:
    """What 10 bp of a rate gap go with.

    Parameters
    ----------
    gap : str
        Column of the gap.
    effect : AverageEffect
        Change of the renewal probability, a share.
    """

    gap: str
    effect: AverageEffect


@dataclass(frozen=True, slots=True)
class Renewals:
    """The usual renewal, and what the rate gap does to it.

    Parameters
    ----------
    lines : pandas.DataFrame
        One row per line and one, first, for all of them (`product` empty, term -1):
        `label`, `contracts`, `cells`, `renewed_pct`, `moved_pct`, `left_pct`,
        `lower_pct`, `upper_pct` (of the renewed contracts), `kept_pct`,
        `kept_lower_pct`, `kept_upper_pct` (of the money). Lines with few contracts or
        cells have no numbers.
    effects : tuple of GapEffect
        Empty when refused.
    reason : str
        Why effects are refused; empty when they are not.
    nobs : int
        Contracts behind the effects, or behind the shares.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    lines: pd.DataFrame
    effects: tuple[GapEffect, ...]
    reason: str
    nobs: int
    quarter: Quarter
    source: str


def estimate_renewals(choices: MaturityChoices, parameters: Parameters) -> Renewals:
    """Measure the usual renewal by line, and fit the choice on the rate gaps.

    Parameters
    ----------
    choices : MaturityChoices
        Counts of what became of matured contracts.
    parameters : Parameters
        Fewest customers behind a number.

    Returns
    -------
    Renewals
        Shares with intervals, and average effects or why there are none.
    """
    groups = choices.groups
    fewest = parameters.fewest_customers
    effects, reason, nobs = _explain(groups, fewest)
    return Renewals(
        lines=_describe_lines(groups, fewest),
        effects=effects,
        reason=reason,
        nobs=nobs,
        quarter=choices.quarter,
        source=choices.source,
    )


def _describe_lines(groups: pd.DataFrame, fewest: int) -> pd.DataFrame:
    whole = _describe(groups, fewest) | {
        "product": "",
        "tenor_months": -1,
        "label": say("All that matured"),
    }
    by_line = [
        _describe(rows, fewest) | dict(zip(LINE, line, strict=True))
        for line, rows in groups.groupby(LINE)
    ]
    lines = pd.DataFrame(by_line)
    if by_line:
        lines = lines.assign(label=name_lines(lines))
    return pd.concat([pd.DataFrame([whole]), lines], ignore_index=True)


def _describe(rows: pd.DataFrame, fewest: int) -> dict[str, object]:
    """Give shares of contracts and of money, if enough contracts are behind them."""
    contracts, cells = int(rows["contracts"].sum()), rows["cell"].nunique()
    found: dict[str, object] = {"contracts": contracts, "cells": cells}
    if contracts < fewest or cells < FEWEST_CLUSTERS:
        return found
    shares = {f"{name}_pct": 100 * rows[name].sum() / contracts for name in OUTCOMES}
    for part, whole, prefix in (
        ("renewed", "contracts", ""),
        ("kept", "amount", "kept_"),
    ):
        ratio = estimate_clustered_ratio(
            rows,
            part=part,
            whole=whole,
            cluster="cell",
            confidence_level=CONFIDENCE_LEVEL,
        )
        for end in ("lower", "upper"):
            shares[f"{prefix}{end}_pct"] = 100 * asdict(ratio)[end]
    kept = 100 * rows["kept"].sum() / rows["amount"].sum()
    return found | shares | {"kept_pct": kept}


def _explain(
    groups: pd.DataFrame, fewest: int
) -> tuple[tuple[GapEffect, ...], str, int]:
    """Fit the choice, or say why it cannot be fitted."""
    gaps = [name for name in GAPS if groups[name].notna().any()]
    rows = groups.dropna(subset=gaps)
    contracts = int(rows["contracts"].sum())
    reason = _refuse(rows, gaps, fewest)
    if reason:
        return (), reason, contracts
    design, controls = _add_controls(rows)
    terms = [*gaps, *controls]
    design, alternatives = _choose_alternatives(design, len(terms) + 1)
    if len(alternatives) < 2:
        return (), say("Nearly every contract was renewed; there is no choice."), 0
    choice = estimate_multinomial_choice(
        design, alternatives=alternatives, regressors=terms, cluster="cell"
    )
    effects = tuple(
        GapEffect(
            gap,
            average_effect(
                choice,
                design,
                term=gap,
                alternative=OUTCOMES[0],
                step=STEP_PCT,
                confidence_level=CONFIDENCE_LEVEL,
            ),
        )
        for gap in gaps
    )
    return effects, "", contracts


def _refuse(rows: pd.DataFrame, gaps: list[str], fewest: int) -> str:
    contracts, cells = int(rows["contracts"].sum()), rows["cell"].nunique()
    if not gaps:
        return say("Neither competitors' rates nor contract rates are known.")
    if contracts < fewest or cells < FEWEST_CLUSTERS:
        return say(
            "{contracts} contracts of {cells} pricing cells matured at a known gap; "
            "{fewest} contracts and {clusters} cells are needed.",
            contracts=write_number(contracts),
            cells=write_number(cells),
            fewest=write_number(fewest),
            clusters=write_number(FEWEST_CLUSTERS),
        )
    if any(rows[gap].nunique() < 2 for gap in gaps):
        return say("The rate gap at maturity never differed.")
    return ""


def _add_controls(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Add dummies of line, size band and year, the most frequent one left out."""
    keys = {
        "line": rows["product"] + "|" + rows["tenor_months"].astype(str),
        "band": rows["band"].astype(str),
        "year": rows["period"].dt.year.astype(str),
    }
    dummies = []
    for name, key in keys.items():
        sizes = rows["contracts"].groupby(key).sum().sort_values(ascending=False)
        dummies += [
            (key == level).astype(float).rename(f"{name}_{level}")
            for level in sizes.index[1:]
        ]
    controls = [str(dummy.name) for dummy in dummies]
    return pd.concat([rows, *dummies], axis=1), controls


def _choose_alternatives(
    rows: pd.DataFrame, n_terms: int
) -> tuple[pd.DataFrame, list[str]]:
    """Put moved and left together where one of them is too rare to stand alone."""
    needed = FEWEST_CHOOSERS * n_terms
    first, *others = OUTCOMES
    sums = rows[list(OUTCOMES)].sum()
    if all(sums[name] >= needed for name in others):
        return rows, list(OUTCOMES)
    pooled = rows.assign(not_renewed=rows[others].sum(axis=1))
    if pooled["not_renewed"].sum() < needed or sums[first] < needed:
        return rows, [first]
    return pooled, [first, "not_renewed"]
