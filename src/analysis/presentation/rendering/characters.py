"""Which characters a page can print."""

from __future__ import annotations


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


def _is_printable(character: str) -> bool:
    code = ord(character)
    if character in "\n\t":
        return True
    return code >= 0x20 and not 0x7F <= code <= 0x9F and not 0xD800 <= code <= 0xDFFF
