"""Charts and tables that say how sure the order of drivers is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.presentation.charts import Chart, draw_heat_map, draw_intervals
from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.drivers.exhibits_drivers import (
    release_attributes,
)
from analysis.studies.satisfaction_drivers.drivers.importance import Drivers
from analysis.studies.satisfaction_drivers.drivers.ordinal_effects import OrdinalEffects
from analysis.studies.satisfaction_drivers.drivers.rank_flips import RankFlips
from analysis.units import Unit, write_number
from analysis.wording import say


def chart_credited(drivers: Drivers) -> Chart:
    """Draw what the usual method credits each attribute with, beside its floor.

    Parameters
    ----------
    drivers : Drivers
        Drivers of the wave reported.

    Returns
    -------
    Chart
        Credited share with its interval, and the floor, in the order of own shares.
    """
    now = drivers.now
    table = now.table
    idle = int((table["own_lower"] <= 0).sum())
    return Chart(
        drawing=draw_intervals(
            release_attributes(_stack_shares(table)),
            label="label",
            estimate="share",
            lower="lower",
            upper="upper",
            unit=say("% of the variance of satisfaction"),
            group="role",
        ),
        title=say(
            "The usual share credits {idle} of {total} attributes that may do nothing",
            idle=idle,
            total=len(table),
        ),
        subtitle=say(
            "Share credited over all orders of entering, and its floor, {quarter}",
            quarter=write_quarter(now.quarter),
        ),
        source=now.source,
        nobs=now.nobs,
        alt=say(
            "Two dots an attribute, credited share and floor; of {first} they are "
            "{share} and {floor} percent, of {last} {last_share} and {last_floor}.",
            first=table["label"].iloc[0],
            share=write_number(table["lmg"].iloc[0], decimals=1),
            floor=write_number(table["floor"].iloc[0], decimals=1),
            last=table["label"].iloc[-1],
            last_share=write_number(table["lmg"].iloc[-1], decimals=1),
            last_floor=write_number(table["floor"].iloc[-1], decimals=1),
        ),
        note=say(
            "Decide by the distance between both dots: what lies below the floor is "
            "owed to attributes that go along with this one."
        ),
    )


def _stack_shares(table: pd.DataFrame) -> pd.DataFrame:
    credited = table[["label", "answers", "lmg", "lmg_lower", "lmg_upper"]].set_axis(
        ["label", "answers", "share", "lower", "upper"], axis=1
    )
    floor = table[["label", "answers"]].assign(
        share=table["floor"], lower=table["floor"], upper=table["floor"]
    )
    return pd.concat(
        [
            credited.assign(role=say("credited share")),
            floor.assign(role=say("floor")),
        ],
        ignore_index=True,
    )


def chart_ordinal_effects(effects: OrdinalEffects) -> Chart:
    """Draw odds ratios of a higher answer.

    Parameters
    ----------
    effects : OrdinalEffects
        Of the wave reported.

    Returns
    -------
    Chart
        One interval an attribute, the largest odds ratio first; 1 is no effect.
    """
    rows = effects.table.sort_values("odds_ratio", ascending=False, ignore_index=True)
    rows = rows.assign(is_unclear=rows["odds_ratio_lower"] <= 1)
    first = rows.iloc[0]
    return Chart(
        drawing=draw_intervals(
            release_attributes(rows),
            label="label",
            estimate="odds_ratio",
            lower="odds_ratio_lower",
            upper="odds_ratio_upper",
            unit=say("times the odds of a higher answer"),
            reference=1.0,
            reference_label=say("no effect"),
            muted="is_unclear",
        ),
        title=say(
            "One point more of {label} goes with {times} times the odds of a higher "
            "answer",
            label=first["label"],
            times=write_number(first["odds_ratio"], decimals=2),
        ),
        subtitle=say(
            "Odds ratio for one point at given ratings of all others, {quarter}",
            quarter=write_quarter(effects.quarter),
        ),
        source=effects.source,
        nobs=effects.nobs,
        alt=say(
            "Dots with intervals from {largest} for {first} to {smallest} for {last}; "
            "{unclear} of {total} reach 1.",
            largest=write_number(first["odds_ratio"], decimals=2),
            first=first["label"],
            smallest=write_number(rows["odds_ratio"].iloc[-1], decimals=2),
            last=rows["label"].iloc[-1],
            unclear=int(rows["is_unclear"].sum()),
            total=len(rows),
        ),
        note=say(
            "Answers are taken as ordered steps. Grey: no clear effect. Use it to size "
            "an effect; the own share above orders attributes."
        ),
    )


def tabulate_proportional_odds(effects: OrdinalEffects) -> DisplayTable | Note:
    """Show whether one odds ratio serves low and high answers alike.

    Parameters
    ----------
    effects : OrdinalEffects
        Of the wave reported.

    Returns
    -------
    DisplayTable or Note
        A note when too few answered for the test.
    """
    if np.isnan(effects.omnibus):
        return Note(
            say(
                "Too few answered to test whether an effect is the same for low and "
                "for high answers."
            )
        )
    rows = effects.table[["label", "answers", "odds_ratio", "low_odds_ratio"]].assign(
        high_odds_ratio=effects.table["high_odds_ratio"],
        pvalue=effects.table["pvalue"],
    )
    holds = effects.omnibus >= 0.05
    return DisplayTable(
        title=say("One odds ratio serves low and high answers alike")
        if holds
        else say("Effects differ between low and high answers"),
        released=release_attributes(rows),
        columns=(
            DisplayColumn("label", say("Attribute")),
            DisplayColumn("odds_ratio", say("Odds ratio"), Unit.RATIO, decimals=2),
            DisplayColumn(
                "low_odds_ratio", say("Leaving the lowest"), Unit.RATIO, decimals=2
            ),
            DisplayColumn(
                "high_odds_ratio", say("Reaching the highest"), Unit.RATIO, decimals=2
            ),
            DisplayColumn("pvalue", say("p-value, Holm"), decimals=3),
        ),
        source=effects.source,
        note=say(
            "Brant's test on {steps} steps of satisfaction, rare answers taken "
            "together; p-value of all attributes together: {omnibus}. Where an "
            "attribute's p-value is below 0.05, read its two last odds ratios instead "
            "of the first.",
            steps=effects.steps,
            omnibus=write_number(effects.omnibus, decimals=3),
        ),
    )


def chart_rank_flips(flips: RankFlips) -> Chart:
    """Draw each attribute's rank under one choice changed at a time.

    Parameters
    ----------
    flips : RankFlips
        Orders under all choices.

    Returns
    -------
    Chart
        Attributes by choices, ranks in the cells.
    """
    single = flips.single
    agreeing = int((single["first"] == flips.labels[0]).sum())
    return Chart(
        drawing=draw_heat_map(
            release(
                _stack_ranks(flips),
                count="respondents",
                derived={"rank": ["respondents"]},
            ),
            unit=say("rank, 1 is first"),
            row="label",
            column="choice",
            value="rank",
        ),
        title=say(
            "{label} is first under {agreeing} of {total} choices",
            label=flips.labels[0],
            agreeing=agreeing,
            total=len(single),
        ),
        subtitle=say(
            "Rank of each attribute when one choice is changed, {quarter}",
            quarter=write_quarter(flips.quarter),
        ),
        source=flips.source,
        nobs=flips.nobs,
        alt=say(
            "Matrix of {attributes} attributes by {choices} choices with ranks; ranks "
            "agree with the reported ones by {least} to 1 (Kendall's tau).",
            attributes=len(flips.labels),
            choices=len(single),
            least=write_number(single["tau"].min(), decimals=2),
        ),
        note=say(
            "Trust a rank that stays along its row; where it moves, the choice decides "
            "and not the customers."
        ),
    )


def _stack_ranks(flips: RankFlips) -> pd.DataFrame:
    single = flips.single
    return pd.DataFrame(
        [
            {
                "label": label,
                "choice": say(change),
                "rank": float(flips.orders[variant, place]),
                "respondents": flips.nobs,
            }
            for place, label in enumerate(flips.labels)
            for change, variant in zip(single["change"], single["variant"], strict=True)
        ]
    )
