"""How every text that a reader sees is written, in the reader's language.

One template stands for one whole sentence or one label. It is written in English where
it is computed, and looked up in the catalogue `locale/<language>/LC_MESSAGES` when it
is said in another language. Numbers arrive written, with their units
(`analysis.units`); a sentence never prints a missing value.
"""

from __future__ import annotations

import gettext
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Final, Literal, SupportsFloat, get_args

import pandas as pd
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
"""Languages that a report can be written in; templates are written in the first."""

_language: ContextVar[Language] = ContextVar("language", default=LANGUAGES[0])
_MISSING_WORDS = re.compile(r"(?<![A-Za-z])(nan|NaN|NaT|<NA>|inf|None)(?![A-Za-z])")


def use_language(language: str) -> None:
    """Say everything from here on in a language.

    Parameters
    ----------
    language : {"en", "zh"}
        One of `LANGUAGES`.

    Raises
    ------
    ValueError
        If there is no catalogue for it.
    """
    _language.set(_require_language(language))


@contextmanager
def speak(language: str) -> Iterator[None]:
    """Say everything inside a `with` block in a language.

    Parameters
    ----------
    language : {"en", "zh"}
        One of `LANGUAGES`.

    Yields
    ------
    None
        The language spoken before comes back after the block.

    Raises
    ------
    ValueError
        If there is no catalogue for it.
    """
    token = _language.set(_require_language(language))
    try:
        yield
    finally:
        _language.reset(token)


def get_language() -> Language:
    """Give the language in which texts are said.

    Returns
    -------
    {"en", "zh"}
        The one last set, English if none was.
    """
    return _language.get()


def mark(template: str) -> str:
    """Mark a constant for the catalogue; `say` translates it where it is used.

    Parameters
    ----------
    template : str
        A text that is fixed before the language is known.

    Returns
    -------
    str
        The same text.
    """
    return template


def say(template: str, **values: object) -> str:
    """Write one template in the reader's language and fill in what it names.

    Parameters
    ----------
    template : str
        A whole sentence with plain names in braces: "{tier} lost {share} of income."
        Never a fragment to be joined to another.
    **values : str, int or float
        What the names stand for: exactly the names of the template. Numbers are
        better passed as text written by `analysis.units`.

    Returns
    -------
    str
        The sentence.

    Raises
    ------
    ValueError
        If the template is empty, a name has no value, a value has no name, a name in
        the template is not plain, or a value is missing (None, nan, infinite,
        suppressed or empty).

    Examples
    --------
    >>> say("{tier} earned {share} of profit.", tier="Gold", share="41.0%")
    'Gold earned 41.0% of profit.'
    """
    if not template.strip():
        message = "A text to be said must not be empty."
        raise ValueError(message)
    names = _list_names(template)
    _require_same_names(template, names, set(values))
    for name, value in values.items():
        _require_printable(template, name, value)
    translated = _open_catalogue(get_language()).gettext(template)
    return translated.format_map(values)


def join_names(names: Sequence[str]) -> str:
    """List names as a sentence of the language does: "A, B and C", "A、B和C".

    Parameters
    ----------
    names : sequence of str
        At least one name, in the order wanted.

    Returns
    -------
    str
        The names joined by the language's comma and its last "and".

    Raises
    ------
    ValueError
        If there is no name.

    Examples
    --------
    >>> join_names(["Gold", "Silver", "Basic"])
    'Gold, Silver and Basic'
    """
    if not names:
        message = "A list of names must have at least one name; it is empty."
        raise ValueError(message)
    if len(names) == 1:
        return names[0]
    return say(
        "{first_names} and {last_name}",
        first_names=say(", ").join(names[:-1]),
        last_name=names[-1],
    )


def choose(texts: str | Mapping[Language, str]) -> str:
    """Choose the text of the reader's language among those that data or params give.

    Parameters
    ----------
    texts : str or mapping
        One text for all languages, or language to text.

    Returns
    -------
    str
        The text itself, else that of the language, else the first one given.

    Examples
    --------
    >>> choose({"zh": "合成银行", "en": "Synthetic bank"})
    'Synthetic bank'
    """
    if isinstance(texts, str):
        return texts
    return texts.get(get_language(), next(iter(texts.values())))


@cache
def _open_catalogue(language: Language) -> gettext.NullTranslations:
    if language == LANGUAGES[0]:
        return gettext.NullTranslations()
    place = files("analysis") / "locale" / language / "LC_MESSAGES" / "quarterbook.po"
    with place.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _require_language(language: str) -> Language:
    for known in LANGUAGES:
        if language == known:
            return known
    message = f"A language must be one of {list(LANGUAGES)}, not {language!r}."
    raise ValueError(message)


def _list_names(template: str) -> set[str]:
    names = set()
    for _, name, specification, conversion in Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or specification or conversion:
            message = (
                f"Sentence {template!r} must have plain names in braces, not {name!r}. "
                "Write numbers with analysis.units before they come here."
            )
            raise ValueError(message)
        names.add(name)
    return names


def _require_same_names(template: str, names: set[str], given: set[str]) -> None:
    if names - given:
        message = f"Sentence {template!r} must have values for {sorted(names - given)}."
        raise ValueError(message)
    if given - names:
        message = f"Sentence {template!r} has no place for {sorted(given - names)}."
        raise ValueError(message)


def _require_printable(template: str, name: str, value: object) -> None:
    if not _is_printable(value):
        message = (
            f"Sentence {template!r} can't print {name}={value!r}: a value is missing. "
            "Say in a sentence of its own that the number is not known."
        )
        raise ValueError(message)


def _is_printable(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip()) and not _MISSING_WORDS.search(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return False
    return not isinstance(value, SupportsFloat) or math.isfinite(float(value))
