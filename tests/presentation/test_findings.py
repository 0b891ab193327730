from dataclasses import replace

import pytest

from analysis.presentation.findings import Finding, judge_change
from analysis.units import Unit


@pytest.fixture
def measured() -> Finding:
    return Finding(
        key="share",
        requirement="B1",
        headline="Few customers earn most",
        sentence="The top 20% earned 120% (110% to 130%) of profit.",
        action="Look after them.",
        verdict="measured",
        unit=Unit.PERCENT,
        nobs=100,
        period="2026Q3",
        source="balances",
        measure="Share of profit of the top 20%",
        estimate=120.0,
        lower=110.0,
        upper=130.0,
    )


@pytest.mark.parametrize(
    ("lower", "upper", "smallest", "verdict"),
    [
        (0.2, 1.4, 0.5, "rose"),
        (-1.4, -0.2, 0.5, "fell"),
        (-0.1, 1.4, 0.5, "no clear change"),
        (0.1, 0.3, 0.5, "no clear change"),
        (-0.3, -0.1, 0.5, "no clear change"),
        (0.0, 0.0, 0.0, "no clear change"),
    ],
)
def test_words_follow_from_interval_and_smallest_change(
    lower, upper, smallest, verdict
):
    assert judge_change(lower, upper, smallest_change=smallest) == verdict


@pytest.mark.parametrize(("lower", "upper"), [(1, 0), (float("nan"), 1)])
def test_an_interval_upside_down_is_refused(lower, upper):
    with pytest.raises(ValueError, match="must have lower <= upper"):
        judge_change(lower, upper)


def test_what_is_not_identified_carries_no_number(measured):
    with pytest.raises(ValueError, match="must carry no number"):
        replace(measured, verdict="not identified", reason="No variation.")


def test_what_is_not_identified_says_why(measured):
    with pytest.raises(ValueError, match="must say why"):
        replace(
            measured, verdict="not identified", estimate=None, lower=None, upper=None
        )


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"measure": ""}, "must say in `measure` what it is"),
        ({"estimate": None}, "finite estimate"),
        ({"estimate": float("nan")}, "finite estimate"),
        ({"lower": None}, "must have an interval"),
        ({"lower": 125.0}, "must lie in its interval"),
        ({"verdict": "exact"}, "needs no interval"),
        ({"unit": Unit.MONEY}, "must name a currency"),
        ({"currency": "CNY"}, "must name a currency"),
    ],
)
def test_a_finding_that_contradicts_itself_is_refused(measured, changed, complaint):
    with pytest.raises(ValueError, match=complaint):
        replace(measured, **changed)
