"""Show a value of a bank's data in a message without showing whose it is.

Where columns slipped or a header is missing, a customer's key stands where a year or
a column's name belongs.
"""

from __future__ import annotations

import re

_KEY = re.compile(r"[^\W\d].*\d{3}|\d{3}.*[^\W\d]|\d{8}|@")
_DAY = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{4}-?Q[1-4]$|(19|20)\d{2}(0[1-9]|1[0-2])[0-3]\d$"
    r"|\d{1,2}[-. /][A-Za-z]{3,9}[-. /]\d{2,4}$"
)
_NUMERIC_WORDS = re.compile(r"\b(nan|NaN|NaT|inf|None)\b")
_LONGEST, _SHOWN = 40, 2
_HIDDEN = "\N{BULLET}"


def show_value(value: object) -> str:
    """Write a value for a message; one that may be a key is hidden.

    Parameters
    ----------
    value : object
        A value of a file, or the name of one of its columns.

    Returns
    -------
    str
        The value; of one with letters and three digits, eight digits, or a mail
        address, the first two characters and the length. Words that no report may
        print, since they stand for a missing number, are in capitals.

    Examples
    --------
    >>> show_value("K0000123"), show_value("31.01.2026"), show_value("nan")
    ('K0••••••', '31.01.2026', 'NAN')
    """
    text = str(value)
    if len(text) > _LONGEST or (_KEY.search(text) and not _DAY.match(text)):
        text = text[:_SHOWN] + _HIDDEN * (min(len(text), _LONGEST) - _SHOWN)
    return _NUMERIC_WORDS.sub(lambda word: word[0].upper(), text)
