"""Write a text that may hold a customer's data so that nobody is named by it.

A word with three or more digits may be a key, a number of an identity card or an
amount; only quarters and dates are left. The length stays, so that an engineer can
tell a missing key from an empty one.
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.,+-]*[0-9A-Za-z]")
_ADDRESS = re.compile(r"[^\s@<>'\"]+@[^\s@<>'\"]+")
_HARMLESS = re.compile(r"(19|20)\d\d(Q[1-4])?|(19|20)\d\d-\d\d(-\d\d)?")
_FEWEST_DIGITS = 3
_SHOWN = 2
MASK = "\N{BULLET}"


def mask(value: str) -> str:
    """Hide all of a value but its first two characters and its length.

    Parameters
    ----------
    value : str
        What must not be repeated.

    Returns
    -------
    str
        The value as long as before.

    Examples
    --------
    >>> mask("C0000123")
    'C0••••••'
    """
    shown = min(_SHOWN, len(value) // 2)
    return value[:shown] + MASK * (len(value) - shown)


def mask_text(text: str) -> str:
    """Hide in a text whatever may name a customer or an account.

    Parameters
    ----------
    text : str
        For example the message of an exception, which may quote data.

    Returns
    -------
    str
        The text with words of three digits or more, and mail addresses, masked.

    Examples
    --------
    >>> mask_text("KeyError: 'C0001234' is not in 2026Q3")
    "KeyError: 'C0••••••' is not in 2026Q3"
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = _ADDRESS.sub(lambda match: mask(match[0]), plain)
    return _WORD.sub(_mask_word, plain)


def _mask_word(match: re.Match[str]) -> str:
    word = match[0]
    digits = sum(character.isdigit() for character in word)
    if digits < _FEWEST_DIGITS or _HARMLESS.fullmatch(word):
        return word
    return mask(word)
