"""A trial of a maintenance fee: who pays what by lot, who leaves and complains for it.

Amounts are fen unless named yuan. In a fifth of the branches persons with small
balances are drawn, each alone, to a fee of 0, 3, 6 or 10 yuan a month, charged in
months in which their assets stay below a minimum. The bank is first made as if there
were no fee; those whom the fee drives out are then left out of every later row, so
that nobody else's numbers differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.files import BankFolder, write_customer_ids, write_ids
from analysis.synthetic.months import end_month, number_month, place_days, start_month
from analysis.synthetic.population import Moves, Population
from analysis.synthetic.quantiles import draw_assets
from analysis.synthetic.streams import Streams

TRIAL = "账户管理费试点"
FIRST_DAY = date(2026, 1, 1)
FIRST_MONTH = number_month(FIRST_DAY)
LEVELS = (0, 3, 6, 10)
"""Yuan a month."""
LEVEL_SHARES = (0.4, 0.2, 0.2, 0.2)
"""Chance of each fee."""
BRANCH_SHARE = 0.2
"""Chance of a branch to take part."""
MINIMUM_BALANCE = 10_000
"""Yuan of assets from which nothing is charged."""
EXEMPT_SHARE = 0.05
"""Chance to be on the list of those who never pay, drawn before the fee."""
EXIT_PER_YUAN = 0.12
"""Effect of a yuan a month on the log-odds of leaving in a month."""
VULNERABLE_AGE = 65
VULNERABLE_EXIT_PER_YUAN = 0.06
"""The same on top for customers of 65 and more who do not use the app."""
COMPLAINTS_PER_YUAN, VULNERABLE_COMPLAINTS = 0.0010, 2.5
"""Complaints a month for each yuan, and how many times more those older ones have."""


@dataclass(slots=True)
class Participants:
    """Who is in the trial, one position each.

    Parameters
    ----------
    customer : array of int
        Positions in the population.
    fee : array of int
        Yuan a month.
    exempt, vulnerable : array of bool
        Never charged; 65 or older in the first year and without the app.
    """

    customer: NDArray[np.int64]
    fee: NDArray[np.int64]
    exempt: NDArray[np.bool_]
    vulnerable: NDArray[np.bool_]

    @property
    def felt(self) -> NDArray[np.int64]:
        """Yuan a month that can be charged."""
        return np.where(self.exempt, 0, self.fee)


class FeeTrial:
    """The trial, month by month.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    """

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self.participants: Participants | None = None
        self._left: list[tuple[NDArray[np.int64], NDArray[np.datetime64]]] = []
        self.gone_month = np.zeros(0, np.int32)

    def begin(self, people: Population) -> None:
        """Draw branches, exemptions and fees at the end of the month before.

        Parameters
        ----------
        people : Population
            Customers before the moves of the first month of the trial.
        """
        draws = self._streams.at("fee trial", FIRST_MONTH)
        branches = len(model.REGIONS) * model.BRANCHES_PER_REGION
        takes_part = draws.random(branches) < BRANCH_SHARE
        assets = draw_assets(people.score, people.asset_tier, people.sleeping)
        eligible = people.present & ~people.is_business & (people.held_tier == 0)
        eligible &= takes_part[people.branch] & (assets < 100 * MINIMUM_BALANCE)
        customer = np.flatnonzero(eligible)
        age = FIRST_DAY.year - people.birth_year[customer]
        self.participants = Participants(
            customer=customer,
            fee=draws.choice(LEVELS, len(customer), p=LEVEL_SHARES),
            exempt=draws.random(len(customer)) < EXEMPT_SHARE,
            vulnerable=(age >= VULNERABLE_AGE) & ~people.is_digital[customer],
        )

    def drive_out(self, people: Population, moves: Moves, month: int) -> None:
        """Draw who leaves in a month for the fee alone.

        Parameters
        ----------
        people : Population
            Customers after the month's moves, as if there were no fee.
        moves : Moves
            The chances of leaving without a fee.
        month : int
            Number of the month.
        """
        trial = self.participants
        if trial is None:
            return
        draws = self._streams.at("fee exits", month)
        who = trial.customer
        usual = np.where(
            moves.at_risk[who], moves.chances["close"][who], model.SLEEPING_CLOSE_CHANCE
        )
        extra = raise_chance(usual, trial.felt * weigh_exits(trial.vulnerable))
        leaves = draws.random(len(who)) < extra
        day = place_days(np.full(len(who), month), draws.integers(1, 29, len(who)))
        leaves &= people.present[who] & ~self.find_gone(len(people))[who]
        self._left.append((who[leaves], day[leaves]))
        grown = np.zeros(len(people), np.int32)
        grown[: len(self.gone_month)] = self.gone_month
        grown[who[leaves]] = month
        self.gone_month = grown

    def find_gone(self, size: int) -> NDArray[np.bool_]:
        """Say who has left for the fee so far.

        Parameters
        ----------
        size : int
            Customers there ever were.

        Returns
        -------
        array of bool, shape (size,)
            Whether each has left.
        """
        gone = np.zeros(size, np.bool_)
        known = min(size, len(self.gone_month))
        gone[:known] = self.gone_month[:known] > 0
        return gone

    def charge(
        self, people: Population, assets: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Charge the fee of a month.

        Parameters
        ----------
        people : Population
            Customers at the month's end.
        assets : array of int, shape (customers,)
            Average assets of the month, fen.

        Returns
        -------
        array of int, shape (customers,)
            Fees, fen.
        """
        fees = np.zeros(len(people), np.int64)
        trial = self.participants
        if trial is not None:
            who = trial.customer
            pays = people.present[who] & (assets[who] < 100 * MINIMUM_BALANCE)
            fees[who] = 100 * trial.felt * pays
        return fees

    def date_leavers(self, people: Population) -> Population:
        """Give the population with the days on which some left for the fee.

        Parameters
        ----------
        people : Population
            Every customer there ever was, as if there were no fee.

        Returns
        -------
        Population
            The same with other closing days.
        """
        close_day = people.close_day.copy()
        for customer, day in self._left:
            close_day[customer] = day
        return replace(people, close_day=close_day)

    def write(self, folder: BankFolder) -> None:
        """Write who paid what, and the truth: who left for it.

        Parameters
        ----------
        folder : BankFolder
            The bank's folder.
        """
        trial = self.participants
        if trial is None:
            return
        size = len(trial.customer)
        columns: dict[str, Any] = {
            "trial": pa.array([TRIAL] * size),
            "customer_id": write_customer_ids(trial.customer),
            "period": np.full(size, end_month(FIRST_MONTH), "datetime64[D]"),
            "fee_minor": 100 * trial.fee,
            "minimum_balance": np.full(size, float(MINIMUM_BALANCE)),
            "is_exempt": trial.exempt,
        }
        folder.write("fee_trials", columns)
        customer = np.concatenate([part[0] for part in self._left])
        day = np.concatenate([part[1] for part in self._left])
        ids = write_ids("C", customer + 1, 7)
        folder.write_truth(
            "fee_exits", pa.table({"customer_id": ids, "close_date": day})
        )


def starts_trial(month: int, first: int) -> bool:
    """Say whether the trial starts in a month.

    Parameters
    ----------
    month, first : int
        Numbers of the month and of the bank's first, which the trial needs before it.

    Returns
    -------
    bool
        Whether fees are drawn now.
    """
    return month == FIRST_MONTH > first


def weigh_exits(vulnerable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Give the effect of a yuan on the log-odds of leaving.

    Parameters
    ----------
    vulnerable : array of bool, shape (n,)
        Of 65 and more, without the app.

    Returns
    -------
    array, shape (n,)
        Log-odds per yuan a month.
    """
    own = np.where(vulnerable, VULNERABLE_EXIT_PER_YUAN, 0.0)
    return np.asarray(EXIT_PER_YUAN + own, np.float64)


def raise_chance(
    usual: NDArray[np.float64], lean: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give the chance to leave for the fee of those who would have stayed.

    Parameters
    ----------
    usual : array, shape (n,)
        Chance of leaving without a fee.
    lean : array, shape (n,)
        What the fee adds to its log-odds.

    Returns
    -------
    array, shape (n,)
        So that both chances together have the higher log-odds.
    """
    odds = usual / (1 - usual) * np.exp(lean)
    together = odds / (1 + odds)
    return np.asarray((together - usual) / (1 - usual))


def describe_fee_trial() -> dict[str, Any]:
    """Give the truths about the fee that a study may find again.

    Returns
    -------
    dict of str to value
        Levels, and effects of a yuan a month.
    """
    return {
        "first_month": start_month(FIRST_MONTH).isoformat(),
        "levels_yuan_a_month": list(LEVELS),
        "level_shares": list(LEVEL_SHARES),
        "minimum_balance_yuan": MINIMUM_BALANCE,
        "exit_log_odds_per_yuan": EXIT_PER_YUAN,
        "exit_log_odds_per_yuan_vulnerable": EXIT_PER_YUAN + VULNERABLE_EXIT_PER_YUAN,
        "complaints_a_month_per_yuan": COMPLAINTS_PER_YUAN,
        "complaints_times_vulnerable": VULNERABLE_COMPLAINTS,
        "vulnerable": f"{VULNERABLE_AGE} and older without the app",
    }
