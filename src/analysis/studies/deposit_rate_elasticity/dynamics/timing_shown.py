"""Say and show how soon balances answer a rate."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.dynamics.designs import WIDEST_REACH
from analysis.studies.deposit_rate_elasticity.dynamics.refusals import (
    explain_refusal,
    refuse_dynamics,
)
from analysis.studies.deposit_rate_elasticity.dynamics.timing import Timing
from analysis.studies.deposit_rate_elasticity.parameters import SIGNIFICANCE
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say


def find_timing(timing: Timing) -> Finding:
    """Say whether more of the answer comes after the month of the move.

    Parameters
    ----------
    timing : Timing
        The response added up over the months.

    Returns
    -------
    Finding
        On the product that is known best; its estimate is what came after the first
        month, at the longest horizon where that is clear, or else is identified.
    """
    shared: dict[str, Any] = {
        "key": "response_after_first_month",
        "quarter": timing.quarter,
        "source": timing.source,
    }
    known = _list_known(timing)
    if len(known) <= 1:
        reason = say("No response passes every check, so none is followed over time.")
        if timing.main:
            reason = explain_refusal(_find_check(timing))
        headline = say("How soon balances answer a rate is not known")
        return refuse_dynamics(headline, reason, **shared)
    first, last = known.iloc[0], _choose_horizon(known)
    said, action = _judge(timing.main, first, last)
    return Finding(
        key=str(shared["key"]),
        requirement="A3",
        headline=said,
        sentence=_write_sentence(timing, first, last),
        action=action,
        measure=say("Later response of {product} per point", product=timing.main),
        verdict="measured",
        unit=Unit.PERCENT_PER_POINT,
        nobs=int(last["nobs"]),
        period=str(timing.quarter),
        source=timing.source,
        estimate=float(last["later"]),
        lower=float(last["later_lower"]),
        upper=float(last["later_upper"]),
        importance=0.5,
    )


def _list_known(timing: Timing) -> pd.DataFrame:
    """Give the identified horizons of the product known best."""
    rows = timing.rows
    if rows.empty:
        return rows
    is_known = (rows["product"] == timing.main) & rows["later"].notna()
    return rows[is_known & (rows["check"] == "")]


def _choose_horizon(known: pd.DataFrame) -> pd.Series:
    clear = known[_is_clear(known)]
    return (clear if len(clear) else known).iloc[-1]


def _is_clear(rows: pd.DataFrame) -> pd.Series:
    """Say where something came after the month of the move, all horizons tested."""
    return rows["later_pvalue"] < SIGNIFICANCE


def _find_check(timing: Timing) -> str:
    rows = timing.rows
    refused = rows[(rows["product"] == timing.main) & (rows["check"] != "")]
    return str(refused["check"].iloc[0]) if len(refused) else "history"


def _judge(product: str, first: pd.Series, last: pd.Series) -> tuple[str, str]:
    """Give headline and action, by what came after the month of the move."""
    months = write_number(float(last["months"]))
    is_clear = last["later_pvalue"] < SIGNIFICANCE
    if is_clear and last["later"] > 0:
        return say(
            "Balances of {product} go on answering for {months} months",
            product=product,
            months=months,
        ), say(
            "Wait {months} months before judging a price change of {product}; plan for "
            "the whole answer.",
            product=product,
            months=months,
        )
    if is_clear:
        return say(
            "Part of the answer of {product} is gone after {months} months",
            product=product,
            months=months,
        ), say(
            "Do not take the first month of a price change of {product} for good; look "
            "again after {months} months.",
            product=product,
            months=months,
        )
    if first["lower"] > 0:
        return say(
            "Balances of {product} answer at once; nothing clear comes later",
            product=product,
        ), say("Judge a price change of {product} by its first month.", product=product)
    return say(
        "Balances of {product} show no clear answer, neither at once nor later",
        product=product,
    ), say(
        "Expect no volume from {product} soon after a price change.", product=product
    )


def _write_sentence(timing: Timing, first: pd.Series, last: pd.Series) -> str:
    return say(
        "Per percentage point, {product} answers with {first} ({first_interval}) in "
        "the month of the move; by month {months} {later} ({later_interval}) has come "
        "on top; {nobs} account-months up to {quarter}.",
        product=timing.main,
        first=write_value(float(first["estimate"]), Unit.PERCENT),
        first_interval=write_interval(
            float(first["lower"]), float(first["upper"]), Unit.PERCENT
        ),
        months=write_number(float(last["months"])),
        later=write_value(float(last["later"]), Unit.PERCENT, signed=True),
        later_interval=write_interval(
            float(last["later_lower"]), float(last["later_upper"]), Unit.PERCENT
        ),
        nobs=write_number(float(last["nobs"])),
        quarter=write_quarter(timing.quarter),
    )


def chart_timing(timing: Timing) -> Chart | Note:
    """Draw the response added up over the months, horizons in rows.

    Parameters
    ----------
    timing : Timing
        The response added up over the months.

    Returns
    -------
    Chart or Note
        A note when nothing is identified; a horizon that is not carries no number.
    """
    rows = timing.rows
    known = rows[rows["check"] == ""] if len(rows) else rows
    if known.empty:
        return Note(say("No response is followed over the months; none is identified."))
    refused = rows[rows["check"] != ""]
    return Chart(
        drawing=draw_intervals(
            release(
                _label(rows),
                count="customers",
                derived={
                    name: ["customers"] for name in ("estimate", "lower", "upper")
                },
            ),
            label="label",
            group="product",
            estimate="estimate",
            lower="lower",
            upper="upper",
            unit=say("Percent of balance per percentage point, added up"),
            reference=0.0,
        ),
        title=_write_title(known),
        subtitle=say(
            "Response of existing balances added up since the rate moved, 95% interval"
        ),
        source=timing.source,
        nobs=int(known.groupby("product")["nobs"].first().sum()),
        alt=say(
            "Rows by product and months since the move; {known} have an estimate with "
            "its interval, {refused} are not identified.",
            known=write_number(len(known)),
            refused=write_number(len(refused)),
        ),
        note=_explain_refused(refused),
    )


def _label(rows: pd.DataFrame) -> pd.DataFrame:
    """Name each horizon; a name comes once, so that products become headings."""
    labels = [_name_horizon(int(months)) for months in rows["months"]]
    numbers = ["customers", "estimate", "lower", "upper"]
    return rows.assign(label=labels)[["product", "label", *numbers]]


def _name_horizon(months: int) -> str:
    if months == 0:
        return say("Month of the move")
    if months == 1:
        return say("1 month later")
    return say("{n} months later", n=write_number(months))


def _write_title(known: pd.DataFrame) -> str:
    lasting = known.groupby("product")["months"].max()
    clear = known[_is_clear(known)]
    if clear.empty:
        return say(
            "Nothing clear comes after the month of the move, followed for up to "
            "{months} months",
            months=write_number(float(lasting.max())),
        )
    return say(
        "The answer goes on changing after the month of the move in {n} of {all} "
        "products",
        n=write_number(clear["product"].nunique()),
        all=write_number(len(lasting)),
    )


def _explain_refused(refused: pd.DataFrame) -> str:
    if refused.empty:
        return ""
    return say(
        "No number: not identified, because the interval reaches {reach} or more "
        "to either side or the history is too short for so long a past.",
        reach=write_value(WIDEST_REACH, Unit.PERCENT_PER_POINT),
    )
