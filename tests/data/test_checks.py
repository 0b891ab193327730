"""Every check finds its mistake, names where it is, and passes a sound bank."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.data.checks import (
    CheckResult,
    check_source,
    check_tables,
    find_problems,
)
from analysis.data.sources import open_source, read_tables
from analysis.errors import BadInputError
from analysis.quarter import Quarter

CUSTOMERS = "id,born,opened\nc1,1970,2020-01-01\nc2,1980,2020-01-01\n"
ACCOUNTS = "id,owner,product,side,rate\na1,c1,term,deposit,1.5\na2,c2,loan,loan,4.5\n"
# Two accounts, six months; each month the deposit costs 2, the loan earns 4.
BALANCES = "month,account,end,average,interest\n" + "".join(
    f"{year}-{month:02d}-15,a1,1000,1000,2\n{year}-{month:02d}-15,a2,1000,1000,4\n"
    for year, month in [
        (2025, 10),
        (2025, 11),
        (2025, 12),
        (2026, 1),
        (2026, 2),
        (2026, 3),
    ]
)
LEDGER = "month,line,amount\n" + "".join(
    f"2026-{month:02d}-01,interest_income,4\n"
    f"2026-{month:02d}-01,interest_expense,-2\n"
    f"2026-{month:02d}-01,fee,1\n"
    f"2026-{month:02d}-01,operating_cost,-3\n"
    f"2026-{month:02d}-01,credit_loss,-9\n"
    for month in (1, 2, 3)
)
INCOME = "month,customer,amount\n" + "".join(
    f"2026-{month:02d}-01,c1,1\n" for month in (1, 2, 3)
)
POOLS = "month,amount\n" + "".join(f"2026-{month:02d}-01,3\n" for month in (1, 2, 3))
ANSWERS = "wave,who,score\nw1,r1,9\n"

PERIOD = {"from": "month", "period_end": "month"}
TABLES: dict[str, Any] = {
    "customers": {
        "table": "customers.csv",
        "columns": {"customer_id": "id", "birth_year": "born", "open_date": "opened"},
    },
    "accounts": {
        "table": "accounts.csv",
        "columns": {
            "account_id": "id",
            "customer_id": "owner",
            "product": "product",
            "side": "side",
            "tenor_months": {"constant": 12},
            "contract_rate": {"from": "rate", "unit": "percent"},
        },
    },
    "balances": {
        "table": "balances.csv",
        "columns": {
            "period": PERIOD,
            "account_id": "account",
            "balance_end_minor": {"from": "end", "unit": "major"},
            "balance_average": "average",
            "interest_minor": {"from": "interest", "unit": "major"},
        },
    },
    "ledger": {
        "table": "ledger.csv",
        "columns": {
            "period": PERIOD,
            "line": "line",
            "amount_minor": {"from": "amount", "unit": "major"},
        },
    },
    "customer_income": {
        "table": "income.csv",
        "columns": {
            "period": PERIOD,
            "customer_id": "customer",
            "line": {"constant": "fee"},
            "amount_minor": {"from": "amount", "unit": "major"},
        },
    },
    "cost_pools": {
        "table": "pools.csv",
        "columns": {
            "period": PERIOD,
            "cost_pool": {"constant": "branch"},
            "amount_minor": {"from": "amount", "unit": "major"},
            "practical_minutes": {"constant": 100},
        },
    },
    "survey_waves": {"rows": [{"wave": "w1", "period": "2026-03-31"}]},
    "survey_answers": {
        "table": "answers.csv",
        "columns": {
            "wave": "wave",
            "respondent_id": "who",
            "item": {"constant": "q"},
            "score": "score",
        },
    },
}
FILES = {
    "customers": CUSTOMERS,
    "accounts": ACCOUNTS,
    "balances": BALANCES,
    "ledger": LEDGER,
    "income": INCOME,
    "pools": POOLS,
    "answers": ANSWERS,
}


@pytest.fixture
def bank(project: Any) -> Any:
    for name, text in FILES.items():
        project.write_text(f"data/{name}.csv", text)
    project.write_source(tables=TABLES)
    return project


def spoil(project: Any, name: str, old: str, new: str, count: int = 1) -> None:
    assert old in FILES[name]
    text = FILES[name].replace(old, new, count)
    project.write_text(f"data/{name}.csv", text)


def list_failed(*names: str) -> list[CheckResult]:
    checks = check_tables(open_source("bank"), names, Quarter(2026, 1))
    return [check for check in checks if not check.passed]


def find_one(*names: str) -> CheckResult:
    (failed,) = list_failed(*names)
    return failed


def test_a_sound_bank_passes_every_check(bank: Any) -> None:
    report = check_source("bank", "2026Q1")
    assert [check.message for check in report.checks if not check.passed] == []
    assert report.passed
    assert {check.name for check in report.checks} >= {
        "types",
        "required values",
        "ranges",
        "codes",
        "unique key",
        "references",
        "period ends",
        "rows in quarter",
        "size",
        "rate level",
        "answered waves",
        "ledger interest income",
        "ledger interest expense",
        "ledger fee",
        "ledger operating cost",
    }
    assert "ledger credit_loss" not in {check.name for check in report.checks}
    assert find_problems("bank", TABLES, "2026Q1") == ()


def test_the_report_says_what_is_there_and_what_is_missing(bank: Any) -> None:
    report = check_source("bank")
    balances = next(table for table in report.tables if table.name == "balances")
    assert balances.origins == ("balances.csv",)
    assert balances.nobs == 12
    assert (str(balances.first), str(balances.last)) == ("2025-10-31", "2026-03-31")
    assert balances.missing == ("rate", "interest_credited_minor")
    derived = next(t for t in report.tables if t.name == "customer_periods")
    assert derived.origins == ("derived from accounts, balances",)
    waves = next(table for table in report.tables if table.name == "survey_waves")
    assert waves.origins == ("the mapping file",)
    assert "credit_risk" in report.missing
    assert "transactions" in report.missing


def test_values_of_a_wrong_type_are_named_with_their_rows(bank: Any) -> None:
    spoil(bank, "customers", "1970", "1970.5")
    failed = find_one("customers")
    assert (failed.name, failed.table, failed.column) == (
        "types",
        "customers",
        "birth_year",
    )
    assert failed.message == (
        "Column 'birth_year' of table 'customers' must hold a whole number, in a code "
        "that is mapped; 1 of 2 rows do not (`customers.csv`, row 2: '1970.5')."
    )
    assert failed.severity == "error"


def test_only_the_first_five_rows_are_named(bank: Any) -> None:
    spoil(bank, "balances", ",1000,1000,", ",1000,much,", 12)
    failed = next(check for check in list_failed("balances") if check.name == "types")
    assert "12 of 12 rows do not (`balances.csv`, rows 2, 3, 4, 5, 6: 'much')" in (
        failed.message
    )


def test_a_gap_in_a_required_column_is_told(bank: Any) -> None:
    spoil(bank, "accounts", "term", "")
    failed = find_one("accounts")
    assert failed.message == (
        "Column 'product' of table 'accounts' must not have gaps; 1 of 2 rows have one "
        "(`accounts.csv`, row 2)."
    )


def test_a_repeated_key_is_told_without_the_customer(bank: Any) -> None:
    spoil(bank, "customers", "c2,1980", "c1,1980")
    failed = {check.name: check for check in list_failed("customers", "accounts")}
    message = failed["unique key"].message
    assert "must be one row per customer; 1 keys (customer_id) occur more" in message
    assert "`customers.csv`, row 3" in message
    assert "'c1'" not in message
    orphans = failed["references"]
    assert orphans.column == "customer_id"
    assert "'c2'" not in orphans.message


def test_a_value_outside_its_range_is_told(bank: Any) -> None:
    spoil(bank, "customers", "1970", "1790")
    failed = find_one("customers")
    assert failed.name == "ranges"
    assert "(calendar year) must lie between 1880 and 2030" in failed.message
    assert "row 2: '1790'" in failed.message


def test_a_negative_balance_is_told(bank: Any) -> None:
    spoil(bank, "balances", "1000,1000,2", "-1000,1000,2")
    assert "must lie between 0 and any" in find_one("balances").message


def test_rates_in_percent_name_the_unit_as_the_remedy(bank: Any) -> None:
    columns = TABLES["accounts"]["columns"]
    wrong = {**columns, "contract_rate": {"from": "rate", "unit": "decimal"}}
    accounts = {**TABLES["accounts"], "columns": wrong}
    bank.write_source(tables={**TABLES, "accounts": accounts})
    failed = {check.name: check for check in list_failed("accounts")}
    assert "must lie between -0.05 and 0.5; 2 of 2 rows" in failed["ranges"].message
    assert "`unit: percent`" in failed["ranges"].remedy
    assert "average 3 suggests another unit" in failed["rate level"].message


def test_rates_that_look_like_percent_within_the_range_are_a_warning(bank: Any) -> None:
    spoil(bank, "accounts", "1.5\n", "45\n")
    failed = find_one("accounts")
    assert failed.name == "rate level"
    assert failed.severity == "warning"
    assert check_source("bank", "2026Q1").passed


def test_a_unit_applied_twice_is_a_warning(bank: Any) -> None:
    spoil(bank, "accounts", "1.5\n", "0.015\n")
    text = (bank.root / "data/accounts.csv").read_text().replace("4.5\n", "0.045\n")
    bank.write_text("data/accounts.csv", text)
    assert "highest 0.00045 suggests another unit" in find_one("accounts").message


def test_an_unknown_code_is_told(bank: Any) -> None:
    spoil(bank, "accounts", "term,deposit", "term,liability")
    failed = next(check for check in list_failed("accounts") if check.name == "codes")
    assert "must hold one of ['deposit', 'loan', 'investment']" in failed.message
    assert "row 2: 'liability'" in failed.message
    assert "`codes:`" in failed.remedy


def test_a_code_missing_from_the_mapping_is_told(bank: Any) -> None:
    columns = TABLES["accounts"]["columns"]
    codes = {"from": "side", "codes": {"loan": "loan"}}
    accounts = {**TABLES["accounts"], "columns": {**columns, "side": codes}}
    bank.write_source(tables={**TABLES, "accounts": accounts})
    failed = next(check for check in list_failed("accounts") if check.name == "types")
    assert "in a code that is mapped" in failed.message
    assert "'deposit'" in failed.message


@pytest.mark.parametrize("length", ["month", "quarter"])
def test_a_period_that_is_not_a_last_day_is_told(bank: Any, length: str) -> None:
    columns = {**TABLES["balances"]["columns"], "period": "month"}
    balances = {**TABLES["balances"], "columns": columns}
    bank.write_source(period=length, tables={**TABLES, "balances": balances})
    failed = next(
        check for check in list_failed("balances") if check.name == "period ends"
    )
    assert f"must hold the last day of a {length}; 12 of 12 rows" in failed.message
    assert f"`period_end: {length}`" in failed.remedy


def test_the_last_day_of_a_month_need_not_end_a_quarter(bank: Any) -> None:
    bank.write_source(period="quarter", tables=TABLES)
    failed = next(
        check for check in list_failed("balances") if check.name == "period ends"
    )
    assert "'2025-10-31'" in failed.message


def test_a_quarter_without_rows_is_an_error(bank: Any) -> None:
    problems = find_problems("bank", ["balances"], "2026Q4")
    assert [problem.what for problem in problems] == [
        "Table 'balances' must have rows in 2026Q4; its periods go from 31 October "
        "2025 to 31 March 2026."
    ]


def test_a_table_without_rows_is_an_error(bank: Any) -> None:
    bank.write_text("data/balances.csv", BALANCES.splitlines()[0] + "\n")
    (problem,) = find_problems("bank", ["balances"], "2026Q1")
    assert "must have rows in 2026Q1; it has no rows at all" in problem.what


def test_a_month_without_rows_is_a_warning(bank: Any) -> None:
    text = "".join(
        line for line in BALANCES.splitlines(keepends=True) if "2026-02" not in line
    )
    bank.write_text("data/balances.csv", text)
    failed = next(
        check for check in list_failed("balances") if check.table == "balances"
    )
    assert "Every period of 2026Q1 must have rows in table 'balances'; 2 of 3 have" in (
        failed.message
    )
    assert failed.severity == "warning"


def test_a_quarter_without_a_survey_wave_is_an_error(bank: Any) -> None:
    problems = find_problems("bank", ["survey_waves", "survey_answers"], "2025Q4")
    assert "Table 'survey_waves' must have rows in 2025Q4" in problems[0].what


def test_a_wave_that_nobody_answered_is_an_error(bank: Any) -> None:
    spoil(bank, "answers", "w1", "w0")
    unknown, empty = find_problems("bank", ["survey_answers"], "2026Q1")
    assert "'wave' of table 'survey_answers' must be a key of" in unknown.what
    assert "must have rows in table 'survey_answers'; ['w1'] have none" in empty.what


def test_an_orphan_is_told_with_its_row(bank: Any) -> None:
    spoil(bank, "accounts", "a2,c2", "a2,c3")
    failed = next(
        check for check in list_failed("accounts") if check.table == "accounts"
    )
    assert failed.message == (
        "Column 'customer_id' of table 'accounts' must be a key of 'customers'; "
        "1 of 2 rows have none there (`accounts.csv`, row 3)."
    )


@pytest.mark.parametrize(
    ("before", "severity", "times"), [("100", "warning", 10), ("10", "error", 100)]
)
def test_a_total_that_jumps_is_a_warning_and_an_error_where_it_is_a_unit(
    bank: Any, before: str, severity: str, times: int
) -> None:
    lines = BALANCES.splitlines(keepends=True)
    text = "".join(
        line.replace(",1000,1000,", f",{before},{before},") if "2025" in line else line
        for line in lines
    )
    bank.write_text("data/balances.csv", text)
    failed = list_failed("balances")
    assert [check.column for check in failed] == [
        "balance_end_minor",
        "balance_average",
    ]
    assert all(check.severity == severity for check in failed)
    assert f"it is {times}.00 times that of 2025Q4" in failed[0].message


def test_a_ledger_that_differs_is_a_warning(bank: Any) -> None:
    spoil(bank, "ledger", "interest_expense,-2", "interest_expense,-200")
    failed = find_one("ledger")
    assert failed.name == "ledger interest expense"
    assert failed.severity == "warning"
    assert failed.message == (
        "The detail of interest expense, CNY −6.00, must agree with the ledger, "
        "CNY −204.00."
    )


def test_a_ledger_without_detail_is_not_compared(bank: Any) -> None:
    bank.write_source(tables={"ledger": TABLES["ledger"]})
    names = [check.name for check in check_source("bank", "2026Q1").checks]
    assert not [name for name in names if name.startswith("ledger ")]


def test_rows_left_out_by_a_condition_are_counted(bank: Any) -> None:
    condition = {"column": "side", "op": "=", "value": "deposit"}
    accounts = {**TABLES["accounts"], "where": [condition]}
    bank.write_source(tables={"customers": TABLES["customers"], "accounts": accounts})
    checks = check_source("bank").checks
    (used,) = [check for check in checks if check.name == "rows used"]
    assert used.passed
    assert used.message == "1 of 2 rows of `accounts.csv` are used."


def test_tables_that_a_derived_one_needs_are_checked_too(bank: Any) -> None:
    tables = read_tables(["customer_periods"], quarter="2026Q1", source="bank")
    assert {check.table for check in tables.checks} == {
        "customer_periods",
        "accounts",
        "balances",
    }


def test_missing_tables_and_failed_checks_are_told_together(bank: Any) -> None:
    spoil(bank, "accounts", "term", "")
    problems = find_problems("bank", ["accounts", "credit_risk"], "2026Q1")
    text = "\n".join(str(problem) for problem in problems)
    assert "There must be a table 'credit_risk'" in text
    assert "must not have gaps" in text
    assert len(problems) == 2


def test_a_wrong_mapping_file_is_a_problem_too(bank: Any) -> None:
    (problem,) = find_problems("bnk", ["accounts"], "2026Q1")
    assert "There is no source 'bnk'" in problem.what


def test_a_quarter_in_other_words_is_a_problem(bank: Any) -> None:
    (problem,) = find_problems("bank", ["accounts"], "spring")
    assert "must be written like '2026Q3', not 'spring'" in problem.what
    with pytest.raises(BadInputError, match="not 'spring'"):
        check_source("bank", "spring")


def test_a_key_that_cannot_be_translated_is_not_shown(bank: Any) -> None:
    codes = {"from": "id", "codes": {"c1": "1"}}
    customers = {"table": "customers.csv", "columns": {"customer_id": codes}}
    bank.write_source(tables={"customers": customers})
    failed = find_one("customers")
    assert "1 of 2 rows do not (`customers.csv`, row 3)." in failed.message
