"""A highlight goes where the finding's verdict and change allow it to go."""

from __future__ import annotations

import pytest

from analysis.presentation.findings import Finding
from analysis.presentation.highlights import (
    ARROWS,
    choose_highlights,
    highlight,
    judge_direction,
)
from analysis.presentation.rendering.finding_words import (
    explain_verdict,
    list_facts,
    write_evidence,
    write_previous,
)
from analysis.units import Unit

REFUSED = {
    "verdict": "not identified",
    "estimate": None,
    "lower": None,
    "upper": None,
    "reason": "No price moved.",
    "nobs": 0,
}
EXACT = {"verdict": "exact", "lower": None, "upper": None}


def make_finding(**changes) -> Finding:
    values = {
        "key": "loss_makers",
        "requirement": "B1",
        "headline": "58.8% of customers lose money",
        "sentence": "In 2026Q3 58.8% (58.1% to 59.4%) lost money.",
        "action": "Move contacts of low value to the app.",
        "verdict": "measured",
        "unit": Unit.PERCENT,
        "nobs": 20_593,
        "period": "2026Q3",
        "source": "profit",
        "measure": "Share of customers who lose money",
        "estimate": 58.8,
        "lower": 58.1,
        "upper": 59.4,
    }
    return Finding(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "direction"),
    [
        ({"change": "rose", "previous": 50.0}, "up"),
        ({"change": "fell", "previous": 65.0}, "down"),
        ({"change": "no clear change", "previous": 58.5}, "flat"),
        ({}, "level"),
        ({"previous": 20.0}, "level"),
        (REFUSED, "unknown"),
        ({"verdict": "rose"}, "up"),
        ({"verdict": "fell", "change": "rose"}, "down"),
        ({"verdict": "no clear change"}, "flat"),
        (EXACT, "level"),
        ({**EXACT, "previous": 57.0}, "up"),
        ({**EXACT, "previous": 60.0}, "down"),
        ({**EXACT, "previous": 58.81}, "flat"),
        ({**EXACT, "previous": 58.5, "change": "no clear change"}, "flat"),
    ],
)
def test_the_direction_follows_from_verdict_and_change(changes, direction) -> None:
    finding = make_finding(**changes)
    assert judge_direction(finding) == direction
    assert highlight(finding).arrow == ARROWS[direction]


def test_an_estimate_that_only_differs_has_no_direction() -> None:
    # 58.8 against 20.0 looks like a rise; without a judged change it is not claimed.
    shown = highlight(make_finding(previous=20.0))
    assert shown.direction_words == "This quarter's level"


def test_a_highlight_holds_size_interval_and_what_to_do() -> None:
    shown = highlight(make_finding())
    assert (shown.size, shown.interval) == ("58.8%", "58.1% to 59.4%")
    assert shown.measure == "Share of customers who lose money"
    assert shown.action == "Move contacts of low value to the app."
    assert shown.key == "loss_makers"


def test_a_refused_highlight_shows_no_number() -> None:
    shown = highlight(make_finding(**REFUSED))
    assert (shown.size, shown.interval) == ("", "")
    assert shown.direction_words == "The data cannot tell"


def test_an_exact_highlight_speaks_of_no_chance() -> None:
    shown = highlight(make_finding(**EXACT, previous=58.81))
    assert "clear" not in shown.direction_words
    assert shown.interval == ""


def test_the_most_important_come_first_and_ties_keep_their_order() -> None:
    importances = {"a": 0.5, "b": 0.9, "c": 0.5, "d": 0.7, "e": 0.6, "f": 0.8}
    findings = [make_finding(key=k, importance=v) for k, v in importances.items()]
    assert [h.key for h in choose_highlights(findings)] == ["b", "f", "d", "e", "a"]


def test_answers_come_before_open_questions_of_the_same_weight() -> None:
    findings = [make_finding(key="open", **REFUSED), make_finding(key="answered")]
    assert [h.key for h in choose_highlights(findings)] == ["answered", "open"]


def test_beyond_three_only_what_matters_is_chosen() -> None:
    findings = [make_finding(key=f"k{n}", importance=0.2) for n in range(6)]
    assert len(choose_highlights(findings)) == 3
    assert choose_highlights([]) == ()


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        # Half widths over the farther end: 0.65/59.4 = 1%, 3.7/25.6 = 14%, 0.5/1 = 50%.
        ((58.1, 59.4), "Close estimate, 58.1% to 59.4%; 19 in 20 such ranges hold"),
        ((18.2, 25.6), "Fairly close estimate, 18.2% to 25.6%; 19 in 20"),
        ((0.0, 1.0), "Rough estimate, 0.0% to 1.0%; 19 in 20"),
        ((-3.0, 3.0), "Rough estimate"),
    ],
)
def test_how_sure_says_how_wide_the_interval_is(ends, words) -> None:
    lower, upper = ends
    finding = make_finding(lower=lower, upper=upper, estimate=(lower + upper) / 2)
    assert explain_verdict(finding).startswith(words)


def test_how_sure_counts_in_words_of_the_confidence_level() -> None:
    assert "9 in 10" in explain_verdict(make_finding(confidence_level=0.9))
    assert "99 in 100" in explain_verdict(make_finding(confidence_level=0.99))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({**EXACT, "previous": 57.8}, "57.8%; since then +1.00 pp"),
        ({**EXACT, "previous": 58.8}, "58.8%, unchanged since"),
        (
            {**EXACT, "previous": -0.44, "estimate": -0.7, "unit": Unit.RATE},
            "−0.44%; since then −0.26 pp",
        ),
        (
            {**EXACT, "previous": 57.8, "change": "no clear change"},
            "57.8%; since then +1.00 pp",
        ),
        (
            {
                **EXACT,
                "previous": 700_000.0,
                "estimate": 734_000.0,
                "unit": Unit.MONEY,
                "currency": "CNY",
            },
            "CNY 700 thousand; since then CNY +34.0 thousand",
        ),
    ],
)
def test_an_exact_number_is_told_with_its_plain_difference(changes, text) -> None:
    assert write_previous(make_finding(**changes)) == text


def test_a_refused_finding_counts_no_observations() -> None:
    assert write_evidence(make_finding(**REFUSED)) == "Source: profit. 2026Q3."
    labels = [label for label, _ in list_facts(make_finding(**REFUSED))]
    assert labels == ["Not identified", "What to do"]
