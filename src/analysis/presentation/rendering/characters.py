"""Which characters a page can print, and which a spreadsheet would calculate."""

from __future__ import annotations

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def clean(text: str) -> str:
    """Take out what no page can print: control characters and broken surrogates.

    Parameters
    ----------
    text : str
        Any text, also from data.

    Returns
    -------
    str
        The same text with each such character replaced by a space; line ends stay.
    """
    return "".join(character if _is_printable(character) else " " for character in text)


def disarm(text: str) -> str:
    """Keep a spreadsheet program from taking a text for a formula.

    Parameters
    ----------
    text : str
        Any text that goes into a CSV file, also from data.

    Returns
    -------
    str
        The text, after an apostrophe where it would be calculated; full-width signs
        count too, since some input methods make them plain.

    References
    ----------
    .. [1] OWASP, CSV Injection.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _is_printable(character: str) -> bool:
    code = ord(character)
    if character in "\n\t":
        return True
    return code >= 0x20 and not 0x7F <= code <= 0x9F and not 0xD800 <= code <= 0xDFFF
