"""Customers who look alike and stay differently: found, refused, and what is told."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.stratified_trend import TrendTest
from analysis.studies import segment_profitability as study
from analysis.studies.segment_profitability.lifetime import truth
from analysis.studies.segment_profitability.lifetime.chain import fit_chain
from analysis.studies.segment_profitability.lifetime.customer_value import (
    CustomerValue,
    RefusedWorth,
)
from analysis.studies.segment_profitability.lifetime.findings_persistence import (
    write_persistence,
)
from analysis.studies.segment_profitability.lifetime.lives import ABSENT, LifePanel
from analysis.studies.segment_profitability.lifetime.persistence import (
    check_persistence,
    foresee_year,
    is_uneven,
    value_two_speeds,
)
from analysis.wording import speak

STORED = Path(__file__).parents[1] / "reference/truth/segment_profitability.csv"
PARAMETERS = study.Parameters(quarter="2026Q3")
UNEVEN = (0.25, 1.75)


def draw_world(factors, seed):
    lives, _ = truth.draw_lives(np.random.default_rng(seed), factors)
    return lives


def make_panel(lives):
    account = SimpleNamespace(
        quarter="2026Q3", source="drawn", currency="CNY", missing=()
    )
    return LifePanel(
        lives=lives,
        states=truth.STATES,
        quarters=("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"),
        channel=np.full(len(lives.codes), -1),
        channels=(),
        cost=np.full(len(lives.codes), np.nan),
        account=account,
        members=None,
    )


@pytest.fixture(scope="module")
def refused():
    return study.value_customers(make_panel(draw_world(UNEVEN, 1)), PARAMETERS)


def test_customers_who_differ_are_told_from_those_who_do_not():
    assert check_persistence(draw_world(UNEVEN, 2)).pvalue < 1e-6
    assert check_persistence(draw_world((0.5, 1.5), 3)).pvalue < 0.05
    pvalues = [
        check_persistence(draw_world((1.0, 1.0), [4, number])).pvalue
        for number in range(6)
    ]
    assert sum(each < 0.05 for each in pvalues) <= 2
    assert np.mean(pvalues) == pytest.approx(0.5, abs=0.4)


def test_seasons_are_no_difference_between_customers():
    """All move often in two quarters next to each other, seldom in the others."""
    generator = np.random.default_rng(5)
    path = [generator.integers(0, 2, 4_000)]
    for chance in (0.05, 0.4, 0.4, 0.05):
        path.append(np.where(generator.random(4_000) < chance, 1 - path[-1], path[-1]))
    lives = draw_world((1.0, 1.0), 6)
    seasonal = dataclasses.replace(
        lives, codes=np.column_stack(path).astype(np.int8), n_states=2
    )
    assert 0.01 < check_persistence(seasonal).pvalue < 0.99


def test_newcomers_are_compared_with_newcomers_only():
    """Those who came later leave more often and have moved less: no difference."""
    lives = draw_world((1.0, 1.0), 7)
    codes = lives.codes.copy()
    generator = np.random.default_rng(8)
    new = generator.random(len(codes)) < 0.3
    codes[new, :2] = ABSENT
    codes[new & (generator.random(len(codes)) < 0.3), 4] = ABSENT
    newer = dataclasses.replace(lives, codes=codes)
    assert check_persistence(newer).pvalue > 0.01


def test_two_ends_tell_nothing_of_who_moves_again():
    lives = draw_world(UNEVEN, 9)
    short = dataclasses.replace(lives, codes=lives.codes[:, -2:])
    test = check_persistence(short)
    assert test.nobs == 0
    assert "Too few have moved twice" in write_persistence(test)


def test_the_next_year_counts_later_quarters_by_hand():
    """All bring 1 a quarter; of ten who start two leave at once and nobody later, so
    that one customer has 1 + 0.8 + 0.8 + 0.8 to bring; a chain would say 2.95."""
    codes = np.zeros((10, 5), np.int8)
    codes[:2, 1:] = ABSENT
    lives = draw_world((1.0, 1.0), 10)
    profits = {4: np.where(codes[:, 3] == 0, 1.0, 0.0)}
    draws = lives.draws.keep(np.arange(len(lives.codes)) < 10)
    small = dataclasses.replace(
        lives, codes=codes, n_states=1, profits=profits, marginal=profits, draws=draws
    )
    year = foresee_year(small, fit_chain(small, last=4))[0, 0]
    # 34 quarters were begun and 2 of them ended in leaving; 26 pairs, 18 triples.
    assert year == pytest.approx(1 + 32 / 34 + 24 / 26 + 16 / 18, rel=1e-12)


def test_beyond_the_history_the_chain_goes_on():
    codes = np.array([[0, 0]] * 9 + [[0, ABSENT]], np.int8)
    lives = draw_world((1.0, 1.0), 12)
    profits = {1: np.ones(10)}
    draws = lives.draws.keep(np.arange(len(lives.codes)) < 10)
    short = dataclasses.replace(
        lives, codes=codes, n_states=1, profits=profits, marginal=profits, draws=draws
    )
    year = foresee_year(short, fit_chain(short, last=1))[0, 0]
    assert year == pytest.approx(1 + 0.9 + 0.9**2 + 0.9**3, rel=1e-12)


def test_differences_that_the_interval_bears_do_not_refuse_the_worth():
    """Off by 0.4 errors 93.1% are covered, by 0.5 only 92.1%."""
    found = TrendTest(3.0, 0.001, 1.2, 1.1, 1.3, 1000)
    chance = TrendTest(1.0, 0.16, 1.2, 1.1, 1.3, 1000)
    values = np.array([[10.0], [9.0], [11.0]])
    assert not is_uneven(found, values, np.array([10.4]))
    assert is_uneven(found, values, np.array([10.5]))
    assert not is_uneven(chance, values, np.array([20.0]))


def test_two_speeds_of_one_state_are_two_annuities():
    """A tenth leaves a quarter; at an odds ratio of 1.25, a twentieth or 3/20."""
    codes = np.array([[0, 0]] * 9 + [[0, ABSENT]], np.int8)
    lives = draw_world((1.0, 1.0), 13)
    draws = lives.draws.keep(np.arange(len(lives.codes)) < 10)
    profits = {1: np.ones(10)}
    one = dataclasses.replace(
        lives, codes=codes, n_states=1, profits=profits, marginal=profits, draws=draws
    )
    test = TrendTest(3.0, 0.001, 1.25, 1.1, 1.4, 1000)
    found = value_two_speeds(fit_chain(one, last=1), test, discount_rate=0.03)
    assert found[0] == pytest.approx((1 / 0.08 + 1 / 0.18) / 2, rel=1e-12)


def test_an_uneven_bank_has_no_worth_and_a_next_year(refused):
    assert isinstance(refused, RefusedWorth)
    finding = study.find_customer_equity(refused)
    assert finding.verdict == "not identified"
    assert finding.key == "customer_equity"
    assert "stay differently" in finding.reason
    assert "next four quarters" in finding.sentence
    assert finding.estimate is None
    assert refused.year.lower < refused.year.estimate < refused.year.upper


def test_an_uneven_bank_says_how_much_likelier_movers_move(refused):
    finding = study.find_memory(refused)
    assert finding.key == "customers_differ"
    assert finding.lower > 1.3
    assert "moved before" in finding.sentence
    with speak("zh"):
        assert "客户" in study.find_memory(refused).headline


def test_what_rests_on_the_worth_is_refused_with_it(refused):
    assert study.tabulate_customer_value(refused) == ()
    acquisition = study.weigh_acquisition(refused)
    assert study.find_acquisition(acquisition).verdict == "not identified"


def test_an_even_bank_tells_worth_and_the_year_within_it():
    value = study.value_customers(make_panel(draw_world((1.0, 1.0), 11)), PARAMETERS)
    assert isinstance(value, CustomerValue)
    assert value.year.estimate < value.equity.estimate


def test_stored_scores_refuse_the_uneven_world_and_hold_elsewhere():
    scores = pd.read_csv(STORED).set_index(["scenario", "estimator", "target"])
    scores = scores.sort_index()
    uneven = scores.loc["lives, uneven"]
    assert uneven.loc[(truth.HEADLINE, truth.WORTH), "refused_share"] > 0.98
    assert uneven.loc[(truth.UNCHECKED, truth.WORTH), "coverage"] < 0.5
    even = scores.loc["lives"]
    assert even.loc[(truth.HEADLINE, truth.WORTH), "refused_share"] < 0.08
    assert 0.93 <= even.loc[(truth.HEADLINE, truth.WORTH), "coverage"] <= 0.97
    for world in (uneven, even):
        year = world.loc[(truth.HEADLINE, truth.YEAR)]
        assert 0.93 <= year["coverage"] <= 0.97
        assert year["refused_share"] == 0
