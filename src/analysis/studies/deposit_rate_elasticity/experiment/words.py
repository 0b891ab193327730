"""Words on tests of prices that findings and exhibits share."""

from __future__ import annotations

import pandas as pd

from analysis.studies.deposit_rate_elasticity.experiment.designs import TestDesigns
from analysis.studies.deposit_rate_elasticity.response.verdicts import REFUSED
from analysis.units import write_number
from analysis.wording import mark, say

NO_TEST = mark(
    "No test can be laid out: a product needs six or more regions with several "
    "accounts each, room between its rates and zero or the ceiling, and nine months "
    "of history."
)


def choose_product(designs: TestDesigns) -> pd.Series | None:
    """Choose the product that a test would help most.

    Parameters
    ----------
    designs : TestDesigns
        Tests tried and chosen.

    Returns
    -------
    pandas.Series or None
        The largest product whose response is not known, else the one with the widest
        interval; None when no test can be laid out.
    """
    possible = designs.products[designs.products["is_possible"]]
    if possible.empty:
        return None
    unknown = possible[possible["grade"] == REFUSED]
    if len(unknown):
        return unknown.iloc[0]
    width = possible["upper"] - possible["lower"]
    return possible.iloc[int(width.argmax())]


def write_arms(test: pd.Series) -> str:
    """Write the two rates between which the lot decides, beside the posted one.

    Parameters
    ----------
    test : pandas.Series
        A row of `TestDesigns`.

    Returns
    -------
    str
        "±10 bp", or "0 or +20 bp" where most cells have no room below, "−20 or 0 bp"
        where most have none above.
    """
    wedge, half = test["wedge_bp"], test["possible"] / 2
    if test["raised_only"] > half:
        return say("0 or +{step} bp", step=write_number(2 * wedge))
    if test["lowered_only"] > half:
        return say("\N{MINUS SIGN}{step} or 0 bp", step=write_number(2 * wedge))
    return say("\N{PLUS-MINUS SIGN}{wedge} bp", wedge=write_number(wedge))
