"""How prices follow what is wanted, and balances what is paid: slowly, or at times.

A pull is the rate that balances answer, percentage points: the posted rate itself, or
what thresholds, directions and time make of it. The truth is the average of what one
point more does over the rates that were drawn.
"""

from __future__ import annotations

import numpy as np

from analysis.synthetic.deposit_market.switches import Floats, MarketSwitches

SPEED_UP, SPEED_DOWN = 0.15, 0.5
"""Share of the way to the wanted rate that a sticky one goes in a month."""


def follow_slowly(wanted: Floats) -> Floats:
    """Follow what is wanted, up more slowly than down.

    Parameters
    ----------
    wanted : numpy.ndarray, shape (regions, months)
        Rates.

    Returns
    -------
    numpy.ndarray, shape (regions, months)
        Rates that go `SPEED_UP` or `SPEED_DOWN` of the way each month.
    """
    rates = np.array(wanted)
    for month in range(1, rates.shape[1]):
        before = rates[:, month - 1]
        way = wanted[:, month] - before
        rates[:, month] = before + np.where(way > 0, SPEED_UP, SPEED_DOWN) * way
    return rates


def pull_balances(posted: Floats, going: Floats, switches: MarketSwitches) -> Floats:
    """Give the rate that balances answer.

    Parameters
    ----------
    posted : numpy.ndarray, shape (regions, months)
        What the bank pays.
    going : numpy.ndarray, shape (regions, months)
        What it is compared with.
    switches : MarketSwitches
        What is wrong with the world.

    Returns
    -------
    numpy.ndarray, shape (regions, months)
        The pull; the posted rate itself if nothing is wrong with answers.
    """
    pull = posted
    if switches.stale_quotes or switches.threshold:
        pull = posted - going
    if switches.threshold:
        pull = np.sign(pull) * np.maximum(np.abs(pull) - switches.threshold, 0.0)
    if switches.asymmetry:
        pull = _weigh_directions(pull, switches.asymmetry)
    if switches.adjustment < 1.0:
        pull = _adjust(pull, switches.adjustment)
    return pull


def measure_slope(posted: Floats, going: Floats, switches: MarketSwitches) -> float:
    """Give the average marginal pull of the posted rate, over the rates drawn.

    Parameters
    ----------
    posted, going : numpy.ndarray, shape (regions, months)
        As for `pull_balances`.
    switches : MarketSwitches
        What is wrong with the world.

    Returns
    -------
    float
        The share of rates beyond the threshold; 1 if there is none.
    """
    if not switches.threshold:
        return 1.0
    return float((np.abs(posted - going) > switches.threshold).mean())


def _weigh_directions(pull: Floats, asymmetry: float) -> Floats:
    """Count rises less and cuts more, from the first month on."""
    change = np.diff(pull, axis=1, prepend=pull[:, :1])
    slope = np.where(change > 0, 1.0 - asymmetry, 1.0 + asymmetry)
    weighed: Floats = pull[:, :1] + np.cumsum(slope * change, axis=1)
    return weighed


def _adjust(pull: Floats, share: float) -> Floats:
    """Go a share of the way each month; settled at the start."""
    reached = np.array(pull)
    for month in range(1, pull.shape[1]):
        before = reached[:, month - 1]
        reached[:, month] = before + share * (pull[:, month] - before)
    return reached
