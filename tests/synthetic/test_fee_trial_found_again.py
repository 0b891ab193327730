"""The trial of a fee: drawn by lot, charged, booked, and nobody else is touched."""

import json

import duckdb
import numpy as np
import pyarrow.dataset as ds
import pytest

from analysis.synthetic import fee_trial, make_bank

BY_CUSTOMER = (
    "customer_periods", "events", "customer_income", "rate_notices", "complaints",
)  # fmt: skip


@pytest.fixture(scope="module")
def with_and_without(tmp_path_factory):
    """Give a bank with the trial, and the same bank in which nobody pays."""
    folder = tmp_path_factory.mktemp("trial")
    make_bank(folder / "charged", customers=6_000, months=12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fee_trial, "LEVELS", (0, 0, 0, 0))
        make_bank(folder / "free", customers=6_000, months=12)
    return folder


@pytest.fixture(scope="module")
def ask(with_and_without):
    with duckdb.connect() as connection:
        for bank in ("charged", "free"):
            for path in (with_and_without / bank).glob("*"):
                name = f"{bank}_{path.stem}"
                files = path / "*.parquet" if path.is_dir() else path
                if path.name not in ("truth", "bank.json"):
                    connection.sql(f"create view {name} as from '{files}'")
        exits = with_and_without / "charged" / "truth" / "fee_exits.parquet"
        connection.sql(f"create view exits as from '{exits}'")
        yield lambda query: connection.sql(query).fetchall()


@pytest.mark.parametrize("name", BY_CUSTOMER)
def test_rows_of_whoever_stayed_are_the_same_but_for_the_fee(ask, name):
    columns = "* exclude (complaint_id)" if name == "complaints" else "*"
    others = "customer_id not in (select customer_id from charged_fee_trials)"
    for one, other in (("charged", "free"), ("free", "charged")):
        query = f"select {columns} from {{}}_{name} where {others}"
        differ = f"{query.format(one)} except all {query.format(other)}"
        assert ask(f"select count(*) from ({differ})") == [(0,)]


def test_whoever_left_for_the_fee_has_no_later_row(ask):
    left = ask("select count(*) from exits")[0][0]
    assert left > 0
    for name in ("customer_periods", "events", "customer_income"):
        late = f"""select count(*) from charged_{name} join exits using (customer_id)
            where period >= last_day(close_date)"""
        assert ask(late) == [(0,)]
    dated = """select count(*) from charged_customers join exits
        using (customer_id, close_date)"""
    assert ask(dated) == [(left,)]
    new = """select count(*) from charged_accounts join exits using (customer_id)
        where open_date >= date_trunc('month', close_date)"""
    assert ask(new) == [(0,)]


def test_balances_differ_only_by_those_who_left(ask):
    gone = """select count(*) from (select account_id, period from free_balances
        except select account_id, period from charged_balances) join free_accounts
        using (account_id)
        where customer_id not in (select customer_id from exits)"""
    assert ask(gone) == [(0,)]
    new = """select count(*) from (select * from charged_balances
        except select * from free_balances)"""
    assert ask(new) == [(0,)]


def test_the_fee_is_booked_to_customers_and_to_the_ledger(ask):
    booked, ledger = (
        ask(f"select sum(amount_minor)::bigint from {table} where line = 'fee'")[0][0]
        for table in ("charged_customer_income", "charged_ledger")
    )
    assert booked == ledger
    more = ask("""select sum(a.amount_minor - coalesce(b.amount_minor, 0))::bigint
        from charged_customer_income a left join free_customer_income b
        using (period, customer_id, line)""")[0][0]
    due = ask("""select sum(fee_minor)::bigint from charged_fee_trials
        join charged_customer_periods p using (customer_id)
        where p.period >= charged_fee_trials.period and not is_exempt
        and assets_average < minimum_balance""")[0][0]
    assert more == due > 0


def test_fees_and_exemptions_are_drawn_by_lot(large_bank):
    frame = ds.dataset(large_bank / "fee_trials.parquet").to_table().to_pandas()
    shares = frame["fee_minor"].value_counts(normalize=True)
    assert sorted(shares.index) == [0, 300, 600, 1000]
    expected = dict(zip((0, 300, 600, 1000), fee_trial.LEVEL_SHARES, strict=True))
    # Four standard errors of a share.
    reach = 4 * (0.4 * 0.6 / len(frame)) ** 0.5
    assert all(abs(shares[fee] - share) < reach for fee, share in expected.items())
    exempt = frame["is_exempt"].mean()
    assert abs(exempt - fee_trial.EXEMPT_SHARE) < 4 * (0.05 * 0.95 / len(frame)) ** 0.5


def test_the_truth_says_what_a_fee_does(large_bank):
    truth = json.loads((large_bank / "truth" / "params.json").read_text("utf-8"))
    told = truth["fee_trial"]
    assert told["exit_log_odds_per_yuan"] == fee_trial.EXIT_PER_YUAN
    assert told["exit_log_odds_per_yuan_vulnerable"] > fee_trial.EXIT_PER_YUAN


def test_a_chance_is_raised_by_log_odds():
    usual = np.array([0.01, 0.2])
    extra = fee_trial.raise_chance(usual, np.array([1.0, 0.0]))
    together = usual + (1 - usual) * extra
    odds = together / (1 - together) / (usual / (1 - usual))
    np.testing.assert_allclose(odds, [np.e, 1.0])


def test_a_bank_that_begins_with_the_trial_has_none(tmp_path):
    make_bank(tmp_path / "late", customers=2_000, months=9)
    assert not (tmp_path / "late" / "fee_trials.parquet").exists()
