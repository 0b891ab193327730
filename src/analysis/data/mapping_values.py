"""Values of a mapping file that have a form of their own, tried when they are read.

A pattern that no engine can run, or a currency that no country has, would else come to
light in the middle of a query, or never.
"""

from __future__ import annotations

import codecs
import re
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
from babel.numbers import get_currency_precision, list_currencies
from pydantic import AfterValidator

_AUTOMATIC = "auto"
_QUARTER = "quarter"
_COMMON_NAMES = {"RMB": "CNY", "CNH": "CNY", "YUAN": "CNY", "EURO": "EUR"}
_TRIED_DAY = date(2026, 3, 31)


def count_minor_units(currency: str) -> int:
    """Give how many minor units a currency has in a major one.

    Parameters
    ----------
    currency : str
        ISO 4217 code.

    Returns
    -------
    int
        100 for most; 1 for the yen.
    """
    return int(10 ** get_currency_precision(currency))


def _check_currency(code: str) -> str:
    if code not in list_currencies():
        known = _COMMON_NAMES.get(code.upper())
        close = [known] if known else get_close_matches(code, list_currencies(), n=1)
        hint = f"; did you mean {close[0]}" if close else ""
        message = f"a currency must be an ISO 4217 code{hint}"
        raise ValueError(message)
    return code


def _check_encoding(name: str) -> str:
    try:
        is_text = name == _AUTOMATIC or codecs.lookup(name)._is_text_encoding
    except LookupError:
        is_text = False
    if not is_text:
        message = "an encoding must be one that Python knows, such as gb18030, or auto"
        raise ValueError(message)
    return name


def _check_pattern(pattern: str) -> str:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        message = f"a pattern must be a regular expression: {error}"
        raise ValueError(message) from error
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        message = "a pattern can't look ahead, look behind or refer back"
        raise ValueError(message) from error
    if not groups:
        message = "a pattern must have a group in parentheses, which is the value"
        raise ValueError(message)
    return pattern


def _check_date_format(pattern: str) -> str:
    if pattern == _QUARTER:
        return pattern
    written = _TRIED_DAY.strftime(pattern)
    try:
        is_day = "%" in pattern and datetime.strptime(written, pattern)
    except ValueError:
        is_day = False
    if not is_day or is_day.year != _TRIED_DAY.year:
        message = "a date's format must hold its year and be like %Y-%m-%d, or quarter"
        raise ValueError(message)
    return pattern


Currency = Annotated[str, AfterValidator(_check_currency)]
Encoding = Annotated[str, AfterValidator(_check_encoding)]
Pattern = Annotated[str, AfterValidator(_check_pattern)]
DateFormat = Annotated[str, AfterValidator(_check_date_format)]
