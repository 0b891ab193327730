"""Turn comments into counts of terms: pairs of Chinese characters, English words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_ENGLISH = re.compile(r"[a-z]+(?:'[a-z]+)?")
_STOP = frozenset(
    "the a an and or of to in on for is are was were be been it its i my me we our you "
    "your they them this that with at as so very too have has had do does did not no "
    "from by when would could should will can just there than more".split()
)
FEWEST_TEXTS = 2
"""Comments in which a term must stand to count."""


def tell_language(text: str) -> str:
    """Tell a comment's language by its characters.

    Parameters
    ----------
    text : str
        A comment.

    Returns
    -------
    str
        "zh" where a fifth of the letters or more are Chinese, else "en".
    """
    chinese = sum(len(part) for part in _CHINESE.findall(text))
    others = len(re.findall(r"[A-Za-z]", text))
    return "zh" if chinese and 4 * chinese >= others else "en"


def list_terms(text: str) -> list[str]:
    """List the terms of a comment.

    Parameters
    ----------
    text : str
        Lower case.

    Returns
    -------
    list of str
        Neighbouring Chinese characters by twos; English words without a plural's s,
        and neighbouring ones by twos.
    """
    terms = []
    for part in _CHINESE.findall(text):
        terms.extend(part[at : at + 2] for at in range(max(1, len(part) - 1)))
    words = [_strip(word) for word in _ENGLISH.findall(text) if word not in _STOP]
    pairs = [f"{one} {two}" for one, two in zip(words, words[1:], strict=False)]
    return [*terms, *words, *pairs]


def _strip(word: str) -> str:
    is_plural = word.endswith("s") and not word.endswith("ss") and len(word) > 3
    return word[:-1] if is_plural else word


def count_terms(texts: Sequence[str]) -> tuple[csr_array, tuple[str, ...]]:
    """Count the terms of comments.

    Parameters
    ----------
    texts : sequence of str
        Comments, lower case.

    Returns
    -------
    scipy.sparse.csr_array, tuple of str
        Counts, one row per comment; and the terms.
    """
    counted = [Counter(list_terms(text)) for text in texts]
    spread = Counter(term for each in counted for term in each)
    terms = sorted(term for term, n in spread.items() if n >= FEWEST_TEXTS)
    places = {term: place for place, term in enumerate(terms)}
    rows, columns, values = [], [], []
    for row, each in enumerate(counted):
        for term, n in each.items():
            if term in places:
                rows.append(row)
                columns.append(places[term])
                values.append(float(n))
    shape = (len(texts), len(terms))
    matrix = csr_array((np.array(values), (rows, columns)), shape=shape)
    return matrix, tuple(terms)
