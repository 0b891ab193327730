"""Names that stand for customers in one quarter's report and cannot be traced back.

A pseudonym is a keyed hash: without the key nobody can try all customer numbers, and
with another quarter's key the same customer has another name, so that two reports
can't be joined.
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
import stat
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from analysis.errors import BadInputError, Problem

KEY_BYTES: Final = 32
"""Length of a key: that of the hash, as RFC 2104 section 3 asks."""

PSEUDONYM_LENGTH: Final = 8
"""Base32 characters of a pseudonym, 40 bits."""

_READ_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_pseudonyms(ids: Sequence[str], *, key: bytes, quarter: str) -> list[str]:
    """Name customers for one quarter.

    Two customers of a list share the first 40 bits with probability of about
    n² / 2⁴¹, one in 20,000 for 10,000 customers. Then every name of the list is given
    as many characters as tell all apart.

    Parameters
    ----------
    ids : sequence of str
        Customer numbers; one that occurs twice has the same name twice.
    key : bytes
        The secret, at least 32 bytes, from `read_key`.
    quarter : str
        The quarter reported, for example "2026Q3".

    Returns
    -------
    list of str
        One name per number, of 8 characters A to Z and 2 to 7 unless two collide.

    Raises
    ------
    ValueError
        If the key is too short, or there is no quarter or an empty number.

    References
    ----------
    .. [1] Krawczyk, H. et al. (1997), RFC 2104, HMAC; RFC 4231 with SHA-256.
    .. [2] Josefsson, S. (2006), RFC 4648, section 6, base32.
    """
    if len(key) < KEY_BYTES:
        message = f"A key must have at least {KEY_BYTES} bytes; it has {len(key)}."
        raise ValueError(message)
    if not quarter or not all(ids):
        message = "The quarter and each customer number must not be empty."
        raise ValueError(message)
    quarter_key = sign(key, quarter)
    names = {each: _write(sign(quarter_key, each)) for each in ids}
    length = _find_length(list(names.values()))
    return [names[each][:length] for each in ids]


def sign(key: bytes, text: str) -> bytes:
    """Hash a text with a key: HMAC-SHA256.

    Parameters
    ----------
    key : bytes
        The secret.
    text : str
        What is hashed, as UTF-8.

    Returns
    -------
    bytes
        32 bytes.
    """
    return hmac.digest(key, text.encode("utf-8"), "sha256")


def read_key(path: Path) -> bytes:
    """Read the secret, and make one at its first use.

    Parameters
    ----------
    path : pathlib.Path
        A file outside the project; made with 32 random bytes that only its owner may
        read.

    Returns
    -------
    bytes
        The key.

    Raises
    ------
    BadInputError
        If others may read the file, or it holds fewer than 32 bytes.
    """
    with suppress(FileExistsError):  # made before, perhaps by a run beside this one
        _write_key(path)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _READ_BY_OTHERS:
        what = f"The key must be readable by its owner only; its mode is {mode:o}."
        remedy = "Make a new key: this one may be known (chmod 600 the new one)."
        raise BadInputError([Problem(what, f"Key file {path.name}", remedy)])
    key = path.read_bytes()
    if len(key) < KEY_BYTES:
        what = f"A key must have at least {KEY_BYTES} bytes; it has {len(key)}."
        remedy = "Delete the file; the next run makes a new key."
        raise BadInputError([Problem(what, f"Key file {path.name}", remedy)])
    return key


def _write_key(path: Path) -> None:
    """Write a new key in one step, so that no run ever reads half of one."""
    if path.exists():
        raise FileExistsError(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
    try:
        os.link(draft, path)
    finally:
        draft.unlink()


def _write(digest: bytes) -> str:
    return base64.b32encode(digest).decode("ascii").rstrip("=")


def _find_length(names: Sequence[str]) -> int:
    length = PSEUDONYM_LENGTH
    while max(Counter(name[:length] for name in names).values(), default=1) > 1:
        length += 1
    return length
