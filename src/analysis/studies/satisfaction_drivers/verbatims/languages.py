"""Tell a comment's language by its characters."""

from __future__ import annotations

import re

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_LETTERS_A_CHARACTER = 4
"""Latin letters that say about as much as a Chinese character."""


def tell_language(text: str) -> str:
    """Tell a comment's language.

    Parameters
    ----------
    text : str
        A comment.

    Returns
    -------
    str
        "zh" where its Chinese characters say more than its Latin letters, else "en".

    Examples
    --------
    >>> tell_language("APP总是闪退"), tell_language("The app crashes")
    ('zh', 'en')
    """
    chinese, latin = (len(each.findall(text)) for each in (_CHINESE, _LATIN))
    return "zh" if _LETTERS_A_CHARACTER * chinese > latin else "en"
