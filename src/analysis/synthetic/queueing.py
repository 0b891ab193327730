"""How long customers wait: more at some branches, and those who rate it low.

A planted shift of the opinion of waiting moves the times of everyone; what a customer
and a branch add is felt at the counter only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic.attributes import (
    BRANCH_WAIT_SIGMA,
    WAIT_BY_ATTRIBUTE,
    draw_attribute,
    draw_branch_waits,
    shift_attribute,
    stretch_times,
)
from analysis.synthetic.customer_links import BRANCHES
from analysis.synthetic.population import Population
from analysis.synthetic.streams import Streams


@dataclass(frozen=True, slots=True)
class Queues:
    """Multipliers of the usual waiting times in a month.

    Parameters
    ----------
    everywhere : float
        For all, in every channel.
    at_counter : array, shape (customers,)
        For each customer at the counter, beside that.
    """

    everywhere: float
    at_counter: NDArray[np.float64]


def shape_queues(streams: Streams, people: Population, month: int, wave: int) -> Queues:
    """Give how much longer than usual customers wait in a month.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    people : Population
        Customers.
    month : int
        Number of the month.
    wave : int
        Number of the quarter's wave, from 0.

    Returns
    -------
    Queues
        Multipliers, about 1 on average but for the planted shifts.
    """
    shift = shift_attribute("waiting", wave)
    opinions = draw_attribute(streams, people.factor, "waiting", month)
    lasting = draw_branch_waits(streams, BRANCHES) - BRANCH_WAIT_SIGMA**2 / 2
    return Queues(
        everywhere=float(np.exp(-WAIT_BY_ATTRIBUTE * shift)),
        at_counter=stretch_times(opinions, WAIT_BY_ATTRIBUTE)
        * np.exp(lasting)[people.branch],
    )
