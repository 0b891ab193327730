"""Following that was planted is found, and following that was not is not."""

from __future__ import annotations

from dataclasses import fields

import ibis
import numpy as np
import pandas as pd

from analysis.presentation.charts import Chart
from analysis.quarter import Quarter
from analysis.studies import deposit_rate_elasticity as study
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory

QUARTER = Quarter.parse("2026Q3")
LINES = (3, 6, 12, 24, 36, 60)


def make_market(rng, *, following=0.0, periods=100, noise=0.03):
    """Own and competitors' rates of six terms close in on one policy rate."""
    days = pd.date_range(end="2026-09-30", periods=periods, freq="ME")
    policy = 2 + np.cumsum(rng.choice([-0.25, 0, 0, 0, 0.25], periods))
    slope = np.linspace(0.4, 0.7, len(LINES))
    own = np.tile(slope * policy[0], (periods, 1))
    rival = np.tile(own[0][:, None], (periods, 1, 3))
    for now in range(1, periods):
        move = 0.2 * (slope * policy[now] - own[now - 1])
        move = move + noise * rng.normal(size=len(LINES))
        own[now] = own[now - 1] + move
        back = 0.2 * (slope[:, None] * policy[now] - rival[now - 1])
        shocks = rng.normal(0, 0.03, back.shape)
        rival[now] = rival[now - 1] + back + following * move[:, None] + shocks
    at, line = (index.ravel() for index in np.indices(own.shape))
    rates = pd.DataFrame(
        {
            "product": "term",
            "tenor_months": np.array(LINES)[line],
            "label": [f"term, {LINES[each]} months" for each in line],
            "period": days[at],
            "own_pct": own.ravel(),
            "policy_pct": policy[at],
        }
    )
    at, line, who = (index.ravel() for index in np.indices(rival.shape))
    quotes = pd.DataFrame(
        {
            "period": days[at],
            "competitor": np.array(["A", "B", "C"])[who],
            "product": "term",
            "tenor_months": np.array(LINES)[line],
            "rate": rival.ravel() / 100,
            "first_seen": days[at] - pd.to_timedelta(np.where(who == 2, 120, 10), "D"),
        }
    )
    known = dict.fromkeys((field.name for field in fields(RateHistory)), None)
    lines = rates.groupby(["product", "tenor_months"], as_index=False).size()
    history = RateHistory(
        **known
        | {
            "rates": rates,
            "lines": lines.assign(balance=1.0),
            "quarter": QUARTER,
            "period_months": 1,
            "source": "simulation",
        }
    )
    return {"competitor_rates": ibis.memtable(quotes)}, history


def measure(rng, **options):
    return study.measure_following(*make_market(rng, **options))


def test_planted_following_is_found_and_said():
    following = measure(np.random.default_rng(1), following=0.6)
    first = following.rivals.iloc[0]
    # A month later: six tenths, less what both have fallen back.
    truth = 60 * (1 - 0.2 - 0.2)
    assert first["lower"] <= truth <= first["upper"]
    assert first["lower"] > 0
    finding = study.find_following(following)
    assert finding.requirement == "A2"
    assert "Policy is held" in finding.sentence


def test_rivals_of_one_policy_rate_are_not_said_to_follow():
    rng = np.random.default_rng(2)
    heads = [study.find_following(measure(rng)).headline for _ in range(12)]
    # 95% intervals: more than three of twelve would be chance once in 500 times.
    assert sum("do not" not in head for head in heads) <= 3


def test_a_price_list_that_never_moves_has_nobody_to_follow():
    tables, history = make_market(np.random.default_rng(3))
    still = history.rates.assign(own_pct=1.0)
    known = {field.name: getattr(history, field.name) for field in fields(history)}
    following = study.measure_following(tables, RateHistory(**known | {"rates": still}))
    finding = study.find_following(following)
    assert finding.verdict == "not identified"
    assert "There are 0 moves" in finding.reason
    assert study.tabulate_following(following) == ()


def test_the_map_and_the_stale_share_by_hand():
    tables, history = make_market(np.random.default_rng(4))
    position = study.compare_with_competitors(tables, history)
    # One of three competitors was first seen 120 days ago.
    assert position.gaps["stale_share_pct"].round(6).unique().tolist() == [33.333333]
    assert len(position.pairs) == 3 * len(LINES)
    one = position.pairs[position.pairs["label"] == "term, 12 months"]
    row = position.gaps[position.gaps["label"] == "term, 12 months"].iloc[0]
    assert row["gap_bp"] == np.median(one["gap_bp"])
    assert row["rank"] == 1 + (one["gap_bp"] < 0).sum()
    assert isinstance(study.chart_competitor_map(position), Chart)
