"""Sentences come from one template and never print what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.presentation.disclosure import SUPPRESSED
from analysis.quarter import Quarter
from analysis.wording import (
    LANGUAGES,
    choose,
    get_language,
    join_names,
    mark,
    say,
    speak,
    use_language,
)


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


def test_a_text_is_said_in_the_language_spoken() -> None:
    with speak("zh"):
        assert say("{lower} to {upper}", lower="1%", upper="2%") == "1%至2%"
    assert say("{lower} to {upper}", lower="1%", upper="2%") == "1% to 2%"


def test_a_text_without_translation_stays_in_english() -> None:
    with speak("zh"):
        assert say("Nobody {verb} this.", verb="translates") == (
            "Nobody translates this."
        )


def test_the_language_spoken_before_comes_back_after_an_error() -> None:
    with pytest.raises(RuntimeError, match="stop"), speak("zh"):
        raise RuntimeError("stop")
    assert get_language() == "en"


def test_a_language_stays_until_another_is_used() -> None:
    with speak("en"):
        use_language("zh")
        assert get_language() == "zh"
    assert get_language() == "en"


@pytest.mark.parametrize("language", ["de", "", "EN", None])
def test_a_language_without_catalogue_is_refused(language: str) -> None:
    with pytest.raises(ValueError, match=r"must be one of \['en', 'zh'\]"):
        use_language(language)


def test_names_are_joined_as_in_a_chinese_sentence() -> None:
    with speak("zh"):
        assert join_names(["A", "B", "C"]) == "A、B和C"


def test_a_marked_text_is_itself() -> None:
    assert mark("Profit") == "Profit"


def test_the_empty_text_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        say("")


def test_a_given_text_is_chosen_by_language() -> None:
    texts = {"en": "Synthetic bank", "zh": "合成银行"}
    chosen = []
    for language in LANGUAGES:
        with speak(language):
            chosen.append(choose(texts))
    assert chosen == ["Synthetic bank", "合成银行"]


def test_one_text_for_all_languages_is_itself() -> None:
    with speak("zh"):
        assert choose("PKDD") == "PKDD"
        assert choose({"en": "PKDD"}) == "PKDD"
