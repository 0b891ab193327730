"""What the profit account takes for granted, as a set of choices, and other choices.

Nothing here is estimated. Each alternative changes one choice of the set in force, so
that a customer whose profit changes sign owes that to this one choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Final, Literal

from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.account.funds_pricing import PricedBalances
from analysis.studies.segment_profitability.parameters import (
    AVOIDABLE_SHARE,
    Parameters,
)
from analysis.studies.segment_profitability.sentences import write_share
from analysis.units import write_number
from analysis.wording import mark, say

Pooling = Literal["matched", "single pool", "double pool", "flat"]

SHARE_STEP_PP: Final = 20.0
"""Stable share tried below and above the one in force, percentage points."""
LIVES_MONTHS: Final = (12, 60)
"""Terms tried for the stable part, months."""
CURVE_STEP_PP: Final = 0.25
"""Shift of all transfer rates tried, percentage points."""
FLAT_STEP_PP: Final = 1.0
"""The same where one rate is assumed for all money: it is less well known."""
TIME_STEP_PCT: Final = 20.0
"""Error tried of the standard times of contacts, percent."""
LOSS_STEP_PCT: Final = 50.0
"""Error tried of expected losses, percent."""
CAPITAL_STEP_PCT: Final = 25.0
"""Capital tried above that in force, percent."""
OTHER_TAX_PCT: Final = 15.0
"""Tax rate tried beside that in force, percent."""
REDEEMED_PCT: Final = 80.0
"""Share of points tried that is redeemed in the end; all are booked as if."""


@dataclass(frozen=True, slots=True)
class Choices:
    """One set of assumptions under which profit can be computed.

    Parameters
    ----------
    core_share_pct : float
        Stable part of money without a term, percent.
    core_life_months : int
        Term of the ladder for the stable part, months.
    tax_rate_pct, hurdle_rate_pct : float
        Tax on profit; return asked of capital, percent a year.
    counts_capital : bool
        Whether the charge for capital is taken off before the sign is read.
    curve_shift_pp : float
        Added to every transfer rate, percentage points.
    pooling : {"matched", "single pool", "double pool", "flat"}
        Contracts matched by term; one price for all money; one for deposits and one
        for loans; or the curve's one-year rate for all.
    cost_rate_change_pct : float
        Change of the cost of every contact, percent.
    counted_cost_pct : float
        Part of the cost of contacts that is counted, percent.
    idle_share_pct : float
        Part of unused capacity spread over those who used the rest, percent.
    loss_change_pct, capital_change_pct : float
        Change of expected losses, and of capital, percent.
    points_redeemed_pct : float
        Part of the points booked that is redeemed in the end, percent.
    """

    core_share_pct: float
    core_life_months: int
    tax_rate_pct: float
    hurdle_rate_pct: float
    counts_capital: bool = False
    curve_shift_pp: float = 0.0
    pooling: Pooling = "matched"
    cost_rate_change_pct: float = 0.0
    counted_cost_pct: float = 100.0
    idle_share_pct: float = 0.0
    loss_change_pct: float = 0.0
    capital_change_pct: float = 0.0
    points_redeemed_pct: float = 100.0


@dataclass(frozen=True, slots=True)
class Alternative:
    """One choice made otherwise.

    Parameters
    ----------
    key : str
        Name that stays the same from quarter to quarter.
    name : str
        What is assumed, in the reader's words.
    choices : Choices
        The set in force with this one choice changed.
    """

    key: str
    name: str
    choices: Choices


def choose(parameters: Parameters, **changes: float | bool | str) -> Choices:
    """Take the choices that parameters make, and change some.

    Parameters
    ----------
    parameters : Parameters
        Settings in force.
    **changes : float, bool or str
        Fields of `Choices` and their new values.

    Returns
    -------
    Choices
        One set of assumptions.

    Raises
    ------
    ValueError
        If there is no such choice, or a share is not from 0 to 100.
    """
    known = [part.name for part in fields(Choices)]
    unknown = sorted(set(changes) - set(known))
    if unknown:
        message = f"Choices must be of {known}, not {unknown}."
        raise ValueError(message)
    shares = {n: v for n, v in changes.items() if n.endswith(("share_pct", "rate_pct"))}
    wrong = {name: v for name, v in shares.items() if not 0 <= float(v) <= 100}
    if wrong:
        message = f"Shares and rates must be from 0 to 100, not {wrong}."
        raise ValueError(message)
    base = Choices(
        core_share_pct=parameters.core_share_pct,
        core_life_months=parameters.core_life_months,
        tax_rate_pct=parameters.tax_rate_pct,
        hurdle_rate_pct=parameters.hurdle_rate_pct,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def list_alternatives(
    account: ProfitAccount, priced: PricedBalances, base: Choices
) -> tuple[Alternative, ...]:
    """List what could be assumed otherwise, as far as the source lets it matter.

    Parameters
    ----------
    account : ProfitAccount
        Lines that the source cannot fill have no alternatives.
    priced : PricedBalances
        Says whether there is a funding curve.
    base : Choices
        The set in force.

    Returns
    -------
    tuple of Alternative
        Each changes one choice.
    """
    listed = [
        *(_vary_curve(base) if priced.curves is not None else _vary_flat_rate(base)),
        *(_vary_cost(base) if "cost_to_serve" not in account.refused else ()),
        *(_vary_risk(base) if "expected_loss" not in account.refused else ()),
        Alternative(
            "points_expire",
            say(
                "{share} of points are redeemed in the end",
                share=write_share(REDEEMED_PCT / 100),
            ),
            replace(base, points_redeemed_pct=REDEEMED_PCT),
        ),
        Alternative(
            "other_tax",
            say("Tax of {share}", share=write_share(OTHER_TAX_PCT / 100)),
            replace(base, tax_rate_pct=OTHER_TAX_PCT),
        ),
    ]
    return tuple(listed)


def _vary_curve(base: Choices) -> Iterator[Alternative]:
    for sign, end in ((-1, "less"), (1, "more")):
        share = min(max(base.core_share_pct + sign * SHARE_STEP_PP, 0.0), 100.0)
        if share != base.core_share_pct:
            yield Alternative(
                f"core_{end}",
                say(
                    "{share} of money without a term is stable",
                    share=write_share(share / 100),
                ),
                replace(base, core_share_pct=share),
            )
    for life in LIVES_MONTHS:
        if life != base.core_life_months:
            yield Alternative(
                f"core_life_{life}",
                say("Stable money stays {life} months", life=write_number(life)),
                replace(base, core_life_months=life),
            )
    yield from _shift_curve(base, CURVE_STEP_PP)
    for pooling, name in _POOLINGS.items():
        pooled = replace(base, pooling=pooling)
        yield Alternative(pooling.replace(" ", "_"), say(name), pooled)


_POOLINGS: Final[dict[Pooling, str]] = {
    "single pool": mark("One transfer rate for all money (single pool)"),
    "double pool": mark("One rate for deposits, one for loans (double pool)"),
    "flat": mark("The one-year rate for all money"),
}


def _vary_flat_rate(base: Choices) -> Iterator[Alternative]:
    yield from _shift_curve(base, FLAT_STEP_PP)


def _shift_curve(base: Choices, step: float) -> Iterator[Alternative]:
    for sign, end in ((-1, "lower"), (1, "higher")):
        size = write_number(step, decimals=2)
        name = (
            say("Transfer rates {size} pp higher", size=size)
            if sign > 0
            else say("Transfer rates {size} pp lower", size=size)
        )
        yield Alternative(
            f"curve_{end}", name, replace(base, curve_shift_pp=sign * step)
        )


def _vary_cost(base: Choices) -> Iterator[Alternative]:
    step = write_share(TIME_STEP_PCT / 100)
    yield Alternative(
        "time_shorter",
        say("Contacts take {step} less time", step=step),
        replace(base, cost_rate_change_pct=-TIME_STEP_PCT),
    )
    yield Alternative(
        "time_longer",
        say("Contacts take {step} more time", step=step),
        replace(base, cost_rate_change_pct=TIME_STEP_PCT),
    )
    yield Alternative(
        "idle_spread",
        say("Unused capacity is spread over those who used the rest"),
        replace(base, idle_share_pct=100.0),
    )
    yield Alternative(
        "marginal_cost",
        say("Only cost that leaving would save ({share})", share=_write_avoidable()),
        replace(base, counted_cost_pct=100 * AVOIDABLE_SHARE),
    )


def _vary_risk(base: Choices) -> Iterator[Alternative]:
    step = write_share(LOSS_STEP_PCT / 100)
    for sign, end in ((-1, "lower"), (1, "higher")):
        name = (
            say("Credit losses {step} higher", step=step)
            if sign > 0
            else say("Credit losses {step} lower", step=step)
        )
        changed = replace(base, loss_change_pct=sign * LOSS_STEP_PCT)
        yield Alternative(f"losses_{end}", name, changed)
    charged = replace(base, counts_capital=True)
    hurdle = write_share(base.hurdle_rate_pct / 100)
    yield Alternative(
        "capital_charged", say("Capital costs {hurdle} a year", hurdle=hurdle), charged
    )
    yield Alternative(
        "more_capital",
        say(
            "Capital costs {hurdle} a year, and {step} more is needed",
            hurdle=hurdle,
            step=write_share(CAPITAL_STEP_PCT / 100),
        ),
        replace(charged, capital_change_pct=CAPITAL_STEP_PCT),
    )


def _write_avoidable() -> str:
    return write_share(AVOIDABLE_SHARE)
