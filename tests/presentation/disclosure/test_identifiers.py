"""Published identifiers are found, wherever they stand; numbers of reports are not."""

from __future__ import annotations

import base64
import hashlib

import numpy as np
import pytest

from analysis.presentation.disclosure import find_identifiers
from analysis.presentation.disclosure.identifiers import (
    KINDS,
    has_credit_code_check,
    has_iban_check,
    has_luhn_check,
    has_resident_check,
)

PUBLISHED = [
    # GB 11643-1999, clause 4: the example of a check character.
    ("resident identity number", "11010519491231002X"),
    # GB 32100-2015: the code by which the standard is explained.
    ("unified social credit code", "91350100M000100Y43"),
    # SWIFT, IBAN Registry: examples of the countries.
    ("IBAN", "GB29NWBK60161331926819"),
    ("IBAN", "GB29 NWBK 6016 1331 9268 19"),
    ("IBAN", "DE89 3704 0044 0532 0130 00"),
    ("IBAN", "AT611904300234573201"),
    ("IBAN", "FR1420041010050500013M02606"),
    ("IBAN", "NO9386011117947"),
    ("IBAN", "MT84MALT011000012345MTLCAST001S"),
    # Test numbers of payment schemes; the first is the classic of Luhn's algorithm.
    ("bank card number", "4539 1488 0343 6467"),
    ("bank card number", "4539148803436467"),
    ("bank card number", "5555-5555-5555-4444"),
    ("bank card number", "4111111111111111"),
    ("bank card number", "6200000000000005"),
    # Numbers of mainland form: 3, 4, 4 digits with a prefix in use.
    ("mobile number", "13800138000"),
    ("mobile number", "138 0013 8000"),
    ("mobile number", "+8613800138000"),
    ("mobile number", "+86 138-0013-8000"),
    # RFC 5322, appendix A.1.1.
    ("e-mail address", "john.q.public@example.com"),
]
by_published = pytest.mark.parametrize(("kind", "value"), PUBLISHED)


@by_published
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "客户{}，已核实",
        "See {}.",
        '<td title="{}">',
        "id={}&x=1",
        "row,{},3.5",
        "KeyError: '{}'",
        "cust_{}",
        "{} 2024",
    ],
)
def test_a_published_identifier_is_found_once_and_masked(
    kind: str, value: str, around: str
) -> None:
    if "_" in around and kind == "e-mail address":
        value = "q@example.com"
    found = find_identifiers(around.format(value))
    assert [each.kind for each in found] == [kind]
    assert value not in found[0].masked
    assert sum(c != "*" for c in found[0].masked) == 3


def test_the_place_is_that_in_the_text() -> None:
    found = find_identifiers("万元 13800138000 / 11010519491231002X")
    assert [(each.kind, each.start) for each in found] == [
        ("mobile number", 3),
        ("resident identity number", 17),
    ]
    assert found[1].masked == "11***************X"


def test_full_width_digits_are_digits() -> None:
    wide = "13800138000".translate({ord("0") + d: 0xFF10 + d for d in range(10)})
    assert [each.kind for each in find_identifiers(wide)] == ["mobile number"]


def test_every_kind_is_tested() -> None:
    assert {kind for kind, _ in PUBLISHED} == set(KINDS)


def change_last(value: str) -> str:
    return value[:-1] + ("1" if value[-1] != "1" else "2")


@pytest.mark.parametrize(
    ("value", "check"),
    [
        ("11010519491231002X", has_resident_check),
        ("440524188001010014", has_resident_check),  # the standard's, born 1880
        ("91350100M000100Y43", has_credit_code_check),
        ("79927398713", has_luhn_check),  # the example in most texts on Luhn
        ("4539148803436467", has_luhn_check),
        ("GB29NWBK60161331926819", has_iban_check),
        ("SA0380000000608010167519", has_iban_check),
    ],
)
def test_another_last_character_is_wrong(value: str, check: object) -> None:
    assert callable(check)
    assert check(value)
    assert not check(change_last(value))


def test_a_day_that_is_not_in_the_calendar_is_no_birth_date() -> None:
    assert not has_resident_check("110105194902310025")


@pytest.mark.parametrize(
    "harmless",
    [
        "0.13800138000",
        ".13800138000",
        "-1.4539148803436467e-05",
        "13800138000.25",
        "13,800,138,000",
        "4,539,148,803,436,467",
        "x13800138000",
        "a3f13800138000bc",
        "#13800138000",
        "12800138000",  # no such prefix
        "138001380001",
        "4539148803436468",  # check digit
        "0000000000000000",
        "4444444444444444444",
        "11010519491231003X",
        "2026-09-30 12:00:00.138001",
        "icon@2x.png",
        "M.13800138000 2",
        "l-.13800138000,3",
        "M 10.13800138000 L 4.5391488034364",
        "matplotlib@3.11.2",
    ],
)
def test_a_number_of_a_report_is_no_identifier(harmless: str) -> None:
    wrapped = f'<path d=" {harmless}"/>'
    assert find_identifiers(harmless if harmless[0] != "M" else wrapped) == ()


def test_decimals_are_no_identifiers() -> None:
    generator = np.random.default_rng(1)
    scales = 10.0 ** generator.integers(-6, 13, 20_000)
    numbers = generator.normal(size=20_000) * scales
    text = " ".join(repr(float(number)) for number in numbers)
    assert find_identifiers(text) == ()
    assert find_identifiers(text.replace("0.", ".")) == ()


def test_amounts_with_separators_are_no_identifiers() -> None:
    numbers = np.random.default_rng(2).integers(0, 10**16, 20_000)
    text = "; ".join(f"{number:,}" for number in numbers)
    assert find_identifiers(text) == ()


def test_hashes_are_no_identifiers() -> None:
    hashes = [hashlib.sha256(bytes([i % 256, i // 256])) for i in range(5_000)]
    text = "\n".join(each.hexdigest() for each in hashes)
    assert find_identifiers(text) == ()


def test_base64_is_no_identifier() -> None:
    data = np.random.default_rng(3).bytes(1_000_000)
    text = "data:font/woff2;base64," + base64.b64encode(data).decode("ascii")
    assert find_identifiers(text) == ()


def test_glyphs_in_fours_are_no_identifier() -> None:
    generator = np.random.default_rng(5)
    letters = generator.choice(list("MLCQ"), 5_000)
    points = generator.integers(1_000, 5_000, (5_000, 6))
    steps = [
        f"{letter} {' '.join(map(str, point))}"
        for letter, point in zip(letters, points, strict=True)
    ]
    path = "M 2034 4250 " + " \n".join(steps) + " z"
    assert find_identifiers(f'<path id="a" d="{path}"/>') == ()
    assert find_identifiers(path) == ()
    assert len(find_identifiers(f'<path d="{path}"/><p>4539 1488 0343 6467</p>')) == 1


def test_a_drawing_is_no_identifier() -> None:
    generator = np.random.default_rng(4)
    letters = generator.choice(list("MLCQmlcqhv"), 10_000)
    points = generator.uniform(-500, 500, 10_000)
    path = "".join(
        f"{letter}{point:.6f},{point / 7:.12f}".replace("0.", ".")
        for letter, point in zip(letters, points, strict=True)
    )
    assert find_identifiers(f'<path d="{path}"/>') == ()
