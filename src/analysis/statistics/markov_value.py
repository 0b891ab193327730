"""Value a customer who moves between states, and say how long the customer stays.

Rewards are in any one unit a period; a discount rate is a decimal a period. Leading
axes of every array are draws of the same chain, valued together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def value_states(
    transitions: Floats, rewards: Floats, *, discount_rate: float
) -> Floats:
    """Value each state for ever: ``V = (I - P / (1 + d))^-1 R``.

    Parameters
    ----------
    transitions : ndarray of float, shape (..., n_states, n_states)
        Chances of each state next period by the state now. A row may add up to less
        than one: who leaves brings nothing more.
    rewards : ndarray of float, shape (..., n_states)
        What a period in each state brings, received at its start.
    discount_rate : float
        Discount a period, above zero.

    Returns
    -------
    ndarray of float, shape (..., n_states)
        Expected discounted rewards, the first period's own undiscounted.

    Raises
    ------
    ValueError
        If the discount is not above zero: a chain that nobody leaves has no value then.

    References
    ----------
    .. [1] Pfeifer and Carraway (2000), Modeling customer relationships as Markov
       chains, Journal of Interactive Marketing 14(2), 43-55, equation 4.
    """
    _require_discount(discount_rate)
    n_states = transitions.shape[-1]
    system = np.eye(n_states) - transitions / (1 + discount_rate)
    values = np.linalg.solve(system, rewards[..., None])[..., 0]
    return np.asarray(values, dtype=np.float64)


def value_states_until(
    transitions: Floats, rewards: Floats, *, discount_rate: float, periods: int
) -> Floats:
    """Value each state over a horizon: the sum of ``(P / (1 + d))^t R``.

    Parameters
    ----------
    transitions : ndarray of float, shape (..., n_states, n_states)
        As in `value_states`.
    rewards : ndarray of float, shape (..., n_states)
        As in `value_states`.
    discount_rate : float
        Discount a period, zero or more.
    periods : int
        Periods after the first, zero or more.

    Returns
    -------
    ndarray of float, shape (..., n_states)
        Expected discounted rewards of the first period and of `periods` more.

    References
    ----------
    .. [1] Pfeifer and Carraway (2000), equation 3.
    """
    step = transitions / (1 + discount_rate)
    value = rewards
    for _ in range(periods):
        value = rewards + (step @ value[..., None])[..., 0]
    return value


def find_fundamental_matrix(transient: Floats) -> Floats:
    """Count the periods spent in each state before the chain is left.

    Parameters
    ----------
    transient : ndarray of float, shape (..., n_states, n_states)
        Chances of moving among the states that can be left for good.

    Returns
    -------
    ndarray of float, shape (..., n_states, n_states)
        ``N = (I - Q)^-1``: expected periods in the column's state, starting in the
        row's. Row sums are the expected periods until the chain is left.

    References
    ----------
    .. [1] Grinstead and Snell (1997), Introduction to Probability, theorem 11.4.
    """
    fundamental = np.linalg.inv(np.eye(transient.shape[-1]) - transient)
    return np.asarray(fundamental, dtype=np.float64)


def find_steady_state(transitions: Floats) -> Floats:
    """Find the shares of the states that the chain no longer changes.

    Parameters
    ----------
    transitions : ndarray of float, shape (n_states, n_states)
        Chances of a chain in which every state can be reached from every other.

    Returns
    -------
    ndarray of float, shape (n_states,)
        Shares that add up to one.

    Raises
    ------
    ValueError
        If rows do not add up to one: a chain that is left has no steady state.

    References
    ----------
    .. [1] Grinstead and Snell (1997), theorem 11.8.
    """
    if not np.allclose(transitions.sum(axis=1), 1.0):
        raise ValueError("Every row of a chain with a steady state must add up to 1.")
    n_states = len(transitions)
    system = np.vstack([transitions.T - np.eye(n_states), np.ones(n_states)])
    shares = np.linalg.lstsq(system, np.eye(n_states + 1)[-1], rcond=None)[0]
    return np.asarray(shares, dtype=np.float64)


def value_retention(margin: float, *, retention: float, discount_rate: float) -> float:
    """Value a customer by the simple formula ``m r / (1 + i - r)``.

    Parameters
    ----------
    margin : float
        What a period brings, received at its end by whoever is still here.
    retention : float
        Share of customers kept each period, the same for all and for ever.
    discount_rate : float
        Discount a period.

    Returns
    -------
    float
        Expected discounted margins.

    References
    ----------
    .. [1] Gupta and Lehmann (2003), Customers as assets, Journal of Interactive
       Marketing 17(1), 9-24, equation 3.
    """
    return margin * retention / (1 + discount_rate - retention)


def _require_discount(discount_rate: float) -> None:
    if not discount_rate > 0:
        message = f"A discount rate must be above 0, not {discount_rate}."
        raise ValueError(message)
