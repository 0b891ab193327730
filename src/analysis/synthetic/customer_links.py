"""Who looks after each customer, and who recommended the bank to a newcomer.

Every branch has two relationship managers. Some are better than others: their customers
rate staff higher. A newcomer who was referred was sent by a customer of that day, the
satisfied ones more often. Both are drawn from streams of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.synthetic import acquisition, model
from analysis.synthetic.files import BankFolder, write_ids
from analysis.synthetic.population import Population
from analysis.synthetic.streams import Streams

BRANCHES = len(model.REGIONS) * model.BRANCHES_PER_REGION
MANAGERS_PER_BRANCH = 2
MANAGER_SIGMA = 0.30
"""Deviation of managers' effects on the opinion of staff, in deviations of it."""
REFERRAL_BY_SATISFACTION = 0.6
"""How much more often, in logs, a customer refers others per deviation."""
NOBODY = -1
_REFERRED = acquisition.CHANNELS.index("转介绍")


@dataclass(frozen=True, slots=True)
class Links:
    """Whom each customer is tied to, one position each, in order of arrival.

    Parameters
    ----------
    referrer : array of int, shape (n,)
        Position of who recommended the bank; `NOBODY` for none or unknown.
    manager : array of int, shape (n,)
        Number of the relationship manager, from 0.
    """

    referrer: NDArray[np.int64]
    manager: NDArray[np.int64]


def assign_managers(streams: Streams, branch: NDArray[Any]) -> NDArray[np.int64]:
    """Give each customer a relationship manager of the own branch.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    branch : array of int, shape (n,)
        Branch of each customer, in order of arrival; later ones change nothing.

    Returns
    -------
    array of int, shape (n,)
        Numbers of managers, from 0.
    """
    drawn = streams.at("managers").random(len(branch))
    desk = (MANAGERS_PER_BRANCH * drawn).astype(np.int64)
    return MANAGERS_PER_BRANCH * branch.astype(np.int64) + desk


def draw_manager_effects(streams: Streams) -> NDArray[np.float64]:
    """Draw how much better customers find the staff with each manager.

    Parameters
    ----------
    streams : Streams
        Random numbers.

    Returns
    -------
    array of float, shape (managers,)
        Lasting effects in deviations of the opinion of staff, 0 on average.
    """
    draws = streams.at("manager effects")
    return MANAGER_SIGMA * draws.standard_normal(BRANCHES * MANAGERS_PER_BRANCH)


def write_manager_ids(manager: NDArray[Any]) -> pa.Array:
    """Write numbers of managers as the bank's keys.

    Parameters
    ----------
    manager : array of int, shape (n,)
        Numbers, from 0.

    Returns
    -------
    pyarrow.Array
        Strings, shape (n,).
    """
    return write_ids("M", np.asarray(manager) + 1, 4)


class CustomerLinks:
    """Who was recommended by whom, month by month, and who looks after whom.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    """

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._found: list[tuple[int, NDArray[np.int64]]] = []

    def add_newcomers(
        self,
        people: Population,
        gone: NDArray[np.bool_],
        channel: NDArray[np.int8],
        month: int,
    ) -> None:
        """Draw who recommended the bank to the newcomers of a month.

        Parameters
        ----------
        people : Population
            Customers before the newcomers.
        gone : array of bool, shape (customers,)
            Who of them has left though the population knows nothing of it.
        channel : array of int, shape (newcomers,)
            How the newcomers were won.
        month : int
            Number of the month.
        """
        referred = np.flatnonzero(channel == _REFERRED)
        referrer = np.full(len(channel), NOBODY, np.int64)
        leaning = REFERRAL_BY_SATISFACTION * people.satisfaction.astype(np.float64)
        here = people.present & ~gone
        ends = np.cumsum(np.where(here, np.exp(leaning), 0.0))
        drawn = self._streams.at("referrals", month).random(len(referred))
        referrer[referred] = np.searchsorted(ends, drawn * ends[-1], side="right")
        self._found.append((len(people), referrer))

    def join(self, people: Population) -> Links:
        """Put the links of all customers together.

        Parameters
        ----------
        people : Population
            Every customer there ever was.

        Returns
        -------
        Links
            Of those here from the start it is not known who sent them.
        """
        referrer = np.full(len(people), NOBODY, np.int64)
        for start, found in self._found:
            referrer[start : start + len(found)] = found
        return Links(referrer, assign_managers(self._streams, people.branch))

    def write_truth(self, folder: BankFolder) -> None:
        """Write the truth about relationship managers.

        Parameters
        ----------
        folder : BankFolder
            The bank's folder.
        """
        effects = draw_manager_effects(self._streams)
        columns = {
            "relationship_manager_id": write_manager_ids(np.arange(len(effects))),
            "effect_on_staff": effects,
        }
        folder.write_truth("manager_effects", pa.table(columns))
