"""What the study takes for granted, and its closing pages."""

from __future__ import annotations

from analysis.presentation.tables import DisplayTable
from analysis.studies import appendix
from analysis.studies.appendix import Assumption
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.account.funds_pricing import write_rate
from analysis.studies.segment_profitability.classes.assumed import (
    assume_about_classes,
)
from analysis.studies.segment_profitability.levers.assumptions_levers import (
    assume_about_levers,
)
from analysis.studies.segment_profitability.lifetime.assumptions_lifetime import (
    assume_about_lifetimes,
)
from analysis.studies.segment_profitability.parameters import (
    AVOIDABLE_SHARE,
    LONGEST_MOVED_MINUTES,
    OPERATIONAL_CAPITAL_SHARE,
    OPTIONAL_TABLES,
    TABLES,
    Parameters,
)
from analysis.studies.segment_profitability.sentences import LINE_NAMES, write_share
from analysis.units import write_number
from analysis.wording import say


def tabulate_assumptions(
    parameters: Parameters, account: ProfitAccount | None = None
) -> DisplayTable:
    """Show what the profit account rests on.

    Parameters
    ----------
    parameters : Parameters
        Settings named in the assumptions.
    account : ProfitAccount, optional
        Lines that the source cannot fill are assumptions, too: they count as nil.

    Returns
    -------
    DisplayTable
        One row per assumption.
    """
    return appendix.tabulate_assumptions(
        [
            *_assume_about_funds(parameters),
            *_assume_about_capital(parameters),
            *_assume_about_costs(),
            *assume_about_lifetimes(),
            Assumption(
                say(
                    "Prices change alike for those who stay and those who come or move."
                ),
                "amber",
                "green",
                say(
                    "The bridge values new and moved customers at old prices by what "
                    "changed for those who stayed; an offer for new customers alone "
                    "counts as theirs, not as a change of rates."
                ),
            ),
            *(_assume_nil(account) if account is not None else ()),
            *assume_about_levers(),
            *assume_about_classes(),
            Assumption(
                say("Customers of the quarter stand for customers of their kind."),
                "amber",
                "green",
                say(
                    "Intervals say how far the numbers would move with other customers "
                    "of the same kind; the books themselves are counted in full."
                ),
            ),
        ]
    )


def _assume_nil(account: ProfitAccount) -> list[Assumption]:
    return [
        Assumption(
            say("Not counted, as if nil: {line}.", line=say(LINE_NAMES[line]).lower()),
            "red",
            "red",
            account.refused[line],
        )
        for line in account.refused
    ]


def tabulate_codebook() -> DisplayTable:
    """Show the columns of the tables that the study may read.

    Returns
    -------
    DisplayTable
        One row per column.
    """
    return appendix.tabulate_codebook([*TABLES, *OPTIONAL_TABLES])


def _assume_about_funds(parameters: Parameters) -> list[Assumption]:
    stable = say(
        "Of money without a term, {share} is stable: a ladder of {life} months.",
        share=write_share(parameters.core_share_pct / 100),
        life=write_number(parameters.core_life_months),
    )
    assumptions = [
        Assumption(
            stable,
            "red",
            "red",
            say(
                "A setting, not yet measured; the finding on deposits gives their "
                "margin with nothing stable. Measure run-off by age of balance to "
                "replace it."
            ),
        ),
        Assumption(
            say("A contract keeps the transfer rate of the day it began."),
            "green",
            "amber",
            say(
                "Matched-maturity transfer pricing; a deposit that renews itself under "
                "one account keeps its first rate until the source gives each renewal "
                "its own."
            ),
        ),
    ]
    if parameters.assumed_transfer_rate_pct is not None:
        flat = say(
            "Without a funding curve all money is worth {rate} a year.",
            rate=write_rate(parameters.assumed_transfer_rate_pct),
        )
        why = say(
            "A setting; profit moves one for one with it. Used only without a curve."
        )
        assumptions.append(Assumption(flat, "red", "red", why))
    return assumptions


def _assume_about_capital(parameters: Parameters) -> list[Assumption]:
    return [
        Assumption(
            say(
                "Operational risk needs capital of {share} of a year's income.",
                share=write_share(OPERATIONAL_CAPITAL_SHARE),
            ),
            "red",
            "amber",
            say(
                "A round assumption of ours: put the bank's own share here. "
                "Interest-rate risk has no capital here, which flatters depositors."
            ),
        ),
        Assumption(
            say(
                "Profit and loss are taxed alike, at {rate}.",
                rate=write_share(parameters.tax_rate_pct / 100),
            ),
            "amber",
            "green",
            say(
                "A loss lowers the bank's tax as long as the bank as a whole earns "
                "money."
            ),
        ),
        Assumption(
            say("Credit losses are those that the risk department expects."),
            "amber",
            "amber",
            say(
                "Chance of default times loss given default times exposure, booked "
                "each period; losses of the quarter itself may differ."
            ),
        ),
    ]


def _assume_about_costs() -> list[Assumption]:
    return [
        Assumption(
            say("An activity takes the same time for every customer."),
            "amber",
            "amber",
            say(
                "Standard times of the bank; time equations by kind of customer would "
                "move cost between segments."
            ),
        ),
        Assumption(
            say(
                "{share} of freed capacity is shed within a year, and contacts of more "
                "than {minutes} minutes are not moved.",
                share=write_share(AVOIDABLE_SHARE),
                minutes=write_number(LONGEST_MOVED_MINUTES),
            ),
            "red",
            "amber",
            say(
                "A judgement; most cost is fixed in the short run, so a customer with "
                "a loss may still cover the cost that leaving would save."
            ),
        ),
    ]
