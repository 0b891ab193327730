"""A published test of trend, and the size and power of the test of a lot."""

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.lot_balance import judge_lot, sum_moments


def test_alcohol_and_malformation_are_as_published():
    # Agresti (2002), Table 3.7 and p. 89: drinks a day of the mother (0, <1, 1-2, 3-5,
    # 6 and more; scores as there) and malformation of the child.
    scores = [0.0, 0.5, 1.5, 4.0, 7.0]
    absent, present = (17_066, 14_464, 788, 126, 37), (48, 38, 5, 1, 1)
    drinks = np.repeat(np.tile(scores, 2), [*absent, *present])
    malformed = np.repeat([0.0, 1.0], [sum(absent), sum(present)])
    units = pd.DataFrame({"drinks": drinks, "malformed": malformed})
    found = judge_lot(sum_moments(units, ["drinks", "malformed"]))
    assert found.rows["correlation"][0] == pytest.approx(0.0142, abs=5e-5)
    assert found.statistic == pytest.approx(6.57, abs=0.005)
    assert found.pvalue == pytest.approx(0.010, abs=5e-4)
    assert (found.degrees, found.units) == (1, 32_574)


def draw(rng, *, units, lean):
    known = rng.standard_normal((units, 4)) @ rng.standard_normal((4, 5))
    dose = rng.permutation(np.arange(units) % 4) + lean * known[:, 0]
    frame = pd.DataFrame(known, columns=list("abcde")).assign(dose=dose, same=2.0)
    return sum_moments(frame, ["dose", *"abcde", "same"])


def test_a_lot_is_refused_as_often_as_said():
    rng = np.random.default_rng(8)
    pvalues = [judge_lot(draw(rng, units=60, lean=0.0)).pvalue for _ in range(1_000)]
    # 5 % of 1,000 within four standard errors.
    assert np.mean(np.array(pvalues) < 0.05) == pytest.approx(0.05, abs=0.028)


def test_what_follows_others_or_is_constant_counts_for_nothing():
    found = judge_lot(draw(np.random.default_rng(9), units=200, lean=0.0))
    assert found.degrees == 4
    assert list(found.rows["name"]) == list("abcde")


def test_a_choice_is_seen():
    found = judge_lot(draw(np.random.default_rng(10), units=200, lean=0.5))
    assert found.pvalue < 1e-6
    assert found.rows.set_index("name")["pvalue"]["a"] < 1e-6


def test_nothing_known_before_can_not_speak_against_a_lot():
    units = pd.DataFrame({"dose": [0.0, 1.0, 2.0], "same": 1.0})
    assert judge_lot(sum_moments(units, ["dose", "same"])).pvalue == 1.0


def test_one_dose_is_no_lot():
    units = pd.DataFrame({"dose": [1.0, 1.0, 1.0], "a": [1.0, 2.0, 3.0]})
    with pytest.raises(ValueError, match="doses that differ"):
        judge_lot(sum_moments(units, ["dose", "a"]))
