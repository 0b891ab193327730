"""How sure it is who loses money: by hand, against a rebuilt account, in words."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from analysis.data.sources import read_tables
from analysis.presentation.charts import Chart
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayTable
from analysis.studies import segment_profitability as study
from analysis.studies.segment_profitability.account.customer_profit import (
    write_booked_loss,
)
from analysis.studies.segment_profitability.assurance.release_assurance import (
    release_certainty,
    release_change,
    release_flips,
)
from analysis.studies.segment_profitability.assurance.repriced_profit import (
    take_parts,
    write_profit,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.segments.release_segments import (
    release_segments,
)
from analysis.units import write_money

PARAMETERS = study.Parameters(quarter="2026Q3")
REAL_DATA = Path(os.environ.get("QUARTERBOOK_DATA", "../shared/data"))


def _build(tables, parameters):
    priced = study.price_balances(tables, parameters)
    cost = study.cost_service(tables, parameters)
    account = study.build_customer_profit(tables, priced, cost, parameters)
    segments = study.sum_segments(account, cost, tables, parameters)
    return SimpleNamespace(
        tables=tables, priced=priced, cost=cost, account=account, segments=segments
    )


@pytest.fixture(scope="module")
def bank(bank):
    built = _build(bank, PARAMETERS)
    built.panel = study.draw_customers(built.account, PARAMETERS)
    built.stability = study.vary_assumptions(
        built.panel, built.priced, bank, PARAMETERS
    )
    built.certainty = study.judge_segments(built.stability, built.segments)
    return built


def _read_profits(bank, choices, quarter="2026Q3"):
    parts = take_parts(bank.account, bank.priced, 100, quarter)
    rows = parts.rows.select("customer_id", profit=write_profit(parts, choices))
    return rows.to_pandas().set_index("customer_id")["profit"].sort_index()


def _read_account(bank, quarter="2026Q3", column="profit"):
    rows = bank.account.rows.filter(bank.account.rows.quarter == quarter)
    frame = rows.select("customer_id", column).to_pandas()
    return frame.set_index("customer_id")[column].sort_index()


@pytest.mark.parametrize("quarter", ["2026Q2", "2026Q3"])
def test_the_set_in_force_gives_the_account_s_own_profit(bank, quarter):
    again = _read_profits(bank, study.choose(PARAMETERS), quarter)
    pd.testing.assert_series_equal(again, _read_account(bank, quarter), atol=1e-8)


def test_charging_capital_gives_the_account_s_economic_profit(bank):
    charged = replace(study.choose(PARAMETERS), counts_capital=True)
    again = _read_profits(bank, charged).rename("economic_profit")
    own = _read_account(bank, column="economic_profit")
    pd.testing.assert_series_equal(again, own, atol=1e-8)


@pytest.mark.parametrize(
    "changes",
    [
        {"core_share_pct": 35},
        {"core_share_pct": 90, "core_life_months": 12, "tax_rate_pct": 0},
    ],
    ids=str,
)
def test_a_changed_setting_gives_what_a_rebuilt_account_gives(bank, changes):
    rebuilt = _build(bank.tables, study.Parameters(quarter="2026Q3", **changes))
    expected = _read_account(rebuilt)
    found = _read_profits(bank, study.choose(PARAMETERS, **changes))
    pd.testing.assert_series_equal(found, expected, atol=1e-8)


def test_a_shifted_curve_moves_each_balance_by_its_size(bank):
    base = study.choose(PARAMETERS, tax_rate_pct=0)
    moved = _read_profits(bank, replace(base, curve_shift_pp=0.5))
    rows = bank.priced.rows
    now = rows.filter(rows.quarter == "2026Q3").select(
        "customer_id", "side", years=rows.balance_average * rows.year_share
    )
    held = now.to_pandas()
    sign = held["side"].map({"deposit": 1.0, "loan": -1.0}).fillna(0.0)
    expected = (0.005 * sign * held["years"]).groupby(held["customer_id"]).sum()
    change = moved - _read_profits(bank, base)
    aligned = expected.reindex(change.index, fill_value=0.0)
    assert np.allclose(change, aligned, atol=1e-8)


def test_a_double_pool_leaves_the_treasury_s_result_as_it_was(bank):
    base = study.choose(PARAMETERS)
    pooled = _read_profits(bank, replace(base, pooling="double pool"))
    assert pooled.sum() == pytest.approx(_read_account(bank).sum(), rel=1e-9)
    assert (pooled - _read_account(bank)).abs().max() > 1


def test_a_single_pool_leaves_nothing_to_the_treasury_but_the_gap_of_volumes(bank):
    base = study.choose(PARAMETERS, tax_rate_pct=0)
    single = _read_profits(bank, replace(base, pooling="single pool")).sum()
    parts = take_parts(bank.account, bank.priced, 100, "2026Q3")
    totals = parts.totals
    deposits = totals[[n for n in totals.index if "deposits" in n]].sum()
    loans = totals["dated_loans"] + totals["undated_loans"]
    rate = (totals["funding_credit"] - totals["funding_charge"]) / (deposits + loans)
    credited = rate * (deposits - loans)
    before = totals["funding_credit"] + totals["funding_charge"]
    expected = _read_profits(bank, base).sum() - before + credited
    assert single == pytest.approx(expected, rel=1e-9)


def test_spreading_unused_capacity_charges_customers_all_of_it(bank):
    base = study.choose(PARAMETERS, tax_rate_pct=0)
    spread = _read_profits(bank, replace(base, idle_share_pct=100.0))
    pools = bank.cost.pools
    unused = pools.loc[pools["quarter"] == "2026Q3", "cost_unused"].sum()
    charged = _read_profits(bank, base).sum() - spread.sum()
    assert charged == pytest.approx(unused, rel=1e-9)


def test_tax_turns_no_sign(bank):
    (tax,) = [f for f in bank.stability.flips if f.alternative.key == "other_tax"]
    assert tax.share_pct.estimate == tax.to_loss == tax.to_profit == 0


def test_signs_are_those_of_profits_counted_one_by_one(bank):
    base = _read_account(bank) < 0
    for place, alternative in enumerate(bank.stability.alternatives, start=1):
        other = _read_profits(bank, alternative.choices) < 0
        bits = bank.stability.now
        assert (((bits >> place) & 1 == 1) == other.to_numpy()).all(), alternative.key
        flips = next(
            f for f in bank.stability.flips if f.alternative.key == alternative.key
        )
        expected = 100 * (other != base).mean()
        assert flips.share_pct.estimate == pytest.approx(expected)
        assert flips.to_loss == (other & ~base).sum()


def test_whose_sign_depends_is_whoever_is_on_both_sides(bank):
    profits = [_read_account(bank)] + [
        _read_profits(bank, a.choices) for a in bank.stability.alternatives
    ]
    losing = np.column_stack([profit < 0 for profit in profits])
    always, never = losing.all(axis=1), ~losing.any(axis=1)
    shares = (
        bank.stability.always_losing_pct,
        bank.stability.always_earning_pct,
        bank.stability.depends_pct,
    )
    expected = [always.mean(), never.mean(), (~always & ~never).mean()]
    assert [s.estimate for s in shares] == pytest.approx(100 * np.array(expected))
    assert all(s.lower <= s.estimate <= s.upper for s in shares)
    assert sum(s.estimate for s in shares) == pytest.approx(100)


def test_segments_hold_the_customers_of_the_account_and_pool_towards_each_other(bank):
    rows = bank.certainty.rows.set_index("segment")
    sums = rows[["always_losing", "depends", "always_earning"]].sum(axis=1)
    assert (sums == rows["customers"]).all()
    own = bank.segments.rows.set_index("segment")
    each = own["profit"] / own["customers"]
    assert rows["each"].to_numpy() == pytest.approx(each[rows.index].to_numpy())
    pooled = rows.dropna(subset="pooled")
    assert (pooled["pooled_lower"] < pooled["pooled"]).all()
    assert (pooled["pooled"] < pooled["pooled_upper"]).all()
    # The least certain segment gives way most.
    gives = (pooled["pooled"] - pooled["each"]).abs()
    assert gives.idxmax() == pooled["error"].idxmax()


def test_a_segment_s_verdict_names_the_assumptions_that_turn_it(bank):
    for _, row in bank.certainty.rows.iterrows():
        assert row["keeps_sign"] == (len(row["turned_by"]) == 0)


def test_the_dial_gives_what_a_rebuilt_account_gives(bank):
    tried = study.choose(PARAMETERS, core_share_pct=40, tax_rate_pct=20)
    moved = study.compare_assumptions(
        bank.segments, bank.priced, bank.tables, PARAMETERS, tried
    )
    rebuilt = _build(
        bank.tables,
        study.Parameters(quarter="2026Q3", core_share_pct=40, tax_rate_pct=20),
    )
    expected = rebuilt.segments.rows
    assert moved.changed == ("core_share_pct", "tax_rate_pct")
    for found, column in (
        ("profit_after", "profit"),
        ("losing_after", "losing"),
        ("economic_after", "economic_profit"),
    ):
        assert moved.rows[found].tolist() == pytest.approx(expected[column].tolist())
    assert moved.rows["profit_before"].tolist() == pytest.approx(
        bank.segments.rows["profit"].tolist()
    )


def test_the_dial_turns_every_choice_and_says_so(bank):
    changes = {
        "core_share_pct": 50,
        "core_life_months": 24,
        "tax_rate_pct": 20,
        "hurdle_rate_pct": 10,
        "counts_capital": True,
        "curve_shift_pp": 0.25,
        "pooling": "single pool",
        "cost_rate_change_pct": 10,
        "counted_cost_pct": 50,
        "idle_share_pct": 30,
        "loss_change_pct": -10,
        "capital_change_pct": 20,
        "points_redeemed_pct": 90,
    }
    assert set(changes) == {f.name for f in study.Choices.__dataclass_fields__.values()}
    for name, value in changes.items():
        tried = study.choose(PARAMETERS, **{name: value})
        moved = study.compare_assumptions(
            bank.segments, bank.priced, bank.tables, PARAMETERS, tried
        )
        assert moved.changed == (name,)
        table = study.tabulate_change(moved)
        assert table.title.startswith("Profit of segments if: ")
        one = moved.rows
        shifts = one["profit_after"] - one["profit_before"]
        charged = one["economic_after"] - one["economic_before"]
        assert (shifts.abs() + charged.abs()).max() > 0, name


def test_no_change_is_said_to_be_none(bank):
    same = study.choose(PARAMETERS)
    moved = study.compare_assumptions(
        bank.segments, bank.priced, bank.tables, PARAMETERS, same
    )
    assert study.tabulate_change(moved).title == "No assumption was changed"


def test_an_unknown_choice_or_a_share_beyond_all_is_refused():
    with pytest.raises(ValueError, match=r"not \['core_shares'\]"):
        study.choose(PARAMETERS, core_shares=3)
    with pytest.raises(ValueError, match="must be from 0 to 100"):
        study.choose(PARAMETERS, core_share_pct=170)


def test_profit_hidden_in_the_table_of_segments_is_hidden_here_too(bank):
    own = release_segments(bank.segments).released.rows
    hidden = set(own.loc[own["profit"].map(is_suppressed), "segment"])
    assert hidden, "the bank must have a segment to be hidden"
    sure = release_certainty(bank.certainty).released.rows.set_index("segment")
    tried = study.choose(PARAMETERS, core_share_pct=50)
    moved = study.compare_assumptions(
        bank.segments, bank.priced, bank.tables, PARAMETERS, tried
    )
    change = release_change(moved)[0].released.rows.set_index("segment")
    for name in hidden:
        for cell in (sure.loc[name, "each"], change.loc[name, "profit_after_scaled"]):
            assert is_suppressed(cell) or pd.isna(cell)


def test_alternatives_that_turn_few_customers_are_hidden(bank):
    rows = release_flips(bank.stability).rows.set_index("key")
    for flips in bank.stability.flips:
        few = [0 < n < 10 for n in (flips.to_loss, flips.to_profit)]
        assert is_suppressed(rows.loc[flips.alternative.key, "flips_pct"]) == any(few)


def test_words_carry_intervals_and_numbers(bank):
    finding = study.find_sign_stability(bank.stability)
    assert finding.verdict == "measured"
    assert finding.lower <= finding.estimate <= finding.upper
    assert "one at a time" in finding.sentence
    assert "leaving would save" in finding.action
    segment = study.find_segment_certainty(bank.certainty)
    assert segment.verdict == "measured"
    assert "pooled with the others" in segment.sentence
    assert isinstance(study.chart_alternatives(bank.stability), Chart)
    for table in (
        study.tabulate_alternatives(bank.stability),
        study.tabulate_certainty(bank.certainty),
    ):
        assert isinstance(table, DisplayTable)


def test_without_a_profit_every_step_is_refused():
    refused = Refused("No transfer rate.", "2026Q3", "source")
    assert study.vary_assumptions(refused, None, None, PARAMETERS) is refused
    assert study.judge_segments(refused, None) is refused
    for step in (
        study.find_sign_stability,
        study.find_segment_certainty,
        study.find_ledger_quarters,
    ):
        finding = step(refused)
        assert isinstance(finding, Finding)
        assert finding.verdict == "not identified"
        assert "No transfer rate." in finding.sentence
    for step in (
        study.chart_alternatives,
        study.tabulate_alternatives,
        study.tabulate_certainty,
        study.tabulate_change,
        study.tabulate_ledger_quarters,
    ):
        assert step(refused) == ()


def test_where_nothing_turns_a_note_stands_for_the_chart(bank):
    (tax,) = [f for f in bank.stability.flips if f.alternative.key == "other_tax"]
    calm = replace(bank.stability, flips=(tax,))
    assert isinstance(study.chart_alternatives(calm), Note)
    assert "No single assumption" in study.find_sign_stability(calm).sentence


def test_the_ledger_ties_in_every_quarter_of_the_bank(bank):
    quarters = study.tie_quarters(bank.tables, PARAMETERS)
    assert len(quarters.rows) == quarters.n_tied == 12
    assert (quarters.rows["lines"] == 6).all()
    assert quarters.rows["largest_difference"].max() == 0.0
    finding = study.find_ledger_quarters(quarters)
    assert finding.headline == "The books tie to the ledger in all 12 quarters"
    assert finding.estimate == 12


@pytest.mark.parametrize("quarter", ["2026Q2", "2026Q3"])
def test_every_line_of_every_tier_is_the_generator_s_to_the_cent(
    bank, bank_folder, quarter
):
    truth = pd.read_parquet(bank_folder / "truth" / "profit_lines.parquet")
    wide = truth[truth["quarter"] == quarter].pivot_table(
        index="tier", columns="line", values="amount_minor", aggfunc="sum"
    )
    rows = bank.account.rows.filter(bank.account.rows.quarter == quarter)
    found = rows.group_by("segment").agg(
        customers=rows.count(),
        interest_income=rows.received_minor.sum(),
        interest_expense=rows.paid_minor.sum(),
        fee=rows.fee_minor.sum(),
        points=rows.points_minor.sum(),
        credit_loss=100 * rows.expected_loss.sum(),
        cost_to_serve=100 * rows.cost_to_serve.sum(),
    )
    ours = found.to_pandas().set_index("segment").loc[wide.index]
    # Both in fen: to the cent is half a fen.
    assert (ours[wide.columns] - wide).abs().max().max() < 0.5
    counts = truth[(truth["quarter"] == quarter) & (truth["line"] == "fee")]
    assert (
        ours["customers"].to_dict() == counts.set_index("tier")["customers"].to_dict()
    )


class _Changed(dict):
    """Tables of which one was changed."""

    def __init__(self, tables, **changed):
        super().__init__({name: tables[name] for name in tables} | changed)
        self.source = tables.source


def test_a_line_that_is_off_by_two_cents_breaks_its_quarter_only(bank):
    ledger = bank.tables["ledger"]
    off = (ledger.line == "fee") & (ledger.period.cast("string") == "2025-05-31")
    changed = ledger.mutate(amount_minor=ledger.amount_minor + off.ifelse(2, 0))
    quarters = study.tie_quarters(_Changed(bank.tables, ledger=changed), PARAMETERS)
    broken = quarters.rows[~quarters.rows["ties"]]
    assert broken["quarter"].tolist() == ["2025Q2"]
    assert broken["broken"].tolist() == [("fee",)]
    assert broken["largest_difference"].tolist() == pytest.approx([0.02])
    finding = study.find_ledger_quarters(quarters)
    assert "do NOT tie" in finding.headline
    assert finding.importance > 0.9
    lights = study.tabulate_ledger_quarters(quarters).rows["verdict"].tolist()
    assert lights.count("red") == 1


def test_without_a_ledger_no_quarter_is_tied(bank):
    tables = _Changed(bank.tables)
    del tables["ledger"]
    refused = study.tie_quarters(tables, PARAMETERS)
    assert isinstance(refused, Refused)
    assert "no general ledger" in refused.reason


def test_a_flat_rate_leaves_only_what_can_matter(bank):
    tables = _Changed(bank.tables)
    for name in ("market_rates", "events", "credit_risk"):
        del tables[name]
    flat = study.Parameters(quarter="2026Q3", assumed_transfer_rate_pct=2.0)
    built = _build(tables, flat)
    panel = study.draw_customers(built.account, flat)
    stability = study.vary_assumptions(panel, built.priced, tables, flat)
    keys = {a.key for a in stability.alternatives}
    assert keys == {"curve_lower", "curve_higher", "points_expire", "other_tax"}
    assert np.allclose(
        _read_profits(built, study.choose(flat)), _read_account(built), atol=1e-8
    )
    one_pp = replace(study.choose(flat), curve_shift_pp=1.0)
    dearer = study.Parameters(quarter="2026Q3", assumed_transfer_rate_pct=3.0)
    rebuilt = _build(tables, dearer)
    assert np.allclose(_read_profits(built, one_pp), _read_account(rebuilt), atol=1e-8)


def test_expected_losses_are_booked_as_ledgers_round_halves_to_even():
    yearly = [6.0, 18.0, 30.0, 42.0, 11.88, 18.12]
    risks = ibis.memtable(
        {
            "probability_of_default": [1.0] * 6,
            "loss_given_default": [1.0] * 6,
            "exposure_at_default": yearly,
        }
    )
    info = SimpleNamespace(period="month", minor_units=1)
    booked = risks.select(loss=write_booked_loss(risks, info)).to_pandas()["loss"]
    # A month's share: .5, 1.5, 2.5, 3.5, .99 and 1.51.
    assert booked.tolist() == [0.0, 2.0, 2.0, 4.0, 1.0, 2.0]


@pytest.fixture(scope="module", params=["1993Q4", "1994Q1"])
def berka(request):
    if not (REAL_DATA / "berka").is_dir():
        pytest.skip("The PKDD'99 bank is not here; set QUARTERBOOK_DATA.")
    tables = read_tables(
        study.TABLES,
        quarter=request.param,
        source="berka",
        optional=study.OPTIONAL_TABLES,
    )
    parameters = study.Parameters(quarter=request.param, assumed_transfer_rate_pct=8.0)
    built = _build(tables, parameters)
    built.parameters = parameters
    return built


@pytest.fixture(scope="module")
def bookings():
    path = REAL_DATA / "berka" / "trans_head_raw_930101_940331.asc.gz"
    if not path.is_file():
        pytest.skip("The PKDD'99 bank is not here; set QUARTERBOOK_DATA.")
    rows = pd.read_csv(path, sep=";", dtype=str)
    day = pd.to_datetime(rows["date"], format="%y%m%d")
    return rows.assign(
        quarter=day.dt.to_period("Q").astype(str),
        amount=rows["amount"].astype(float),
        kind=rows["k_symbol"].str.strip(),
    )


def test_a_real_bank_s_lines_are_its_bookings_of_the_quarter(berka, bookings):
    # Interest credited (UROK), statement fees (SLUZBY) and penalty interest
    # (SANKC. UROK), by the guide of the PKDD'99 data.
    quarter = berka.parameters.quarter
    inside = bookings[bookings["quarter"] == quarter]
    sums = inside.groupby("kind")["amount"].sum()
    row = berka.segments.rows.sum(numeric_only=True)
    assert -row["interest_paid"] == pytest.approx(sums["UROK"], abs=0.005)
    fees = sums["SLUZBY"] + sums["SANKC. UROK"]
    assert row["fee"] == pytest.approx(fees, abs=0.005)
    # Rounded to crowns, as sums of the file itself: 400,142.9 and 446,052.9.
    stated = {"1993Q4": (400_143, 29_401), "1994Q1": (446_053, 43_925)}
    assert (round(sums["UROK"]), round(fees)) == stated[quarter]


def test_a_real_bank_credits_deposits_at_the_rate_assumed(berka):
    row = berka.segments.rows.sum(numeric_only=True)
    days = {"1993Q4": 92, "1994Q1": 90}[berka.parameters.quarter]
    credit = 0.08 * row["deposits"] * days / 365
    assert row["deposit_margin"] == pytest.approx(credit + row["interest_paid"])
    assert row["loan_margin"] == row["expected_loss"] == row["cost_to_serve"] == 0


def test_statement_fees_of_a_real_bank_are_those_of_its_guide(bookings):
    # 14.60 a month, 30 a week, 100 after each transaction.
    fees = bookings.loc[bookings["kind"] == "SLUZBY", "amount"]
    assert set(fees) == {14.6, 30.0, 100.0}
    assert fees.value_counts().to_dict() == {14.6: 5025, 30.0: 313, 100.0: 107}


def test_interest_on_loans_is_in_no_table_of_the_real_bank(berka):
    loans = pd.read_csv(REAL_DATA / "berka" / "loan.asc", sep=";")
    assert len(loans) == 682
    assert (loans["amount"] == loans["duration"] * loans["payments"]).all()
    (finding,) = (
        f
        for f in study.find_missing_lines(berka.account)
        if f.key == "missing_loan_margin"
    )
    assert finding.verdict == "not identified"
    assert "no loans with their interest" in finding.sentence
    told = study.tabulate_assumptions(berka.parameters, berka.account).rows
    text = " ".join(map(str, told.to_numpy().ravel()))
    for line in ("loan margin", "cost to serve", "credit losses"):
        assert f"Not counted, as if nil: {line}." in text
    assert "8.00%" in text


def test_who_loses_at_a_real_bank_rests_on_its_assumed_rate(berka):
    panel = study.draw_customers(berka.account, berka.parameters)
    stability = study.vary_assumptions(
        panel, berka.priced, berka.tables, berka.parameters
    )
    keys = {a.key for a in stability.alternatives}
    assert {"curve_lower", "curve_higher"} <= keys
    finding = study.find_sign_stability(stability)
    assert finding.verdict in ("measured", "not identified")


def test_points_still_owed_are_bounded_and_not_guessed(bank):
    (finding,) = study.find_points_liability(bank.segments)
    assert finding.verdict == "not identified"
    assert finding.estimate is None
    booked = -bank.segments.rows["points"].sum()
    assert write_money(booked, "CNY") in finding.sentence
    assert write_money(0.8 * booked, "CNY") in finding.sentence
    free = replace(bank.segments, rows=bank.segments.rows.assign(points=0.0))
    assert study.find_points_liability(free) == ()
