"""What counts as moved, by which rule, with verdicts worked out by hand."""

from dataclasses import replace

import pytest

from analysis.presentation.findings import Finding
from analysis.reporting.comparison.movement import estimate_difference, judge_movement
from analysis.units import Unit

BEFORE = Finding(
    key="share",
    requirement="B1",
    headline="Savers keep 60%",
    sentence="It is 60%.",
    action="Price at 60%.",
    verdict="measured",
    unit=Unit.PERCENT,
    nobs=120,
    period="2026Q2",
    source="rates",
    measure="Share that savers keep",
    estimate=60.0,
    lower=58.0,
    upper=62.0,
)
OPEN = replace(
    BEFORE,
    verdict="not identified",
    reason="Too few moves.",
    **dict.fromkeys(("estimate", "lower", "upper")),
)
COUNT = replace(BEFORE, verdict="exact", lower=None, upper=None)
POINT = replace(BEFORE, lower=60.0, upper=60.0)
OWN, DIFFERENCE = "the study's own test", "interval of the difference"
OUTSIDE, COUNTED = "outside the earlier interval", "full counts"


def move(finding, by, **changes):
    ends = {
        name: getattr(finding, name) + by
        for name in ("estimate", "lower", "upper")
        if getattr(finding, name) is not None
    }
    return replace(finding, **ends, **changes)


def judge(before, after, relation="other quarter"):
    movement = judge_movement(before, after, relation)
    return movement.kind, movement.rule


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        # half-widths of 2 and 2: the difference is known to sqrt(2² + 2²) = 2.83
        (BEFORE, move(BEFORE, 2.8), "steady"),
        (BEFORE, move(BEFORE, 2.9), "up"),
        (BEFORE, move(BEFORE, -2.9), "down"),
        # lopsided: 60 reaches up to 62 and 66 down to 61, sqrt(2² + 5²) = 5.39 < 6;
        # 65 reaches down to 59, and sqrt(2² + 6²) = 6.32 > 5
        (BEFORE, replace(BEFORE, estimate=66.0, lower=61.0, upper=67.0), "up"),
        (BEFORE, replace(BEFORE, estimate=65.0, lower=59.0, upper=66.0), "steady"),
        # one known without error: only the other's half-width of 2 counts
        (POINT, move(BEFORE, 2.1), "up"),
        (POINT, move(BEFORE, 1.9), "steady"),
        (COUNT, move(BEFORE, -2.1), "down"),
        # both known without error: any difference, but not the dust of a sum
        (POINT, move(POINT, 0.01), "up"),
        (POINT, move(POINT, 1e-12), "steady"),
        # through zero: -3 and 3 with half-widths of 2, sqrt(8) = 2.83 < 6
        (move(BEFORE, -63.0), move(BEFORE, -57.0), "up"),
    ],
)
def test_two_quarters_are_told_apart_by_the_interval_of_the_difference(
    before, after, kind
):
    assert judge(before, after) == (kind, DIFFERENCE)


def test_the_interval_of_a_difference_joins_what_faces_each_other():
    after = replace(BEFORE, estimate=70.0, lower=66.0, upper=73.0)
    # below: 70 - 66 = 4 with 62 - 60 = 2; above: 73 - 70 = 3 with 60 - 58 = 2
    change, lower, upper = estimate_difference(BEFORE, after)
    assert change == pytest.approx(10.0)
    assert lower == pytest.approx(10.0 - 20.0**0.5)
    assert upper == pytest.approx(10.0 + 13.0**0.5)


def test_symmetric_intervals_give_the_usual_interval_of_independent_means():
    # 1.96 sqrt(3² + 4²) = 9.8 for standard errors of 3 and 4
    before = replace(BEFORE, lower=60 - 1.96 * 3, upper=60 + 1.96 * 3)
    after = replace(BEFORE, lower=60 - 1.96 * 4, upper=60 + 1.96 * 4)
    assert estimate_difference(before, after) == pytest.approx((0.0, -9.8, 9.8))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        # compared with the 60 that was published: what the study says stands
        (move(BEFORE, 9.0, change="no clear change", previous=60.0), ("steady", OWN)),
        (move(BEFORE, 1.0, change="rose", previous=60.0), ("up", OWN)),
        (move(BEFORE, -1.0, change="fell", previous=60.0), ("down", OWN)),
        # compared with 55, so what was published was revised: it speaks of that
        (move(BEFORE, 1.0, change="rose", previous=55.0), ("steady", DIFFERENCE)),
        (
            move(BEFORE, 9.0, change="no clear change", previous=55.0),
            ("up", DIFFERENCE),
        ),
        # not told with what: only a change that these two numbers show, too
        (move(BEFORE, 1.0, change="rose"), ("up", OWN)),
        (move(BEFORE, -1.0, change="rose"), ("steady", DIFFERENCE)),
        (move(BEFORE, 9.0, change="no clear change"), ("up", DIFFERENCE)),
        (
            move(BEFORE, 1.0, change="rose", previous=float("nan")),
            ("steady", DIFFERENCE),
        ),
        # computed anew, 59 lies in the 58 to 62 that was published
        (move(BEFORE, 9.0, change="no clear change", previous=59.0), ("steady", OWN)),
        (move(BEFORE, 1.0, change="rose", previous=59.0), ("up", OWN)),
        # but 60 that was published to 59.5 now is no rise
        (move(BEFORE, -0.5, change="rose", previous=59.0), ("steady", DIFFERENCE)),
        (move(COUNT, 1.0, change="rose", previous=60.0), ("up", OWN)),
        (move(COUNT, 1.0, change="no clear change", previous=60.0), ("steady", OWN)),
        (move(COUNT, 1.0, change="rose", previous=60.1), ("up", OWN)),
        (
            move(COUNT, 1.0, change="no clear change", previous=60.1),
            ("differs", COUNTED),
        ),
    ],
)
def test_a_study_that_tested_this_very_change_has_the_word(after, expected):
    before = COUNT if after.verdict == "exact" else BEFORE
    assert judge(before, after, "next quarter") == expected


@pytest.mark.parametrize("relation", ["other quarter", "restatement"])
def test_a_test_against_the_quarter_before_speaks_of_no_other_run(relation):
    after = move(BEFORE, 1.0, change="rose", previous=60.0)
    kind, rule = judge(BEFORE, after, relation)
    assert kind == "steady"
    assert rule != OWN


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # 58 to 62 was published; the new interval has no say in it
        (BEFORE, move(BEFORE, 2.0), ("steady", OUTSIDE)),
        (BEFORE, move(BEFORE, 2.1), ("up", OUTSIDE)),
        (BEFORE, move(BEFORE, -2.1), ("down", OUTSIDE)),
        (BEFORE, replace(BEFORE, lower=0.0, upper=100.0), ("steady", OUTSIDE)),
        (POINT, move(POINT, 0.01), ("up", OUTSIDE)),
        (POINT, POINT, ("steady", OUTSIDE)),
        (COUNT, move(COUNT, 0.01), ("differs", COUNTED)),
        (COUNT, COUNT, ("steady", COUNTED)),
        (COUNT, move(BEFORE, 5.0), ("differs", COUNTED)),
    ],
)
def test_a_restatement_is_held_against_what_was_published(before, after, expected):
    assert judge(before, after, "restatement") == expected


def test_full_counts_of_two_quarters_differ_and_do_not_move():
    assert judge(COUNT, move(COUNT, 9.0)) == ("differs", COUNTED)
    assert judge(COUNT, move(COUNT, 1e-9)) == ("steady", COUNTED)


@pytest.mark.parametrize("relation", ["next quarter", "other quarter", "restatement"])
def test_what_is_refused_is_found_or_lost_by_no_rule(relation):
    assert judge(OPEN, BEFORE, relation) == ("found", None)
    assert judge(BEFORE, OPEN, relation) == ("lost", None)
    assert judge(OPEN, OPEN, relation) == ("open", None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"unit": Unit.POINTS}, "the unit was %, it is points"),
        ({"confidence_level": 0.9}, "the confidence was 95%, it is 90%"),
    ],
)
def test_numbers_of_two_kinds_are_not_compared(changes, reason):
    movement = judge_movement(
        BEFORE, replace(move(BEFORE, 9.0), **changes), "restatement"
    )
    assert (movement.kind, movement.reason) == ("not comparable", reason)


def test_amounts_of_two_currencies_are_not_compared():
    yuan = replace(COUNT, unit=Unit.MONEY, currency="CNY")
    movement = judge_movement(yuan, replace(yuan, currency="EUR"), "next quarter")
    assert movement.kind == "not comparable"
    assert movement.reason == "the currency was CNY, it is EUR"


def test_another_thing_under_the_same_key_is_not_compared():
    # "what to fix first" was one thing and is another
    after = move(BEFORE, 9.0, measure="Points to gain: staff")
    movement = judge_movement(BEFORE, after, "other quarter")
    assert movement.kind == "not comparable"
    assert movement.reason == "it was 'Share that savers keep'"


def test_one_thing_in_two_languages_is_compared():
    after = move(BEFORE, 9.0, measure="储户分享")
    movement = judge_movement(BEFORE, after, "other quarter", same_language=False)
    assert movement.kind == "up"


def test_a_record_that_tells_no_measure_is_compared():
    # an earlier version has kept the headline only, which changes with the number
    before = replace(BEFORE, measure=BEFORE.headline)
    assert judge(before, move(BEFORE, 9.0)) == ("up", DIFFERENCE)
