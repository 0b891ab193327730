"""The closing pages say what was read, assumed and set, in the reader's language."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from analysis.data.check_results import CheckResult
from analysis.data.contract import CONTRACT
from analysis.presentation.action_lists import LISTS_VARIABLE
from analysis.presentation.show import bundle
from analysis.studies import appendix
from analysis.studies.settings import StudyParameters
from analysis.wording import speak

SOURCE = SimpleNamespace(title="A bank", attribution="", currency="CNY")
PASSED = CheckResult("unique key", "customers", True, "No key twice.", nobs=1200)
FAILED = CheckResult(
    "ranges", "customers", False, "One birth year is 1700.", severity="warning"
)


def read(table, column):
    return table.rows[column].tolist()


def test_failed_checks_come_first_and_by_themselves():
    tables = SimpleNamespace(checks=(PASSED, FAILED), source=SOURCE)
    shown = appendix.tabulate_checks(tables)
    assert read(shown, "result") == ["warning", "passed"]
    assert read(shown, "message") == [
        "One birth year is 1700.",
        "All rows hold what they must: 1,200.",
    ]
    assert shown.title == "1 of 2 checks of the data passed"


def test_lights_are_words_that_say_what_they_mean():
    guess = appendix.Assumption("It holds.", "red", "green", "Nobody knows.")
    text = bundle(appendix.tabulate_assumptions([guess]))["text/plain"]
    assert "a guess\tlittle" in text
    assert "red" not in text.split("\n")[-1]


def test_a_column_of_several_tables_comes_once():
    shown = appendix.tabulate_codebook(["survey_items", "survey_answers"])
    rows = shown.rows.set_index("column")
    assert rows.loc["item", "tables"] == "survey_items, survey_answers"
    assert rows.index.is_unique


def test_columns_that_are_not_read_are_left_out():
    shown = appendix.tabulate_codebook(
        ["customers"], read={"customers": ("customer_id", "region")}
    )
    assert read(shown, "column") == ["customer_id", "region"]
    whole = appendix.tabulate_codebook(["customers"])
    assert len(whole.rows) == len(CONTRACT["customers"].columns)


@pytest.mark.parametrize(
    ("folder", "edition"), [("", "management"), ("lists", "restricted")]
)
def test_the_run_record_names_language_edition_and_settings(
    monkeypatch, folder, edition
):
    monkeypatch.setenv(LISTS_VARIABLE, folder)
    tables = SimpleNamespace(checks=(), source=SOURCE)
    shown = appendix.describe_run(tables, StudyParameters(quarter="2026Q3"))
    values = dict(zip(read(shown, "what"), read(shown, "value"), strict=True))
    assert values["Edition"] == edition
    assert values["Language"] == "English"
    assert values["quarter"] == "2026Q3"
    assert values["numpy"]


def test_the_closing_pages_are_said_in_the_language_spoken():
    with speak("zh"):
        shown = appendix.tabulate_codebook(["survey_waves"])
    assert shown.title != "What each column means"
    assert shown.released.reason == "the data contract", "a record is not translated"
