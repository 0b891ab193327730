"""Charts of worth, moves, trial, stay and cost."""

from __future__ import annotations

from analysis.presentation.charts import (
    Chart,
    draw_heat_map,
    draw_intervals,
)
from analysis.presentation.disclosure import Released, is_suppressed
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.lifetime.backtest import BackTest
from analysis.studies.segment_profitability.lifetime.migration import Migration
from analysis.studies.segment_profitability.lifetime.release_lifetime import (
    release_backtest,
    release_moves,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.units import Unit, write_number, write_value
from analysis.wording import say


def chart_migration(migration: Migration | Refused) -> Chart | Note:
    """Draw where customers went, as a matrix of shares.

    Parameters
    ----------
    migration : Migration or Refused
        Moves of the year.

    Returns
    -------
    Chart or Note
        Cells of fewer than ten customers are hidden.
    """
    if isinstance(migration, Refused):
        return Note(migration.reason)
    released = release_moves(migration)
    places = [*migration.panel.states, say("Left")]
    shares = {f"share_{place}": name for place, name in enumerate(places)}
    shown = released.select(list(shares)).rename(shares)
    if shown.rows.map(is_suppressed).all(axis=None):
        return Note(say("Moves between groups are hidden to protect customers."))
    return Chart(
        drawing=draw_heat_map(shown, unit=say("% of each row's customers")),
        title=_write_largest_move(shown, places),
        subtitle=say(
            "Row: state {n} quarters ago; column: state at the end of {quarter}",
            n=write_number(migration.n_quarters),
            quarter=write_quarter(migration.panel.account.quarter),
        ),
        source=migration.panel.account.source,
        nobs=int(migration.counts.sum()),
        alt=say(
            "Matrix of shares with {n} rows; most customers stay where they were.",
            n=len(shown.rows),
        ),
        note=say(
            "Mobility is {mobility}, from 0, nobody moves, to 1. Cells of fewer than "
            "ten customers, and what would tell them, are hidden.",
            mobility=write_number(migration.mobility, decimals=2),
        ),
    )


def chart_backtest(test: BackTest | Refused) -> Chart | Note:
    """Draw how far what came lay from what was foreseen a year ago.

    Parameters
    ----------
    test : BackTest or Refused
        Forecast of a year ago.

    Returns
    -------
    Chart or Note
        One row per quantity.
    """
    if isinstance(test, Refused):
        return Note(test.reason)
    released = keep_known(release_backtest(test), "off_pct")
    if released.rows.empty:
        return Note(say("What came is hidden to protect customers."))
    return Chart(
        drawing=draw_intervals(
            released,
            label="name",
            estimate="off_pct",
            lower="lower",
            upper="upper",
            unit=say("% above the forecast"),
            reference=0.0,
            reference_label=say("as foreseen"),
        ),
        title=say(
            "{held} of {all} forecasts of a year ago held",
            held=write_number(test.n_held),
            all=write_number(len(test.rows)),
        ),
        subtitle=say(
            "What came over what was foreseen at the end of {start}, 95% interval",
            start=write_quarter(test.start),
        ),
        source=test.panel.account.source,
        nobs=test.n_customers,
        alt=say(
            "One dot with its interval for each of {n} quantities; nought is right.",
            n=len(released.rows),
        ),
        note=say(
            "The interval holds the forecast's own error and the chance in what came."
        ),
    )


def _write_largest_move(shown: Released, places: list[str]) -> str:
    """Name the largest share that moved to another state, of those shown."""
    moves = [
        (float(share), str(start), place)
        for start, row in shown.rows.iterrows()
        for place, share in row.items()
        if str(start) in places and place != start and not is_suppressed(share)
    ]
    if not moves or max(moves)[0] <= 0:
        return say("Where the customers of each state went")
    share, start, place = max(moves, key=lambda move: move[0])
    return say(
        "The largest move: {share} of {start} are now {place}",
        share=write_value(share, Unit.PERCENT),
        start=start,
        place=place,
    )


def keep_known(released: Released, column: str) -> Released:
    """Keep the rows of which a column is shown.

    Parameters
    ----------
    released : Released
        Rows.
    column : str
        Column of them.

    Returns
    -------
    Released
        Rows whose cell is not hidden.
    """
    return released.keep(~released.rows[column].map(is_suppressed).to_numpy(dtype=bool))
