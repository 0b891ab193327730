"""The finding on how sure the sign of each segment's profit is."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.studies.segment_profitability.account.segment_names import name_segment
from analysis.studies.segment_profitability.assurance.release_assurance import (
    release_certainty,
)
from analysis.studies.segment_profitability.assurance.segment_certainty import (
    SegmentCertainty,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import fill_interval, refuse
from analysis.units import Unit, write_interval, write_money, write_number
from analysis.wording import join_names, mark, say

Row = pd.Series  # one segment, of mixed types


_EARNING = mark("Earning whatever is assumed: {names}.")
_LOSING = mark("Losing whatever is assumed: {names}.")
_FEW = mark("By chance alone not sure, for they are few: {names}.")


def find_segment_certainty(certainty: SegmentCertainty | Refused) -> Finding:
    """Say of which segments it is sure whether they earn or lose.

    Parameters
    ----------
    certainty : SegmentCertainty or Refused
        Segments with what is sure of them.

    Returns
    -------
    Finding
        Profit of a customer of the segment of which it is least sure.
    """
    question = say("How sure each segment's profit is, is not known")
    if isinstance(certainty, Refused):
        return refuse(
            certainty, key="segment_signs", requirement="B3", question=question
        )
    account = certainty.segments.account
    rows, n_hidden = _list_shown(certainty)
    if rows.empty:
        reason = say("Profits of all segments are hidden to protect customers.")
        hidden = Refused(reason, account.quarter, account.source)
        return refuse(hidden, key="segment_signs", requirement="B3", question=question)
    sure = rows["keeps_sign"].astype(bool) & rows["is_sure"].astype(bool)
    weakest = _find_weakest(rows)
    sentences = [
        *_write_segments(rows, sure, certainty),
        _write_weakest(weakest, account.currency),
        *_count_hidden(n_hidden),
    ]
    return Finding(
        key="segment_signs",
        requirement="B3",
        headline=_write_sure(rows, sure),
        sentence=" ".join(sentences),
        action=_advise_on_segments(rows, sure),
        measure=say("Profit of a customer of {name}", name=weakest["name"]),
        unit=Unit.MONEY,
        currency=account.currency,
        nobs=int(weakest["customers"]),
        importance=0.5,
        **fill_interval(
            account, weakest["pooled"], weakest["pooled_lower"], weakest["pooled_upper"]
        ),
    )


def _list_shown(certainty: SegmentCertainty) -> tuple[pd.DataFrame, int]:
    """List the segments whose profit is shown, and count the others."""
    shown = release_certainty(certainty).parts.rows
    known = ~shown["pooled"].map(is_suppressed) & shown["pooled"].notna()
    rows = certainty.rows.assign(name=certainty.rows["segment"].map(name_segment))
    listed = rows[rows["name"].isin(shown.loc[known, "segment"])]
    return listed, len(rows) - len(listed)


def _find_weakest(rows: pd.DataFrame) -> Row:
    """Find the segment whose interval comes nearest to zero for its width."""
    width = rows["pooled_upper"] - rows["pooled_lower"]
    distance = rows["pooled"].abs() / width
    return rows.iloc[int(distance.to_numpy().argmin())]


def _write_sure(rows: pd.DataFrame, sure: pd.Series[bool]) -> str:
    if sure.all() and len(rows) == 1:
        return (
            say("It is sure that {name} lose money together", name=rows["name"].iloc[0])
            if rows["is_losing"].iloc[0]
            else say(
                "It is sure that {name} earn money together", name=rows["name"].iloc[0]
            )
        )
    if sure.all():
        return say("Of every segment shown it is sure whether it earns or loses")
    return say(
        "Whether {names} earns or loses is not sure",
        names=join_names(list(rows.loc[~sure, "name"])),
    )


def _write_segments(
    rows: pd.DataFrame, sure: pd.Series[bool], certainty: SegmentCertainty
) -> list[str]:
    losing = rows["is_losing"].astype(bool)
    chance = ~sure & rows["keeps_sign"].astype(bool)
    groups = (
        (sure & ~losing, _EARNING),
        (sure & losing, _LOSING),
        (chance, _FEW),
    )
    sentences = [
        say(template, names=join_names(list(rows.loc[group, "name"])))
        for group, template in groups
        if group.any()
    ]
    names = {a.key: a.name for a in certainty.stability.alternatives}
    turned = rows[~rows["keeps_sign"].astype(bool)]
    return sentences + [_write_turn(row, names) for _, row in turned.iterrows()]


def _write_turn(row: Row, names: dict[str, str]) -> str:
    return say(
        "The sign of {name} turns under {n} of the assumptions, first '{first}'.",
        name=row["name"],
        n=write_number(len(row["turned_by"])),
        first=names[row["turned_by"][0]],
    )


def _write_weakest(row: Row, currency: str) -> str:
    lower, upper = float(row["pooled_lower"]), float(row["pooled_upper"])
    words = {
        "name": row["name"],
        "each": write_money(float(row["pooled"]), currency),
        "interval": write_interval(lower, upper, Unit.MONEY, currency=currency),
    }
    if row["pooled"] == row["each"]:
        return say("{name} earn {each} each ({interval}).", **words)
    return say(
        "Least sure is {name}: {each} a customer ({interval}), pooled with the others; "
        "{own} by its own customers.",
        own=write_money(float(row["each"]), currency),
        **words,
    )


def _count_hidden(n_hidden: int) -> list[str]:
    if not n_hidden:
        return []
    return [say("Segments not shown: {n}.", n=write_number(n_hidden))]


def _advise_on_segments(rows: pd.DataFrame, sure: pd.Series[bool]) -> str:
    if sure.all():
        return say("Decide on segments as their profits say.")
    return say(
        "Decide nothing on {names} by this quarter's profit alone; look at more "
        "quarters first.",
        names=join_names(list(rows.loc[~sure, "name"])),
    )
