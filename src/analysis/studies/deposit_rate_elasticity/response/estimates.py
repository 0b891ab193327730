"""Estimate how balances answer posted rates, and test whether that can be believed.

Responses are percent of balance per percentage point of own posted rate, competitors'
rates held by effects of line, segment and period. Two designs: the prices as they
were set, or only what of them moved with the treasury's credit for the region's new
money, which does not know the region's demand. The lead test asks of both whether
today's balance goes with a change that is still to come: it must not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.instrumental_effects import (
    InstrumentedEffects,
    estimate_instrumented_effects,
)
from analysis.statistics.panel_effects import estimate_panel_effects
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    FEWEST_CLUSTERS,
    WEAKEST_INSTRUMENT,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    SISTERS,
    BalancePanel,
)

EFFECTS = ["group", "market"]
OWN = ["rate_pct", "funding_pct"]
Fit = dict[str, float]


@dataclass(frozen=True, slots=True)
class Design:
    """A way to tell what a price does.

    Parameters
    ----------
    name : str
        Its name in tables.
    grade : {"B", "C"}
        What a response is worth that passed every check.
    cluster : str
        What prices, or the instrument, were set for.
    fit : callable
        Fits one response to rows that share it; empty if effects explain the prices.
    test_lead : callable
        Fits the coming change beside a rate per segment.
    """

    name: str
    grade: str
    cluster: str
    fit: Callable[[pd.DataFrame], Fit]
    test_lead: Callable[[pd.DataFrame], Fit]


@dataclass(frozen=True, slots=True)
class Responses:
    """Estimates before they are judged; not to be shown.

    Parameters
    ----------
    segments : pandas.DataFrame
        One row per product, segment and design that could be estimated: `design`,
        `estimate`, `std_error`, `lower`, `upper`, `pvalue`, `nobs`, `clusters`,
        `strength` (effective F; missing without an instrument), and `lead_estimate`,
        `lead_std_error`, `lead_pvalue` of the lead test.
    products : pandas.DataFrame
        One row per product and design with an estimate: the lead test over all its
        segments together (`lead_estimate`, `lead_std_error`, `lead_pvalue`).
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    segments: pd.DataFrame
    products: pd.DataFrame
    quarter: Quarter
    source: str


def estimate_responses(panel: BalancePanel) -> Responses:
    """Fit each product and segment, and the lead test of each and of the product.

    Parameters
    ----------
    panel : BalancePanel
        Compressed panel.

    Returns
    -------
    Responses
        Estimates by either design, still to be judged.
    """
    segments, products = [], []
    for product, rows in panel.groups.groupby("product"):
        for design in DESIGNS:
            named = {"product": product, "design": design.name}
            fits = _fit_segments(rows, design)
            segments += [named | {"segment": name, **fit} for name, fit in fits.items()]
            if fits:
                fitted = rows[rows["segment"].isin(fits)]
                products.append(named | design.test_lead(fitted))
    return Responses(
        segments=pd.DataFrame(segments),
        products=pd.DataFrame(products),
        quarter=panel.quarter,
        source=panel.source,
    )


def estimate_response(rows: pd.DataFrame) -> Fit:
    """Fit one response to the prices as they were set.

    Parameters
    ----------
    rows : pandas.DataFrame
        Groups of accounts by period that share the response, see `BalancePanel`.

    Returns
    -------
    dict of str to float
        `estimate`, `std_error`, `lower`, `upper` in percent per percentage point,
        `pvalue`, `nobs`, `clusters`; empty when the effects explain every price.
    """
    found = estimate_panel_effects(
        rows,
        regressors=["rate_pct"],
        effects=EFFECTS,
        cluster="cell",
        confidence_level=CONFIDENCE_LEVEL,
    )
    if found.empty:
        return {}
    return _in_percent(found.iloc[0])


def estimate_instrumented_response(rows: pd.DataFrame) -> Fit:
    """Fit one response to what of the prices moved with the treasury's credit.

    Parameters
    ----------
    rows : pandas.DataFrame
        Groups of accounts by period that share the response, see `BalancePanel`.

    Returns
    -------
    dict of str to float
        As `estimate_response`, with `strength`, the effective F. Where the bank's
        other products have prices of their own, these are instrumented too, since
        money moves between products; where not, the ends are Anderson and Rubin's,
        which hold however weak the instrument is. Empty when the treasury's credit is
        not known or does not differ between regions.
    """
    return _fit_beside_sisters(rows) or fit_alone(rows)


def _fit_beside_sisters(rows: pd.DataFrame) -> Fit:
    """Fit with the mean rate of the other products instrumented too, if it is moved."""
    found = _fit_instruments(rows, [*OWN, *SISTERS])
    if found is None or found.effects["effective_f"].min() < WEAKEST_INSTRUMENT:
        return {}
    row = found.effects.iloc[0]
    return {**_in_percent(row), "strength": float(row["effective_f"])}


def fit_alone(rows: pd.DataFrame) -> Fit:
    """Fit with the own rate instrumented only.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `estimate_response`.

    Returns
    -------
    dict of str to float
        As `estimate_instrumented_response`, with the ends of Anderson and Rubin.
    """
    found = _fit_instruments(rows, OWN)
    if found is None:
        return {}
    row = found.effects.iloc[0]
    ends = {"lower": 100 * found.robust_lower, "upper": 100 * found.robust_upper}
    return {**_in_percent(row), **ends, "strength": float(row["effective_f"])}


def _fit_instruments(
    rows: pd.DataFrame, pairs: list[str]
) -> InstrumentedEffects | None:
    """Fit rates by their credits; nothing where too few regions tell them apart."""
    known = rows.dropna(subset=pairs)
    if known["region"].nunique() < FEWEST_CLUSTERS:
        return None
    found = estimate_instrumented_effects(
        known,
        endogenous=pairs[::2],
        instruments=pairs[1::2],
        effects=EFFECTS,
        cluster="region",
        confidence_level=CONFIDENCE_LEVEL,
    )
    return None if found.effects.empty else found


def _fit_segments(rows: pd.DataFrame, design: Design) -> dict[str, Fit]:
    """Fit the segments that have enough clusters, each with its lead test."""
    clusters = rows.groupby("segment")[design.cluster].nunique()
    fits = {}
    for segment in clusters.index[clusters >= FEWEST_CLUSTERS]:
        part = rows[rows["segment"] == segment]
        fit = design.fit(part)
        if fit:
            fits[str(segment)] = {**fit, **design.test_lead(part)}
    return fits


def _test_lead(rows: pd.DataFrame) -> Fit:
    """Fit the coming change beside a rate per segment; empty if effects explain it."""
    own = _split_by_segment(rows, "rate_pct")
    led = estimate_panel_effects(
        rows.assign(**own),
        regressors=[*own, "lead_pct"],
        effects=EFFECTS,
        cluster="cell",
    )
    return _take_lead(led)


def _test_instrumented_lead(rows: pd.DataFrame) -> Fit:
    """Fit the coming change that moves with the treasury's coming credit."""
    known = rows.dropna(subset=["funding_pct", "funding_lead_pct"])
    own = _split_by_segment(known, "rate_pct")
    funding = _split_by_segment(known, "funding_pct")
    led = estimate_instrumented_effects(
        known.assign(**own, **funding),
        endogenous=[*own, "lead_pct"],
        instruments=[*funding, "funding_lead_pct"],
        effects=EFFECTS,
        cluster="region",
    )
    return _take_lead(led.effects)


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
    lead = _in_percent(found.iloc[0])
    return {
        "lead_estimate": lead["estimate"],
        "lead_std_error": lead["std_error"],
        "lead_pvalue": lead["pvalue"],
    }


def _in_percent(row: pd.Series) -> Fit:
    scaled = {
        name: 100 * float(row[name])
        for name in ("estimate", "std_error", "lower", "upper")
    }
    return {
        **scaled,
        "pvalue": float(row["pvalue"]),
        "nobs": int(row["nobs"]),
        "clusters": int(row["clusters"]),
    }


DESIGNS = (
    Design(
        "instrument",
        "B",
        "region",
        estimate_instrumented_response,
        _test_instrumented_lead,
    ),
    Design("effects", "C", "cell", estimate_response, _test_lead),
)
"""The more credible first."""
