"""Leave those who left for the fee out of what is written of a month."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic.accounts import Accounts
from analysis.synthetic.balances import MonthBalances
from analysis.synthetic.contracts import Contracts
from analysis.synthetic.credit import MonthRisk
from analysis.synthetic.fee_trial import FeeTrial
from analysis.synthetic.months import number_months
from analysis.synthetic.notices import MonthNotices
from analysis.synthetic.population import Population
from analysis.synthetic.service import MonthEvents
from analysis.synthetic.survey import Wave

Fen = NDArray[np.int64]
Flags = NDArray[np.bool_]
_BY_RESPONDENT = (
    "customer",
    "respondent",
    "weight",
    "seconds",
    "scores",
    "straight",
    "day",
    "channel",
)
_BY_ACCOUNT = ("average", "end", "interest", "credited", "rate")


@dataclass(frozen=True, slots=True)
class MonthRows:
    """What a month's tables and its ledger are made of.

    Parameters
    ----------
    people : Population
        Customers at the month's end.
    live : Accounts
        Live accounts.
    balances : MonthBalances
        Their balances.
    risk : MonthRisk
        Risk of the loans among them.
    events : MonthEvents
        What customers did.
    fee, points : array of int, shape (customers,)
        Booked to customers, fen.
    """

    people: Population
    live: Accounts
    balances: MonthBalances
    risk: MonthRisk
    events: MonthEvents
    fee: Fen
    points: Fen

    def leave_out(self, gone: Flags) -> MonthRows:
        """Give the month without some customers; all other rows stay as they are.

        Parameters
        ----------
        gone : array of bool, shape (customers,)
            Who is left out.

        Returns
        -------
        MonthRows
            This month itself where nobody is.
        """
        if not gone.any():
            return self
        stays = ~gone[self.live.customer]
        owned = stays[self.risk.rows]
        return MonthRows(
            people=replace(self.people, present=self.people.present & ~gone),
            live=self.live.take(stays),
            balances=_choose_balances(self.balances, stays),
            risk=_choose_risk(self.risk, owned, np.cumsum(stays) - 1),
            events=_choose_events(self.events, ~gone[self.events.customer]),
            fee=np.where(gone, 0, self.fee),
            points=np.where(gone, 0, self.points),
        )


def leave_out_notices(notices: MonthNotices, gone: Flags) -> MonthNotices:
    """Leave out notices to customers who have left.

    Parameters
    ----------
    notices : MonthNotices
        Notices of a month.
    gone : array of bool, shape (customers,)
        Who has left.

    Returns
    -------
    MonthNotices
        Those that are written.
    """
    here = ~gone[notices.customer]
    names = ("customer", "slot", "channel", "sent")
    return replace(notices, **{name: getattr(notices, name)[here] for name in names})


def leave_out_answers(wave: Wave, gone: Flags) -> Wave:
    """Leave out answers of customers who have left.

    Parameters
    ----------
    wave : Wave
        A survey wave.
    gone : array of bool, shape (customers,)
        Who has left.

    Returns
    -------
    Wave
        The answers that are written.
    """
    here = ~gone[wave.customer]
    kept = {name: getattr(wave, name)[here] for name in _BY_RESPONDENT}
    return replace(wave, remarks=wave.remarks.take(here), **kept)


def leave_out_contracts(contracts: list[Contracts], trial: FeeTrial) -> list[Contracts]:
    """Leave out contracts that began when their customer had left for the fee.

    Parameters
    ----------
    contracts : list of Contracts
        In the order in which they were made.
    trial : FeeTrial
        Who left, and when.

    Returns
    -------
    list of Contracts
        The same where nobody left.
    """
    if not trial.gone_month.any():
        return contracts
    return [_choose_contracts(part, trial.gone_month) for part in contracts]


def _choose_contracts(part: Contracts, gone_month: NDArray[np.int32]) -> Contracts:
    known = part.customer < len(gone_month)
    left = np.zeros(len(part.customer), np.int64)
    left[known] = gone_month[part.customer[known]]
    late = (left > 0) & (number_months(part.open_day) >= left)
    if not late.any():
        return part
    kept = {field.name: getattr(part, field.name)[~late] for field in fields(part)}
    return Contracts(**kept)


def _choose_balances(balances: MonthBalances, stays: Flags) -> MonthBalances:
    kept = {name: getattr(balances, name)[stays] for name in _BY_ACCOUNT}
    return replace(balances, **kept)


def _choose_risk(risk: MonthRisk, owned: Flags, places: Fen) -> MonthRisk:
    kept = {field.name: getattr(risk, field.name)[owned] for field in fields(risk)}
    return MonthRisk(**(kept | {"rows": places[kept["rows"]]}))


def _choose_events(events: MonthEvents, stays: Flags) -> MonthEvents:
    names = ("customer", "activity", "count", "wait")
    return replace(events, **{name: getattr(events, name)[stays] for name in names})
