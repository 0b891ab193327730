"""What one more unit of money costs when a higher rate must be paid on more than it.

Rates and costs are percent a year; a response is percent of balance per percentage
point.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MarginalCost:
    """Cost of one more unit, percent a year.

    Parameters
    ----------
    estimate, lower, upper : float
        The cost and the ends of its interval; the upper one is infinite where the
        response may be nothing.
    """

    estimate: float
    lower: float
    upper: float


def find_marginal_cost(
    rate: float,
    repriced_share: float,
    response: float,
    response_interval: tuple[float, float],
) -> MarginalCost:
    """Give the marginal cost of money drawn by a higher rate.

    A rate that rises by d draws b B d more of a balance B, and costs R b B d on it and
    s B d on what is repriced: R + s / b for each unit drawn.

    Parameters
    ----------
    rate : float
        Rate paid today, R.
    repriced_share : float
        Share s of the balance that gets the new rate, from 0 to 1.
    response : float
        Response b of the balance, above 0.
    response_interval : tuple of float
        Its ends. As the cost falls in b, they are the ends of the cost's interval, too.

    Returns
    -------
    MarginalCost
        Exact in its interval: R and s are known.

    Raises
    ------
    ValueError
        If the response is not above 0, or the share is not from 0 to 1.

    References
    ----------
    .. [1] Monti (1972), Deposit, credit and interest rate determination under
       alternative bank objective functions; Klein (1971), A theory of the banking firm,
       J. Money, Credit and Banking 3: the first-order condition R + s / b with s = 1.

    Examples
    --------
    >>> find_marginal_cost(1.0, 0.1, 12.0, (8.0, 16.0)).estimate
    1.8333333333333335
    """
    if not 0 <= repriced_share <= 1:
        message = f"A repriced share must be from 0 to 1, not {repriced_share}."
        raise ValueError(message)
    if not response > 0:
        message = (
            f"A response must be above 0, not {response}: a higher rate that draws no "
            "money has no marginal cost."
        )
        raise ValueError(message)
    low, high = response_interval
    points = 100 * repriced_share
    return MarginalCost(
        estimate=rate + points / response,
        lower=rate + points / high,
        upper=rate + points / low if low > 0 else math.inf,
    )
