"""Which cells say too much by themselves: the primary rules, on arrays.

Counts are numbers of customers; amounts are in any one unit and may be negative, so
that contributions are compared by their size |x|. Nothing here knows a table.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]


def find_rare(counts: Numbers, *, minimum: int) -> Marks:
    """Find counts that describe too few customers.

    Parameters
    ----------
    counts : numpy.ndarray
        Numbers of customers, any shape.
    minimum : int
        Fewest customers that may be described.

    Returns
    -------
    numpy.ndarray of bool
        True from 1 to `minimum` - 1: zero describes nobody.

    References
    ----------
    .. [1] Hundepool, A. et al., Handbook on Statistical Disclosure Control, 2nd ed.,
       section 4.2.1, minimum frequency rule; Office for National Statistics, rule of
       ten.
    """
    rare: Marks = (counts > 0) & (counts < minimum)
    return rare


def find_telling_parts(parts: Numbers, groups: Numbers, *, minimum: int) -> Marks:
    """Find counts of a part of a group that tell on the part, the rest or all.

    A part that is the whole group tells the same of each member to whoever knows that
    somebody is in it (group disclosure); a rest of 1 to 9 is as rare as such a part.
    An empty part is shown: it says of nobody that the attribute holds.

    Parameters
    ----------
    parts : numpy.ndarray
        Customers of each group with the attribute.
    groups : numpy.ndarray
        Customers of each group, same shape.
    minimum : int
        Fewest customers that may be described.

    Returns
    -------
    numpy.ndarray of bool
        Parts to be hidden.

    References
    ----------
    .. [1] Hundepool, A. et al., Handbook on Statistical Disclosure Control, 2nd ed.,
       chapter 5, on group disclosure in frequency tables.
    """
    whole = (parts == groups) & (parts > 0)
    rest = find_rare(groups - parts, minimum=minimum)
    telling: Marks = find_rare(parts, minimum=minimum) | whole | rest
    return telling


def find_dominated(
    largest: Numbers, second: Numbers, absolute: Numbers, *, n: int, percent: float
) -> Marks:
    """Find amounts that the n largest contributors make up: the (n, k) rule.

    Unsafe if x1 + ... + xn > k / 100 * X.

    Parameters
    ----------
    largest, second : numpy.ndarray
        Size of the largest and of the second largest contribution, x1 and x2.
    absolute : numpy.ndarray
        Sum of the sizes of all contributions, X.
    n : {1, 2}
        Contributors that may hold a cell together.
    percent : float
        The k of the rule, percent.

    Returns
    -------
    numpy.ndarray of bool
        True where the amount is unsafe.

    References
    ----------
    .. [1] Hundepool, A. et al., Handbook on Statistical Disclosure Control, 2nd ed.,
       table 4.2, (n, k)-dominance rule; on |x| for amounts of either sign.
    """
    held = largest if n == 1 else largest + second
    dominated: Marks = held > _loosen(percent / 100 * absolute)
    return dominated


def find_guessable(
    largest: Numbers, second: Numbers, absolute: Numbers, *, percent: float
) -> Marks:
    """Find amounts from which the second largest can guess the largest: the p % rule.

    Unsafe if X - x1 - x2 < p / 100 * x1.

    Parameters
    ----------
    largest, second : numpy.ndarray
        Size of the largest and of the second largest contribution, x1 and x2.
    absolute : numpy.ndarray
        Sum of the sizes of all contributions, X.
    percent : float
        The p of the rule, percent.

    Returns
    -------
    numpy.ndarray of bool
        True where the amount is unsafe; an amount of nobody is safe.

    References
    ----------
    .. [1] Hundepool, A. et al., Handbook on Statistical Disclosure Control, 2nd ed.,
       equation 4.2, p % rule, which it prefers to dominance; on |x| for amounts of
       either sign.
    """
    uncertain = absolute - largest - second
    needed = percent / 100 * largest
    guessable: Marks = _loosen(uncertain, 1e-12 * absolute) < needed
    return guessable


def _loosen(bound: Numbers, by: Numbers | float = 0.0) -> Numbers:
    # Amounts are sums of binary fractions: a tie must not depend on the last bit.
    return bound + np.maximum(1e-12 * np.abs(bound), by)
