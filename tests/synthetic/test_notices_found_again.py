"""Notices are drawn by lot, apart from all else, and the truth says how."""

import json

import duckdb
import pyarrow.dataset as ds

from analysis.synthetic import make_bank, model

SMALL = {"customers": 2_000, "months": 6}


def test_notices_change_no_other_number_of_the_bank(tmp_path, monkeypatch):
    make_bank(tmp_path / "told", **SMALL)
    monkeypatch.setattr(model, "NOTICE_COVERAGE", 0.2)
    make_bank(tmp_path / "untold", **SMALL)
    names = sorted(
        str(path.relative_to(tmp_path / "told"))
        for path in (tmp_path / "told").rglob("*.parquet")
    )
    differ = {
        name.split("/")[0]
        for name in names
        if not ds.dataset(tmp_path / "told" / name)
        .to_table()
        .equals(ds.dataset(tmp_path / "untold" / name).to_table())
    }
    assert differ == {"rate_notices"}


def test_nobody_is_told_of_a_price_that_stood_still(bank_folder):
    stood = f"""
        with moved as (
            select period, product, tenor_months, tier, region,
                rate - lag(rate) over (
                    partition by product, tenor_months, tier, region order by period
                ) as move
            from '{bank_folder}/posted_rates.parquet' where tier <> 'all')
        select count(*), count(*) filter (where abs(m.move) > 1e-6)
        from '{bank_folder}/rate_notices/*.parquet' n
        join '{bank_folder}/customers.parquet' using (customer_id)
        join '{bank_folder}/customer_periods/*.parquet' c
            on c.customer_id = n.customer_id
            and c.period = last_day(n.period - interval 40 day)
        join moved m on m.period = n.period and m.product = n.product
            and m.tenor_months = n.tenor_months and m.tier = c.tier
            and m.region = customers.region
    """
    with duckdb.connect() as connection:
        notices, moved = connection.sql(stood).fetchone()
    assert notices > 5_000
    assert moved == notices


def test_the_truth_counts_who_was_due_a_notice(bank_folder):
    sums = f"""
        select (select sum(due) from '{bank_folder}/truth/notices.parquet'),
            (select count(*) from '{bank_folder}/rate_notices/*.parquet')
    """
    with duckdb.connect() as connection:
        due, told = connection.sql(sums).fetchone()
    truth = json.loads((bank_folder / "truth" / "params.json").read_text("utf-8"))
    coverage = truth["notices"]["coverage"]
    error = (coverage * (1 - coverage) / due) ** 0.5
    assert abs(told / due - coverage) < 4 * error
    assert truth["notices"]["effect"] == 0
    shares = [way["share"] for way in truth["notices"]["channels"].values()]
    assert sum(shares) == 1
