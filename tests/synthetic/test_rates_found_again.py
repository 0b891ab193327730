"""Rate truths: found again where the design identifies them, missed where it does not.

The estimators are small and written here: the bank must not be judged by the suite's
own statistics.
"""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from analysis.synthetic import model
from analysis.synthetic.months import number_month
from analysis.synthetic.prices import PriceMaker
from analysis.synthetic.rates import make_rate_world
from analysis.synthetic.streams import Streams

FIRST = number_month(date(2023, 10, 1))
DEPOSITS = """
    with held as (
        select b.period, b.account_id, c.tier, u.region, a.product, a.tenor_months,
            ln(b.balance_average) as log_balance
        from '{bank}/balances/*.parquet' b
        join '{bank}/accounts.parquet' a using (account_id)
        join '{bank}/customers.parquet' u using (customer_id)
        join '{bank}/customer_periods/*.parquet' c using (period, customer_id)
        where a.side = 'deposit' and a.product <> '活期' and b.balance_average > 0)
    select h.*, 100 * p.rate as own, 100 * f.rate as own_later,
        100 * p.funding_rate as funding, t.gap_pp, t.demand, t.season, e.beta
    from held h
    join '{bank}/posted_rates.parquet' p
        using (period, product, tenor_months, tier, region)
    join '{bank}/truth/cells.parquet' t
        using (period, product, tenor_months, tier, region)
    join '{bank}/truth/elasticities.parquet' e using (product, tenor_months, tier)
    left join '{bank}/posted_rates.parquet' f
        on f.period = last_day(h.period + interval 1 day) and f.product = h.product
        and f.tenor_months = h.tenor_months and f.tier = h.tier and f.region = h.region
"""


@pytest.fixture(scope="module")
def deposits(large_bank):
    with duckdb.connect() as connection:
        frame = connection.sql(DEPOSITS.format(bank=large_bank)).df()
    product = frame["product"] + frame["tenor_months"].astype(str) + frame["tier"]
    frame["cell"] = product + frame["region"]
    frame["segment_month"] = product + frame["period"].astype(str)
    frame["unit"] = frame["account_id"] + frame["tier"]
    return frame.sort_values(["account_id", "period"], ignore_index=True)


def demean(frame, columns):
    """Take out the means of units and segment-months, in turns."""
    values = frame[columns].to_numpy(copy=True)
    groups = [pd.factorize(frame[name])[0] for name in ("unit", "segment_month")]
    for _ in range(60):
        for codes in groups:
            size = np.bincount(codes)
            for column in range(values.shape[1]):
                mean = np.bincount(codes, weights=values[:, column]) / size
                values[:, column] -= mean[codes]
    return values


def estimate(frame, columns, instruments=None):
    """Give effects and cell-clustered standard errors with two fixed effects."""
    instruments = instruments or columns
    used = list(dict.fromkeys([*columns, *instruments]))
    values = demean(frame, ["log_balance", *used])
    picked = [1 + used.index(name) for name in columns]
    moved_by = values[:, [1 + used.index(name) for name in instruments]]
    regressors, outcome = values[:, picked], values[:, 0]
    bread = np.linalg.inv(moved_by.T @ regressors)
    effects = bread @ moved_by.T @ outcome
    scores = moved_by * (outcome - regressors @ effects)[:, None]
    sums = pd.DataFrame(scores).groupby(frame["cell"].to_numpy()).sum().to_numpy()
    errors = np.sqrt(np.diag(bread @ (sums.T @ sums) @ bread.T))
    return effects, errors


@pytest.mark.parametrize("tier", model.TIERS[:3])
def test_fixed_effects_cover_the_effect_on_term_deposits(deposits, tier):
    frame = deposits[(deposits["product"] == "定期") & (deposits["tier"] == tier)]
    effect, error = estimate(frame, ["own"])
    assert abs(effect[0] - frame["beta"].iloc[0]) < 2.6 * error[0]  # 99 %
    assert error[0] < 0.02


@pytest.mark.parametrize("product", ["大额存单", "通知存款"])
def test_fixed_effects_are_fooled_where_prices_answer_outflow(deposits, product):
    frame = deposits[deposits["product"] == product]
    effect, error = estimate(frame, ["own"])
    assert effect[0] + 2.6 * error[0] < frame["beta"].min()


@pytest.mark.parametrize("product", ["大额存单", "通知存款"])
def test_the_future_rate_gives_endogenous_prices_away(deposits, product):
    frame = deposits[(deposits["product"] == product)].dropna(subset="own_later")
    effects, errors = estimate(frame, ["own", "own_later"])
    assert effects[1] + 2.6 * errors[1] < 0


def test_the_future_rate_says_nothing_about_term_deposits(deposits):
    frame = deposits[deposits["product"] == "定期"].dropna(subset="own_later")
    effects, errors = estimate(frame, ["own", "own_later"])
    assert abs(effects[1]) < 2.6 * errors[1]


@pytest.mark.parametrize("product", ["大额存单", "通知存款"])
def test_the_funding_rate_is_a_valid_instrument(deposits, product):
    frame = deposits[deposits["product"] == product]
    effect, error = estimate(frame, ["own"], ["funding"])
    assert abs(effect[0] - frame["beta"].mean()) < 2.6 * error[0]


def test_the_balance_law_leaves_only_the_planned_noise(deposits):
    explained = (
        deposits["season"] + deposits["beta"] * deposits["gap_pp"] + deposits["demand"]
    )
    rest = (deposits["log_balance"] - explained).groupby(deposits["account_id"])
    long = rest.transform("size") >= 30
    noise = (deposits["log_balance"] - explained - rest.transform("mean"))[long]
    lagged = noise.groupby(deposits["account_id"]).shift(1)
    # 30 to 36 months of memory .8 lose about a quarter of variance to their mean.
    assert 0.10 < noise.std() < 0.15
    assert 0.65 < noise.corr(lagged) < 0.80


def draw_months(seed):
    streams = Streams(seed)
    world = make_rate_world(streams, FIRST - model.HISTORY_MONTHS, FIRST + 35)
    maker = PriceMaker(streams, world, FIRST)
    return world, [maker.make_month(FIRST + month) for month in range(36)]


def take_out(values):
    """Take out cell and segment-month means of months x slots x tiers x regions."""
    cell = values.mean(axis=0, keepdims=True)
    month = values.mean(axis=3, keepdims=True)
    return values - cell - month + values.mean(axis=(0, 3), keepdims=True)


def test_wedges_are_unrelated_to_demand_and_outflow_prices_answer_it():
    slopes = []
    for seed in range(20):
        _, months = draw_months(seed)
        price = take_out(np.stack([month.posted for month in months]))
        demand = take_out(np.stack([month.demand for month in months]))
        slots = [slice(1, 4), slice(4, 7)]
        slopes.append(
            [
                (price[:, s] * demand[:, s]).sum() / (price[:, s] ** 2).sum()
                for s in slots
            ]
        )
    mean, error = np.mean(slopes, axis=0), np.std(slopes, axis=0) / 20**0.5
    assert abs(mean[0]) < 3 * error[0]
    assert -0.35 < mean[1] < -0.15  # 15 to 35 % per pp: the true effects are smaller


def test_headquarters_price_leaves_no_variation_between_cells():
    _, months = draw_months(3)
    posted = np.stack([month.posted[model.CURRENT] for month in months])
    assert (posted == posted[:, :1, :1]).all()


def test_reference_prices_adjust_slowly_up_and_fast_down():
    speeds = []
    for seed in range(10):
        world, _ = draw_months(seed)
        for number in (2, 3):
            slot = model.SLOTS[number]
            target = slot.anchor + slot.pass_through * world.policy
            error = (world.reference[:, number] - target)[:-1]
            steps = np.diff(world.policy)
            regressors = [steps, np.maximum(error, 0), np.minimum(error, 0)]
            change = np.diff(world.reference[:, number])
            found = np.linalg.lstsq(np.column_stack(regressors), change, rcond=None)
            speeds.append(-found[0][1:])
    down, up = np.mean(speeds, axis=0)
    assert down == pytest.approx(model.SPEED_DOWN, abs=0.02)
    assert up == pytest.approx(model.SPEED_UP, abs=0.02)


def test_reference_prices_settle_at_their_long_run():
    gaps = []
    for seed in range(20):
        world, _ = draw_months(seed)
        slots = [model.SLOTS[number] for number in (1, 2, 3, 4, 5)]
        target = [s.anchor + s.pass_through * world.policy[-1] for s in slots]
        gaps.append(world.reference[-1, 1:6] - target)
    # Nine months after the last cut little of it is left to pass on.
    assert np.abs(np.mean(gaps, axis=0)).max() < 0.03


def test_competitors_are_seen_every_third_month(large_bank):
    with duckdb.connect() as connection:
        quotes = connection.sql(
            f"select datediff('month', first_seen, period) age, count(*) "
            f"from '{large_bank}/competitor_rates.parquet' "
            f"where period > date '2012-01-01' group by 1 order by 1"
        ).fetchall()
    assert [age for age, _ in quotes] == [0, 1, 2]
