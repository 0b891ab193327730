"""How each kind of number is written: one place for units, decimals and signs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from babel.numbers import format_decimal, get_currency_name

from analysis.wording import Language, get_language, mark, say


class Unit(StrEnum):
    """What a number counts; values are held in the unit itself (12.3 means 12.3 %)."""

    PERCENT = "%"
    RATE = "% a year"
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
    Unit.RATE: 2,
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
_WITH_UNIT = {
    Unit.PERCENT: mark("{number}%"),
    Unit.RATE: mark("{number}%"),
    Unit.PERCENTAGE_POINTS: mark("{number} pp"),
    Unit.BASIS_POINTS: mark("{number} bp"),
    Unit.PERCENT_PER_POINT: mark("{number}% per pp"),
    Unit.POINTS: mark("{number} points"),
    Unit.MONTHS: mark("{number} months"),
    Unit.MINUTES: mark("{number} min"),
}
PERCENTS = (Unit.PERCENT, Unit.RATE)
"""What differs by percentage points."""
_MOST_MORE_DIGITS = 2
_LEAST_WHOLE = 999.995
"""Amount from which its cents are left out."""
_LEAST_IN_STEPS = 9_999.5
"""Amount from which steps are used; below it a reader counts units more easily."""
_MINUS = "\N{MINUS SIGN}"
_LARGE_STEPS: dict[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")),
    "zh": ((1e8, "亿"), (1e4, "万")),
}
_MONEY: dict[Language, str] = {
    "en": "{currency} {number} {step}",
    "zh": "{number}{step}{currency}",
}
_MONEY_HEADS: dict[Language, str] = {
    "en": "{currency} {step}",
    "zh": "{step}{currency}",
}
_YUAN = ("CNY", "元")


@dataclass(frozen=True, slots=True)
class LargeStep:
    """What large numbers of one column or axis are divided by.

    Parameters
    ----------
    divisor : float
        1 where they are written in full.
    word : str
        The step in the reader's language, "million" or "万"; empty for 1.
    """

    divisor: float
    word: str


def choose_step(largest: float, *, smallest_step: float = 1e3) -> LargeStep:
    """Choose in which step the reader's language writes numbers of a size.

    Parameters
    ----------
    largest : float
        Largest of the numbers, its sign left out.
    smallest_step : float
        Steps below this one are not used.

    Returns
    -------
    LargeStep
        Thousand, million or billion in English; 万 or 亿 in Chinese.

    Examples
    --------
    >>> choose_step(2_500_000)
    LargeStep(divisor=1000000.0, word='million')
    """
    for divisor, word in _LARGE_STEPS[get_language()]:
        if abs(largest) >= 0.9995 * divisor and divisor >= smallest_step:
            return LargeStep(divisor, word)
    return LargeStep(1.0, "")


def write_currency(currency: str) -> str:
    """Name a currency as the reader's language does beside a number.

    Parameters
    ----------
    currency : str
        ISO code, for example "CNY".

    Returns
    -------
    str
        The code in English; the name in Chinese, 元 for the country's own.
    """
    language = get_language()
    if language == "en":
        return currency
    code, name = _YUAN
    if currency == code:
        return name
    return str(get_currency_name(currency, locale=language))


def write_money_unit(currency: str, step: LargeStep) -> str:
    """Write the unit of a column or axis of amounts.

    Parameters
    ----------
    currency : str
        ISO code, for example "CNY".
    step : LargeStep
        What the amounts are divided by.

    Returns
    -------
    str
        For example "CNY million" or "万元".
    """
    pattern = _MONEY_HEADS[get_language()]
    written = pattern.format(currency=write_currency(currency), step=step.word)
    return written.strip()


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
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    body = format_decimal(
        abs(rounded), format=pattern, locale=get_language(), decimal_quantization=False
    )
    if rounded < 0:
        return _MINUS + body
    return f"+{body}" if signed and rounded > 0 else body


def write_money(value: float, currency: str, *, signed: bool = False) -> str:
    """Write an amount with its currency, three significant digits in large steps.

    Up to ten thousand it is written in full, whole from a thousand up.

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
    step = _choose_amount_step(value)
    return _add_currency(_write_steps(value, step, signed=signed), step, currency)


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
    if not with_unit or unit not in _WITH_UNIT:
        return number
    return say(_WITH_UNIT[unit], number=number)


def write_interval(
    lower: float, upper: float, unit: Unit, *, currency: str = ""
) -> str:
    """Write an interval, its unit once unless that is a percent sign.

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
        The ends joined by the language's "to"; amounts of different steps are whole.
        An interval that leaves zero out is written with as many digits (two more at
        most) as show that it does.
    """
    step = _choose_amount_step(lower)
    if unit is Unit.MONEY and step == _choose_amount_step(upper):
        number = _join_ends(_write_steps(lower, step), _write_steps(upper, step))
        return _add_currency(number, step, currency)
    if unit is Unit.MONEY:
        ends = (write_money(end, currency) for end in (lower, upper))
        return _join_ends(*ends)
    decimals = _DECIMALS[unit] + _count_more_digits(lower, upper, _DECIMALS[unit])
    first, last = (write_number(end, decimals=decimals) for end in (lower, upper))
    if unit in PERCENTS:
        each = (say(_WITH_UNIT[unit], number=end) for end in (first, last))
        return _join_ends(*each)
    number = _join_ends(first, last)
    return say(_WITH_UNIT[unit], number=number) if unit in _WITH_UNIT else number


def _count_more_digits(lower: float, upper: float, decimals: int) -> int:
    """Count the digits that keep the nearer end from being written as zero."""
    if lower <= 0 <= upper:
        return 0
    nearest = min(abs(lower), abs(upper))
    more = (n for n in range(_MOST_MORE_DIGITS) if round(nearest, decimals + n))
    return next(more, _MOST_MORE_DIGITS)


def _choose_amount_step(value: float) -> LargeStep:
    return choose_step(value) if abs(value) >= _LEAST_IN_STEPS else LargeStep(1.0, "")


def _write_steps(value: float, step: LargeStep, *, signed: bool = False) -> str:
    """Write an amount in a step, three significant digits; cents below a thousand."""
    scaled = value / step.divisor
    whole_digits = int(math.log10(max(abs(scaled), 1.0)))
    has_cents = not step.word and abs(scaled) < _LEAST_WHOLE
    digits = 2 if has_cents else max(0, 2 - whole_digits)
    return write_number(scaled, decimals=digits, signed=signed)


def _add_currency(number: str, step: LargeStep, currency: str) -> str:
    words = {"currency": write_currency(currency), "step": step.word}
    return _MONEY[get_language()].format(number=number, **words).strip()


def _join_ends(lower: str, upper: str) -> str:
    return say("{lower} to {upper}", lower=lower, upper=upper)
