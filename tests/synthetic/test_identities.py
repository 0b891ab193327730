"""What must hold exactly in every bank: to the fen, to the customer."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from analysis.synthetic import model

PERIODIC = (
    "customer_periods",
    "balances",
    "events",
    "customer_income",
    "credit_risk",
)
WHOLE = (
    "customers",
    "accounts",
    "ledger",
    "posted_rates",
    "market_rates",
    "cost_pools",
    "activity_times",
)


@pytest.fixture(scope="module")
def bank(bank_folder):
    connection = duckdb.connect()
    for name in PERIODIC:
        connection.read_parquet(f"{bank_folder}/{name}/*.parquet").create_view(name)
    for name in WHOLE:
        connection.read_parquet(f"{bank_folder}/{name}.parquet").create_view(name)
    yield connection
    connection.close()


def ledger_line(bank, line):
    query = "select amount_minor from ledger where line = ? order by period"
    return bank.execute(query, [line]).df()["amount_minor"].to_numpy()


@pytest.mark.parametrize(
    ("line", "sign", "side"),
    [("interest_income", 1, "loan"), ("interest_expense", -1, "deposit")],
)
def test_interest_of_accounts_is_the_ledgers_to_the_fen(bank, line, sign, side):
    sums = bank.execute(
        "select sum(interest_minor)::bigint total from balances "
        "join accounts using (account_id) where side = ? group by period "
        "order by period",
        [side],
    ).df()["total"]
    assert (sign * sums.to_numpy() == ledger_line(bank, line)).all()


@pytest.mark.parametrize("line", ["fee", "points"])
def test_income_of_customers_is_the_ledgers_to_the_fen(bank, line):
    sums = bank.execute(
        "select sum(amount_minor)::bigint total from customer_income "
        "where line = ? group by period order by period",
        [line],
    ).df()["total"]
    assert (sums.to_numpy() == ledger_line(bank, line)).all()


def test_cost_pools_are_the_ledgers_operating_cost(bank):
    sums = bank.sql(
        "select sum(amount_minor)::bigint total from cost_pools "
        "group by period order by period"
    ).df()["total"]
    assert (-sums.to_numpy() == ledger_line(bank, "operating_cost")).all()


def test_expected_losses_are_the_ledgers_credit_loss(bank):
    risk = bank.sql("from credit_risk order by period").df()
    yearly = (
        risk["probability_of_default"]
        * risk["loss_given_default"]
        * risk["exposure_at_default"]
    )
    fen = np.rint(yearly / 12 * 100).astype("int64")
    sums = fen.groupby(risk["period"]).sum().to_numpy()
    assert (-sums == ledger_line(bank, "credit_loss")).all()


def test_interest_is_days_over_365_of_the_published_columns(bank):
    frame = bank.sql("from balances where rate is not null").df()
    days = pd.to_datetime(frame["period"]).dt.day
    fen = np.rint(frame["balance_average"] * frame["rate"] * days / 365 * 100)
    assert (fen == frame["interest_minor"]).all()


def test_every_loan_and_only_loans_have_a_risk(bank):
    loans = bank.sql(
        "select count(*) from balances join accounts using (account_id) "
        "where side = 'loan'"
    ).fetchone()
    assert loans == bank.sql("select count(*) from credit_risk").fetchone()


def test_assets_are_the_sum_of_deposits_and_investments(bank):
    gap = bank.sql(
        "with held as (select period, customer_id, sum(balance_average) total "
        "from balances join accounts using (account_id) where side <> 'loan' "
        "group by all) select max(abs(total - assets_average)), count(*), "
        "(select count(*) from customer_periods) "
        "from held join customer_periods using (period, customer_id)"
    ).fetchone()
    assert gap[0] < 1e-4  # float sums of amounts up to 300 million yuan
    assert gap[1] == gap[2]


def test_tier_by_assets_agrees_with_the_assets(bank):
    frame = bank.sql("select tier_by_assets, assets_average from customer_periods").df()
    edges = [*model.TIER_FLOORS, np.inf]
    expected = pd.cut(
        frame["assets_average"], edges, right=False, labels=list(model.TIERS)
    )
    assert (expected.astype(str) == frame["tier_by_assets"]).all()


def test_the_held_tier_rises_at_once_and_falls_after_three_months(bank):
    frame = bank.sql(
        "select customer_id, period, tier, tier_by_assets from customer_periods "
        "order by customer_id, period"
    ).df()
    rank = {tier: number for number, tier in enumerate(model.TIERS)}
    frame["held"] = frame["tier"].map(rank)
    frame["assets"] = frame["tier_by_assets"].map(rank)
    assert (frame["held"] >= frame["assets"]).all()
    groups = frame.groupby("customer_id")["held"]
    fell = frame["held"] < groups.shift(1)
    below = frame["assets"] < groups.shift(1)
    before = frame.assign(below=frame["assets"] < frame["held"])
    lagged = before.groupby("customer_id")["below"]
    # The third month below is the one in which the held tier falls.
    third = (
        below & lagged.shift(1, fill_value=False) & lagged.shift(2, fill_value=False)
    )
    assert fell.sum() > 50
    assert third[fell].all()
    longest = third & ~fell
    assert not longest.any()


def test_sleepers_hold_little_and_do_nothing_themselves(bank):
    largest, events = bank.sql(
        "select max(assets_average), (select count(*) from events "
        "join customer_periods c using (period, customer_id) "
        "where c.state = 'sleeping' and activity <> '账户维护') "
        "from customer_periods where state = 'sleeping'"
    ).fetchone()
    assert largest < 100
    assert events == 0


def test_nobody_has_rows_after_leaving(bank):
    late = bank.sql(
        "select count(*) from customer_periods join customers using (customer_id) "
        "where close_date <= period"
    ).fetchone()
    assert late == (0,)


def test_no_contract_is_older_than_its_customer_or_read_before_it_began(bank):
    early, before = bank.sql(
        "select count(*) filter (a.open_date < c.open_date), count(*) filter "
        "((select min(period) from balances b where b.account_id = a.account_id) "
        "< a.open_date) from accounts a join customers c using (customer_id)"
    ).fetchone()
    assert (early, before) == (0, 0)


def test_a_contract_lasts_its_term(bank):
    months = bank.sql(
        "select tenor_months, datediff('month', open_date, maturity_date) life, "
        "count(*) from accounts where side = 'deposit' and maturity_date is not null "
        "group by all order by 1"
    ).fetchall()
    assert {(tenor, life) for tenor, life, _ in months} == {(3, 12), (12, 12), (36, 36)}
    late = bank.sql(
        "select count(*) from balances join accounts using (account_id) "
        "where date_trunc('month', period) >= date_trunc('month', maturity_date)"
    ).fetchone()
    assert late == (0,)


def test_a_contract_is_priced_at_the_curve_of_its_first_month(bank):
    gap = bank.sql(
        "select max(abs(transfer_rate - rate)), count(*) from accounts a "
        "join market_rates m on m.series = 'funding' and m.period = "
        "last_day(a.open_date) and m.tenor_months = a.tenor_months "
        "where transfer_rate is not null and a.open_date >= date '2023-11-01'"
    ).fetchone()
    assert gap[0] < 1e-5
    assert gap[1] > 500


def test_a_new_contract_pays_the_posted_rate_or_an_exception(bank):
    frame = bank.sql(
        "select a.contract_rate, p.rate, a.is_exception_rate from accounts a "
        "join customers c using (customer_id) "
        "join customer_periods t on t.customer_id = a.customer_id "
        "and t.period = last_day(a.open_date) "
        "join posted_rates p on p.period = t.period and p.product = a.product "
        "and p.tenor_months = a.tenor_months and p.tier = t.tier "
        "and p.region = c.region "
        "where a.side = 'deposit' and a.contract_rate is not null "
        "and a.open_date >= date '2023-11-01'"
    ).df()
    bonus = (frame["contract_rate"] - frame["rate"]).round(6)
    assert (bonus[~frame["is_exception_rate"]] == 0).all()
    assert bonus[frame["is_exception_rate"]].between(0.0015, 0.003).all()
    assert frame["is_exception_rate"].sum() > 5


def test_posted_rates_keep_to_the_grid_and_the_ceiling(bank):
    frame = bank.sql("from posted_rates where tier <> 'all'").df()
    steps = frame["rate"] / 0.0005
    assert np.allclose(steps, steps.round(), atol=1e-6)
    assert (frame["rate"] <= frame["ceiling_rate"] + 1e-9).all()
    bound = (frame["rate"] >= frame["ceiling_rate"] - 1e-9).mean()
    assert 0.005 < bound < 0.10


def test_some_capacity_is_unused_in_every_pool(bank):
    used = bank.execute(
        "select cost_pool, sum(count * minutes) / any_value(minutes_there) used "
        "from events join activity_times using (activity, channel) join "
        "(select cost_pool, sum(practical_minutes) minutes_there from cost_pools "
        "where period > ? group by 1) using (cost_pool) "
        "where period > ? group by 1",
        [date(2025, 9, 30), date(2025, 9, 30)],
    ).df()
    assert used["used"].between(0.76, 0.90).all()  # 0.80 to 0.84 and a year's luck
