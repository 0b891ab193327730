"""Find what names a person or an account in a text, by shape and check digit.

What is found is given masked only: a report of a leak must not be one. Digits that
belong to a decimal number, a hash, a path of a drawing or a longer run are no
identifier; what has a check digit must pass it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

_SHOWN_FIRST = 2
_SHOWN_LAST = 1
_MASK = "*"

# A letter or digit on either side makes the run part of a longer word, hash or base64
# text; a point between digits makes it a decimal. ".138" is a decimal at the start of a
# word or after the letter of a drawing's path. Commas need no care: they leave no run
# of more than three digits in an amount, and stand between the fields of a table.
_BEFORE = (
    r"(?<![0-9A-Za-z%#])(?<![0-9]\.)(?<!^\.)(?<![\s(,;='\"-]\.)"
    r"(?<![\s,0-9'\"-][MmLlHhVvCcSsQqTtAa]\.)"
)
_AFTER = r"(?![0-9A-Za-z%=])(?!\.[0-9])"
_PLAIN = {0xFF01 + place: 0x21 + place for place in range(94)} | {
    ord(space): " " for space in "\u00a0\u2002\u2003\u2009\u202f\u3000"
}
_PLAIN |= {ord(hyphen): "-" for hyphen in "\u2010\u2011\u2012\u2013"}
# The path of a drawing: coordinates between command letters, at least two after the
# first. Its numbers stand in fours and would now and then pass a check digit.
_PATH = re.compile(
    r"(?<![A-Za-z])[Mm][\s,]*[-+.]?\d[-+0-9eE.,\s]*"
    r"(?:[MmLlHhVvCcSsQqTtAaZz][-+0-9eE.,\s]*){2,}"
)
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier found in a text.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    masked : str
        Its first two characters and its last, the rest hidden.
    start : int
        Where in the text it begins, counted in characters.
    """

    kind: str
    masked: str
    start: int


@dataclass(frozen=True, slots=True)
class _Shape:
    kind: str
    pattern: re.Pattern[str]
    is_right: Callable[[str], bool]


def find_identifiers(text: str) -> tuple[Identifier, ...]:
    """Find what names a person or an account.

    Parameters
    ----------
    text : str
        Any text; full-width digits and letters count as plain ones.

    Returns
    -------
    tuple of Identifier
        In the order of the text; where two kinds overlap, the first of `KINDS`.

    Examples
    --------
    >>> find_identifiers("证件 11010519491231002X")
    (Identifier(kind='resident identity number', masked='11***************X', start=3),)
    """
    # One character stands for one, so that places stay.
    plain = _PATH.sub(lambda path: " " * len(path[0]), text.translate(_PLAIN))
    taken: list[range] = []
    found = []
    for shape in _SHAPES:
        for match in shape.pattern.finditer(plain):
            span = range(match.start(), match.end())
            is_new = all(
                span.stop <= old.start or old.stop <= span.start for old in taken
            )
            if is_new and shape.is_right(match[0]):
                taken.append(span)
                found.append(Identifier(shape.kind, _mask(match[0]), match.start()))
    return tuple(sorted(found, key=lambda each: each.start))


def has_resident_check(number: str) -> bool:
    """Say whether 18 characters are a resident identity number.

    Parameters
    ----------
    number : str
        17 digits and a digit or X.

    Returns
    -------
    bool
        Whether the birth date is a day of the calendar and the check character is
        right.

    References
    ----------
    .. [1] GB 11643-1999, Citizen identification number; its check character is that
       of ISO 7064:1983, MOD 11-2.
    """
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    weights = [2**place % 11 for place in range(17, 0, -1)]
    total = sum(w * int(d) for w, d in zip(weights, number[:17], strict=True))
    return number[17].upper() == "10X98765432"[total % 11]


def has_luhn_check(number: str) -> bool:
    """Say whether the last digit of a card number is right.

    Parameters
    ----------
    number : str
        Digits only.

    Returns
    -------
    bool
        Whether the sum of ISO/IEC 7812-1, annex B (Luhn) is a multiple of ten.

    References
    ----------
    .. [1] Luhn, H. P. (1960), US patent 2,950,048, Computer for verifying numbers.
    """
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def has_iban_check(number: str) -> bool:
    """Say whether an international bank account number is right.

    Parameters
    ----------
    number : str
        Country, two check digits, account; no spaces.

    Returns
    -------
    bool
        Whether the number, turned and written in digits, is 1 modulo 97.

    References
    ----------
    .. [1] ISO 13616-1:2020; check digits by ISO 7064, MOD 97-10.
    """
    turned = number[4:] + number[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def has_credit_code_check(code: str) -> bool:
    """Say whether a unified social credit code is right.

    Parameters
    ----------
    code : str
        18 characters.

    Returns
    -------
    bool
        Whether the last character follows from the others.

    References
    ----------
    .. [1] GB 32100-2015, Coding rule of the unified social credit identifier: weights
       3^(i-1) mod 31, check 31 - sum mod 31.
    """
    values = [_CREDIT_ALPHABET.index(character) for character in code]
    weights = [3**place % 31 for place in range(17)]
    total = sum(w * v for w, v in zip(weights, values[:17], strict=True))
    return bool((31 - total % 31) % 31 == values[17])


def _is_card(found: str) -> bool:
    return any(
        13 <= len(number) <= 19 and len(set(number)) > 1 and has_luhn_check(number)
        for number in _list_beginnings(found)
    )


def _is_iban(found: str) -> bool:
    return any(len(n) >= 15 and has_iban_check(n) for n in _list_beginnings(found))


def _list_beginnings(found: str) -> list[str]:
    # The last groups of four may be the next words of the sentence.
    groups = re.split(r"[ -]", found)
    return ["".join(groups[:end]) for end in range(1, len(groups) + 1)]


def _mask(found: str) -> str:
    hidden = len(found) - _SHOWN_FIRST - _SHOWN_LAST
    return found[:_SHOWN_FIRST] + _MASK * hidden + found[-_SHOWN_LAST:]


def _accept(found: str) -> bool:
    return bool(found)


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{_BEFORE}(?:{pattern}){_AFTER}")


_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

_SHAPES: Final = (
    _Shape(
        "resident identity number",
        _compile(
            rf"{_PROVINCE}\d{{4}}(?:19|20)\d\d(?:0[1-9]|1[0-2])"
            r"(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
        ),
        has_resident_check,
    ),
    _Shape(
        "unified social credit code",
        _compile(rf"[1-9ANY][1-9]{_PROVINCE}\d{{4}}[{_CREDIT_ALPHABET}]{{10}}"),
        has_credit_code_check,
    ),
    _Shape(
        "IBAN",
        _compile(
            r"[A-Z]{2}\d{2}"
            r"(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)"
        ),
        _is_iban,
    ),
    _Shape(
        "bank card number",
        # Payment cards begin with 2 to 6 (ISO/IEC 7812-1), old Chinese ones with 9.
        _compile(r"[2-69]\d{12,18}|[2-69]\d{3}(?:[ -]\d{4}){2,3}(?:[ -]\d{1,4})?"),
        _is_card,
    ),
    _Shape(
        "mobile number",
        re.compile(
            rf"{_BEFORE}(?:(?:\+|00)?86[ -]?)?"
            rf"1(?:3\d|4[5-9]|5[0-35-9]|6[25-7]|7[0-8]|8\d|9[0-35-9])"
            rf"(?:\d{{8}}|[ -]\d{{4}}[ -]\d{{4}}){_AFTER}"
        ),
        _accept,
    ),
    _Shape(
        "e-mail address",
        re.compile(
            r"(?<![\w.%+-])[A-Za-z0-9][\w.%+-]{0,63}@"
            r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+"
            r"(?!(?:png|svg|jpe?g|gif|webp|css|m?js)\b)[A-Za-z]{2,}(?![\w-])",
            re.ASCII,
        ),
        _accept,
    ),
)

KINDS: Final = tuple(shape.kind for shape in _SHAPES)
"""What can be found."""
