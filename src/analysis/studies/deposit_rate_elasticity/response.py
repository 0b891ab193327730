"""Estimate how balances answer posted rates, and test whether that can be believed.

Responses are percent of balance per percentage point of own posted rate, competitors'
rates held by effects of line, segment and period. The lead test asks whether today's
balance goes with a price change that is still to come: it must not.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.panel_effects import estimate_panel_effects
from analysis.studies.deposit_rate_elasticity.balance_panel import BalancePanel
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    FEWEST_CLUSTERS,
)

EFFECTS = ["group", "market"]


@dataclass(frozen=True, slots=True)
class Responses:
    """Estimates before they are judged; not to be shown.

    Parameters
    ----------
    segments : pandas.DataFrame
        One row per product and segment that could be estimated: `estimate`,
        `std_error`, `lower`, `upper`, `pvalue`, `nobs`, `clusters`, and
        `lead_estimate`, `lead_std_error`, `lead_pvalue` of the lead test.
    products : pandas.DataFrame
        One row per product with an estimate: the lead test over all its segments
        together (`lead_estimate`, `lead_std_error`, `lead_pvalue`).
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
        Estimates, still to be judged.
    """
    segments, products = [], []
    for product, rows in panel.groups.groupby("product"):
        eligible = _leave_out_thin_segments(rows)
        fits = [
            {"product": product, "segment": segment, **_fit_with_lead(part)}
            for segment, part in eligible.groupby("segment")
        ]
        segments += fits
        if any("estimate" in fit for fit in fits):
            products.append({"product": product, **_test_lead(eligible)})
    return Responses(
        segments=pd.DataFrame(segments),
        products=pd.DataFrame(products),
        quarter=panel.quarter,
        source=panel.source,
    )


def estimate_response(rows: pd.DataFrame) -> dict[str, float]:
    """Fit one response to rows that share it.

    Parameters
    ----------
    rows : pandas.DataFrame
        Groups of accounts by period, see `BalancePanel`.

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


def _leave_out_thin_segments(rows: pd.DataFrame) -> pd.DataFrame:
    clusters = rows.groupby("segment")["cell"].transform("nunique")
    return rows[clusters >= FEWEST_CLUSTERS]


def _fit_with_lead(rows: pd.DataFrame) -> dict[str, float]:
    """Fit the response, and where there is one, test it with the coming change."""
    fit = estimate_response(rows)
    return {**fit, **_test_lead(rows)} if fit else {}


def _test_lead(rows: pd.DataFrame) -> dict[str, float]:
    """Fit the coming change beside a rate per segment; empty if effects explain it."""
    names = {
        segment: f"rate_{position}"
        for position, segment in enumerate(sorted(rows["segment"].unique()))
    }
    own = {
        name: rows["rate_pct"].where(rows["segment"] == segment, 0.0)
        for segment, name in names.items()
    }
    led = estimate_panel_effects(
        rows.assign(**own),
        regressors=[*names.values(), "lead_pct"],
        effects=EFFECTS,
        cluster="cell",
    ).set_index("term")
    if "lead_pct" not in led.index:
        return {}
    lead = _in_percent(led.loc[["lead_pct"]].iloc[0])
    return {
        "lead_estimate": lead["estimate"],
        "lead_std_error": lead["std_error"],
        "lead_pvalue": lead["pvalue"],
    }


def _in_percent(row: pd.Series) -> dict[str, float]:
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
