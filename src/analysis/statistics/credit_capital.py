"""Reward for risk: return on economic capital, and profit after capital's own cost.

All amounts are of one period and one currency; rates are decimals of that period.
Profit is after cost, expected loss and (where wanted) tax, but never after a charge
for capital: taking that off before dividing by capital would count it twice.
"""

from __future__ import annotations


def measure_raroc(
    profit: float, capital: float, *, return_on_capital: float = 0
) -> float:
    """Return on economic capital.

    Parameters
    ----------
    profit : float
        Income less cost less expected loss, before any charge for capital.
    capital : float
        Economic capital that the risk needs.
    return_on_capital : float
        What the capital itself earns where it is placed, a rate.

    Returns
    -------
    float
        Profit over capital.

    Raises
    ------
    ValueError
        If there is no capital to earn a return on.

    References
    ----------
    .. [1] Hull, Risk Management and Financial Institutions, section 23.8 (RAROC).

    Examples
    --------
    >>> round(measure_raroc(2.5 - 1.0 - 0.7, 4), 4)
    0.2
    """
    if not capital > 0:
        message = f"A return on capital must have capital above 0, not {capital}."
        raise ValueError(message)
    return profit / capital + return_on_capital


def measure_economic_profit(profit: float, capital: float, *, hurdle: float) -> float:
    """Profit after the cost of the capital it needs (economic value added).

    Parameters
    ----------
    profit : float
        Income less cost less expected loss, before any charge for capital.
    capital : float
        Economic capital that the risk needs.
    hurdle : float
        What owners ask of capital, a rate of the same period.

    Returns
    -------
    float
        Zero where RAROC equals the hurdle.
    """
    return profit - hurdle * capital
