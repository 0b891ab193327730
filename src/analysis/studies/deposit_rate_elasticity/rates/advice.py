"""What to do about posted rates: one computed sentence for each finding."""

from __future__ import annotations

import pandas as pd

from analysis.units import Unit, write_number, write_value
from analysis.wording import join_names, say


def advise_on_repricing(own_bp: float, policy_bp: float) -> str:
    """Advise on the part of a policy move that depositors have not seen.

    Parameters
    ----------
    own_bp, policy_bp : float
        Changes over a year, basis points.

    Returns
    -------
    str
        One sentence.
    """
    if policy_bp < 0 and own_bp > policy_bp:
        return say(
            "Decide how much of the {rest} of the policy cut that has not reached "
            "depositors should still do so.",
            rest=write_value(own_bp - policy_bp, Unit.BASIS_POINTS),
        )
    if policy_bp > 0 and own_bp < policy_bp:
        return say(
            "Watch outflows: {rest} of the policy rise have not reached depositors.",
            rest=write_value(policy_bp - own_bp, Unit.BASIS_POINTS),
        )
    return say("Keep the present calendar of price reviews.")


def advise_on_gap(gaps: pd.DataFrame, smallest: float) -> str:
    """Advise on the product that is furthest from its competitors.

    Parameters
    ----------
    gaps : pandas.DataFrame
        One row per line, see `MarketPosition`.
    smallest : float
        Smallest gap that matters, basis points.

    Returns
    -------
    str
        One sentence.
    """
    behind = gaps[gaps["gap_bp"] <= -smallest]
    ahead = gaps[gaps["gap_bp"] >= smallest]
    if not behind.empty:
        widest = behind.sort_values("gap_bp").iloc[0]
        return say(
            "Review {line} first: at {gap} it ranks {rank} of {payers} payers.",
            line=widest["label"],
            gap=write_value(float(widest["gap_bp"]), Unit.BASIS_POINTS, signed=True),
            rank=write_number(widest["rank"]),
            payers=write_number(widest["competitors"] + 1),
        )
    if not ahead.empty:
        widest = ahead.sort_values("gap_bp").iloc[-1]
        return say(
            "Test a lower rate on {line}, which pays {gap} more than the market.",
            line=widest["label"],
            gap=write_value(float(widest["gap_bp"]), Unit.BASIS_POINTS),
        )
    return say("Leave the price list as it is; no product is far from its competitors.")


def advise_on_real(lines: pd.DataFrame) -> str:
    """Advise on what to tell savers who fear inflation.

    Parameters
    ----------
    lines : pandas.DataFrame
        One row per line, see `RealRates`.

    Returns
    -------
    str
        One sentence.
    """
    gaining = lines[lines["real_pct"] >= 0]
    if gaining.empty:
        return say("Expect savers to ask for products that keep up with prices.")
    return say(
        "Name {names} to savers who ask what keeps up with prices.",
        names=join_names(list(gaining["label"])),
    )
