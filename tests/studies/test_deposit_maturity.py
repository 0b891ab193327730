"""What became of matured contracts by hand; the planted renewals of the bank."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from analysis.data.sources import read_tables
from analysis.presentation.charts import Chart
from analysis.quarter import Quarter
from analysis.studies import deposit_rate_elasticity as study
from analysis.studies.deposit_rate_elasticity.maturity.choices import MaturityChoices
from analysis.studies.deposit_rate_elasticity.maturity.outcomes import judge_maturities
from analysis.synthetic import model

QUARTER = Quarter.parse("2026Q3")
PARAMETERS = study.Parameters(quarter="2026Q3")


class HandTables(dict):
    """Tables of a case by hand, in whole currency units of one hundred."""

    source = SimpleNamespace(minor_units=100, currency="CNY", period="month")


def make_tables(accounts, balances):
    """Accounts: id, customer, term, opened, matures; balances: id, day, held."""
    columns = [
        "account_id",
        "customer_id",
        "tenor_months",
        "open_date",
        "maturity_date",
    ]
    frame = pd.DataFrame(accounts, columns=columns).assign(
        product="term", side="deposit", contract_rate=0.0135
    )
    days = {
        name: pd.to_datetime(frame[name]).astype("datetime64[us]")
        for name in ("open_date", "maturity_date")
    }
    held = pd.DataFrame(balances, columns=["account_id", "period", "held"])
    held = held.assign(
        period=pd.to_datetime(held["period"]),
        balance_end_minor=(held["held"] * 100).astype("int64"),
    ).drop(columns="held")
    given = {"accounts": frame.assign(**days), "balances": held}
    tables = {name: ibis.memtable(rows) for name, rows in given.items()}
    dates = {"accounts": ["open_date", "maturity_date"], "balances": ["period"]}
    return HandTables(
        {
            name: table.mutate(**{day: table[day].cast("date") for day in dates[name]})
            for name, table in tables.items()
        }
    )


def judge(accounts, balances, period_months=1):
    tables = make_tables(accounts, balances)
    found = judge_maturities(tables, QUARTER, period_months=period_months)
    return found.to_pandas().set_index("customer_id")


OLD = ("old", "C1", 12, "2025-05-10", "2026-05-10")
BEFORE = ("old", "2026-04-30", 1000)


@pytest.mark.parametrize(
    ("more", "balances", "outcome", "kept"),
    [
        pytest.param(
            [("new", "C1", 12, "2026-05-02", "2027-05-02")],
            [("new", "2026-05-31", 900)],
            "renewed",
            900,
            id="same line opened in the month, before the day",
        ),
        pytest.param(
            [("new", "C1", 12, "2026-05-10", "2027-05-10")],
            [("new", "2026-05-31", 5000)],
            "renewed",
            1000,
            id="renewed with more counts what matured",
        ),
        pytest.param(
            [], [("old", "2026-05-31", 1000)], "renewed", 1000, id="runs on itself"
        ),
        pytest.param(
            [("new", "C1", 36, "2026-05-10", "2029-05-10")],
            [("new", "2026-05-31", 500)],
            "moved",
            0,
            id="another term, half of it",
        ),
        pytest.param(
            [("new", "C1", 36, "2026-05-10", "2029-05-10")],
            [("new", "2026-05-31", 499)],
            "left",
            0,
            id="another term, less than half",
        ),
        pytest.param(
            [("other", "C1", 0, "2020-01-01", None)],
            [("other", "2026-04-30", 200), ("other", "2026-05-31", 800)],
            "moved",
            0,
            id="the current account grew",
        ),
        pytest.param(
            [("new", "C2", 12, "2026-05-10", "2027-05-10")],
            [("new", "2026-05-31", 1000)],
            "left",
            0,
            id="somebody else opened",
        ),
        pytest.param(
            [("new", "C1", 12, "2026-06-02", "2027-06-02")],
            [("new", "2026-06-30", 1000)],
            "left",
            0,
            id="too late",
        ),
    ],
)
def test_outcome_by_hand(more, balances, outcome, kept):
    found = judge([OLD, *more], [BEFORE, *balances]).loc["C1"]
    assert (found["outcome"], found["kept"]) == (outcome, kept)
    assert found["amount"] == 1000
    assert found["old_pct"] == pytest.approx(1.35)


def test_a_renewal_some_days_after_the_months_end_counts():
    accounts = [
        ("old", "C1", 12, "2025-05-30", "2026-05-30"),
        ("new", "C1", 12, "2026-06-03", "2027-06-03"),
    ]
    balances = [("old", "2026-04-30", 1000), ("new", "2026-06-30", 700)]
    found = judge(accounts, balances).loc["C1"]
    assert (found["outcome"], found["kept"]) == ("renewed", 700)


def test_contracts_withdrawn_before_maturity_and_too_late_to_judge_are_left_out():
    accounts = [
        ("gone", "C1", 12, "2025-05-10", "2026-05-10"),
        ("late", "C2", 12, "2025-09-28", "2026-09-28"),
        ("ahead", "C3", 12, "2025-11-10", "2026-11-10"),
    ]
    held = [("gone", "2026-03-31", 5), ("late", "2026-08-31", 5)]
    assert judge(accounts, [*held, ("ahead", "2026-09-30", 5)]).empty


def test_quarters_are_judged_by_quarter_ends():
    accounts = [OLD, ("new", "C1", 36, "2026-06-10", "2029-06-10")]
    balances = [("old", "2026-03-31", 1000), ("new", "2026-06-30", 1000)]
    found = judge(accounts, balances, period_months=3).loc["C1"]
    assert found["outcome"] == "moved"
    assert pd.Timestamp(found["period"]) == pd.Timestamp(date(2026, 6, 30))


# --- the choice ---------------------------------------------------------------------


def make_choices(rng, *, slope=0.0, contracts=10, share=0.8, lines=2):
    """Groups of contracts whose renewal answers the gap by a slope in log odds."""
    cell, month = (index.ravel() for index in np.indices((60, 30)))
    gap = rng.normal(0, 0.2, 60)[cell] + rng.normal(0, 0.1, cell.size)
    old = rng.normal(-0.3, 0.2, cell.size)
    chance = share / (share + (1 - share) * np.exp(-slope * gap))
    renewed = rng.binomial(contracts, chance)
    moved = rng.binomial(contracts - renewed, 0.5)
    groups = pd.DataFrame(
        {
            "product": "term",
            "tenor_months": np.where(cell % lines == 0, 12, 36),
            "cell": cell,
            "period": pd.date_range("2024-01-31", periods=30, freq="ME")[month],
            "band": month % 3,
            "contracts": contracts,
            "renewed": renewed,
            "moved": moved,
            "left": contracts - renewed - moved,
            "amount": 1e4 * contracts,
            "kept": 9e3 * renewed,
            "competitor_gap_pct": gap,
            "old_gap_pct": old,
        }
    )
    return MaturityChoices(groups, pd.DataFrame(), QUARTER, "simulation")


def find_effect(choices):
    renewals = study.estimate_renewals(choices, PARAMETERS)
    return renewals, study.find_gap_at_maturity(renewals, PARAMETERS)


def test_a_planted_answer_to_the_gap_is_found_and_said():
    renewals, finding = find_effect(
        make_choices(np.random.default_rng(1), slope=1.5, contracts=20)
    )
    effect = renewals.effects[0].effect
    # Derivative of a logit at four in five: 0.16 times the slope, per 10 bp.
    assert effect.lower <= 0.1 * 1.5 * 0.16 * 1.02 <= effect.upper
    assert finding.headline.startswith("10 bp more at maturity go with +2")
    assert finding.estimate == pytest.approx(100 * effect.estimate)


def test_no_answer_is_said_to_be_no_clear_answer():
    _, finding = find_effect(make_choices(np.random.default_rng(2)))
    assert finding.headline == "Renewals do not clearly answer the rate gap at maturity"
    assert finding.lower < 0 < finding.upper


def test_one_term_and_one_alternative_left_still_give_an_effect():
    choices = make_choices(np.random.default_rng(3), slope=1.5, lines=1)
    groups = choices.groups
    merged = groups.assign(left=groups["left"] + groups["moved"], moved=0)
    renewals, _ = find_effect(
        MaturityChoices(merged, pd.DataFrame(), QUARTER, "simulation")
    )
    assert renewals.effects[0].effect.estimate > 0.01


def test_nobody_leaves_and_the_effect_is_refused():
    renewals, finding = find_effect(make_choices(np.random.default_rng(4), share=1.0))
    assert finding.verdict == "not identified"
    assert "Nearly every contract was renewed" in finding.reason
    assert renewals.lines["renewed_pct"].tolist() == [100.0] * 3


def test_few_contracts_are_refused():
    choices = make_choices(np.random.default_rng(5))
    few = choices.groups[choices.groups["cell"] < 5].head(9)
    renewals, finding = find_effect(
        MaturityChoices(few, pd.DataFrame(), QUARTER, "simulation")
    )
    assert finding.verdict == "not identified"
    assert "renewed_pct" not in renewals.lines.dropna(axis=1).columns


# --- the synthetic bank -------------------------------------------------------------


@pytest.fixture(scope="module")
def bank(large_bank):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUARTERBOOK_BANK", str(large_bank))
        tables = read_tables(
            study.TABLES,
            quarter="2026Q3",
            source="synthetic",
            optional=study.OPTIONAL_TABLES,
        )
    history = study.build_rate_history(tables, PARAMETERS)
    choices = study.gather_maturities(tables, history, PARAMETERS)
    renewals = study.estimate_renewals(choices, PARAMETERS)
    return tables, renewals, study.build_maturity_wall(tables, history)


def test_renewals_of_the_bank_are_those_planted_and_do_not_answer_rates(bank):
    _, renewals, _ = bank
    whole = renewals.lines.iloc[0]
    # Four in five renew; the sleeping, the leaving and the withdrawn do not.
    assert whole["renewed_pct"] > 100 * model.RENEWAL_CHANCE - 5
    assert whole["upper_pct"] < 100 * model.RENEWAL_CHANCE + 1
    assert len(renewals.effects) == 2
    for each in renewals.effects:
        assert each.effect.lower < 0 < each.effect.upper
        assert each.effect.upper - each.effect.lower < 0.03
    finding = study.find_gap_at_maturity(renewals, PARAMETERS)
    assert "do not clearly answer" in finding.headline


def test_the_wall_adds_up_and_hides_nothing_that_its_finding_tells(bank):
    tables, renewals, wall = bank
    assert wall.months["balance"].sum() == pytest.approx(wall.lines["balance"].sum())
    assert wall.total["balance"].item() == pytest.approx(wall.lines["balance"].sum())
    finding = study.find_maturing(wall, renewals)
    assert finding.headline.startswith("CNY ")
    chart = study.chart_maturity_wall(wall, renewals)
    assert isinstance(chart, Chart)
    table = study.tabulate_maturity_wall(wall, renewals)
    assert len(table.rows) == len(wall.lines) + 1
    listed = study.list_largest_maturing(tables, wall)
    assert listed.rows["amount"].is_monotonic_decreasing
    assert listed.n <= 200
