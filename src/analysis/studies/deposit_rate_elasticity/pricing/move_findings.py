"""Finding on which move of a rate earns most."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.pricing.decisions import (
    Frontiers,
)
from analysis.studies.deposit_rate_elasticity.pricing.refusal import refuse_price
from analysis.studies.deposit_rate_elasticity.pricing.release import (
    list_shown,
    release_moves,
)
from analysis.studies.deposit_rate_elasticity.sentences import write_basis_points
from analysis.units import Unit, write_interval, write_money, write_value
from analysis.wording import say


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
        return refuse_price(
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
