"""The finding that no price can be set on a response."""

from __future__ import annotations

from analysis.presentation.findings import Finding
from analysis.quarter import Quarter, write_quarter
from analysis.studies.deposit_rate_elasticity.pricing.decisions import (
    Frontiers,
    MarginalCosts,
)
from analysis.studies.deposit_rate_elasticity.pricing.net_new_money import NetNewMoney
from analysis.studies.deposit_rate_elasticity.pricing.release import (
    NOTHING_GRADED,
)
from analysis.units import Unit
from analysis.wording import say


def refuse_price(
    key: str, headline: str, unit: Unit, result: MarginalCosts | Frontiers | NetNewMoney
) -> Finding:
    """Make the finding that a price can't be set on what is known.

    Parameters
    ----------
    key, headline : str
        As in `Finding`.
    unit : Unit
        Of the number that is refused.
    result : MarginalCosts or Frontiers or NetNewMoney
        What is empty; says quarter and source.

    Returns
    -------
    Finding
        Without any number.
    """
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
