"""Let the balances that mature pass the disclosure door."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import Released, is_suppressed, release
from analysis.studies.deposit_rate_elasticity.maturity.renewals import Renewals
from analysis.studies.deposit_rate_elasticity.maturity.wall import (
    HELD,
    NEXT_MONTHS,
    MaturityWall,
)
from analysis.studies.deposit_rate_elasticity.parameters import LINE
from analysis.units import Unit, write_interval, write_value
from analysis.wording import say

PARTS = ("kept", "gone")
"""What is renewed at the usual rate, and the rest."""


def release_months(wall: MaturityWall, kept_pct: float) -> Released:
    """Release the balance that matures in each month, the year in the last row.

    Parameters
    ----------
    wall : MaturityWall
        What matures within a year.
    kept_pct : float
        Usual share of the money that is renewed, %; missing when not known.

    Returns
    -------
    Released
        One row per month and a total: `label`, `customers`, `balance`, `kept`, `gone`.
    """
    months = wall.months[["month", *HELD]].assign(
        label=wall.months["month"].dt.strftime("%Y-%m")
    )
    total = wall.total[HELD].assign(label=say("Twelve months"))
    rows = pd.concat([months[["label", *HELD]], total], ignore_index=True)
    kept = rows["balance"] * kept_pct / 100
    parts = rows.assign(kept=kept, gone=rows["balance"] - kept)
    return release(
        parts.astype({"customers": "int64"}),
        count="customers",
        amounts=("balance",),
        derived={name: ("balance",) for name in PARTS},
        dominance=("balance",),
        has_total=True,
    )


def release_wall_lines(wall: MaturityWall, renewals: Renewals) -> Released:
    """Release balance, rates and usual renewal of each line, the total in the last row.

    Parameters
    ----------
    wall : MaturityWall
        What matures within a year.
    renewals : Renewals
        Usual renewal by line.

    Returns
    -------
    Released
        One row per line: `label`, `customers`, `balance`, `old_pct`, `own_pct`,
        `old_gap_bp`, `competitor_gap_bp`, `renewed` and `kept` (in words).
    """
    rates = ["old_pct", "own_pct", "old_gap_bp", "competitor_gap_bp"]
    usual = renewals.lines.assign(
        renewed=_write_shares(renewals.lines, "renewed_pct", "lower_pct", "upper_pct"),
        kept=_write_shares(
            renewals.lines, "kept_pct", "kept_lower_pct", "kept_upper_pct"
        ),
    )
    by_line = wall.lines.merge(usual[[*LINE, "renewed", "kept"]], on=LINE, how="left")
    whole = usual.loc[usual["product"] == "", ["renewed", "kept"]].reset_index(
        drop=True
    )
    total = wall.total[HELD].assign(
        label=say("All that mature"), renewed=whole["renewed"], kept=whole["kept"]
    )
    columns = ["label", *HELD, *rates, "renewed", "kept"]
    dash = "\N{EN DASH}"
    rows = pd.concat([by_line[columns], total], ignore_index=True)
    has_total = len(by_line) > 1
    return release(
        (rows if has_total else rows.iloc[:1]).fillna({"renewed": dash, "kept": dash}),
        count="customers",
        amounts=("balance",),
        derived={name: ("balance",) for name in ("old_pct", "old_gap_bp")},
        dominance=("balance",),
        has_total=has_total,
    )


def find_next_balance(wall: MaturityWall) -> float | None:
    """Give what matures in the next quarter, if every month of it may be shown.

    Parameters
    ----------
    wall : MaturityWall
        What matures within a year.

    Returns
    -------
    float or None
        Balance in major units.
    """
    if wall.total.empty:
        return None
    soon = release_months(wall, float("nan")).rows["balance"].iloc[:NEXT_MONTHS]
    if soon.map(is_suppressed).any():
        return None
    return float(soon.astype(float).sum())


def _write_shares(
    lines: pd.DataFrame, estimate: str, lower: str, upper: str
) -> list[str]:
    known = lines.reindex(columns=[estimate, lower, upper]).astype(float)
    return [
        "\N{EN DASH}"
        if pd.isna(row[estimate])
        else say(
            "{share} ({interval})",
            share=write_value(row[estimate], Unit.PERCENT),
            interval=write_interval(row[lower], row[upper], Unit.PERCENT),
        )
        for row in known.to_dict("records")
    ]
