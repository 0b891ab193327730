"""Findings on what matures, what usually stays, and whether the rate gap matters."""

from __future__ import annotations

from typing import Any

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.maturity.exhibits import (
    Nothing,
    read_usual,
)
from analysis.studies.deposit_rate_elasticity.maturity.renewals import (
    STEP_PCT,
    GapEffect,
    Renewals,
)
from analysis.studies.deposit_rate_elasticity.maturity.wall import MaturityWall
from analysis.studies.deposit_rate_elasticity.maturity.wall_release import (
    find_next_balance,
)
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.sentences import (
    refuse,
    write_basis_points,
)
from analysis.units import Unit, write_interval, write_money, write_number, write_value
from analysis.wording import mark, say

NOTHING_MATURES = mark(
    "The source has no term deposits with a day of maturity, so there is no maturity "
    "wall to show."
)
SMALLEST_EFFECT_PP = 1.0
"""Smallest change of the renewal probability per 10 bp that matters."""
GAP_NAMES = {
    "competitor_gap_pct": mark("our rate less the middle competitor's"),
    "old_gap_pct": mark("our rate less what the contract paid"),
}
"""What a gap is, in words."""
CLEAR = mark("10 bp more at maturity go with {effect} of renewals")
NOT_CLEAR = mark("Renewals do not clearly answer the rate gap at maturity")


def find_maturing(wall: MaturityWall, renewals: Renewals) -> Finding:
    """Say what matures in the next quarter and how much of it usually stays.

    Parameters
    ----------
    wall : MaturityWall
        What matures within a year.
    renewals : Renewals
        Usual renewal.

    Returns
    -------
    Finding
        Usual share of the money that is renewed, percent.
    """
    usual = read_usual(renewals)
    reason = _refuse(wall, usual)
    if reason:
        return refuse(
            "maturing_kept",
            "A3",
            question=say("How much of the maturing money stays is not known"),
            reason=reason,
            quarter=wall.quarter,
            source=wall.source,
        )
    words = _write_usual(usual)
    return Finding(
        key="maturing_kept",
        requirement="A3",
        headline=_write_headline(wall, words),
        sentence=say(
            "Of {contracts} term deposits that matured up to {quarter}, {renewed} "
            "({renewed_interval}) were renewed, {moved} moved to other deposits and "
            "{left} left them; of the money {kept} ({kept_interval}) was renewed.",
            contracts=write_number(usual["contracts"]),
            quarter=write_quarter(wall.quarter),
            **words,
        ),
        action=say(
            "Call the largest depositors before their money matures; plan funding with "
            "the low end of the interval, {low}.",
            low=write_value(usual["kept_lower_pct"], Unit.PERCENT),
        ),
        measure=say("Maturing money that is renewed"),
        verdict="measured",
        unit=Unit.PERCENT,
        nobs=int(usual["contracts"]),
        period=str(wall.quarter),
        source=wall.source,
        estimate=usual["kept_pct"],
        lower=usual["kept_lower_pct"],
        upper=usual["kept_upper_pct"],
        confidence_level=CONFIDENCE_LEVEL,
        importance=0.7,
    )


def find_gap_at_maturity(
    renewals: Renewals, parameters: Parameters
) -> Finding | Nothing:
    """Say whether renewals go with the rate gap that a customer meets at maturity.

    Parameters
    ----------
    renewals : Renewals
        Average effects on the renewal probability.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    Finding, or nothing where nothing has matured
        Change of the renewal probability per 10 bp of the first known gap.
    """
    quarter = parameters.reported
    if not read_usual(renewals)["contracts"]:
        return ()
    if not renewals.effects:
        return refuse(
            "renewal_gap_effect",
            "A3",
            question=say("Whether renewals answer the rate gap is not known"),
            reason=renewals.reason,
            quarter=quarter,
            source=renewals.source,
        )
    first = renewals.effects[0]
    numbers = {
        name: 100 * getattr(first.effect, name)
        for name in ("estimate", "lower", "upper")
    }
    clear = [each for each in renewals.effects if _is_clear(each)]
    return Finding(
        key="renewal_gap_effect",
        requirement="A3",
        headline=_write_gap_headline(clear),
        sentence=say(
            "Chance of renewal per 10 bp, {contracts} contracts in {cells} pricing "
            "cells up to {quarter}, with product, term, size and year held: {effects}.",
            contracts=write_number(renewals.nobs),
            cells=write_number(first.effect.clusters),
            quarter=write_quarter(quarter),
            effects=_join([_describe(each) for each in renewals.effects]),
        ),
        action=_advise(clear),
        measure=say("Renewals per 10 bp of rate gap"),
        verdict="measured",
        unit=Unit.PERCENTAGE_POINTS,
        nobs=renewals.nobs,
        period=str(quarter),
        source=renewals.source,
        **numbers,
        confidence_level=CONFIDENCE_LEVEL,
        importance=0.5,
    )


def _refuse(wall: MaturityWall, usual: dict[str, Any]) -> str:
    if wall.total.empty and not usual["contracts"]:
        return say(NOTHING_MATURES)
    if "kept_pct" not in usual:
        return say(
            "Only {contracts} contracts of {cells} pricing cells have matured.",
            contracts=write_number(usual["contracts"]),
            cells=write_number(usual["cells"]),
        )
    return ""


def _write_usual(usual: dict[str, Any]) -> dict[str, str]:
    shares = {
        name: write_value(usual[f"{name}_pct"], Unit.PERCENT)
        for name in ("renewed", "moved", "left", "kept")
    }
    ends = {"renewed_interval": "", "kept_interval": "kept_"}
    intervals = {
        name: write_interval(
            usual[f"{prefix}lower_pct"], usual[f"{prefix}upper_pct"], Unit.PERCENT
        )
        for name, prefix in ends.items()
    }
    return shares | intervals


def _write_headline(wall: MaturityWall, words: dict[str, str]) -> str:
    balance = find_next_balance(wall)
    if balance is None:
        return say(
            "At the usual rate {kept} of what matures is renewed", kept=words["kept"]
        )
    return say(
        "{amount} matures next quarter; at the usual rate {kept} is renewed",
        amount=write_money(balance, wall.currency),
        kept=words["kept"],
    )


def _write_gap_headline(clear: list[GapEffect]) -> str:
    return say(CLEAR, effect=_write_effect(clear[0])) if clear else say(NOT_CLEAR)


def _is_clear(each: GapEffect) -> bool:
    """Say whether the interval leaves zero out and reaches an effect that matters."""
    lower, upper = 100 * each.effect.lower, 100 * each.effect.upper
    return not lower <= 0 <= upper and max(abs(lower), abs(upper)) >= SMALLEST_EFFECT_PP


def _write_effect(each: GapEffect) -> str:
    return write_value(100 * each.effect.estimate, Unit.PERCENTAGE_POINTS, signed=True)


def _describe(each: GapEffect) -> str:
    return say(
        "{gap} {effect} ({interval})",
        gap=say(GAP_NAMES[each.gap]),
        effect=_write_effect(each),
        interval=write_interval(
            100 * each.effect.lower, 100 * each.effect.upper, Unit.PERCENTAGE_POINTS
        ),
    )


def _join(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    first, second = parts
    return say("{first}; {second}", first=first, second=second)


def _advise(clear: list[GapEffect]) -> str:
    if not clear:
        return say(
            "Do not raise renewal rates across the board to keep maturing money; try "
            "{step} more for some regions at random and compare.",
            step=write_basis_points(100 * STEP_PCT),
        )
    return say(
        "Weigh the cost of {step} more on all that is renewed against {effect} of "
        "renewals; a trial at random in some regions would confirm it.",
        step=write_basis_points(100 * STEP_PCT),
        effect=_write_effect(clear[0]),
    )
