"""Findings on kinds and fifths of customers."""

from __future__ import annotations

import math

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.statistics.paired_bootstrap import BootstrapEstimate
from analysis.studies.segment_profitability.classes.groups import measure_share
from analysis.studies.segment_profitability.classes.kinds import (
    LEAST_STAYED_PCT,
    Kinds,
)
from analysis.studies.segment_profitability.classes.quintiles import Fifths
from analysis.studies.segment_profitability.classes.release_kinds import (
    HOLDING,
    release_fifths,
    release_kinds,
    release_stays,
)
from analysis.studies.segment_profitability.classes.words import (
    name_dimension,
    name_kind,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import fill_interval, refuse
from analysis.units import (
    Unit,
    write_interval,
    write_money,
    write_number,
    write_value,
)
from analysis.wording import join_names, say


def find_kinds(kinds: Kinds | Refused) -> Finding:
    """Say how many kinds of customers there are, and whether they come back.

    Parameters
    ----------
    kinds : Kinds or Refused
        Kinds of customers.

    Returns
    -------
    Finding
        Jaccard similarity of the least stable kind, with the range of resamples.
    """
    question = say("Kinds of customers are not known")
    if isinstance(kinds, Refused):
        return refuse(kinds, key="kinds", requirement="B5", question=question)
    rows = kinds.rows
    shown = rows[~release_kinds(kinds).rows["jaccard"].map(is_suppressed).to_numpy()]
    worst = shown.iloc[shown["jaccard"].to_numpy().argmin()]
    similar = write_value(float(worst["jaccard"]), Unit.RATIO)
    interval = write_interval(
        float(worst["jaccard_lower"]), float(worst["jaccard_upper"]), Unit.RATIO
    )
    return Finding(
        key="kinds",
        requirement="B5",
        headline=_write_headline(kinds),
        sentence=say(
            "By what customers did and held in {quarter}, {n} of them fall into "
            "{kinds} kinds. Drawn again, the least stable kind, {worst}, comes back "
            "with a similarity of {similar} ({interval} over resamples; above 0.75 is "
            "stable). {apart} {profit}",
            quarter=write_quarter(kinds.behaviour.account.quarter),
            n=write_number(len(kinds.behaviour.now)),
            kinds=write_number(len(rows)),
            worst=name_kind(worst),
            similar=similar,
            interval=interval,
            apart=_write_apart(kinds),
            profit=_write_best(kinds),
        ),
        action=_advise(kinds),
        measure=say("Similarity of the least stable kind"),
        unit=Unit.RATIO,
        nobs=len(kinds.behaviour.now),
        importance=0.5,
        **fill_interval(
            kinds.behaviour.account,
            worst["jaccard"],
            worst["jaccard_lower"],
            worst["jaccard_upper"],
        ),
    )


def find_kinds_by_quarter(kinds: Kinds | Refused) -> Finding:
    """Say how many customers stayed in their kind since the quarter before.

    Parameters
    ----------
    kinds : Kinds or Refused
        Kinds of customers.

    Returns
    -------
    Finding
        Percent of the customers of both quarters, with Wilson's interval.
    """
    question = say("Whether customers stay in their kind is not known")
    if isinstance(kinds, Refused):
        return refuse(kinds, key="kinds_stay", requirement="B5", question=question)
    if kinds.rand_index is None:
        unknown = kinds.behaviour.refuse(say("The quarter before is not known."))
        return refuse(unknown, key="kinds_stay", requirement="B5", question=question)
    share = _share_stayed(kinds)
    return Finding(
        key="kinds_stay",
        requirement="B5",
        headline=say(
            "{share} of customers stayed in their kind over the quarter",
            share=write_value(share.estimate, Unit.PERCENT),
        ),
        sentence=_write_stays(kinds, kinds.rand_index, share),
        action=say(
            "Plan campaigns by kind within a quarter; draw lists anew each quarter, "
            "since some customers move."
        )
        if share.upper >= LEAST_STAYED_PCT
        else say("Do not plan by kind: too few customers are in the same one long."),
        measure=say("Share who stayed in their kind"),
        unit=Unit.PERCENT,
        nobs=kinds.stayed[0],
        importance=0.4,
        **fill_interval(
            kinds.behaviour.account, share.estimate, share.lower, share.upper
        ),
    )


def find_fifths(fifths: Fifths | Refused) -> Finding:
    """Say which of recency, frequency, income and balance ranks profit best.

    Parameters
    ----------
    fifths : Fifths or Refused
        Fifths of customers.

    Returns
    -------
    Finding
        Somers' D of the best dimension on profit.
    """
    question = say("How profit follows activity is not known")
    if isinstance(fifths, Refused):
        return refuse(fifths, key="fifths", requirement="B5", question=question)
    best, worst = fifths.judged.iloc[0], fifths.judged.iloc[-1]
    names = [name_dimension(row) for row in (best, worst)]
    return Finding(
        key="fifths",
        requirement="B5",
        headline=say(
            "{best} ranks customers by profit best, {worst} least",
            best=names[0],
            worst=names[1].lower(),
        ),
        sentence=say(
            "Cut into fifths in {quarter}, {best} ranks {n} customers by profit with a "
            "Somers' D of {ranking} ({interval}; 1 is perfect, 0 is none); {worst} "
            "with {least}. {top} {stayed}",
            quarter=write_quarter(fifths.behaviour.account.quarter),
            best=names[0].lower(),
            worst=names[1].lower(),
            n=write_number(len(fifths.behaviour.now)),
            ranking=write_value(best["ranking"], Unit.RATIO),
            interval=write_interval(best["lower"], best["upper"], Unit.RATIO),
            least=write_value(worst["ranking"], Unit.RATIO),
            top=_write_top(fifths, names[0]),
            stayed=_write_stayed(float(best["stayed_pct"])),
        ),
        action=say(
            "Do not take busy customers for profitable ones: choose whom to serve by "
            "what they bring and hold."
        )
        if worst["dimension"] in ("own_contacts", "recency_months")
        else say("Activity tells more of profit than balances do: use both."),
        measure=say("Ranking of profit by the best dimension"),
        unit=Unit.RATIO,
        nobs=len(fifths.behaviour.now),
        importance=0.4,
        **fill_interval(
            fifths.behaviour.account, best["ranking"], best["lower"], best["upper"]
        ),
    )


def _share_stayed(kinds: Kinds) -> BootstrapEstimate:
    both, stayed = kinds.stayed
    lower, upper = measure_share(pd.Series([float(stayed)]), pd.Series([float(both)]))
    return BootstrapEstimate(
        100 * stayed / both, 100 * float(lower[0]), 100 * float(upper[0])
    )


def _write_stays(kinds: Kinds, rand_index: float, share: BootstrapEstimate) -> str:
    return say(
        "By the same rule {stayed} of {both} customers of both quarters are in the "
        "kind they were in ({share}, {interval}); the two quarters agree on who "
        "belongs together with an adjusted Rand index of {rand}. {least}",
        stayed=write_number(kinds.stayed[1]),
        both=write_number(kinds.stayed[0]),
        share=write_value(share.estimate, Unit.PERCENT),
        interval=write_interval(share.lower, share.upper, Unit.PERCENT),
        rand=write_value(rand_index, Unit.RATIO),
        least=_write_least(kinds),
    )


def _write_least(kinds: Kinds) -> str:
    rows = release_stays(kinds).rows
    known = rows[~rows["stayed_pct"].map(is_suppressed) & rows["stayed_pct"].notna()]
    if known.empty:
        return say("How many stayed in each kind is hidden.")
    least = known.iloc[known["stayed_pct"].to_numpy(float).argmin()]
    return say(
        "Fewest stayed in {name}: {share}.",
        name=str(least["name"]),
        share=write_value(float(least["stayed_pct"]), Unit.PERCENT),
    )


def _write_headline(kinds: Kinds) -> str:
    holding = int(kinds.rows["verdict"].isin(HOLDING).sum())
    total = len(kinds.rows)
    if holding == total:
        return say("{n} kinds of customers, and they hold", n=write_number(total))
    if holding == 0:
        return say("No kinds of customers that hold")
    return say(
        "{holding} of {total} kinds of customers hold",
        holding=write_number(holding),
        total=write_number(total),
    )


def _write_apart(kinds: Kinds) -> str:
    if not kinds.choice.is_apart:
        return say(
            "They lie no further apart than parts of one cloud of customers, so that "
            "none of them is more than doubtful."
        )
    left = int((kinds.rows["stayed_upper"] < LEAST_STAYED_PCT).sum())
    if not left:
        return say("They lie further apart than parts of one cloud of customers.")
    return say(
        "They lie further apart than parts of one cloud of customers, but in {n} of "
        "them too few customers stayed over the quarter.",
        n=write_number(left),
    )


def _write_best(kinds: Kinds) -> str:
    """Name the kind of most profit a customer among those that hold."""
    rows = release_kinds(kinds).rows
    known = rows[rows["holds"] & ~rows["profit_each"].map(is_suppressed)]
    if known.empty:
        return say("The profit of none of them is given.")
    best = known.iloc[known["profit_each"].to_numpy(float).argmax()]
    currency = kinds.behaviour.account.currency
    return say(
        "Most comes from {best}: {each} a customer ({interval}).",
        best=best["name"],
        each=write_money(float(best["profit_each"]), currency),
        interval=write_interval(
            float(best["lower"]), float(best["upper"]), Unit.MONEY, currency=currency
        ),
    )


def _advise(kinds: Kinds) -> str:
    rows = kinds.rows
    weak = rows[~rows["verdict"].isin(HOLDING)]
    if weak.empty:
        return say("Kinds may be steered by: give each a service model of its own.")
    if len(weak) == len(rows):
        return say("Do not steer by these kinds; use tiers and the bank's own classes.")
    names = [name_kind(row) for _, row in weak.iterrows()]
    return say(
        "Steer by the kinds that hold; do not act on {names}.", names=join_names(names)
    )


def _write_top(fifths: Fifths, dimension: str) -> str:
    rows = release_fifths(fifths).rows
    top = rows[rows["dimension"] == dimension].iloc[-1]
    if is_suppressed(top["profit_each"]):
        return say("What its top fifth brings is hidden to protect customers.")
    currency = fifths.behaviour.account.currency
    return say(
        "Its top fifth brings {each} a customer ({interval}).",
        each=write_money(float(top["profit_each"]), currency),
        interval=write_interval(
            float(top["lower"]), float(top["upper"]), Unit.MONEY, currency=currency
        ),
    )


def _write_stayed(stayed_pct: float) -> str:
    if math.isnan(stayed_pct):
        return say("The quarter before is not known.")
    return say(
        "{share} of customers are in the fifth they were in a quarter earlier.",
        share=write_value(stayed_pct, Unit.PERCENT),
    )
