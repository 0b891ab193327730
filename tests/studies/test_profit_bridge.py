"""The bridge of profit: by hand, exact on the synthetic bank, with planted causes."""

from __future__ import annotations

import dataclasses
import os
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from analysis.data.contract import CONTRACT
from analysis.data.conversion import ENGINE_TYPES
from analysis.data.sources import read_tables
from analysis.presentation.charts import Chart
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayTable
from analysis.statistics.paired_bootstrap import BootstrapEstimate
from analysis.studies import segment_profitability as study
from analysis.studies.segment_profitability.bridge.bar_words import (
    BAR_NAMES,
    WHEN_LOWERED,
    WHEN_RAISED,
)
from analysis.studies.segment_profitability.bridge.customer_changes import BARS
from analysis.studies.segment_profitability.bridge.release_bridge import (
    release_bars,
    release_segment_bars,
)
from analysis.studies.segment_profitability.customers.customer_panel import compare
from analysis.studies.segment_profitability.refusal import Refused

PLAIN = study.Parameters(quarter="2026Q3", core_share_pct=0, tax_rate_pct=25)
REAL_DATA = Path(os.environ.get("QUARTERBOOK_DATA", "../shared/data"))
JUNE, SEPTEMBER = date(2026, 6, 30), date(2026, 9, 30)
BEFORE, NOW = 91 / 365, 92 / 365
"""Years of the two quarters."""


class HandMadeTables(dict):
    """Tables of a bank that keeps its books by the quarter."""

    source = SimpleNamespace(
        currency="CNY",
        minor_units=100,
        period="quarter",
        title="By hand",
        attribution="By hand",
    )
    checks = ()


def _table(name, rows):
    schema = {c.name: ENGINE_TYPES[c.type] for c in CONTRACT[name].columns}
    frame = pd.DataFrame(rows).reindex(columns=list(schema))
    return ibis.memtable(frame.astype(object).where(frame.notna(), None), schema=schema)


# Five customers: one who stays, one who moves up, one who moves down, one who comes
# and one who leaves. Account: side, product, term, transfer rate of a term; for June
# and September balance and rate, None where it is not there.
ACCOUNTS = {
    "stays": [
        ("deposit", "demand", 0, None, (100e3, 0.010), (160e3, 0.009)),
        ("deposit", "term", 12, 0.03, (200e3, 0.025), (160e3, 0.025)),
        ("loan", "loan", 12, 0.03, (50e3, 0.060), (60e3, 0.062)),
    ],
    "rises": [("deposit", "demand", 0, None, (100e3, 0.010), (300e3, 0.0095))],
    "falls": [("deposit", "demand", 0, None, (400e3, 0.0105), (200e3, 0.009))],
    "comes": [("deposit", "demand", 0, None, None, (80e3, 0.009))],
    "leaves": [("deposit", "demand", 0, None, (50e3, 0.010), None)],
}
TIERS = {
    "stays": ("plain", "plain"),
    "rises": ("plain", "gold"),
    "falls": ("gold", "plain"),
    "comes": (None, "plain"),
    "leaves": ("plain", None),
}
CONTACTS = {"stays": (4, 3), "rises": (2, 2), "falls": (2, 2), "comes": (0, 2),
            "leaves": (2, 0)}  # fmt: skip
SHORT_RATES, MINUTE_COSTS = (0.020, 0.018), (90_000, 96_000)


def _list_accounts(accounts):
    return [
        (f"{customer}{place}", customer, *account)
        for customer, held in accounts.items()
        for place, account in enumerate(held)
    ]


def _make_bank(accounts=ACCOUNTS, tiers=TIERS, short_rates=SHORT_RATES):
    days = ((JUNE, BEFORE), (SEPTEMBER, NOW))
    listed = _list_accounts(accounts)
    tables = {
        "customers": [{"customer_id": name} for name in tiers],
        "customer_periods": [
            {"period": period, "customer_id": name, "tier": held[place]}
            for name, held in tiers.items()
            for place, (period, _) in enumerate(days)
            if held[place]
        ],
        "accounts": [
            {"account_id": key, "customer_id": customer, "side": side,
             "product": product, "tenor_months": term, "transfer_rate": rate}
            for key, customer, side, product, term, rate, *_ in listed
        ],
        "balances": [
            {"period": period, "account_id": key, "balance_end_minor": 0,
             "balance_average": ends[place][0],
             "interest_minor": round(100 * years * np.prod(ends[place]))}
            for key, *_, before, now in listed
            for ends in ((before, now),)
            for place, (period, years) in enumerate(days)
            if ends[place]
        ],
        "market_rates": [
            {"period": period, "series": "funding", "tenor_months": 0, "rate": rate}
            for (period, _), rate in zip(days, short_rates, strict=True)
        ],
        "events": [
            {"period": period, "customer_id": name, "channel": "counter",
             "activity": "cash", "count": counts[place]}
            for name, counts in CONTACTS.items()
            for place, (period, _) in enumerate(days)
            if name in tiers and counts[place]
        ],
        "activity_times": [
            {"activity": "cash", "channel": "counter", "cost_pool": "staff",
             "minutes": 10.0}
        ],
        "cost_pools": [
            {"period": period, "cost_pool": "staff", "amount_minor": amount,
             "practical_minutes": 300.0}
            for (period, _), amount in zip(days, MINUTE_COSTS, strict=True)
        ],
        "customer_income": [
            {"period": period, "customer_id": "stays", "line": line,
             "amount_minor": amount}
            for period, line, amount in (
                (JUNE, "fee", 3_000), (SEPTEMBER, "fee", 3_600),
                (JUNE, "points", -500), (SEPTEMBER, "points", -800),
            )
        ],
        "credit_risk": [
            {"period": period, "account_id": "stays2",
             "probability_of_default": chance, "loss_given_default": 0.4,
             "exposure_at_default": exposure, "capital_ratio": 0.06}
            for period, chance, exposure in ((JUNE, 0.010, 50e3),
                                             (SEPTEMBER, 0.012, 60e3))
        ],
    }  # fmt: skip
    return HandMadeTables({name: _table(name, rows) for name, rows in tables.items()})


def _bridge(tables, parameters):
    priced = study.price_balances(tables, parameters)
    cost = study.cost_service(tables, parameters)
    account = study.build_customer_profit(tables, priced, cost, parameters)
    bridge = study.bridge_profit(account, priced, cost, tables, parameters)
    return SimpleNamespace(account=account, bridge=bridge, priced=priced, cost=cost)


def _bridge_again(built, tables, **changes):
    """Bridge an account that is there already."""
    account = dataclasses.replace(built.account, **changes)
    return study.bridge_profit(account, built.priced, built.cost, tables, PLAIN)


def _read_bars(bridge):
    return bridge.bars.set_index("bar")["amount"].reindex(list(BARS), fill_value=0.0)


def _show_all(bridge):
    return (
        study.chart_profit_bridge(bridge),
        study.tabulate_bridge(bridge),
        study.tabulate_segment_bridge(bridge),
        study.tabulate_rate_volume(bridge),
    )


@pytest.fixture(scope="module")
def built(bank):
    return _bridge(bank, PLAIN)


@pytest.fixture(scope="module")
def hand_made():
    return _bridge(_make_bank(), PLAIN)


# Demand money earns the short rate, 2.0 % in June and 1.8 % in September; terms keep
# 3 %. Only one customer stayed, fewer than ten: deposits are repriced as one. Half of
# those held now (160,000 of each) paid 10 bp less and earned 20 bp less, half the
# same, so that the index is 5 bp and 10 bp down. At the prices of June, September's
# demand money pays 1.00 % (rises) or 0.95 % and earns 1.9 %; of the one who stayed
# 1.0 % and 2.0 %, the term deposit 2.5 % and 3 %, the loan 6 % and 3 %.
#   rates    160,000 x 10 bp + 60,000 x 20 bp + (300 + 200 + 80) thousand x 5 bp
#            = 160 + 120 + 290 = 570 a year
#   funding  -160,000 x 20 bp - 580,000 x 10 bp = -900 a year
#   days     one day of 365 of today's margins at old prices: 1,600 + 800 + 1,800 of
#            who stayed, 300,000 x .9 %, 200,000 x .95 %, 80,000 x .95 % = 9,560
#   volume   deposits 300,000 -> 320,000 at 2,000/300,000; loan 10,000 at 3 %
#   mix      1,600 + 800 - 320,000 x 2,000/300,000
#   minute   3.0 -> 3.2: 90 minutes of September; use: 10 minutes fewer at 3.0
#   loss     50,000 x .010 x .4 / 4 = 50 -> 60,000 x .012 x .4 / 4 = 72
#   up       2,700 - 1,000 a year; down 1,900 - 3,800; both two contacts as before
#   new      760 a year less 20 minutes at 3.0; lost 500 a year less the same
HAND_MADE = {
    "rates": 570 * NOW,
    "funding": -900 * NOW,
    "days": 9_560 / 365,
    "service_rate": -90 * 0.2,
    "volume": (20e3 * 2 / 300 + 300) * BEFORE,
    "mix": (2_400 - 320e3 * 2 / 300) * BEFORE,
    "fees": 6.0,
    "points": -3.0,
    "service_use": 10 * 3.0,
    "expected_loss": -22.0,
    "moved_up": 1_700 * BEFORE,
    "moved_down": -1_900 * BEFORE,
    "new": 760 * BEFORE - 60,
    "lost": -500 * BEFORE + 60,
}


@pytest.mark.parametrize("bar", HAND_MADE)
def test_each_bar_of_five_customers_by_hand(hand_made, bar):
    # Interest is booked in whole fen: half a fen an account and quarter.
    assert _read_bars(hand_made.bridge)[bar] == pytest.approx(HAND_MADE[bar], abs=0.03)


def test_tax_of_five_customers_is_a_quarter_of_the_other_bars(hand_made):
    expected = -0.25 * sum(HAND_MADE.values())
    assert _read_bars(hand_made.bridge)["tax"] == pytest.approx(expected, abs=0.03)


def test_a_customer_who_moves_is_no_price_and_no_mix():
    # Gold is paid 20 bp more in both quarters, and nothing changes but one tier.
    same = {
        "stays": [("deposit", "demand", 0, None, (1e5, 0.010), (1e5, 0.010))],
        "rich": [("deposit", "demand", 0, None, (5e5, 0.012), (5e5, 0.012))],
        "rises": [("deposit", "demand", 0, None, (2e5, 0.010), (2e5, 0.012))],
    }
    tiers = {"stays": ("plain",) * 2, "rich": ("gold",) * 2, "rises": ("plain", "gold")}
    bridge = _bridge(_make_bank(same, tiers, (0.02, 0.02)), PLAIN).bridge
    bars = _read_bars(bridge)
    assert bars["rates"] == pytest.approx(0, abs=0.02)
    assert bars["mix"] == pytest.approx(0, abs=0.02)
    assert bars["moved_up"] == pytest.approx(-2e5 * 0.002 * BEFORE, abs=0.02)
    # Totals of segments show the same money as a mix of dearer balances.
    assert bridge.naive["mix"] == pytest.approx(-2e5 * 0.002 * BEFORE, abs=0.02)
    assert bridge.naive["moved_up"] == 0


def test_bars_add_up_to_the_change_of_profit_to_the_cent(built):
    rows = built.account.rows.to_pandas()
    profit = rows.groupby("quarter")["profit"].sum()
    change = profit["2026Q3"] - profit["2026Q2"]
    assert built.bridge.bars["amount"].sum() == pytest.approx(change, abs=0.005)
    assert built.bridge.change.estimate == pytest.approx(change, abs=0.005)
    assert built.bridge.profit_before == pytest.approx(profit["2026Q2"], abs=0.005)


def test_bars_add_up_in_every_segment_to_the_cent(built):
    profit = built.account.rows.to_pandas().pivot_table(
        index="segment", columns="quarter", values="profit", aggfunc="sum"
    )
    segments = built.bridge.segments.set_index("segment")
    assert len(segments) >= 3
    for name, held in profit.fillna(0.0).iterrows():
        change = held["2026Q3"] - held["2026Q2"]
        assert segments.loc[name, "change"] == pytest.approx(change, abs=0.005)
        bars = segments.loc[name, list(BARS)].sum()
        assert bars == pytest.approx(change, abs=0.005)


def test_what_leaves_one_segment_comes_to_another(built):
    segments = built.bridge.segments
    bars = _read_bars(built.bridge)
    moved = segments["moved_in"].sum() + segments["moved_out"].sum()
    assert moved == pytest.approx(bars["moved_up"] + bars["moved_down"], abs=0.005)
    for way in ("up", "down"):
        assert segments[f"n_arrived_{way}"].sum() == segments[f"n_left_{way}"].sum()
        assert segments[f"n_arrived_{way}"].sum() > 0


def test_movers_agree_with_pandas_on_the_accounts(built):
    rows = built.account.rows.to_pandas()
    held = rows.pivot_table(
        index="customer_id", columns="quarter", values="segment", aggfunc="first"
    )
    before, now = held["2026Q2"], held["2026Q3"]
    moved = before.notna() & now.notna() & (before != now)
    segments = built.bridge.segments
    counted = segments[["n_arrived_up", "n_arrived_down"]].sum().sum()
    assert counted == moved.sum()
    assert segments["n_new"].sum() == (before.isna() & now.notna()).sum()
    assert segments["n_lost"].sum() == (before.notna() & now.isna()).sum()


def test_the_naive_bridge_has_the_same_sum_and_no_movers(built):
    naive = built.bridge.naive
    assert naive.sum() == pytest.approx(built.bridge.change.estimate, abs=0.005)
    assert (naive[["moved_up", "moved_down", "new", "lost"]] == 0).all()
    assert abs(naive["mix"] - _read_bars(built.bridge)["mix"]) > 1


def test_interest_of_products_is_split_into_rate_and_volume(built):
    interest = built.bridge.interest
    change = interest["interest_now"] - interest["interest_before"]
    split = interest["rate"] + interest["volume"]
    assert np.allclose(split, change, atol=0.005)
    rows = built.account.rows.to_pandas().query("quarter == '2026Q3'")
    loans = interest[interest["side"] == "loan"]["interest_now"].sum()
    assert loans == pytest.approx(rows["received_minor"].sum() / 100, abs=0.005)


class _Changed(dict):
    """A source's tables with one of them replaced."""

    def __init__(self, tables, **replaced):
        super().__init__({name: tables[name] for name in tables} | replaced)
        self.source, self.checks = tables.source, ()


def test_a_planted_rise_of_deposit_rates_moves_the_price_bar_alone(bank, built):
    balances = bank["balances"]
    sides = bank["accounts"].select("account_id", "side")
    known = balances.join(sides, "account_id")
    days = known.period.day().cast("float64")
    more = (100 * known.balance_average * 0.001 * days / 365).round().cast("int64")
    is_shifted = (known.side == "deposit") & (known.period > date(2026, 6, 30))
    interest = known.interest_minor + ibis.ifelse(is_shifted, more, 0)
    shifted = known.mutate(interest_minor=interest).select(*balances.columns)
    bridge = _bridge(_Changed(bank, balances=shifted), PLAIN).bridge
    moved = _read_bars(bridge) - _read_bars(built.bridge)
    planted = float(more.sum(where=is_shifted).execute()) / 100
    assert planted > 1_000
    assert moved["rates"] == pytest.approx(-planted, rel=0.001)
    assert moved["tax"] == pytest.approx(0.25 * planted, rel=0.001)
    # Interest is booked in whole fen: half a fen an account and month goes astray.
    others = moved.drop(["rates", "tax"])
    assert others.abs().max() < 0.001 * planted


@pytest.mark.extended
def test_a_dearer_minute_moves_its_own_bar_alone(bank, built):
    pools = bank["cost_pools"]
    is_now = pools.period > date(2026, 6, 30)
    dearer = ibis.ifelse(is_now, pools.amount_minor * 2, pools.amount_minor)
    changed = pools.mutate(amount_minor=dearer.cast("int64"))
    bridge = _bridge(_Changed(bank, cost_pools=changed), PLAIN).bridge
    moved = _read_bars(bridge) - _read_bars(built.bridge)
    cost = built.account.rows.to_pandas().query("quarter == '2026Q3'")["cost_to_serve"]
    assert moved["service_rate"] == pytest.approx(cost.sum(), abs=0.005)
    assert moved.drop(["service_rate", "tax"]).abs().max() < 0.005


def test_intervals_draw_the_customers_of_both_quarters_jointly(built):
    panel = study.draw_customers(built.account, PLAIN)
    known = compare(panel, lambda sample: sample.total(sample.profit)[:, 0])
    change = built.bridge.change
    assert change.lower == pytest.approx(known.change_lower, abs=0.005)
    assert change.upper == pytest.approx(known.change_upper, abs=0.005)
    bars = built.bridge.bars
    assert (bars["lower"] <= bars["amount"]).all()
    assert (bars["amount"] <= bars["upper"]).all()


def test_every_exhibit_of_the_synthetic_bank_is_there(built):
    chart, *tables = _show_all(built.bridge)
    assert isinstance(chart, Chart)
    assert all(isinstance(table, DisplayTable) for table in tables)
    finding = study.find_profit_change(built.bridge)
    assert finding.requirement == "B16"
    assert finding.verdict in ("rose", "fell", "no clear change")
    assert study.find_disguised_moves(built.bridge).verdict == "exact"


def _retell(bridge, bar, amount, lower, upper):
    """Let one bar be all that is sure."""
    bars = bridge.bars.assign(verdict="no clear change", lower=-1.0, upper=1.0)
    place = bars.index[bars["bar"] == bar][0]
    verdict = "rose" if amount > 0 else "fell"
    told = {"amount": amount, "lower": lower, "upper": upper, "verdict": verdict}
    for name, value in told.items():
        bars.loc[place, name] = value
    change = BootstrapEstimate(bars["amount"].sum(), -1e9, 1e9)
    return dataclasses.replace(bridge, bars=bars, change=change)


def test_every_cause_has_a_name_and_its_own_advice_in_both_directions():
    causes = [bar for bar in BARS if bar != "tax"]
    assert set(BAR_NAMES) == {*BARS}
    for advice in (WHEN_RAISED, WHEN_LOWERED):
        assert set(advice) == set(causes)
        assert len(set(advice.values())) == len(causes)


@pytest.mark.parametrize(("bar", "sign"), [("rates", 1), ("volume", -1)])
def test_the_sure_cause_is_named_with_its_advice(built, bar, sign):
    ends = sorted((sign * 1e6, sign * 3e6))
    told = study.find_profit_change(_retell(built.bridge, bar, sign * 2e6, *ends))
    advice = WHEN_RAISED if sign > 0 else WHEN_LOWERED
    assert told.action == advice[bar]
    assert BAR_NAMES[bar].lower() in told.headline
    assert "No other bar could be larger." in told.sentence


def test_without_a_sure_bar_no_cause_is_named(built):
    bars = built.bridge.bars.assign(verdict="no clear change")
    unsure = dataclasses.replace(built.bridge, bars=bars)
    finding = study.find_profit_change(unsure)
    assert finding.headline.endswith("from no single cause")
    assert finding.action.startswith("No action on one cause")
    assert study.chart_profit_bridge(unsure).title.startswith("No single cause")


def test_larger_bars_that_are_not_sure_are_named(built):
    told = _retell(built.bridge, "rates", 5e6, 4e6, 6e6)
    bars = told.bars.copy()
    bars.loc[bars["bar"] == "volume", ["lower", "upper"]] = (-9e6, 8e6)
    finding = study.find_profit_change(dataclasses.replace(told, bars=bars))
    assert "possibly larger: volume." in finding.sentence


def test_a_bar_of_few_customers_is_hidden_with_another(built):
    bars = built.bridge.bars.copy()
    bars.loc[bars["bar"] == "points", "customers"] = 9
    shown = release_bars(dataclasses.replace(built.bridge, bars=bars))
    hidden = shown.parts.rows[shown.parts.rows["amount"].map(is_suppressed)]
    names = set(hidden["bar"])
    # The segments' total tells what all the business bars add up to: one more of them.
    business = {"volume", "mix", "fees", "service_use", "expected_loss"}
    assert "points" in names
    assert names & business
    assert hidden["lower"].map(is_suppressed).all()


def test_bars_hidden_among_segments_are_hidden_for_all(built):
    rows = built.bridge.segments.copy()
    rows["new_largest"] = rows["new_absolute"].sum() + 1.0
    told = dataclasses.replace(built.bridge, segments=rows)
    assert is_suppressed(release_segment_bars(told).whole["new"])
    known = release_bars(told).list_known("amount").rows
    assert "new" not in set(known["bar"])


def test_five_customers_are_too_few_to_show(hand_made):
    assert isinstance(study.chart_profit_bridge(hand_made.bridge), Note)
    finding = study.find_profit_change(hand_made.bridge)
    assert finding.verdict == "not identified"
    assert "too few" in finding.reason


def test_without_a_quarter_before_there_is_no_bridge(bank_folder, monkeypatch):
    monkeypatch.setenv("QUARTERBOOK_BANK", str(bank_folder))
    first = study.Parameters(quarter="2023Q4")
    tables = read_tables(
        study.TABLES,
        quarter="2023Q4",
        source="synthetic",
        optional=study.OPTIONAL_TABLES,
    )
    bridge = _bridge(tables, first).bridge
    assert isinstance(bridge, Refused)
    assert "2023Q3, is not there or not whole" in bridge.reason
    finding = study.find_profit_change(bridge)
    assert finding.verdict == "not identified"
    assert finding.action == "Map a source that holds the whole quarter before."
    assert study.find_disguised_moves(bridge).verdict == "not identified"
    chart, *tables_shown = _show_all(bridge)
    assert isinstance(chart, Note)
    assert all(shown == () for shown in tables_shown)


def test_a_month_that_is_missing_before_is_no_quarter(bank, built):
    balances = bank["balances"]
    fewer = balances.filter(balances.period != date(2026, 5, 31))
    bridge = _bridge_again(built, _Changed(bank, balances=fewer))
    assert isinstance(bridge, Refused)
    assert "not whole in balances" in bridge.reason


def test_without_a_transfer_rate_there_is_no_bridge(bank, built):
    refused = {"deposit_margin": "No rate is known."}
    bridge = _bridge_again(built, bank, refused=refused)
    assert isinstance(bridge, Refused)
    assert "assumed_transfer_rate_pct" in study.find_profit_change(bridge).action


@pytest.mark.extended
def test_regions_are_bridged_and_lines_that_are_not_known_are_named(bank):
    tables = _Changed(bank)
    del tables["events"]
    del tables["credit_risk"]
    built = _bridge(tables, PLAIN.model_copy(update={"segment_by": "region"}))
    bars = set(built.bridge.bars["bar"])
    assert not bars & {"service_rate", "service_use", "expected_loss"}
    assert not bars & {"moved_up", "moved_down"}
    profit = built.account.rows.to_pandas().groupby("quarter")["profit"].sum()
    change = profit["2026Q3"] - profit["2026Q2"]
    assert built.bridge.bars["amount"].sum() == pytest.approx(change, abs=0.005)
    assert built.bridge.segments["change"].sum() == pytest.approx(change, abs=0.005)
    assert isinstance(study.chart_profit_bridge(built.bridge), Chart)
    sentence = study.find_profit_change(built.bridge).sentence
    assert "Not counted, for want of data: cost to serve and credit losses" in sentence


def test_a_real_bank_is_bridged_to_the_cent():
    if not (REAL_DATA / "berka").is_dir():
        pytest.skip("The PKDD'99 bank is not here; set QUARTERBOOK_DATA.")
    tables = read_tables(
        study.TABLES, quarter="1994Q1", source="berka", optional=study.OPTIONAL_TABLES
    )
    assumed = study.Parameters(quarter="1994Q1", assumed_transfer_rate_pct=8.0)
    built = _bridge(tables, assumed)
    profit = built.account.rows.to_pandas().groupby("quarter")["profit"].sum()
    change = profit["1994Q1"] - profit["1993Q4"]
    assert built.bridge.bars["amount"].sum() == pytest.approx(change, abs=0.005)
    assert isinstance(study.chart_profit_bridge(built.bridge), Chart)
    # One flat rate for both quarters: transfer prices can't have moved anything.
    assert _read_bars(built.bridge)["funding"] == pytest.approx(0, abs=0.005)
