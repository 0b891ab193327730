"""How each kind of number is written: one place for units, decimals and signs."""

from __future__ import annotations

import math
from enum import StrEnum


class Unit(StrEnum):
    """What a number counts; values are held in the unit itself (12.3 means 12.3 %)."""

    PERCENT = "%"
    PERCENTAGE_POINTS = "pp"
    BASIS_POINTS = "bp"
    PERCENT_PER_POINT = "% per pp"
    MONEY = "money"
    COUNT = "count"
    POINTS = "points"
    SCORE = "score"
    RATIO = "ratio"
    MONTHS = "months"
    MINUTES = "minutes"


_DECIMALS = {
    Unit.PERCENT: 1,
    Unit.PERCENTAGE_POINTS: 2,
    Unit.BASIS_POINTS: 0,
    Unit.PERCENT_PER_POINT: 1,
    Unit.COUNT: 0,
    Unit.POINTS: 1,
    Unit.SCORE: 2,
    Unit.RATIO: 2,
    Unit.MONTHS: 1,
    Unit.MINUTES: 1,
}
_SUFFIX = {
    Unit.PERCENT: "%",
    Unit.PERCENTAGE_POINTS: " pp",
    Unit.BASIS_POINTS: " bp",
    Unit.PERCENT_PER_POINT: "% per pp",
    Unit.POINTS: " points",
    Unit.MONTHS: " months",
    Unit.MINUTES: " min",
}
_MINUS = "\N{MINUS SIGN}"
_MONEY_STEPS = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


def write_number(value: float, *, decimals: int = 0, signed: bool = False) -> str:
    """Write a number with thousands separators and a true minus sign.

    Parameters
    ----------
    value : float
        Any finite number.
    decimals : int
        Digits after the point.
    signed : bool
        Whether a positive number carries a plus sign, as changes do.

    Returns
    -------
    str
        For example "1,234.5", "+0.3" or "−12". Rounding to zero drops the sign.

    Raises
    ------
    ValueError
        If the value is not finite: a report must never print "nan".

    Examples
    --------
    >>> write_number(1234.56, decimals=1), write_number(-0.04, decimals=1)
    ('1,234.6', '0.0')
    """
    if not math.isfinite(value):
        message = f"A number to be written must be finite, not {value!r}."
        raise ValueError(message)
    rounded = round(value, decimals) + 0.0
    body = f"{abs(rounded):,.{decimals}f}"
    if rounded < 0:
        return _MINUS + body
    return f"+{body}" if signed and rounded > 0 else body


def write_money(value: float, currency: str, *, signed: bool = False) -> str:
    """Write an amount with its currency, three significant digits from a thousand up.

    Parameters
    ----------
    value : float
        Amount in major units of the currency.
    currency : str
        ISO code, for example "CNY".
    signed : bool
        Whether a positive amount carries a plus sign.

    Returns
    -------
    str
        For example "CNY 12.3 million".

    Examples
    --------
    >>> write_money(-12_345_678, "CNY")
    'CNY −12.3 million'
    """
    for step, word in _MONEY_STEPS:
        if abs(value) >= 0.9995 * step:
            scaled = value / step
            digits = max(0, 2 - int(math.log10(max(abs(scaled), 1.0))))
            number = write_number(scaled, decimals=digits, signed=signed)
            return f"{currency} {number} {word}"
    return f"{currency} {write_number(value, decimals=2, signed=signed)}"


def write_value(
    value: float,
    unit: Unit,
    *,
    currency: str = "",
    signed: bool = False,
    with_unit: bool = True,
) -> str:
    """Write a value in its unit.

    Parameters
    ----------
    value : float
        In the unit itself: 12.3 with `Unit.PERCENT` is 12.3 %.
    unit : Unit
        What the value counts.
    currency : str
        ISO code, needed for `Unit.MONEY`.
    signed : bool
        Whether a positive value carries a plus sign, as changes do.
    with_unit : bool
        Whether the unit's sign follows the number.

    Returns
    -------
    str
        For example "12.3%", "+0.25 pp" or "CNY 4.50 million".
    """
    if unit is Unit.MONEY:
        return write_money(value, currency, signed=signed)
    number = write_number(value, decimals=_DECIMALS[unit], signed=signed)
    return number + _SUFFIX.get(unit, "") if with_unit else number


def write_interval(
    lower: float, upper: float, unit: Unit, *, currency: str = ""
) -> str:
    """Write an interval as "12.1% to 13.4%", its unit at both ends.

    Parameters
    ----------
    lower, upper : float
        Ends of the interval in the unit itself.
    unit : Unit
        What the values count.
    currency : str
        ISO code, needed for `Unit.MONEY`.

    Returns
    -------
    str
        The two ends joined by "to".
    """
    ends = (write_value(end, unit, currency=currency) for end in (lower, upper))
    return " to ".join(ends)
