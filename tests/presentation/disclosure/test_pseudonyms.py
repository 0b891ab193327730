"""A pseudonym says nothing without the key and nothing beyond its quarter."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from analysis.errors import BadInputError
from analysis.presentation.disclosure import make_pseudonyms, pseudonyms, read_key
from analysis.presentation.disclosure.pseudonyms import sign

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("key", "text", "digest"),
    [
        (
            b"\x0b" * 20,
            "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe",
            "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            b"\xaa" * 131,
            "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ],
    ids=["case 1", "case 2", "case 6"],
)
def test_the_hash_is_that_of_rfc_4231(key: bytes, text: str, digest: str) -> None:
    assert sign(key, text).hex() == digest


def test_a_pseudonym_is_eight_characters_of_base32() -> None:
    names = make_pseudonyms(["C1", "C2", "C1"], key=KEY, quarter="2026Q3")
    assert all(re.fullmatch(r"[A-Z2-7]{8}", name) for name in names)
    assert names[0] == names[2] != names[1]


def test_another_quarter_or_key_gives_another_name() -> None:
    now, then, other = (
        make_pseudonyms(["C1"], key=key, quarter=quarter)
        for key, quarter in (
            (KEY, "2026Q3"),
            (KEY, "2026Q2"),
            (b"k" * 32, "2026Q3"),
        )
    )
    assert len({*now, *then, *other}) == 3


def test_quarter_and_number_cannot_be_shifted_into_each_other() -> None:
    first = make_pseudonyms(["1C1"], key=KEY, quarter="2026Q")
    second = make_pseudonyms(["C1"], key=KEY, quarter="2026Q1")
    assert first != second


def test_names_that_collide_are_lengthened_for_the_whole_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Digests that share 62 bits: 12 characters of base32.
    digests = {"2026Q3": KEY, "C1": b"\0" * 7 + b"a", "C2": b"\0" * 7 + b"b"}
    monkeypatch.setattr(pseudonyms, "sign", lambda _, text: digests[text].ljust(32))
    names = make_pseudonyms(["C1", "C2"], key=KEY, quarter="2026Q3")
    assert len(set(names)) == 2
    assert {len(name) for name in names} == {13}


@pytest.mark.parametrize("key", [b"", b"k" * 31])
def test_a_short_key_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match=f"at least 32 bytes; it has {len(key)}"):
        make_pseudonyms(["C1"], key=key, quarter="2026Q3")


@pytest.mark.parametrize(("ids", "quarter"), [(["C1", ""], "2026Q3"), (["C1"], "")])
def test_empty_names_are_refused(ids: list[str], quarter: str) -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        make_pseudonyms(ids, key=KEY, quarter=quarter)


def test_an_empty_list_has_no_names() -> None:
    assert make_pseudonyms([], key=KEY, quarter="2026Q3") == []


def test_the_first_use_makes_a_key_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "key"
    key = read_key(path)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path) == key
    assert [each.name for each in tmp_path.iterdir()] == ["key"]
    assert read_key(tmp_path / "other") != key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    path.write_bytes(KEY)
    path.chmod(mode)
    with pytest.raises(BadInputError, match=f"its mode is {mode:o}"):
        read_key(path)


def test_a_cut_off_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(KEY[:8])
    path.chmod(0o600)
    with pytest.raises(BadInputError, match="at least 32 bytes; it has 8"):
        read_key(path)
