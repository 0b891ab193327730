"""Estimate how balances answer posted rates, and test whether that can be believed.

Responses are percent of balance per percentage point of own posted rate, competitors'
rates held by effects of line, segment and period. Three designs: only what of the
prices was set at random; only what moved with the treasury's credit for the region's
new money, which does not know the region's demand; or the prices as they were set. The
lead test asks of each whether today's balance goes with a change still to come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

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
from analysis.studies.deposit_rate_elasticity.response.lead_tests import (
    EFFECTS,
    FEWEST_PERIODS,
    Fit,
    fit_later_instrument,
    fit_later_prices,
    in_percent,
)

OWN = ["rate_pct", "funding_pct"]
DRAWN = ["rate_pct", "wedge_pct"]


@dataclass(frozen=True, slots=True)
class Design:
    """A way to tell what a price does.

    Parameters
    ----------
    name : str
        Its name in tables.
    grade : {"A", "B", "C"}
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
        `pvalue`, `nobs`, `clusters`, and `influence` by cluster; empty when the effects
        explain every price.
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
    return in_percent(found.iloc[0])


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
    return fit_beside_sisters(rows) or fit_alone(rows)


def fit_beside_sisters(rows: pd.DataFrame) -> Fit:
    """Fit with the mean rate of the other products instrumented too.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `estimate_response`.

    Returns
    -------
    dict of str to float
        As `estimate_instrumented_response`; empty where the others' credit does not
        move that rate strongly enough.
    """
    found = _fit_instruments(rows, [*OWN, *SISTERS], "region")
    if found is None or found.effects["effective_f"].min() < WEAKEST_INSTRUMENT:
        return {}
    row = found.effects.iloc[0]
    return {**in_percent(row), "strength": float(row["effective_f"])}


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
    return _fit_single(rows, OWN, "region")


def estimate_experiment_response(rows: pd.DataFrame) -> Fit:
    """Fit one response to the part of the prices that was set at random.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `estimate_response`.

    Returns
    -------
    dict of str to float
        As `fit_alone`: what was drawn for one product goes with no other's rate, so
        that these need no instrument. Empty when nothing was set at random.
    """
    return _fit_single(rows, DRAWN, "cell")


def _fit_single(rows: pd.DataFrame, pair: list[str], cluster: str) -> Fit:
    found = _fit_instruments(rows, pair, cluster)
    if found is None:
        return {}
    row = found.effects.iloc[0]
    ends = {"lower": 100 * found.robust_lower, "upper": 100 * found.robust_upper}
    return {**in_percent(row), **ends, "strength": float(row["effective_f"])}


def _fit_instruments(
    rows: pd.DataFrame, pairs: list[str], cluster: str
) -> InstrumentedEffects | None:
    """Fit rates by what moved them; nothing where too few clusters tell them apart."""
    known = rows.dropna(subset=pairs)
    is_thin = known[cluster].nunique() < FEWEST_CLUSTERS
    if is_thin or known["period"].nunique() < FEWEST_PERIODS:
        return None
    found = estimate_instrumented_effects(
        known,
        endogenous=pairs[::2],
        instruments=pairs[1::2],
        effects=EFFECTS,
        cluster=cluster,
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


DESIGNS = (
    Design(
        "experiment",
        "A",
        "cell",
        estimate_experiment_response,
        partial(
            fit_later_instrument,
            instrument="wedge_pct",
            later="wedge_lead_pct",
            cluster="cell",
        ),
    ),
    Design(
        "instrument",
        "B",
        "region",
        estimate_instrumented_response,
        partial(
            fit_later_instrument,
            instrument="funding_pct",
            later="funding_lead_pct",
            cluster="region",
        ),
    ),
    Design("effects", "C", "cell", estimate_response, fit_later_prices),
)
"""The more credible first."""
