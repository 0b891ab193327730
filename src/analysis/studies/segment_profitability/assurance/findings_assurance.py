"""The finding on how many customers' sign of profit rests on an assumption."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.assurance.release_assurance import (
    release_flips,
    release_statuses,
)
from analysis.studies.segment_profitability.assurance.sign_stability import (
    SignStability,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import (
    fill_customers,
    refuse,
    write_measured,
    write_since,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say

_MANY_PCT = 10.0
"""Share of customers whose sign depends, from which it must be settled first."""


def find_sign_stability(stability: SignStability | Refused) -> Finding:
    """Say for how many customers the sign of profit rests on an assumption.

    Parameters
    ----------
    stability : SignStability or Refused
        Signs of all customers under every alternative.

    Returns
    -------
    Finding
        Share of customers, percent.
    """
    if isinstance(stability, Refused):
        return refuse(
            stability,
            key="sign_depends",
            requirement="B2",
            question=say("How sure it is who loses money is not known"),
        )
    account = stability.panel.account
    if release_statuses(stability).rows.map(is_suppressed).to_numpy().any():
        return refuse(
            _hide_statuses(account),
            key="sign_depends",
            requirement="B2",
            question=say("How sure it is who loses money is not shown"),
        )
    top = _find_top(stability)
    depends = stability.depends_pct
    return Finding(
        key="sign_depends",
        requirement="B2",
        headline=say(
            "{losing} of customers lose money whatever is assumed; for {depends} it "
            "depends",
            losing=write_value(stability.always_losing_pct.estimate, Unit.PERCENT),
            depends=write_value(depends.estimate, Unit.PERCENT),
        ),
        sentence=_write_shares(stability, top),
        action=_advise(stability, top),
        measure=say("Customers whose sign depends on an assumption"),
        importance=0.7 if depends.lower > _MANY_PCT else 0.4,
        **fill_customers(depends, stability.panel),
    )


def _find_top(stability: SignStability) -> pd.Series | None:
    rows = release_flips(stability).rows
    known = rows[~rows["flips_pct"].map(is_suppressed)]
    turning = known[known["flips_pct"].astype(float) > 0]
    return turning.iloc[0] if len(turning) else None


def _hide_statuses(account: ProfitAccount) -> Refused:
    return Refused(
        say("Too few customers lose, or earn, or depend, to be shown."),
        account.quarter,
        account.source,
        say("Report on a larger group of customers."),
    )


def _write_shares(stability: SignStability, top: pd.Series | None) -> str:
    return say(
        "In {quarter} the profit of {n} customers was computed under {k} other "
        "assumptions, one at a time: {losing} lose under all of them, {earning} "
        "earn under all, and for {depends} the sign depends. {top} {since}",
        quarter=write_quarter(stability.panel.account.quarter),
        n=write_number(stability.panel.now.n_customers),
        k=write_number(len(stability.alternatives)),
        losing=write_measured(stability.always_losing_pct, Unit.PERCENT),
        earning=write_measured(stability.always_earning_pct, Unit.PERCENT),
        depends=write_measured(stability.depends_pct, Unit.PERCENT),
        top=_write_top(top),
        since=write_since(stability.depends_pct, Unit.PERCENT),
    )


def _write_top(top: pd.Series | None) -> str:
    if top is None:
        return say("No single assumption turns ten customers or more.")
    return say(
        "Most turn under '{name}': {share} ({interval}).",
        name=str(top["name"]),
        share=write_value(float(top["flips_pct"]), Unit.PERCENT),
        interval=write_interval(float(top["lower"]), float(top["upper"]), Unit.PERCENT),
    )


def _advise(stability: SignStability, top: pd.Series | None) -> str:
    if top is None or stability.depends_pct.estimate < 1:
        return say("Act on who loses money: no assumption in doubt would change it.")
    return say(
        "Act first on customers who lose whatever is assumed; before acting on the "
        "others, settle '{name}'.",
        name=str(top["name"]),
    )
