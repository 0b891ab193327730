"""The chart of what new money costs at the margin."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import release_public
from analysis.presentation.notes import Note
from analysis.studies.deposit_rate_elasticity.pricing.decisions import (
    PART,
    WHOLE,
    MarginalCosts,
)
from analysis.studies.deposit_rate_elasticity.pricing.release import (
    NOTHING_GRADED,
    list_shown,
    release_costs,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say

HIGHEST_DRAWN_PCT = 25.0
"""Costs whose interval ends above this are not drawn: the axis would hide the rest."""


def chart_new_money(costs: MarginalCosts) -> Chart | Note:
    """Draw the marginal cost of new money beside what the treasury credits.

    Parameters
    ----------
    costs : MarginalCosts
        Costs by product and who gets the new rate.

    Returns
    -------
    Chart or Note
        A note where no response may be priced on.
    """
    if costs.costs.empty:
        return Note(say(NOTHING_GRADED))
    shown = list_shown(release_costs(costs))
    drawn = shown[shown["upper"] <= HIGHEST_DRAWN_PCT]
    if drawn.empty:
        return Note(say("The responses are too uncertain to say what new money costs."))
    return Chart(
        drawing=draw_intervals(
            release_public(_stack_costs(drawn), reason="costs that passed the door"),
            label="product",
            estimate="estimate",
            lower="lower",
            upper="upper",
            group="way",
            unit=say("Percent a year"),
        ),
        title=_title_costs(drawn),
        subtitle=say(
            "Cost of one more unit of money drawn by a higher rate, percent a year, "
            "95% interval"
        ),
        source=costs.source,
        nobs=int(drawn.drop_duplicates("product")["nobs"].sum()),
        alt=say(
            "By product, the cost if the whole book gets the new rate, the cost if "
            "only part does, and the treasury's credit; costs are {low} to {high}.",
            low=write_value(float(drawn["estimate"].min()), Unit.RATE),
            high=write_value(float(drawn["estimate"].max()), Unit.RATE),
        ),
        note=_note_costs(drawn, len(shown) - len(drawn)),
    )


def _stack_costs(drawn: pd.DataFrame) -> pd.DataFrame:
    """Put the treasury's credit beside the costs of each product."""
    ways = {WHOLE: say("the whole book gets it"), PART: say("only what reprices")}
    columns = ["product", "way", "estimate", "lower", "upper"]
    costs = drawn.assign(way=drawn["repriced"].map(ways))[columns]
    one = drawn.drop_duplicates("product")
    credit = one.assign(
        way=say("treasury's credit"),
        **dict.fromkeys(["estimate", "lower", "upper"], one["funding_pct"]),
    )[columns]
    order = {name: place for place, name in enumerate(one["product"])}
    return pd.concat([costs, credit]).sort_values(
        "product", key=lambda names: names.map(order), kind="stable"
    )


def _title_costs(drawn: pd.DataFrame) -> str:
    whole = drawn[drawn["repriced"] == WHOLE]
    pays = int((whole["upper"] < whole["funding_pct"]).sum())
    if pays == 0:
        return say("Raising a rate for the whole book costs more than it brings")
    return say(
        "For {pays} of {n} products a higher rate for the whole book pays",
        pays=write_number(pays),
        n=write_number(len(whole)),
    )


def _note_costs(drawn: pd.DataFrame, left_out: int) -> str:
    part = drawn[drawn["repriced"] == PART]
    texts = [
        say(
            "Rate paid plus repriced share of the book over response: who is there "
            "already gets the new rate, too."
        )
    ]
    if not part.empty:
        shares = write_interval(
            100 * float(part["repriced_share"].min()),
            100 * float(part["repriced_share"].max()),
            Unit.PERCENT,
        )
        texts.append(say("In a quarter {shares} of a book reprices.", shares=shares))
    if left_out:
        end = write_value(HIGHEST_DRAWN_PCT, Unit.RATE)
        texts.append(
            say("Costs whose interval ends above {end} are not drawn.", end=end)
        )
    return " ".join(texts)
