"""Three real data sets and the synthetic bank are mapped by their files alone."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.data.checks import check_source
from analysis.data.sources import open_source, read_tables

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "quarter"),
    [("berka", "1994Q1"), ("us_banks", "2019Q4"), ("csibank", "2008Q4")],
)
def test_a_real_source_passes_all_checks(shared: Path, name: str, quarter: str) -> None:
    report = check_source(name, quarter)
    assert [check.message for check in report.checks if not check.passed] == []


def test_berka_has_the_accounts_and_bookings_of_its_guide(shared: Path) -> None:
    # The guide of PKDD'99: 4,500 accounts; 5,369 clients, of whom each account has
    # one owner. SOURCE.md: 49,102 bookings from 1993-01-01 to 1994-03-31.
    source = open_source("berka")
    tables = {t.name: t for t in check_source("berka").tables}
    assert tables["accounts"].nobs == 4_500
    assert tables["customers"].nobs == 4_500
    assert tables["transactions"].nobs == 49_102
    assert str(tables["transactions"].last) == "1994-03-31"
    kinds = source.read("transactions").kind.value_counts(name="n").to_pyarrow()
    counts = {row["kind"]: row["n"] for row in kinds.to_pylist()}
    # Counted in the raw file: UROK of PRIJEM, SLUZBY, SANKC. UROK.
    assert counts["interest"] == 9_463
    assert counts["fee"] == 5_445
    assert counts["penalty_interest"] == 64


def test_berka_s_bookings_reproduce_the_balances_that_the_bank_wrote(
    shared: Path,
) -> None:
    # Outside reference: the file's own column of balances after each booking. Rows are
    # not ordered within a day, so only accounts with one booking on their last day
    # before the end of February 1994 are compared; the file ends within March's last.
    path = shared / "berka" / "trans_head_raw_930101_940331.asc.gz"
    with gzip.open(path) as file:
        raw = pd.read_csv(file, sep=";", low_memory=False)
    known = raw[raw["date"] <= 940228]
    days = known.groupby(["account_id", "date"]).agg(
        n=("amount", "size"), balance=("balance", "last")
    )
    last = days.reset_index().groupby("account_id").tail(1)
    written = last[last["n"] == 1].set_index("account_id")["balance"]
    balances = read_tables(["balances"], quarter="1994Q1", source="berka")["balances"]
    ends = balances.filter(balances.period == date(1994, 2, 28)).to_pandas()
    derived = ends.set_index(ends["account_id"].astype(int))["balance_end_minor"] / 100
    gap = (derived.reindex(written.index) - written).abs()
    assert len(written) == 319
    assert gap.max() < 0.5  # the file rounds to a tenth of a crown


def test_berka_s_women_are_told_by_their_month_of_birth(shared: Path) -> None:
    # Client 1 of the guide: birth number 706213, a woman born on 13 December 1970.
    tables = read_tables(["customers"], quarter="1998Q4", source="berka")
    customers = tables["customers"]
    row = customers.filter(customers.customer_id == "1").to_pyarrow().to_pylist()[0]
    assert (row["gender"], row["birth_year"]) == ("female", 1970)
    assert set(customers.gender.to_pyarrow().to_pylist()) == {"female", "male"}


def test_berka_s_fees_are_those_of_the_bookings(shared: Path) -> None:
    tables = read_tables(["customer_income"], quarter="1994Q1", source="berka")
    total = tables["customer_income"].amount_minor.sum().to_pyarrow().as_py() / 100
    path = shared / "berka" / "trans_head_raw_930101_940331.asc.gz"
    with gzip.open(path) as file:
        raw = pd.read_csv(file, sep=";", low_memory=False)
    fees = raw[raw["k_symbol"].isin(["SLUZBY", "SANKC. UROK"])]["amount"].sum()
    assert total == pytest.approx(fees, abs=0.01)


@pytest.mark.parametrize(
    ("symbol", "deposits"), [("USB", 361.916e9), ("WAL", 22.7965e9)]
)
def test_us_deposits_are_those_of_the_annual_reports(
    shared: Path, symbol: str, deposits: float
) -> None:
    # 10-K of 2019: U.S. Bancorp 361.916 bn, Western Alliance 22.7965 bn.
    tables = read_tables(["balances"], quarter="2019Q4", source="us_banks")
    balances = tables["balances"]
    bank = balances.filter(balances.account_id == symbol).order_by("period")
    end = bank.to_pandas()["balance_end_minor"].iloc[-1] / 100
    assert end == pytest.approx(deposits, rel=1e-5)


def test_us_banks_have_the_usable_rows(shared: Path) -> None:
    # SOURCE.md: 10,045 usable rows of 354 banks, 2010Q1 to 2020Q3.
    tables = {t.name: t for t in check_source("us_banks").tables}
    assert tables["posted_rates"].nobs == 10_045
    assert tables["customers"].nobs == 354
    assert str(tables["posted_rates"].first) == "2010-03-31"
    assert str(tables["posted_rates"].last) == "2020-09-30"


def test_the_us_policy_rate_is_the_average_of_its_months(shared: Path) -> None:
    # Outside reference: the panel's own column fedfunds_qavg.
    path = shared / "us_bank_panel_2009_2020" / "panel_quarterly_derived.parquet"
    panel = pd.read_parquet(path)
    panel["period"] = panel["date"] + pd.offsets.QuarterEnd(0)
    given = panel.groupby("period")["fedfunds_qavg"].median() / 100
    tables = read_tables(["market_rates"], quarter="2020Q3", source="us_banks")
    rates = tables["market_rates"]
    policy = rates.filter(rates.series == "policy").to_pandas()
    found = policy.set_index(pd.to_datetime(policy["period"]))["rate"]
    expected = given.reindex(found.index).dropna()
    assert len(expected) > 40
    assert found.reindex(expected.index).to_numpy() == pytest.approx(
        expected.to_numpy(), abs=1e-7
    )


def test_the_survey_has_all_customers_and_answers(shared: Path) -> None:
    # SOURCE.md: 1,707 customers without a gap; 21 drivers and one satisfaction mapped.
    tables = {t.name: t for t in check_source("csibank", "2008Q4").tables}
    assert tables["survey_responses"].nobs == 1_707
    assert tables["survey_items"].nobs == 22
    assert tables["survey_answers"].nobs == 1_707 * 22
    customers = open_source("csibank").read("customers")
    genders = customers.gender.value_counts(name="n").to_pyarrow().to_pylist()
    assert {row["gender"]: row["n"] for row in genders} == {"female": 714, "male": 993}


def test_survey_items_of_unknown_wording_are_not_mapped(shared: Path) -> None:
    roles = open_source("csibank").read("survey_items").role.to_pyarrow().to_pylist()
    assert roles.count("satisfaction") == 1
    assert "recommend" not in roles


def test_the_synthetic_bank_passes_all_checks(
    bank_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUARTERBOOK_BANK", str(bank_folder))
    monkeypatch.chdir(ROOT)
    report = check_source("synthetic", "2026Q3")
    assert report.missing == ("transactions",)
    assert [check.message for check in report.checks if not check.passed] == []
    ledger = [check.name for check in report.checks if check.name.startswith("ledger ")]
    assert len(ledger) == 5
