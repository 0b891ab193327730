"""Sentences come from one template and never print what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.presentation.disclosure import SUPPRESSED
from analysis.quarter import Quarter
from analysis.wording import join_names, say


def test_a_template_is_filled_with_written_values() -> None:
    sentence = say(
        "{tier} earned {share} in {quarter}.",
        tier="金卡",
        share="−4.0%",
        quarter="2026Q3",
    )
    assert sentence == "金卡 earned −4.0% in 2026Q3."


def test_a_value_may_be_a_number_or_a_quarter() -> None:
    quarter = Quarter.parse("2026Q3")
    assert say("{n} customers in {quarter}.", n=12, quarter=quarter) == (
        f"12 customers in {quarter}."
    )


def test_braces_in_a_value_are_not_filled_again() -> None:
    assert say("{name} grew.", name="{tier}") == "{tier} grew."


@pytest.mark.parametrize(
    "value",
    [
        None,
        float("nan"),
        np.nan,
        np.inf,
        pd.NA,
        pd.NaT,
        SUPPRESSED,
        "nan",
        "CNY nan",
        "None",
        "inf%",
        " ",
    ],
    ids=repr,
)
def test_a_missing_value_is_never_printed(value: object) -> None:
    with pytest.raises(ValueError, match="can't print share="):
        say("The share is {share}.", share=value)


@pytest.mark.parametrize("value", ["Finance", "Nanjing", "information", "Nonetheless"])
def test_words_that_contain_a_missing_word_are_printed(value: str) -> None:
    assert say("{name}.", name=value) == f"{value}."


def test_a_name_without_value_is_refused() -> None:
    with pytest.raises(ValueError, match=r"must have values for \['tier'\]"):
        say("{tier} lost {share}.", share="1%")


def test_a_value_without_name_is_refused() -> None:
    with pytest.raises(ValueError, match=r"has no place for \['period'\]"):
        say("It rose {share}.", share="1%", period="2026Q3")


@pytest.mark.parametrize("template", ["{0} rose.", "{}", "{x.y}", "{x:.2f}", "{x!r}"])
def test_only_plain_names_stand_in_braces(template: str) -> None:
    with pytest.raises(ValueError, match="must have plain names"):
        say(template, x="1")


@pytest.mark.parametrize(
    ("names", "joined"),
    [(["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")],
)
def test_names_are_joined_as_in_a_sentence(names: list[str], joined: str) -> None:
    assert join_names(names) == joined


def test_no_names_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one name"):
        join_names([])
