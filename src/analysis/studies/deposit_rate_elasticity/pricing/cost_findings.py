"""Finding on what new money costs, said of the largest product."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.quarter import Quarter, write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
)
from analysis.studies.deposit_rate_elasticity.pricing.decisions import (
    WHOLE,
    MarginalCosts,
)
from analysis.studies.deposit_rate_elasticity.pricing.refusal import refuse_price
from analysis.studies.deposit_rate_elasticity.pricing.release import (
    list_shown,
    release_costs,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say


def find_new_money(costs: MarginalCosts) -> Finding:
    """Say what new money costs on the largest product, and when an offer pays.

    Parameters
    ----------
    costs : MarginalCosts
        Costs by product and who gets the new rate.

    Returns
    -------
    Finding
        Refused where no response may be priced on.
    """
    bounded = pd.DataFrame()
    if not costs.costs.empty:
        shown = list_shown(release_costs(costs))
        whole = shown[(shown["repriced"] == WHOLE) & (shown["breakeven_lower"] > 0)]
        bounded = whole[whole["upper"] < float("inf")]
    if bounded.empty:
        return refuse_price(
            "marginal_cost", say("What new money costs is not known"), Unit.RATE, costs
        )
    row = bounded.iloc[0].to_dict()
    return Finding(
        key="marginal_cost",
        requirement="A3",
        headline=_head_cost(row),
        sentence=_write_cost(row, costs.quarter),
        action=_advise_on_cost(row),
        measure=say("Cost of new money, {product}", product=row["product"]),
        verdict="measured",
        unit=Unit.RATE,
        nobs=int(row["nobs"]),
        period=str(costs.quarter),
        source=costs.source,
        estimate=row["estimate"],
        lower=row["lower"],
        upper=row["upper"],
        confidence_level=CONFIDENCE_LEVEL,
        importance=0.8,
    )


def _head_cost(row: dict[Any, Any]) -> str:
    words = {"product": row["product"]}
    if row["lower"] > row["funding_pct"]:
        return say("Raising {product} for everybody costs more than it brings", **words)
    if row["upper"] < row["funding_pct"]:
        return say("A higher rate on {product} brings more than it costs", **words)
    return say("Whether a higher rate on {product} pays is not clear", **words)


def _write_cost(row: dict[Any, Any], quarter: Quarter) -> str:
    return say(
        "Raised for the whole book, {product} draws new money at {cost} "
        "({interval}) a year at the margin in {quarter}; it pays {rate}, and the "
        "treasury credits {credit}. The response rests on {nobs} account-months.",
        product=row["product"],
        cost=write_value(row["estimate"], Unit.RATE),
        interval=write_interval(row["lower"], row["upper"], Unit.RATE),
        quarter=write_quarter(quarter),
        rate=write_value(row["rate_pct"], Unit.RATE),
        credit=write_value(row["funding_pct"], Unit.RATE),
        nobs=write_number(row["nobs"]),
    )


def _advise_on_cost(row: dict[Any, Any]) -> str:
    return say(
        "Offer a higher rate on {product} only where at most {share} ({interval}) "
        "of its book would get it; else buy the money in the market.",
        product=row["product"],
        share=write_value(row["breakeven_pct"], Unit.PERCENT),
        interval=write_interval(
            row["breakeven_lower"], row["breakeven_upper"], Unit.PERCENT
        ),
    )
