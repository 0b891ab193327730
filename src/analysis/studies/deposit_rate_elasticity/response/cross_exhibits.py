"""The chart of who loses money to whom."""

from __future__ import annotations

import math

import pandas as pd

from analysis.presentation.charts import Chart, draw_heat_map
from analysis.presentation.disclosure import release_public
from analysis.presentation.notes import Note
from analysis.studies.deposit_rate_elasticity.response.cross_effects import (
    CrossEffects,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say


def chart_cross_effects(cross: CrossEffects) -> Chart | Note:
    """Draw what each product's rate does to each product's balance.

    Parameters
    ----------
    cross : CrossEffects
        Responses to own and other rates.

    Returns
    -------
    Chart or Note
        A note where rates could not be told apart.
    """
    effects = cross.effects
    if effects.empty:
        return Note(
            say(
                "What products take from each other is not identified: fewer than two "
                "have rates that move apart."
            )
        )
    is_own = effects["product"] == effects["price_of"]
    is_clear = (effects["lower"] > 0) | (effects["upper"] < 0)
    unclear = float(
        ((effects["upper"] - effects["lower"]) / 2)[~is_own & ~is_clear].max()
    )
    taken = int((is_clear & ~is_own).sum())
    return Chart(
        drawing=draw_heat_map(
            release_public(_name_pairs(effects), reason="whole products"),
            unit=say("Percent of balance per percentage point"),
            centre=0.0,
            row="balance",
            column="price",
            value="estimate",
        ),
        title=_title_cross(taken, int((~is_own).sum())),
        subtitle=say(
            "Change of the balance in the row per point of the rate in the column; on "
            "the diagonal, the product's own"
        ),
        source=cross.source,
        nobs=int(effects["nobs"][is_own].sum()),
        alt=say(
            "A matrix of {n} products; own responses are {own}, those to other rates "
            "{other}.",
            n=write_number(int(is_own.sum())),
            own=_write_range(effects["estimate"][is_own]),
            other=_write_range(effects["estimate"][~is_own]),
        ),
        note=_note_cross(unclear),
    )


def _name_pairs(effects: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "balance": [say("balance of {name}", name=n) for n in effects["product"]],
            "price": [say("rate of {name}", name=n) for n in effects["price_of"]],
            "estimate": effects["estimate"].to_numpy(),
        }
    )


def _title_cross(taken: int, pairs: int) -> str:
    if taken == 0:
        return say("No product clearly takes money from another when its rate rises")
    return say(
        "In {taken} of {pairs} pairs a rate clearly moves the other product's balance",
        taken=write_number(taken),
        pairs=write_number(pairs),
    )


def _note_cross(unclear: float) -> str:
    if math.isnan(unclear):
        return ""
    return say(
        "Off the diagonal, what is not clearly different from nothing is known within "
        "{reach} either way at worst.",
        reach=write_value(unclear, Unit.PERCENT_PER_POINT),
    )


def _write_range(values: pd.Series[float]) -> str:
    ends = (float(values.min()), float(values.max()))
    return write_interval(*ends, Unit.PERCENT_PER_POINT)
