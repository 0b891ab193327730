"""How prices were kept and changed: sums by hand, planted breaks and effects found
again, and no number where none can be known.
"""

from __future__ import annotations

import warnings
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pyfixest
import pytest

from analysis.data.contract import CONTRACT
from analysis.data.conversion import ENGINE_TYPES
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.quarter import Quarter
from analysis.studies import deposit_rate_elasticity as study
from analysis.studies.deposit_rate_elasticity.conduct import (
    notices as notice_effects,
)
from analysis.studies.deposit_rate_elasticity.conduct.cell_moves import find_moves
from analysis.studies.deposit_rate_elasticity.conduct.notice_panel import (
    lay_out_notices,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts

QUARTER = "2026Q3"
PARAMETERS = study.Parameters(quarter=QUARTER)
LAST = pd.Timestamp("2026-09-30")
REGIONS = [f"R{number:02d}" for number in range(20)]


# --- a bank by hand ---------------------------------------------------------------


class HandBank(dict):
    """Contract tables made of a few rows, with what a study asks of their source."""

    source = SimpleNamespace(
        currency="CNY", minor_units=100, period="month", title="Hand bank"
    )

    def add(self, name, rows):
        """Add a table; columns that the rows leave out are missing."""
        columns = CONTRACT[name].columns
        schema = {column.name: ENGINE_TYPES[column.type] for column in columns}
        frame = pd.DataFrame(rows).reindex(columns=list(schema))
        days = [column.name for column in columns if column.type == "date"]
        frame = frame.assign(**{day: pd.to_datetime(frame[day]) for day in days})
        self[name] = ibis.memtable(
            frame.astype(object).where(frame.notna(), None), schema=ibis.schema(schema)
        )


def make_history(cells, months=1):
    nothing = pd.DataFrame()
    return RateHistory(
        rates=nothing, average=nothing, lines=nothing, total=nothing,
        cells=cells.assign(funding_pct=np.nan), has_reference=False,
        quarter=Quarter.parse(QUARTER), period_months=months, source="Hand bank",
    )  # fmt: skip


def make_prices(rates):
    """One line, tier "gold"; rates by period and region, percent."""
    rows = [
        {"product": "term", "tenor_months": 12, "tier": "gold", "region": region,
         "period": pd.Timestamp(period), "own_pct": rate}
        for period, by_region in rates.items()
        for region, rate in by_region.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def make_bank(cells, accounts, balances, *, ceiling=0.02, notices=None):
    """A bank of term deposits, each customer with one account."""
    bank = HandBank()
    people = pd.DataFrame(accounts).drop_duplicates("customer_id")
    bank.add("customers", people[["customer_id", "region"]])
    periods = pd.date_range("2026-01-31", LAST, freq="ME")
    bank.add(
        "customer_periods",
        people[["customer_id"]].assign(tier="gold").merge(
            pd.DataFrame({"period": periods}), how="cross"
        ),
    )  # fmt: skip
    shared = {"product": "term", "tenor_months": 12, "side": "deposit"}
    bank.add("accounts", pd.DataFrame(accounts).assign(**shared))
    held = pd.DataFrame(balances)
    ends = (100 * held["balance_average"]).round().astype("int64")
    bank.add("balances", held.assign(balance_end_minor=ends))
    posted = cells.assign(rate=cells["own_pct"] / 100, ceiling_rate=ceiling)
    bank.add("posted_rates", posted)
    if notices is not None:
        bank.add("rate_notices", notices)
    return bank


def make_contracts(bonuses_bp, *, recorded=True, paid_now=None, balance=1000.0):
    """Contracts of May 2026, posted at 1%, transfer price 1.5%, one a customer."""
    cells = make_prices({"2026-05-31": {"R00": 1.0}, "2026-09-30": {"R00": 1.0}})
    accounts = [
        {"account_id": f"A{n}", "customer_id": f"C{n}", "region": "R00",
         "open_date": "2026-05-11", "contract_rate": 0.01 + bonus / 1e4,
         "transfer_rate": 0.015, "is_exception_rate": recorded and bonus > 0}
        for n, bonus in enumerate(bonuses_bp)
    ]  # fmt: skip
    balances = [
        {"account_id": f"A{n}", "period": LAST, "balance_average": balance,
         "rate": paid_now if paid_now is not None else 0.01 + bonus / 1e4}
        for n, bonus in enumerate(bonuses_bp)
    ]  # fmt: skip
    return make_bank(cells, accounts, balances), make_history(cells)


def price(bank, history):
    return study.price_accounts(bank, history, PARAMETERS)


# --- exceptions -------------------------------------------------------------------


def test_cost_bonus_and_break_even_of_exceptions_by_hand():
    bank, history = make_contracts([20.0] * 12 + [0.0] * 28)
    found = study.measure_exceptions(price(bank, history), None)
    total = found.total
    assert total["exception_customers"] == 12
    assert total["share_pct"] == pytest.approx(30.0)
    assert total["bonus_bp"] == pytest.approx(20.0)
    assert total["cost"] == pytest.approx(12 * 1000 * 0.002)
    # Bonus of 20 bp over the margin at the posted price, 50 bp.
    assert total["break_even_pct"] == pytest.approx(40.0)
    finding = study.find_exception_cost(found)
    assert finding.estimate == pytest.approx(30.0)
    assert "40.0%" in finding.action


def test_an_exception_that_was_renewed_at_another_rate_costs_nothing_any_more():
    bank, history = make_contracts([20.0] * 12, paid_now=0.01)
    assert study.measure_exceptions(price(bank, history), None).total["cost"] == 0


def test_a_bonus_above_the_margin_never_pays():
    bank, history = make_contracts([60.0] * 12 + [0.0] * 20)
    finding = study.find_exception_cost(
        study.measure_exceptions(price(bank, history), None)
    )
    assert "lose money even if all would have left" in finding.action


def test_exceptions_of_fewer_than_ten_customers_are_nowhere_shown():
    bank, history = make_contracts([20.0] * 9 + [0.0] * 31)
    found = study.measure_exceptions(price(bank, history), None)
    assert study.find_exception_cost(found).verdict == "not identified"
    assert study.find_kept_balance(found) == ()
    assert study.find_large_exceptions(found) == ()
    rows = study.tabulate_exceptions(found).rows
    assert rows["cost_scaled"].map(is_suppressed).all()


def test_what_exceptions_kept_never_carries_a_number():
    bank, history = make_contracts([20.0] * 12 + [0.0] * 28)
    (finding,) = study.find_kept_balance(
        study.measure_exceptions(price(bank, history), None)
    )
    assert finding.verdict == "not identified"
    assert finding.estimate is finding.lower is finding.upper is None


def test_a_fall_before_the_exception_is_found_again():
    rng = np.random.default_rng(5)
    cells = make_prices({"2026-06-30": dict.fromkeys(REGIONS, 1.0)})
    accounts, balances = [], []
    for n in range(400):
        treated, size = n % 4 == 0, float(np.exp(rng.normal(8, 1)))
        accounts += [
            {"account_id": f"A{n}", "customer_id": f"C{n}",
             "region": REGIONS[n % 20 if n % 8 else (n // 8) % 20],
             "open_date": "2026-06-05",
             "contract_rate": 0.012 if treated else 0.01},
            {"account_id": f"B{n}", "customer_id": f"C{n}", "region": None,
             "open_date": "2026-01-05", "contract_rate": None},
        ]  # fmt: skip
        fall = np.exp(rng.normal(-0.10 * treated, 0.05))
        for period, held in (("2026-02-28", size), ("2026-05-31", size * fall)):
            balances.append(
                {"account_id": f"B{n}", "period": pd.Timestamp(period),
                 "balance_average": held}
            )  # fmt: skip
    found = study.measure_pre_trend(
        make_bank(cells, accounts, balances), make_history(cells)
    )
    assert found.treated == 100
    assert found.months == 3
    assert found.lower_pct < -10 < found.upper_pct < 0


# --- compliance -------------------------------------------------------------------


def test_planted_breaks_are_counted_with_their_interest():
    bonuses = [-10.0] * 11 + [30.0] * 12 + [150.0] * 13 + [0.4] * 14
    bank, history = make_contracts(bonuses, recorded=False)
    rules = study.check_prices(price(bank, history), PARAMETERS).rules
    by_rule = rules.set_index("rule")
    expected = {
        "less": (11, 11 * 1000 * 0.0010),
        "unrecorded": (25, 12 * 1000 * 0.0030 + 13 * 1000 * 0.0150),
        "ceiling": (13, 13 * 1000 * 0.0050),
        "posted_ceiling": (0, 0.0),
    }
    for rule, (accounts, yearly) in expected.items():
        row = by_rule.loc[rule]
        assert (row["accounts"], row["broken_accounts"]) == (50, accounts), rule
        assert row["yearly"] == pytest.approx(yearly), rule
    assert by_rule.loc["dispersion", "broken_accounts"] == 50


def test_rates_within_half_a_basis_point_break_nothing_and_are_exact():
    bank, history = make_contracts([0.4, -0.4] * 10)
    compliance = study.check_prices(price(bank, history), PARAMETERS)
    assert compliance.rules["broken_accounts"].sum() == 0
    assert compliance.paid["exact_pct"] == pytest.approx(100)
    # Balances are equal, so that the deviation is that of 0.4 and -0.4.
    assert compliance.paid["deviation_bp"] == pytest.approx(0.4)
    finding = study.find_compliance(compliance)
    assert finding.estimate == pytest.approx(100)
    assert finding.action == "Keep the check; no rule was broken."


def test_breaks_by_few_customers_are_not_told_by_a_share():
    bank, history = make_contracts([-10.0] * 3 + [0.0] * 40)
    compliance = study.check_prices(price(bank, history), PARAMETERS)
    assert study.find_compliance(compliance).verdict == "not identified"
    rows = study.tabulate_compliance(compliance).rows
    assert is_suppressed(rows["broken_accounts"].iloc[0])
    assert is_suppressed(rows["yearly_scaled"].iloc[0])


def test_a_source_without_rates_paid_gives_notes_and_refusals():
    bank, history = make_contracts([0.0] * 20)
    bare = bank["balances"].mutate(rate=ibis.null("float64"))
    accounts = bank["accounts"].mutate(contract_rate=ibis.null("float64"))
    bank["balances"], bank["accounts"] = bare, accounts
    priced = price(bank, history)
    compliance = study.check_prices(priced, PARAMETERS)
    exceptions = study.measure_exceptions(priced, None)
    assert study.find_compliance(compliance).verdict == "not identified"
    assert study.find_exception_cost(exceptions).verdict == "not identified"
    for show in (study.tabulate_exceptions, study.tabulate_large_exceptions):
        assert isinstance(show(exceptions), Note)
    assert isinstance(study.tabulate_compliance(compliance), Note)


# --- changes of the price list ----------------------------------------------------


def make_verdicts(grade="B"):
    products = pd.DataFrame(
        [{"product": "term", "grade": grade, "estimate": 10.0, "lower": 4.0,
          "upper": 16.0}]
    )  # fmt: skip
    return Verdicts(pd.DataFrame(), products, Quarter.parse(QUARTER), "Hand bank")


def make_changes(opened, *, fixed=True, fall_bp=20.0):
    """August: the first twelve regions fall, the others stand still."""
    before = dict.fromkeys(REGIONS, 1.0)
    after = {region: 1.0 - fall_bp / 100 * (n < 12) for n, region in enumerate(REGIONS)}
    cells = make_prices(
        {"2026-07-31": before, "2026-08-31": after, "2026-09-30": after}
    )
    accounts = [
        {"account_id": f"A{n}", "customer_id": f"C{n}", "region": REGIONS[n % 20],
         "open_date": opened[n % len(opened)],
         "contract_rate": 0.01 if fixed else None}
        for n in range(400)
    ]  # fmt: skip
    balances = [
        {"account_id": f"A{n}", "period": period, "balance_average": 1000.0}
        for n in range(400)
        for period in (pd.Timestamp("2026-07-31"), LAST)
    ]
    return make_bank(cells, accounts, balances), make_history(cells)


def test_money_without_a_fixed_rate_feels_a_change_at_once():
    bank, history = make_changes(["2026-01-05"], fixed=False)
    impact = study.measure_price_changes(bank, history, make_verdicts())
    (row,) = impact.changes.to_dict("records")
    assert (row["cells"], row["customers"]) == (12, 240)
    assert row["share_pct"] == pytest.approx(100)
    assert row["change_bp"] == pytest.approx(-20)
    assert row["yearly"] == pytest.approx(-240 * 1000 * 0.002)
    assert impact.yearly == pytest.approx(row["yearly"])


def test_a_contract_feels_a_change_when_it_is_made_or_renewed():
    # Made before the change; renewed in August after a year; made in September.
    opened = ["2026-03-05", "2025-08-05", "2026-09-05", "2025-07-05"]
    bank, history = make_changes(opened)
    impact = study.measure_price_changes(bank, history, make_verdicts())
    (row,) = impact.changes.to_dict("records")
    # Accounts n = 1, 2 modulo 4 in the first twelve of twenty regions.
    assert row["customers"] == sum(n % 20 < 12 and n % 4 in (1, 2) for n in range(400))
    assert row["share_pct"] == pytest.approx(50)


def test_the_expected_change_is_the_response_times_the_cut_its_ends_swapped():
    bank, history = make_changes(["2026-09-05"])
    impact = study.measure_price_changes(bank, history, make_verdicts())
    row = impact.changes.iloc[0]
    numbers = row[["expected_pct", "expected_lower_pct", "expected_upper_pct"]]
    assert list(numbers) == pytest.approx([-2.0, -3.2, -0.8])


def test_a_refused_response_gives_no_expected_change():
    bank, history = make_changes(["2026-09-05"])
    impact = study.measure_price_changes(bank, history, make_verdicts("D"))
    assert impact.changes["expected_pct"].isna().all()
    table = study.tabulate_price_changes(impact)
    assert list(table.rows["expected"]) == ["not known"]


def test_a_price_list_that_stood_still_is_no_change():
    bank, history = make_changes(["2026-09-05"], fall_bp=0.4)
    impact = study.measure_price_changes(bank, history, make_verdicts())
    assert study.find_price_changes(impact).verdict == "not identified"
    assert isinstance(study.tabulate_price_changes(impact), Note)


def test_moves_are_told_by_direction_from_half_a_basis_point_on():
    cells = make_prices(
        {
            "2026-08-31": {"R00": 1.0, "R01": 1.0, "R02": 1.0},
            "2026-09-30": {"R00": 1.1, "R01": 0.9, "R02": 1.004},
        }
    )
    moves = find_moves(make_history(cells), LAST, LAST).set_index("region")
    assert moves["direction"].to_dict() == {"R00": 1, "R01": -1, "R02": 0}
    assert moves["before"].unique() == [pd.Timestamp("2026-08-31")]


# --- the synthetic bank -----------------------------------------------------------


@pytest.fixture(scope="module")
def history(bank):
    return study.build_rate_history(bank, PARAMETERS)


@pytest.fixture(scope="module")
def due(bank, history):
    return lay_out_notices(bank, history).to_pandas()


@pytest.fixture(scope="module")
def notices(bank, history):
    return study.measure_notices(bank, history)


def test_prices_of_the_synthetic_bank_are_kept_except_for_recorded_exceptions(
    bank, history
):
    rules = study.check_prices(price(bank, history), PARAMETERS).rules
    broken = rules.set_index("rule")["broken_accounts"]
    assert broken["less"] == broken["unrecorded"] == broken["posted_ceiling"] == 0


def test_the_bonus_of_the_synthetic_bank_is_found_again(bank, history):
    total = study.measure_exceptions(price(bank, history), None).total
    # Drawn evenly from 15 to 30 bp in steps of 5.
    assert 15 < total["bonus_bp"] < 30


def test_realised_changes_equal_least_squares_on_single_accounts(bank, history):
    rows = study.measure_price_changes(bank, history, make_verdicts("D")).changes
    row = rows.dropna(subset=["realised_pct"]).iloc[0]
    accounts = _follow_by_hand(bank, history, row)
    fitted = fit(accounts, "change ~ moved | tier", "cell")
    assert row["realised_pct"] == pytest.approx(fitted["Estimate"].iloc[0], abs=1e-8)
    assert row["realised_lower_pct"] == pytest.approx(fitted["2.5%"].iloc[0], rel=1e-6)


def fit(rows, formula, cluster):
    """Fit with a library; it warns of what its own dependencies will drop."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pyfixest.feols(
            formula,
            rows,
            vcov={"CRV1": cluster},
            demeaner=pyfixest.MapDemeaner(fixef_tol=1e-12),
        ).tidy()


def _follow_by_hand(bank, history, row):
    """Join single accounts in pandas: balances before and at the end, cell, move."""
    before = row["period"] - pd.offsets.MonthEnd(1)
    line = {"product": row["product"], "tenor_months": row["tenor_months"]}
    held = bank["balances"].to_pandas()
    held = held.assign(period=pd.to_datetime(held["period"]))
    start, end = (
        held.loc[held["period"] == day].set_index("account_id")["balance_average"]
        for day in (before, LAST)
    )
    accounts = bank["accounts"].to_pandas()
    mine = accounts[(accounts[list(line)] == pd.Series(line)).all(axis=1)]
    mine = mine.set_index("account_id").join(100 * np.log(end / start).rename("change"))
    tiers = bank["customer_periods"].to_pandas()
    tiers = tiers[pd.to_datetime(tiers["period"]) == before]
    people = bank["customers"].to_pandas()[["customer_id", "region"]]
    joined = mine.dropna(subset=["change"]).merge(people, on="customer_id")
    joined = joined.merge(tiers[["customer_id", "tier"]], on="customer_id")
    moves = find_moves(history, row["period"], row["period"])
    joined = joined.merge(moves, on=["product", "tenor_months", "tier", "region"])
    both = joined[joined["direction"].isin([0, row["direction"]])]
    moved = (both["direction"] == row["direction"]).astype(float)
    return both.assign(moved=moved, cell=both["tier"] + both["region"])


def test_coverage_and_delay_are_found_again(notices):
    total = notices.total
    # Nine in ten are told; four standard errors.
    margin = 400 * np.sqrt(0.9 * 0.1 / total["due"])
    assert total["told_pct"] == pytest.approx(90, abs=margin)
    channels = notices.groups[notices.groups["channel"] != ""].set_index("channel")
    planted = {"短信": -1.0, "手机银行": -0.5, "电话": 3.0, "信函": 8.5}
    for name, delay in planted.items():
        spread = 4 * 4.0 / np.sqrt(channels.loc[name, "told"])
        assert channels.loc[name, "delay_days"] == pytest.approx(delay, abs=spread)
    assert channels.loc["信函", "before_pct"] == 0


def test_a_notice_without_effect_shows_none_and_the_lot_is_seen_as_one(notices):
    assert notices.is_balanced
    left = notices.read("exit")
    assert left["lower"] < 0 < left["upper"]
    (finding,) = study.find_notice_effect(notices)
    assert finding.verdict == "measured"
    assert "no effect" in finding.headline


def test_the_effect_of_a_notice_equals_least_squares_on_single_customers(due, notices):
    ripe = due[due["number"] <= due["number"].max() - 1]
    stratum = ripe.groupby(["product", "tenor_months", "tier", "region", "period"])
    single = ripe.assign(
        exit=100.0 * ripe["end"].isna(),
        told=ripe["is_told"].astype(float),
        stratum=stratum.ngroup(),
    )
    single = single[single.groupby("stratum")["told"].transform("nunique") == 2]
    fitted = fit(single, "exit ~ told | stratum", "region")
    left = notices.read("exit")
    assert left["estimate"] == pytest.approx(fitted["Estimate"].iloc[0], abs=1e-8)
    assert left["upper"] == pytest.approx(fitted["97.5%"].iloc[0], rel=1e-6)
    assert left["nobs"] == len(single)


def compress(due):
    return notice_effects._compress(ibis.memtable(due))


def judge(notices, due):
    effects = notice_effects._estimate_effects(compress(due))
    return notice_effects.Notices(
        notices.groups, notices.total, effects, notices.quarter, notices.source
    )


def test_notices_that_go_to_large_balances_are_refused(due, notices):
    middle = due.groupby(["product", "tenor_months"])["start"].transform("median")
    rng = np.random.default_rng(3)
    chosen = (due["start"] > middle) | (rng.random(len(due)) < 0.5)
    judged = judge(notices, due.assign(is_told=chosen))
    assert not judged.is_balanced
    (finding,) = study.find_notice_effect(judged)
    assert finding.verdict == "not identified"
    assert finding.estimate is None


def test_a_planted_effect_of_notices_is_found_again(due, notices):
    rng = np.random.default_rng(4)
    leaves = due["is_told"] & (rng.random(len(due)) < 0.03)
    judged = judge(notices, due.assign(end=due["end"].mask(leaves)))
    left = judged.read("exit")
    assert left["lower"] < 3.0 < left["upper"]
    assert left["lower"] > 0
    (finding,) = study.find_notice_effect(judged)
    assert finding.headline == "Those told of a price change left more often"


def test_a_notice_sent_after_the_period_counts_as_none():
    cells = make_prices({"2026-08-31": {"R00": 1.0}, "2026-09-30": {"R00": 1.2}})
    accounts = [
        {"account_id": f"A{n}", "customer_id": f"C{n}", "region": "R00"}
        for n in range(40)
    ]
    balances = [
        {"account_id": f"A{n}", "period": period, "balance_average": 10.0}
        for n in range(40)
        for period in (pd.Timestamp("2026-08-31"), LAST)
    ]
    sent = ["2026-08-30"] * 12 + ["2026-09-04"] * 11 + ["2026-10-02"] * 10
    told = [
        {"period": LAST, "customer_id": f"C{n}", "product": "term",
         "tenor_months": 12, "channel": "letter", "sent_date": day}
        for n, day in enumerate(sent)
    ]  # fmt: skip
    bank = make_bank(cells, accounts, balances, notices=told)
    found = study.measure_notices(bank, make_history(cells))
    assert (found.total["due"], found.total["told"]) == (40, 23)
    assert found.total["before_pct"] == pytest.approx(30.0)
    assert found.total["delay_days"] == pytest.approx((12 * -2 + 11 * 3) / 23)
    assert found.effects.empty
    (finding,) = study.find_notice_effect(found)
    assert finding.verdict == "not identified"


def test_a_source_without_notices_gets_a_note():
    bank, history = make_contracts([0.0] * 20)
    found = study.measure_notices(bank, history)
    assert study.find_coverage(found).verdict == "not identified"
    assert study.find_notice_effect(found) == ()
    assert isinstance(study.tabulate_notices(found), Note)


# --- quarter-ends -----------------------------------------------------------------


def test_the_deviation_of_the_last_day_by_hand():
    bank, history = make_contracts([0.0] * 20)
    raised = bank["balances"]
    bank["balances"] = raised.mutate(
        balance_end_minor=(raised["balance_end_minor"] * 1.04).round().cast("int64")
    )
    ends = study.measure_quarter_ends(bank, history)
    assert ends.now_pct == pytest.approx(4.0)
    assert np.isnan(ends.other_pct)
    assert isinstance(study.chart_quarter_ends(ends), Note)


def test_swollen_quarter_ends_of_the_synthetic_bank_are_seen(bank, history):
    ends = study.measure_quarter_ends(bank, history)
    rows = ends.deviations.groupby("ends_quarter")["deviation_pct"].mean()
    # Current accounts, about half of deposits, are lifted by 2 % at quarter-ends.
    assert 0.5 < rows[True] - rows[False] < 1.5
    assert "average balances" in study.find_quarter_end(ends).action


# --- thresholds ----------------------------------------------------------------------


def make_depositors(owned):
    """A bank of customers who each hold two accounts, of these sums in all."""
    bank = HandBank()
    names = [f"C{number:05d}" for number in range(len(owned))]
    both = [(f"{name}-{half}", name) for name in names for half in "ab"]
    bank.add(
        "accounts",
        [
            {"account_id": account, "customer_id": name, "product": "term",
             "side": "deposit", "tenor_months": 12}
            for account, name in both
        ],
    )  # fmt: skip
    halves = np.repeat(np.round(np.asarray(owned) * 50).astype(int), 2)
    bank.add(
        "balances",
        [
            {"period": LAST, "account_id": account, "balance_end_minor": int(half),
             "balance_average": half / 100, "interest_minor": 0}
            for (account, _), half in zip(both, halves, strict=True)
        ],
    )  # fmt: skip
    return bank


def test_deposits_that_gather_at_a_threshold_are_seen_and_what_lies_beyond_it():
    rng = np.random.default_rng(4)
    smooth = 50_000 * np.exp(rng.uniform(-0.6, 0.6, 6_000))
    gathered = np.full(150, 50_400.0)
    owned = np.concatenate([smooth, gathered])
    found = study.measure_thresholds(
        make_depositors(owned),
        study.Parameters(quarter=QUARTER, thresholds=[50_000.0, 38_000.0]),
    )
    first, second = found.rows.to_dict("records")
    near = np.abs(np.log(owned / 50_000)) < 0.02
    assert first["customers"] == pytest.approx(near.sum(), abs=2)
    assert first["lower"] > 30
    assert second["lower"] < 0 < second["upper"]
    beyond = np.maximum(owned - 50_000, 0).sum() / owned.sum()
    assert first["above_share_pct"] == pytest.approx(100 * beyond, abs=0.01)
    table = study.tabulate_thresholds(found)
    assert "at 1 of 2 thresholds" in table.title


def test_without_thresholds_there_is_a_note():
    found = study.measure_thresholds(
        make_depositors([1_000.0]), study.Parameters(quarter=QUARTER, thresholds=[])
    )
    assert isinstance(study.tabulate_thresholds(found), Note)
