"""The chart of responses under other choices."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import Released, release
from analysis.presentation.notes import Note
from analysis.studies.deposit_rate_elasticity.response.other_choices import (
    REPORTED,
    OtherChoices,
)
from analysis.units import write_number
from analysis.wording import mark, say

CHOICES = {
    REPORTED: mark("as reported"),
    "gross": mark("interest credited left in the balance"),
    "no_quarter_end": mark("last months of quarters left out"),
    "half": mark("later half of the history"),
    "always_present": mark("later half, accounts there all the time"),
    "sisters_out": mark("other products' rates left out"),
    "no_instrument": mark("prices as set, no instrument"),
}
"""What was changed, by its key."""
HELD = ("gross", "no_quarter_end", "half", "always_present")
"""Choices that should not matter; the others show what they would get wrong."""


def chart_other_choices(choices: OtherChoices) -> Chart | Note:
    """Draw each product's response under each choice.

    Parameters
    ----------
    choices : OtherChoices
        Responses by product and choice.

    Returns
    -------
    Chart or Note
        A note where no response is shown.
    """
    fits = choices.fits
    if fits.empty:
        return Note(say("No response is shown, so no other choice is tried."))
    reported = fits[fits["choice"] == REPORTED].set_index("product")
    return Chart(
        drawing=draw_intervals(
            _release_fits(fits),
            label="label",
            estimate="estimate",
            lower="lower",
            upper="upper",
            group="product",
            unit=say("Percent of balance per percentage point"),
            reference=0.0,
            muted="is_other",
        ),
        title=_title(fits, reported["estimate"]),
        subtitle=say(
            "Response of balances to the own rate, one choice changed at a time, 95% "
            "interval"
        ),
        source=choices.source,
        nobs=int(reported["nobs"].sum()),
        alt=say(
            "By product, a row for the response as reported and one for each of up to "
            "{n} other choices.",
            n=write_number(len(CHOICES) - 1),
        ),
        note=say(
            "The last two rows of a product leave out what the report needs: they show "
            "what it would get wrong."
        )
        if fits["choice"].isin(["sisters_out", "no_instrument"]).any()
        else "",
    )


def _title(fits: pd.DataFrame, reported: pd.Series[float]) -> str:
    held = fits[fits["choice"].isin(HELD)]
    outside = ~held["product"].map(reported).between(held["lower"], held["upper"])
    if held.empty or not outside.any():
        return say(
            "No choice that should not matter moves a response out of its interval"
        )
    return say(
        "{n} of {all} choices that should not matter move a response out of its "
        "interval",
        n=write_number(int(outside.sum())),
        all=write_number(len(held)),
    )


def _release_fits(fits: pd.DataFrame) -> Released:
    order = {name: place for place, name in enumerate(CHOICES)}
    products = {name: place for place, name in enumerate(fits["product"].unique())}
    ranked = fits.sort_values(
        ["product", "choice"],
        key=lambda names: names.map(order if names.name == "choice" else products),
    )
    labels = [say(CHOICES[choice]) for choice in ranked["choice"]]
    numbers = ["estimate", "lower", "upper"]
    rows = ranked.assign(label=labels, is_other=ranked["choice"] != REPORTED)
    return release(
        rows[["product", "label", "customers", "is_other", *numbers]],
        count="customers",
        derived={name: ("customers",) for name in numbers},
    )
