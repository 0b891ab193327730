"""Customers' truths: hazards, marginals and economics are found again in the files."""

import json
from statistics import NormalDist

import duckdb
import numpy as np
import pandas as pd
import pyarrow.dataset as ds
import pytest

from analysis.synthetic import make_bank, model
from analysis.synthetic.quantiles import bound_assets, draw_assets, grade_scores


def fit_logit(regressors, happened):
    """Fit a logit by Newton's method; give coefficients and standard errors."""
    effects = np.zeros(regressors.shape[1])
    effects[0] = np.log(happened.mean() / (1 - happened.mean()))
    for _ in range(25):
        chance = 1 / (1 + np.exp(-regressors @ effects))
        weight = chance * (1 - chance)
        information = regressors.T @ (regressors * weight[:, None])
        effects += np.linalg.solve(information, regressors.T @ (happened - chance))
    return effects, np.sqrt(np.diag(np.linalg.inv(information)))


@pytest.fixture(scope="module")
def moves(large_bank):
    return ds.dataset(large_bank / "truth" / "moves").to_table().to_pandas()


@pytest.mark.parametrize("name", list(model.HAZARDS))
def test_a_logit_finds_the_hazards_again(moves, name):
    hazard = model.HAZARDS[name]
    rank = moves["tier_by_assets"].map(model.TIERS.index).to_numpy()
    base = np.array(hazard.base)[rank]
    rows = base > 0
    offset = np.log(base[rows] / (1 - base[rows]))
    covariates = {
        "satisfaction": moves["satisfaction"],
        "rate_gap": moves["rate_gap"],
        "is_digital": moves["is_digital"].astype(float),
        "drift": moves["drift"],
        "low": (moves["score"] < -1).astype(float),
        "high": (moves["score"] > 1).astype(float),
    }
    names = [key for key in covariates if getattr(hazard, key) != 0]
    columns = [covariates[key][rows] for key in names]
    regressors = np.column_stack([np.ones(rows.sum()), offset, *columns])
    happened = moves[f"{name}_happened"].to_numpy()[rows].astype(float)
    effects, errors = fit_logit(regressors.astype(float), happened)
    truth = np.array([0.0, 1.0, *(getattr(hazard, key) for key in names)])
    # 99.7 % each, over at most seven coefficients; the seed is fixed.
    assert (np.abs(effects - truth) < 3 * errors).all()


def test_moves_that_cannot_happen_do_not(moves):
    lowest = moves["tier_by_assets"] == model.TIERS[0]
    highest = moves["tier_by_assets"] == model.TIERS[-1]
    assert not moves.loc[lowest, "downgrade_happened"].any()
    assert not moves.loc[highest, "upgrade_happened"].any()


def test_chances_are_calibrated(moves):
    expected = moves["downgrade_chance"].sum()
    happened = moves["downgrade_happened"].sum()
    assert abs(happened - expected) < 3 * expected**0.5


def test_assets_fill_their_bands_as_their_closed_forms_say():
    scores = np.random.default_rng(1).standard_normal(200_000).astype(np.float32)
    awake = np.zeros(len(scores), bool)
    for tier in range(1, 5):
        tiers = np.full(len(scores), tier, np.int8)
        yuan = draw_assets(scores, tiers, awake) / 100
        floor = model.TIER_FLOORS[tier]
        ceiling = (*model.TIER_FLOORS, model.LARGEST_ASSETS)[tier + 1]
        exponent = model.PARETO_EXPONENTS[tier]
        cut = 1 - (floor / ceiling) ** exponent
        # Median of a truncated Pareto; 200,000 draws find it within 1.5 %.
        median = floor * (1 - cut / 2) ** (-1 / exponent)
        assert np.median(yuan) == pytest.approx(median, rel=0.015)
        assert yuan.min() >= floor
        assert yuan.max() < ceiling


def test_the_lowest_tier_is_a_truncated_lognormal():
    scores = np.zeros(1, np.float32)
    yuan = draw_assets(scores, np.zeros(1, np.int8), np.zeros(1, bool))[0] / 100
    normal = NormalDist(np.log(4000), 1.7)
    middle = (normal.cdf(np.log(100)) + normal.cdf(np.log(50_000))) / 2
    assert yuan == pytest.approx(np.exp(normal.inv_cdf(middle)), rel=1e-3)


def test_extreme_scores_stay_in_their_band():
    scores = np.array([-9, 9], np.float32)
    for tier in range(5):
        tiers = np.full(2, tier, np.int8)
        for sleeping in (np.zeros(2, bool), np.ones(2, bool)):
            fen = draw_assets(scores, tiers, sleeping)
            least, largest = bound_assets(tiers, sleeping)
            assert (least <= fen).all()
            assert (fen <= largest).all()


def test_answers_have_the_frequencies_asked_for():
    scores = np.random.default_rng(2).standard_normal(400_000).astype(np.float32)
    shares = (0.1, 0.2, 0.3, 0.4)
    found = np.bincount(grade_scores(scores, shares, 1))[1:] / len(scores)
    assert np.abs(found - shares).max() < 0.003  # four standard errors


@pytest.fixture(scope="module")
def last_year(large_bank):
    """Give one row a customer: profit's parts over the last twelve months, yuan."""
    query = """
    with curve as (select period, tenor_months, rate from '{b}/market_rates.parquet'
        where series = 'funding' and period > date '2025-09-30'),
    margin as (select a.customer_id, sum(case a.side
            when 'deposit' then coalesce(a.transfer_rate, c.rate) - b.rate
            when 'loan' then b.rate - coalesce(a.transfer_rate, c.rate) else 0 end
            * b.balance_average * day(b.period) / 365) as margin
        from '{b}/balances/*.parquet' b join '{b}/accounts.parquet' a using (account_id)
        join curve c on c.period = b.period and c.tenor_months = a.tenor_months
        group by 1),
    income as (select customer_id, sum(amount_minor) / 100 as income
        from '{b}/customer_income/*.parquet' where period > date '2025-09-30'
        group by 1),
    used as (select e.customer_id,
            sum(count * minutes * amount_minor / practical_minutes) / 100 as cost
        from '{b}/events/*.parquet' e
        join '{b}/activity_times.parquet' t using (activity, channel)
        join '{b}/cost_pools.parquet' p using (cost_pool, period)
        where e.period > date '2025-09-30' group by 1),
    loss as (select a.customer_id, sum(probability_of_default * loss_given_default
            * exposure_at_default) / 12 as loss
        from '{b}/credit_risk/*.parquet' r join '{b}/accounts.parquet' a
        using (account_id) where r.period > date '2025-09-30' group by 1),
    present as (select customer_id, arg_max(tier, period) tier,
            arg_max(state, period) state, avg(assets_average) assets
        from '{b}/customer_periods/*.parquet' where period > date '2025-09-30'
        group by 1)
    select *, coalesce(margin, 0) + coalesce(income, 0) as revenue,
        coalesce(margin, 0) + coalesce(income, 0) - coalesce(cost, 0)
        - coalesce(loss, 0) as profit
    from present left join margin using (customer_id) left join income
        using (customer_id) left join used using (customer_id)
        left join loss using (customer_id)"""
    with duckdb.connect() as connection:
        return connection.sql(query.format(b=large_bank)).df()


def test_the_banks_economics_are_those_aimed_at(last_year, large_bank):
    ledger = ds.dataset(large_bank / "ledger.parquet").to_table().to_pandas()
    recent = pd.to_datetime(ledger["period"]) > "2025-09-30"
    cost = -ledger.loc[recent & (ledger["line"] == "operating_cost"), "amount_minor"]
    assert 0.32 < cost.sum() / 100 / last_year["revenue"].sum() < 0.42
    assert 0.55 < (last_year["profit"] < 0).mean() < 0.65
    ranked = last_year["profit"].sort_values(ascending=False)
    best = ranked.head(len(ranked) // 5).sum() / ranked.sum()
    assert 1.05 < best < 1.33
    sleeping = last_year[last_year["state"] == "sleeping"]
    assert 9 < sleeping["cost"].mean() < 20


def test_the_banks_marginals_are_those_aimed_at(large_bank):
    with duckdb.connect() as connection:
        frame = connection.sql(f"from '{large_bank}/customer_periods/*.parquet'").df()
    high = frame["tier_by_assets"].isin(model.TIERS[2:])
    assert 0.39 < (frame["state"] == "sleeping").mean() < 0.44
    assert 0.019 < high.mean() < 0.026
    assert (
        0.76
        < frame.loc[high, "assets_average"].sum() / frame["assets_average"].sum()
        < 0.86
    )
    assert 60e3 < frame["assets_average"].mean() < 100e3
    fell = frame.sort_values(["customer_id", "period"])
    rank = fell["tier_by_assets"].map(model.TIERS.index)
    later = rank.groupby(fell["customer_id"]).shift(-3)
    gold, platinum = rank == 1, rank == 2
    assert 0.03 < (later < rank)[gold & later.notna()].mean() < 0.06
    assert 0.02 < (later < rank)[platinum & later.notna()].mean() < 0.05


def test_segment_means_do_not_depend_on_the_banks_size(large_bank, tmp_path):
    small = tmp_path / "bank"
    make_bank(small, customers=2_000, months=6)
    query = (
        "select tier, avg(ln(assets_average + 1)) as mean, "
        "var_samp(ln(assets_average + 1)) / count(distinct customer_id) as variance "
        "from '{}/customer_periods/*.parquet' "
        "where state = 'active' and tier in ('普通', '金卡') and period <= "
        "(select min(period) + interval 6 month from '{}/ledger.parquet') "
        "group by 1 order by 1"
    )
    with duckdb.connect() as connection:
        few, many = (
            connection.sql(query.format(folder, folder)).df()
            for folder in (small, large_bank)
        )
    error = np.sqrt(few["variance"] + many["variance"])
    assert (np.abs(few["mean"] - many["mean"]) < 3 * error).all()


def test_satisfied_customers_stay(moves):
    thirds = pd.qcut(moves["satisfaction"], 3, labels=False)
    closed = moves["close_happened"].groupby(thirds).mean()
    assert closed[0] > 1.5 * closed[2]


def test_the_dissatisfied_complain_more(large_bank):
    with duckdb.connect() as connection:
        rates = connection.sql(
            f"with c as (select distinct customer_id from "
            f"'{large_bank}/events/*.parquet' where activity = '投诉处理'), "
            f"asked as (select customer_id, avg(score) as score from "
            f"'{large_bank}/survey_responses.parquet' join "
            f"'{large_bank}/survey_answers.parquet' using (wave, respondent_id) "
            f"where item = 'overall' group by 1) "
            f"select avg(score) filter (c.customer_id is not null) as complained, "
            f"avg(score) filter (c.customer_id is null) as other "
            f"from asked left join c using (customer_id)"
        ).fetchone()
    assert rates[0] < rates[1] - 0.2


def test_the_truth_names_the_day_count(bank_folder):
    truth = json.loads((bank_folder / "truth" / "params.json").read_text("utf-8"))
    assert truth["day_count"] == "actual days / 365"
    assert truth["customers_months_scaled_down"] < 0.001 * 3_000 * 36
