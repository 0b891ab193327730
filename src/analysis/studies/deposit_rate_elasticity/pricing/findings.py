"""Findings on what to charge: what new money costs, which move is best, what is taken.

Each is said of the product that matters most; the tables beside them hold the rest.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.quarter import Quarter, write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.pricing.decisions import (
    WHOLE,
    Frontiers,
    MarginalCosts,
)
from analysis.studies.deposit_rate_elasticity.pricing.net_new_money import NetNewMoney
from analysis.studies.deposit_rate_elasticity.pricing.release import (
    NOTHING_GRADED,
    list_shown,
    release_costs,
    release_moves,
)
from analysis.studies.deposit_rate_elasticity.sentences import write_basis_points
from analysis.units import Unit, write_interval, write_money, write_number, write_value
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
        return _refuse(
            "marginal_cost", say("What new money costs is not known"), Unit.RATE, costs
        )
    row = bounded.iloc[0].to_dict()
    return Finding(
        key="marginal_cost",
        requirement="A3",
        headline=_head_cost(row),
        sentence=say(
            "Raised for the whole book, {product} draws new money at {cost} "
            "({interval}) a year at the margin in {quarter}; it pays {rate}, and the "
            "treasury credits {credit}. The response rests on {nobs} account-months.",
            product=row["product"],
            cost=write_value(row["estimate"], Unit.RATE),
            interval=write_interval(row["lower"], row["upper"], Unit.RATE),
            quarter=write_quarter(costs.quarter),
            rate=write_value(row["rate_pct"], Unit.RATE),
            credit=write_value(row["funding_pct"], Unit.RATE),
            nobs=write_number(row["nobs"]),
        ),
        action=say(
            "Offer a higher rate on {product} only where at most {share} ({interval}) "
            "of its book would get it; else buy the money in the market.",
            product=row["product"],
            share=write_value(row["breakeven_pct"], Unit.PERCENT),
            interval=write_interval(
                row["breakeven_lower"], row["breakeven_upper"], Unit.PERCENT
            ),
        ),
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


def find_best_move(frontiers: Frontiers, parameters: Parameters) -> Finding:
    """Say which move of a rate earns most within the outflow allowed.

    Parameters
    ----------
    frontiers : Frontiers
        Best moves.
    parameters : Parameters
        The outflow allowed.

    Returns
    -------
    Finding
        Refused where no response may be priced on.
    """
    shown = pd.DataFrame()
    if not frontiers.products.empty:
        shown = list_shown(release_moves(frontiers.products))
    if shown.empty:
        return _refuse(
            "best_move",
            say("Which move of a rate earns most is not known"),
            Unit.MONEY,
            frontiers,
        )
    row = shown.sort_values("income").iloc[-1].to_dict()
    nobs = frontiers.products.set_index("product").loc[row["product"], "nobs"]
    return Finding(
        key="best_move",
        requirement="A3",
        headline=_head_move(row),
        sentence=_write_move(row, frontiers, parameters),
        action=_advise_on_move(row, frontiers.currency),
        measure=say("Income a year from the best move"),
        verdict="measured",
        unit=Unit.MONEY,
        currency=frontiers.currency,
        nobs=int(nobs),
        period=str(frontiers.quarter),
        source=frontiers.source,
        estimate=row["income"],
        lower=row["income_lower"],
        upper=row["income_upper"],
        confidence_level=CONFIDENCE_LEVEL,
        importance=0.85,
    )


def _head_move(row: dict[Any, Any]) -> str:
    words = {"product": row["product"]}
    if row["move_bp"] == 0:
        return say("No move of a rate earns more within the outflow allowed")
    move = write_basis_points(row["move_bp"])
    if row["move_bp"] < 0:
        return say("{move} less on {product} earns more", move=move, **words)
    return say("{move} more on {product} earns more", move=move, **words)


def _write_move(
    row: dict[Any, Any], frontiers: Frontiers, parameters: Parameters
) -> str:
    if row["move_bp"] == 0:
        return say(
            "Of all moves up to {quarter} that keep outflow below {limit}, none is "
            "expected to earn more than today's rates.",
            quarter=write_quarter(frontiers.quarter),
            limit=write_value(parameters.largest_outflow_percent, Unit.PERCENT),
        )
    income = _write_interval_of_money(
        row["income_lower"], row["income_upper"], frontiers.currency
    )
    return say(
        "A move of {move} on {product} is expected to earn {income} a year more "
        "({interval}) and to change its balance by {change} ({reach}); the chance that "
        "it earns less than today's rate is {loss}. Prices of {quarter}, whole book "
        "repriced.",
        move=write_basis_points(row["move_bp"], signed=True),
        product=row["product"],
        income=write_money(row["income"], frontiers.currency),
        interval=income,
        change=write_value(row["balance_pct"], Unit.PERCENT, signed=True),
        reach=write_interval(row["balance_lower"], row["balance_upper"], Unit.PERCENT),
        loss=_write_chance(row["loss_pct"]),
        quarter=write_quarter(frontiers.quarter),
    )


def _write_chance(percent: float) -> str:
    if percent < 1:
        return say("below {end}", end=write_value(1.0, Unit.PERCENT))
    return write_value(percent, Unit.PERCENT)


def _write_interval_of_money(lower: float, upper: float, currency: str) -> str:
    return say(
        "{lower} to {upper}",
        lower=write_money(lower, currency),
        upper=write_money(upper, currency),
    )


def _advise_on_move(row: dict[Any, Any], currency: str) -> str:
    worth = write_money(row["value_of_knowing"], currency)
    if row["move_bp"] == 0:
        return say(
            "Keep the rates; an exact response would be worth {worth} a year.",
            worth=worth,
        )
    return say(
        "Move {product} by {move}, in half of the regions first, and compare; an exact "
        "response would be worth {worth} a year, the most that a test may cost.",
        product=row["product"],
        move=write_basis_points(row["move_bp"], signed=True),
        worth=worth,
    )


def find_net_new_money(net: NetNewMoney) -> Finding:
    """Say how much of what the largest product gains is taken from the others.

    Parameters
    ----------
    net : NetNewMoney
        Shares by product.

    Returns
    -------
    Finding
        Refused where rates could not be told apart.
    """
    if net.products.empty:
        return _refuse(
            "net_new_money",
            say("What products take from each other is not known"),
            Unit.PERCENT,
            net,
        )
    row = net.products.iloc[0].to_dict()
    interval = write_interval(row["lower"], row["upper"], Unit.PERCENT)
    return Finding(
        key="net_new_money",
        requirement="A3",
        headline=_head_net(row),
        sentence=say(
            "Of what a higher rate on {product} draws, {share} ({interval}) comes from "
            "the bank's other products that could be told apart, up to {quarter}; "
            "{nobs} account-months.",
            product=row["product"],
            share=write_value(row["estimate"], Unit.PERCENT),
            interval=interval,
            quarter=write_quarter(net.quarter),
            nobs=write_number(row["nobs"]),
        ),
        action=_advise_on_net(row),
        measure=say("Of the gain of {product}, taken from others", **_name(row)),
        verdict="measured",
        unit=Unit.PERCENT,
        nobs=int(row["nobs"]),
        period=str(net.quarter),
        source=net.source,
        estimate=row["estimate"],
        lower=row["lower"],
        upper=row["upper"],
        confidence_level=CONFIDENCE_LEVEL,
        importance=0.6,
    )


def _name(row: dict[Any, Any]) -> dict[str, str]:
    return {"product": str(row["product"])}


def _head_net(row: dict[Any, Any]) -> str:
    if row["lower"] > 0:
        return say(
            "{product} takes part of its new money from our other products",
            **_name(row),
        )
    return say(
        "No clear sign that {product} takes money from our other products", **_name(row)
    )


def _advise_on_net(row: dict[Any, Any]) -> str:
    if row["lower"] > 0:
        return say(
            "Judge an offer on {product} by net new money: take {share} off its gain.",
            share=write_value(row["estimate"], Unit.PERCENT),
            **_name(row),
        )
    return say(
        "Judge an offer on {product} by its own balance, and plan for up to {share} "
        "taken from others.",
        share=write_value(max(row["upper"], 0.0), Unit.PERCENT),
        **_name(row),
    )


def _refuse(
    key: str, headline: str, unit: Unit, result: MarginalCosts | Frontiers | NetNewMoney
) -> Finding:
    quarter: Quarter = result.quarter
    return Finding(
        key=key,
        requirement="A3",
        headline=headline,
        sentence=say(
            "In {quarter} no price can be set on a response: none is of grade A or B.",
            quarter=write_quarter(quarter),
        ),
        action=say("Set rates at random in some regions for a quarter, then measure."),
        verdict="not identified",
        unit=unit,
        currency=result.currency if isinstance(result, Frontiers) else "",
        nobs=0,
        period=str(quarter),
        source=result.source,
        reason=say(NOTHING_GRADED),
        importance=0.3,
    )
