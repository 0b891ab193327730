"""The finding on whether stepped prices are cut sooner than they are raised."""

from __future__ import annotations

from dataclasses import replace

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.statistics.stepped_rates import SteppedRates
from analysis.studies.deposit_rate_elasticity.parameters import CONFIDENCE_LEVEL
from analysis.studies.deposit_rate_elasticity.pass_through.steps import (
    AT_GAP_BP,
    WANTED_DIFFERENCE,
    RateSteps,
)
from analysis.studies.deposit_rate_elasticity.sentences import (
    refuse,
    write_basis_points,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say


def find_rate_steps(steps: RateSteps) -> Finding:
    """Say whether price lists are cut sooner than they are raised.

    Parameters
    ----------
    steps : RateSteps
        Chances of cuts and rises.

    Returns
    -------
    Finding
        Chance of a cut from above less that of a rise from below, percentage points.
    """
    found = steps.together.found
    if found is None or not steps.together.is_two_way:
        return _refuse_steps(steps)
    cut, rise = (100 * float(chance) for chance in found.chances["estimate"])
    return Finding(
        key="step_asymmetry",
        requirement="A8",
        headline=write_asymmetry(found),
        sentence=say(
            "In {periods} periods up to {quarter} a price {gap} above its level was "
            "cut within a period in {cut} of cases, one as far below raised in {rise}: "
            "a difference of {difference} ({interval}).",
            periods=write_number(found.periods),
            quarter=write_quarter(steps.quarter),
            gap=write_basis_points(AT_GAP_BP),
            cut=write_value(cut, Unit.PERCENT),
            rise=write_value(rise, Unit.PERCENT),
            difference=write_value(
                100 * found.difference, Unit.PERCENTAGE_POINTS, signed=True
            ),
            interval=write_interval(
                100 * found.lower, 100 * found.upper, Unit.PERCENTAGE_POINTS
            ),
        ),
        action=_advise(found),
        measure=say("Chance of a cut less chance of a rise"),
        verdict="measured",
        unit=Unit.PERCENTAGE_POINTS,
        nobs=found.nobs,
        period=str(steps.quarter),
        source=steps.source,
        estimate=100 * found.difference,
        lower=100 * found.lower,
        upper=100 * found.upper,
        confidence_level=CONFIDENCE_LEVEL,
        importance=0.5,
    )


def write_asymmetry(found: SteppedRates) -> str:
    """Say which way prices move sooner, as a headline.

    Parameters
    ----------
    found : SteppedRates
        Chances of cuts and rises.

    Returns
    -------
    str
        A short sentence; with the power where no difference was found.
    """
    if found.lower > 0:
        return say("Prices that are too high are cut sooner than low ones are raised")
    if found.upper < 0:
        return say("Prices that are too low are raised sooner than high ones are cut")
    return say(
        "Cuts come no sooner than rises; a difference of {size} points would be found "
        "in {power} of cases",
        size=write_number(100 * WANTED_DIFFERENCE),
        power=_write_power(found.power),
    )


def _refuse_steps(steps: RateSteps) -> Finding:
    refused = refuse(
        "step_asymmetry",
        "A8",
        question=say("Whether prices are cut sooner than raised is not identified"),
        reason=_give_reason(steps),
        quarter=steps.quarter,
        source=steps.source,
    )
    return replace(
        refused, action=say("Read speeds up and down from the error correction.")
    )


def _write_power(power: float) -> str:
    if power > 0.99:
        return say("over 99%")
    return say("{number}%", number=write_number(100 * power))


def _give_reason(steps: RateSteps) -> str:
    if steps.together.found is not None:
        return say(
            "While price lists were known, the policy rate went one way only; prices "
            "that lag behind it stay on one side of their level."
        )
    reasons = {line.reason for line in steps.lines if line.reason}
    return reasons.pop() if len(reasons) == 1 else steps.together.reason


def _advise(found: SteppedRates) -> str:
    if found.lower <= 0 <= found.upper:
        return say("Plan cuts and rises of price lists with the same delay.")
    return say("Plan cuts and rises of price lists with delays of their own.")
