"""Findings on how much of a policy move reaches posted rates."""

from __future__ import annotations

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.pass_through.estimates import (
    LinePassThrough,
    PassThrough,
)
from analysis.studies.deposit_rate_elasticity.sentences import refuse
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

UNKNOWN_SHARE = mark("How much of a policy move reaches depositors is not identified")


def find_long_run(pass_through: PassThrough) -> Finding:
    """Say how much of a policy move reaches posted rates in the end.

    Parameters
    ----------
    pass_through : PassThrough
        Error correction of the average posted rate.

    Returns
    -------
    Finding
        Long-run pass-through in percent of the policy move.
    """
    average = pass_through.average
    if average.reason:
        return refuse(
            "long_run_pass_through",
            "A8",
            question=say(UNKNOWN_SHARE),
            reason=average.reason,
            quarter=pass_through.quarter,
            source=pass_through.source,
        )
    numbers = {
        name: 100 * getattr(average, name) for name in ("estimate", "lower", "upper")
    }
    share = write_value(numbers["estimate"], Unit.PERCENT)
    previous = pass_through.previous
    return Finding(
        key="long_run_pass_through",
        requirement="A8",
        headline=_head_long_run(share, numbers),
        sentence=say(
            "Over {periods} periods up to {quarter} the average posted rate follows "
            "{share} ({interval}) of a lasting move of the policy rate; {at_once} "
            "arrive at once, and half of the rest takes {half_life}.",
            periods=write_number(average.nobs),
            quarter=write_quarter(pass_through.quarter),
            share=share,
            interval=write_interval(numbers["lower"], numbers["upper"], Unit.PERCENT),
            at_once=write_value(100 * average.at_once, Unit.PERCENT),
            half_life=write_value(average.half_life_months, Unit.MONTHS),
        ),
        action=_advise_on_pass_through(average),
        measure=say("Part of a policy move that is passed on"),
        verdict="measured",
        unit=Unit.PERCENT,
        nobs=average.nobs,
        period=str(pass_through.quarter),
        source=pass_through.source,
        **numbers,
        confidence_level=CONFIDENCE_LEVEL,
        previous=None if previous is None else 100 * previous,
        importance=0.8,
    )


def _head_long_run(share: str, numbers: dict[str, float]) -> str:
    if numbers["lower"] <= 0:
        return say(
            "How much of a policy move reaches depositors in the end is not clear: "
            "{interval}",
            interval=write_interval(numbers["lower"], numbers["upper"], Unit.PERCENT),
        )
    return say("In the end {share} of a policy move reaches depositors", share=share)


def find_pass_through_across(
    pass_through: PassThrough, parameters: Parameters
) -> tuple[Finding, ...]:
    """Say how much price lists that are set apart pass on within some months.

    Parameters
    ----------
    pass_through : PassThrough
        Sums of lagged coefficients by price list.
    parameters : Parameters
        Months within which moves count.

    Returns
    -------
    tuple of Finding
        One finding, or none where headquarters sets a reference price.
    """
    units = pass_through.units
    if units is None:
        return ()
    share = write_value(100 * units.estimate, Unit.PERCENT)
    interval = write_interval(100 * units.lower, 100 * units.upper, Unit.PERCENT)
    months = write_number(parameters.pass_through_months)
    return (
        Finding(
            key="pass_through_across_units",
            requirement="A8",
            headline=say(
                "Within {months} months the mean price list passes on {share}",
                months=months,
                share=share,
            ),
            sentence=say(
                "Across {units} price lists up to {quarter}, {share} ({interval}) of "
                "policy moves is passed on within {months} months; lists differ by a "
                "standard deviation of {spread}, noise included.",
                units=write_number(units.units),
                quarter=write_quarter(pass_through.quarter),
                share=share,
                interval=interval,
                months=months,
                spread=write_value(100 * units.spread, Unit.PERCENTAGE_POINTS),
            ),
            action=say(
                "Compare each price list with the mean before blaming the market."
            ),
            measure=say("Part passed on within {months} months", months=months),
            verdict="measured",
            unit=Unit.PERCENT,
            nobs=units.nobs,
            period=str(pass_through.quarter),
            source=pass_through.source,
            estimate=100 * units.estimate,
            lower=100 * units.lower,
            upper=100 * units.upper,
            confidence_level=CONFIDENCE_LEVEL,
            importance=0.6,
        ),
    )


def _advise_on_pass_through(average: LinePassThrough) -> str:
    return say(
        "Plan deposit cost with {share} of each policy move and half of it after "
        "{half_life}; stress it with {lower} and {upper}.",
        share=write_value(100 * average.estimate, Unit.PERCENT),
        half_life=write_value(average.half_life_months, Unit.MONTHS),
        lower=write_value(100 * average.lower, Unit.PERCENT),
        upper=write_value(100 * average.upper, Unit.PERCENT),
    )
