"""Cycles, steps, core shares and the spread of price lists say what was planted."""

from __future__ import annotations

import math
from dataclasses import replace

import ibis
import numpy as np
import pandas as pd
import pytest

from analysis.presentation.charts import Chart
from analysis.presentation.notes import Note
from analysis.quarter import Quarter
from analysis.statistics.lagged_sum import estimate_lagged_sum
from analysis.studies import deposit_rate_elasticity as study
from analysis.studies.deposit_rate_elasticity.pass_through import truth
from analysis.studies.deposit_rate_elasticity.pass_through.estimates import (
    LinePassThrough,
    PassThrough,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.synthetic.rate_paths import RateSwitches, draw_rate_path

QUARTER = Quarter.parse("2026Q3")
LINES = {"current": (0, 300.0), "term": (12, 100.0)}


def make_history(policy, own, *, cells=None, has_reference=True, lines=LINES):
    """A history of lines whose rates are the columns of a frame, month by month."""
    days = pd.date_range(end=QUARTER.last_day, periods=len(policy), freq="ME")
    rates = pd.concat(
        [
            pd.DataFrame(
                {
                    "product": label,
                    "tenor_months": tenor,
                    "label": label,
                    "period": days,
                    "own_pct": np.asarray(own[label], float),
                    "policy_pct": np.asarray(policy, float),
                }
            )
            for label, (tenor, _) in lines.items()
        ]
    )
    described = pd.DataFrame(
        [
            {
                "product": label,
                "tenor_months": tenor,
                "label": label,
                "balance": balance,
                "customers": 1000,
            }
            for label, (tenor, balance) in lines.items()
        ]
    )
    return RateHistory(
        rates=rates.reset_index(drop=True),
        average=pd.DataFrame(),
        lines=described,
        total=pd.DataFrame(),
        cells=pd.DataFrame() if cells is None else cells,
        has_reference=has_reference,
        quarter=QUARTER,
        period_months=1,
        source="made by hand",
    )


def make_cells(product, tenor, prices):
    """Price lists of one line: a frame of months and regions."""
    days = pd.date_range(end=QUARTER.last_day, periods=len(prices), freq="ME")
    long = prices.set_axis(days, axis=0).rename_axis("period").reset_index()
    cells = long.melt("period", var_name="region", value_name="own_pct")
    return cells.assign(product=product, tenor_months=tenor, tier="all")


EMPTY_CELLS = make_cells("current", 0, pd.DataFrame({"A": [1.0]}))
POLICY = [2.0] * 6 + [2.5] * 12 + [3.0] * 6 + [2.0] * 8
OWN = {
    "current": [0.20] * 12 + [0.30] * 14 + [0.10] * 6,
    "term": [1.00] * 12 + [1.50] * 14 + [1.00] * 6,
}


# --- cycles ---------------------------------------------------------------------


def test_betas_by_cycle_are_weighed_by_balances_by_hand():
    history = make_history(POLICY, OWN, cells=EMPTY_CELLS)
    found = study.measure_policy_cycles(history)
    # Up one point: .1 and .5 with 300 and 100; down one point: .2 and .5.
    assert found.cycles["policy_bp"].tolist() == pytest.approx([100, -100])
    assert found.cycles["estimate"].tolist() == pytest.approx([20.0, 27.5])
    assert found.cycles["months"].tolist() == [18, 8]
    assert found.cycles["highest_label"].tolist() == ["term", "term"]
    assert not found.is_sampled
    # At the end of June posted rates had come down as far.
    assert found.previous == pytest.approx(27.5)


def test_a_count_of_facts_claims_no_interval():
    found = study.measure_policy_cycles(make_history(POLICY, OWN, cells=EMPTY_CELLS))
    finding = study.find_policy_cycles(found)
    assert (finding.verdict, finding.lower, finding.upper) == ("exact", None, None)
    assert "20.0% to 27.5%" in finding.headline
    assert "not estimates" in finding.sentence
    assert "25.8%" not in study.tabulate_policy_cycles(found).note
    # 1.79 * 4 - 1.90 * 2 + 25.4 at a policy rate of two percent.
    assert "28.8%" in study.tabulate_policy_cycles(found).note


def test_price_lists_set_apart_give_an_interval_that_holds_their_mean():
    rng = np.random.default_rng(1)
    betas = rng.normal(0.4, 0.1, size=40)
    policy = np.asarray(POLICY)
    prices = pd.DataFrame({f"R{n}": beta * policy for n, beta in enumerate(betas)})
    history = make_history(
        POLICY,
        {"current": 0.4 * policy},
        cells=make_cells("current", 0, prices),
        has_reference=False,
        lines={"current": (0, 1.0)},
    )
    finding = study.find_policy_cycles(study.measure_policy_cycles(history))
    assert finding.verdict == "measured"
    assert finding.estimate == pytest.approx(100 * betas.mean())
    assert finding.lower < 40 < finding.upper
    assert "alike" in finding.headline


def test_a_policy_rate_that_stands_still_has_no_cycle_and_no_number():
    flat = make_history([2.0] * 32, OWN, cells=EMPTY_CELLS)
    found = study.measure_policy_cycles(flat)
    assert study.find_policy_cycles(found).verdict == "not identified"
    assert isinstance(study.chart_policy_cycles(found), Note)
    assert isinstance(study.tabulate_policy_cycles(found), Note)


# --- steps ----------------------------------------------------------------------


BOTH_WAYS = np.repeat([2.75, 2.5, 2.25, 2.5, 2.75, 3.0, 2.75, 2.5], 6)
ONE_WAY = np.repeat([2.75, 2.5, 2.0, 1.5], 12)


def make_stepped(rng, *, up, down, late=BOTH_WAYS, regions=40, listed=48):
    """Price lists on a grid of 5 bp that follow a policy rate, and their line.

    Rises and cuts have log odds of `up` and `down` at the level, and .06 more for each
    basis point on the right side of it; a list that moves goes near its level.
    """
    policy = np.concatenate([np.repeat([2.0, 2.5, 3.0], 24), late])
    level = 0.2 + 0.5 * policy
    months = len(policy)
    line, own = np.full(months, level[0]), np.full((months, regions), level[0])
    for month in range(1, months):
        line[month] = line[month - 1] + 0.2 * (level[month] - line[month - 1])
        gap = 100 * (own[month - 1] - level[month])
        odds = np.exp([up - 0.06 * gap, down + 0.06 * gap])
        drawn = rng.random(regions) * (1 + odds.sum(axis=0))
        size = np.maximum(np.abs(gap + rng.normal(0, 25, size=regions)), 5.0)
        move = np.where(drawn < odds[0], size, 0.0)
        move = np.where(drawn > 1 + odds[0], -size, move)
        own[month] = own[month - 1] + np.round(move / 5) * 0.05
    prices = pd.DataFrame(own[-listed:], columns=[f"R{n}" for n in range(regions)])
    history = make_history(
        policy,
        {"term": line},
        cells=make_cells("term", 12, prices),
        lines={"term": (12, 1.0)},
    )
    known = LinePassThrough(
        "term", months, 0.5, 0.45, 0.55, level_pct=0.2, level_error_pct=0.025
    )
    return history, make_pass_through(known)


def make_pass_through(*lines, units=None):
    return PassThrough(lines[0], None, lines, units, QUARTER, "made by hand", 1)


def test_prices_that_move_alike_are_seldom_called_one_sided():
    found = []
    for seed in range(12):
        made = make_stepped(np.random.default_rng(seed), up=-2.0, down=-2.0)
        found.append(study.find_rate_steps(study.estimate_rate_steps(*made)))
    missed = sum(not each.lower <= 0 <= each.upper for each in found)
    # 5% wanted; of 12 draws more than 3 would happen once in 400 times.
    assert missed <= 3


def test_cuts_and_rises_are_not_compared_where_policy_only_fell():
    # Prices that lag behind stand too high throughout, however alike they move.
    made = make_stepped(np.random.default_rng(1), up=-2.0, down=-2.0, late=ONE_WAY)
    steps = study.estimate_rate_steps(*made)
    finding = study.find_rate_steps(steps)
    assert finding.verdict == "not identified"
    assert "went one way only" in finding.reason
    row = study.tabulate_rate_steps(steps)[0].rows.iloc[0]
    assert row["pvalue"] == "\N{EN DASH}"
    assert row["cut"] > 0


def test_prices_that_are_cut_sooner_are_found_out():
    made = make_stepped(np.random.default_rng(1), up=-4.5, down=0.5)
    steps = study.estimate_rate_steps(*made)
    finding = study.find_rate_steps(steps)
    assert finding.verdict == "measured"
    assert finding.lower > 0
    assert "cut sooner" in finding.headline
    assert steps.together.grid.step == 5.0
    assert isinstance(study.chart_rate_steps(steps)[0], Chart)
    assert study.tabulate_rate_steps(steps)[0].rows["reason"].tolist() == [""]


def test_prices_without_steps_are_refused_without_a_number():
    history, known = make_stepped(np.random.default_rng(2), up=-2.0, down=-2.0)
    rng = np.random.default_rng(3)
    noisy = history.cells.assign(
        own_pct=history.cells["own_pct"] + rng.normal(0, 0.03, len(history.cells))
    )
    steps = study.estimate_rate_steps(replace(history, cells=noisy), known)
    finding = study.find_rate_steps(steps)
    assert finding.verdict == "not identified"
    assert "don't move in steps" in finding.reason
    assert study.chart_rate_steps(steps) == ()
    assert study.tabulate_rate_steps(steps) == ()


def test_a_line_without_long_run_is_refused():
    history, known = make_stepped(np.random.default_rng(4), up=-2.0, down=-2.0)
    unknown = replace(known.lines[0], level_pct=math.nan, reason="refused")
    steps = study.estimate_rate_steps(history, make_pass_through(unknown))
    assert "no long run" in study.find_rate_steps(steps).reason


# --- core -----------------------------------------------------------------------


def make_tables(months, *, without=()):
    """Two accounts whose balances grow, with one fall of a fifth halfway."""
    days = pd.date_range(end=QUARTER.last_day, periods=months, freq="ME")
    level = np.where(np.arange(months) < months // 2, 100.0, 80.0)
    balances = pd.concat(
        [
            pd.DataFrame({"account_id": name, "period": days, "balance_average": level})
            for name in ("A", "B")
        ]
    )
    hidden = balances["period"].isin(days[list(without)]) & (
        balances["account_id"] == "B"
    )
    accounts = pd.DataFrame(
        {
            "account_id": ["A", "B"],
            "side": "deposit",
            "product": "current",
            "tenor_months": 0,
        }
    )
    return {
        "balances": ibis.memtable(balances[~hidden]),
        "accounts": ibis.memtable(accounts),
    }


KNOWN = LinePassThrough("current", 120, estimate=0.1, lower=0.05, upper=0.2)


def measure_core(tables, line=KNOWN):
    history = make_history(POLICY, OWN, cells=EMPTY_CELLS)
    term = LinePassThrough("term", 0, reason="refused")
    return study.measure_core_shares(tables, history, make_pass_through(line, term))


def test_core_is_what_stayed_times_what_is_not_passed_on_by_hand():
    core = measure_core(make_tables(132)).lines
    assert core["label"].tolist() == ["current"]
    row = core.iloc[0]
    assert (row["years"], row["reason"]) == (11.0, "")
    assert row["stable_pct"] == pytest.approx(80.0)
    assert row["core_pct"] == pytest.approx(72.0)
    assert row["left_lower_pct"] == pytest.approx(80.0)
    assert row["left_upper_pct"] == pytest.approx(95.0)


@pytest.mark.parametrize(
    ("tables", "line", "reason"),
    [
        (make_tables(36), KNOWN, "too short for the rule: 3.0 years"),
        (make_tables(132, without=range(50, 60)), KNOWN, "has gaps"),
        (
            make_tables(132),
            LinePassThrough("current", 0, reason="refused"),
            "No long-run",
        ),
    ],
    ids=["short", "gaps", "no long run"],
)
def test_a_core_share_that_the_rule_does_not_allow_is_refused(tables, line, reason):
    core = measure_core(tables, line)
    row = core.lines.iloc[0]
    assert reason in row["reason"]
    assert math.isnan(row["core_pct"])
    assert math.isnan(row["stable_pct"])
    table = study.tabulate_core_shares(core)
    assert "No core share" in table.title
    assert table.rows[["transactional_pct", "other_pct"]].iloc[0].tolist() == [90, 70]


def test_deposits_that_all_have_a_maturity_have_no_core():
    lines = {"term": (12, 100.0)}
    history = make_history(POLICY, OWN, cells=EMPTY_CELLS, lines=lines)
    term = make_pass_through(LinePassThrough("term", 0, reason="refused"))
    core = study.measure_core_shares(make_tables(36), history, term)
    assert isinstance(study.tabulate_core_shares(core), Note)


# --- price lists ----------------------------------------------------------------


def measure_spread(rng, *, spread, lists=80, months=60):
    policy = pd.Series(rng.choice([-0.25, 0, 0.25], size=months).cumsum())
    betas = rng.normal(0.4, spread, size=lists)
    noise = rng.normal(0, 0.05, size=(months, lists)).cumsum(axis=0)
    prices = pd.DataFrame(np.outer(policy, betas) + noise)
    units = estimate_lagged_sum(prices, policy, n_lags=1)
    return study.measure_list_spread(make_pass_through(KNOWN, units=units))


def test_the_spread_beyond_noise_is_the_planted_one():
    rng = np.random.default_rng(5)
    found = [measure_spread(rng, spread=0.10) for _ in range(6)]
    covered = sum(each.lower <= 10.0 <= each.upper for each in found)
    # 95% wanted; of 6 draws fewer than 4 would happen once in 400 times.
    assert covered >= 4
    assert all(each.bars["lists"].sum() == 80 for each in found)


def test_noise_is_not_taken_for_a_difference():
    found = measure_spread(np.random.default_rng(6), spread=0.0)
    raw = 100 * found.units.spread
    assert found.spread < raw / 2
    assert found.above + found.below <= 2
    assert "34.5%" in study.chart_list_spread(found).note


def test_one_price_for_all_has_no_distribution():
    assert study.measure_list_spread(make_pass_through(KNOWN)) is None
    assert isinstance(study.chart_list_spread(None), Note)


# --- truth ----------------------------------------------------------------------


def test_the_printed_interval_covers_the_long_run_of_smooth_rates():
    draws = [
        truth.score_pass_through("smooth rates", np.random.default_rng([2, number]))
        for number in range(20)
    ]
    scored = pd.concat(draws)
    report = scored[scored["estimator"] == truth.HEADLINE].dropna()
    covered = report["truth"].between(report["lower"], report["upper"])
    assert (report["truth"] == 45.0).all()
    assert len(report) >= 18
    # 95% wanted; of 20 draws fewer than 16 would happen once in 400 times.
    assert covered.sum() >= 16


@pytest.mark.parametrize("scenario", truth.SCENARIOS)
def test_every_scenario_gives_rows_as_the_scores_want_them(scenario):
    rows = truth.score_pass_through(scenario, np.random.default_rng(1))
    columns = ["estimator", "target", "part", "truth", "estimate", "lower", "upper"]
    assert rows.columns.tolist() == columns
    assert rows["estimator"].tolist() == [truth.PLAIN, truth.HEADLINE]
    again = truth.score_pass_through(scenario, np.random.default_rng(1))
    pd.testing.assert_frame_equal(rows, again)


def test_a_short_and_nearly_still_pair_is_refused_by_both_estimators():
    # Three years of a rate that ignores policy: no relation in levels to be found.
    quiet = RateSwitches(months=30)
    rates = draw_rate_path(np.random.default_rng(1), switches=quiet).rates
    line = truth.fit_line("x", rates, study.Parameters(quarter=str(QUARTER)), 1)
    assert "36 are needed" in line.reason
    assert math.isnan(line.estimate)
