"""The fix-first list in money: a chart and a table."""

from __future__ import annotations

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import Released, is_suppressed, release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.fixes.worth import Worth
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.units import Unit, choose_step, write_money_unit, write_number
from analysis.wording import say

_AMOUNTS = tuple(
    f"{name}{end}"
    for name in ("balances", "profit")
    for end in ("", "_lower", "_upper")
)
_NUMBERS = (
    *(
        f"{name}{end}"
        for name in ("effect", "kept")
        for end in ("", "_lower", "_upper")
    ),
    "reach",
    "first",
    "top_3",
)
_PROMOTERS = "promoter_effect"
_DOMINANCE = ("assets_largest", "assets_second", "assets_absolute")


def release_worth(worth: Worth) -> tuple[Released, dict[str, str]]:
    """Release what fixes are worth, amounts in steps that read well.

    Parameters
    ----------
    worth : Worth
        What better ratings are worth.

    Returns
    -------
    Released, dict of str to str
        One row per attribute, the largest worth first: `attribute`, `label`,
        `answers`, `effect`, `kept`, `reach`, `first`, `top_3`, and `balances` and
        `profit` in the units of the second value, by name.
    """
    rows, units = worth.table, {}
    for name in ("balances", "profit"):
        ends = [name, f"{name}_lower", f"{name}_upper"]
        step = choose_step(float(rows[ends].abs().to_numpy().max()) / 20)
        rows = rows.assign(**{each: rows[each] / step.divisor for each in ends})
        units[name] = write_money_unit(worth.links.currency, step)
    shown = [*_NUMBERS, *_AMOUNTS, *(name for name in (_PROMOTERS,) if name in rows)]
    released = release(
        rows[["attribute", "label", "answers", "assets", *shown, *_DOMINANCE]],
        count="answers",
        amounts=("assets",),
        derived={
            name: ("answers", "assets") if name in _AMOUNTS else ("answers",)
            for name in shown
        },
        dominance=("assets",),
    )
    return released.select(["attribute", "label", "answers", *shown]), units


def chart_worth(worth: Worth | Refused) -> Chart | Note:
    """Draw what one point more of each attribute keeps.

    Parameters
    ----------
    worth : Worth or Refused
        What better ratings are worth.

    Returns
    -------
    Chart or Note
        One row per attribute, the largest worth first.
    """
    if isinstance(worth, Refused):
        return Note(worth.reason)
    released, units = release_worth(worth)
    hidden = released.rows["balances"].map(is_suppressed).to_numpy(dtype=bool)
    shown = released.keep(~hidden)
    if shown.rows.empty:
        return Note(say("Amounts are hidden to protect customers."))
    clear = int((worth.table["balances_lower"] > 0).sum())
    return Chart(
        drawing=draw_intervals(
            shown,
            label="label",
            estimate="balances",
            lower="balances_lower",
            upper="balances_upper",
            unit=say("{unit} of balances kept a quarter", unit=units["balances"]),
            reference=0.0,
        ),
        title=say(
            "{clear} of {total} fixes surely keep balances",
            clear=write_number(clear),
            total=write_number(len(worth.table)),
        ),
        subtitle=say(
            "Balances kept by one point more of an attribute, {quarter}",
            quarter=write_quarter(worth.links.reported),
        ),
        source=worth.links.source,
        nobs=worth.leaving.fit.nobs,
        alt=say(
            "One dot with its interval for each of {n} attributes.", n=len(shown.rows)
        ),
    )


def tabulate_worth(worth: Worth | Refused) -> DisplayTable | tuple[()]:
    """List fixes by what they are worth.

    Parameters
    ----------
    worth : Worth or Refused
        What better ratings are worth.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per attribute, the largest worth first.
    """
    if isinstance(worth, Refused):
        return ()
    released, units = release_worth(worth)
    promoters = DisplayColumn(_PROMOTERS, say("Effect on NPS"), Unit.POINTS)
    return DisplayTable(
        title=say("What one point more of each attribute is worth"),
        released=released,
        columns=(
            DisplayColumn("label", say("Attribute")),
            DisplayColumn("effect", say("Effect of one point"), Unit.SCORE),
            *([promoters] if _PROMOTERS in released.rows else []),
            DisplayColumn("reach", say("Customers who rate it"), Unit.COUNT),
            DisplayColumn("kept", say("Customers kept a quarter"), decimals=1),
            DisplayColumn(
                "balances",
                say("Balances kept a quarter"),
                decimals=1,
                unit_label=units["balances"],
                shade="bar",
            ),
            DisplayColumn(
                "profit",
                say("Profit a year"),
                decimals=1,
                unit_label=units["profit"],
            ),
            DisplayColumn("top_3", say("Chance of top 3"), Unit.PERCENT, decimals=0),
        ),
        source=worth.links.source,
        note=say(
            "Effect: points of satisfaction. Ratings near the top can rise by less "
            "than a point. Customers kept: who would leave within a quarter otherwise. "
            "Profit takes the margin of {margin}% a year, which is assumed.",
            margin=write_number(worth.margin_pct, decimals=1),
        ),
    )
