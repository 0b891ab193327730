"""Kinds of customers, the bank's classes, products held: by hand and by the files."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis.presentation.charts import Chart
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayTable
from analysis.statistics.paired_bootstrap import draw_units
from analysis.studies import segment_profitability as study
from analysis.studies.segment_profitability.classes import depth as depth_module
from analysis.studies.segment_profitability.classes import kinds as kinds_module
from analysis.studies.segment_profitability.classes import truth
from analysis.studies.segment_profitability.classes.behaviour import Behaviour
from analysis.studies.segment_profitability.classes.groups import (
    ABSENT,
    choose_pooled,
    count_moves,
    measure_share,
    name_pool,
    share_moves,
    sum_groups,
)
from analysis.studies.segment_profitability.classes.kinds import judge_kind
from analysis.studies.segment_profitability.classes.margins import FEES
from analysis.studies.segment_profitability.classes.ranking import (
    measure_ranking,
    rank_in_groups,
)
from analysis.studies.segment_profitability.classes.release_kinds import (
    release_kinds,
    release_stays,
)
from analysis.studies.segment_profitability.classes.release_products import (
    release_margins,
)
from analysis.studies.segment_profitability.classes.release_rules import (
    release_classes,
    release_errors,
    release_moves,
    release_tier_deciles,
)
from analysis.studies.segment_profitability.classes.rules import (
    CLASSES,
    Limits,
    apply_rules,
)
from analysis.studies.segment_profitability.classes.words import name_kind
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import speak

PARAMETERS = study.Parameters(quarter="2026Q3")
FINDINGS = {
    "kinds": "B5",
    "kinds_stay": "B5",
    "fifths": "B5",
    "idle": "B6",
    "class_ranking": "B9",
    "class_errors": "B9",
    "class_moves": "B5",
    "product_depth": "B12",
    "product_pairs": "B12",
}


def _measure(behaviour):
    return SimpleNamespace(
        behaviour=behaviour,
        kinds=study.divide_customers(behaviour, PARAMETERS),
        fifths=study.cut_fifths(behaviour),
        classes=study.classify_customers(behaviour),
        depth=study.measure_depth(behaviour),
    )


def _find_all(found):
    return (
        study.find_kinds(found.kinds),
        study.find_kinds_by_quarter(found.kinds),
        study.find_fifths(found.fifths),
        study.find_idle_customers(found.classes),
        study.find_class_ranking(found.classes),
        study.find_class_errors(found.classes),
        study.find_class_moves(found.classes),
        study.find_product_depth(found.depth),
        study.find_product_pairs(found.depth),
    )


def _chart_all(found):
    return (
        study.chart_tier_deciles(found.classes),
        study.chart_product_pairs(found.depth),
    )


def _tabulate_all(found):
    return (
        study.tabulate_kinds(found.kinds),
        study.tabulate_kind_traits(found.kinds),
        study.tabulate_class_rules(found.classes),
        study.tabulate_classes(found.classes),
        study.tabulate_class_moves(found.classes),
    )


@pytest.fixture(scope="module")
def bank(bank):
    priced = study.price_balances(bank, PARAMETERS)
    cost = study.cost_service(bank, PARAMETERS)
    account = study.build_customer_profit(bank, priced, cost, PARAMETERS)
    behaviour = study.describe_behaviour(account, priced, bank, PARAMETERS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds_module, "SAMPLE_SIZE", 500)
        found = _measure(behaviour)
        found.margins = study.measure_product_margins(account, priced, bank)
        found.account = account
        yield found


def _read(folder, name):
    path = folder / name if (folder / name).is_dir() else folder / f"{name}.parquet"
    return pq.read_table(path).to_pandas()


def test_activity_is_the_customers_own(bank_folder, bank):
    # The bank's upkeep of every account, once a quarter, is left out.
    events = _read(bank_folder, "events")
    events["period"] = pd.to_datetime(events["period"])
    own = events[events["activity"] != "账户维护"]
    now = own[own["period"] > pd.Timestamp("2026-06-30")]
    present = _read(bank_folder, "customer_periods")
    present["period"] = pd.to_datetime(present["period"])
    members = present.loc[
        present["period"] > pd.Timestamp("2026-06-30"), "customer_id"
    ].unique()
    counted = now[now["customer_id"].isin(members)]
    assert bank.behaviour.now["own_contacts"].sum() == counted["count"].sum()
    last = own.groupby("customer_id")["period"].max().reindex(np.sort(members))
    months = (2026 - last.dt.year) * 12 + 9 - last.dt.month
    expected = months.fillna(12).clip(upper=12)
    assert bank.behaviour.now["recency_months"].tolist() == expected.tolist()


def test_holdings_agree_with_pandas_on_the_files(bank_folder, bank):
    balances = _read(bank_folder, "balances")
    balances["period"] = pd.to_datetime(balances["period"])
    now = balances[balances["period"] > pd.Timestamp("2026-06-30")]
    rows = now.merge(_read(bank_folder, "accounts"), on="account_id")
    held = rows[rows["balance_average"] > 0]
    products = held.groupby("customer_id")["product"].nunique()
    assert bank.behaviour.now["n_products"].sum() == products.sum()
    days = rows["period"].dt.day / 92
    invested = (rows["balance_average"] * days)[rows["side"] == "investment"].sum()
    assert bank.behaviour.now["investments"].sum() == pytest.approx(invested)
    assert set(bank.behaviour.products) == set(held["product"])


def test_who_sleeps_is_as_the_source_says(bank_folder, bank):
    periods = _read(bank_folder, "customer_periods").sort_values("period")
    periods["period"] = pd.to_datetime(periods["period"])
    now = periods[periods["period"] > pd.Timestamp("2026-06-30")]
    last = now.groupby("customer_id")["state"].last()
    assert bank.classes.rows["customers"].iloc[0] == (last == "sleeping").sum()
    assert bank.classes.limits.by_state is True


def test_every_customer_and_every_yuan_is_in_one_class_kind_and_level(bank):
    now = bank.behaviour.now
    for rows in (bank.classes.rows, bank.kinds.rows, bank.depth.rows):
        assert rows["customers"].sum() == len(now)
        assert rows["profit"].sum() == pytest.approx(now["profit"].sum())
    for _, part in bank.fifths.rows.groupby("dimension"):
        assert part["customers"].sum() == len(now)
        assert part["profit"].sum() == pytest.approx(now["profit"].sum())
    assert bank.classes.deciles["customers"].sum() == len(now)
    assert bank.classes.tier_deciles["customers"].sum() == len(now)


def test_margins_of_products_and_fees_add_up_to_income(bank):
    n_products = len(bank.margins.products)
    margins = bank.margins.rows[[f"margin_{n}" for n in range(n_products)]]
    now = bank.account.rows.filter(bank.account.rows.quarter == "2026Q3")
    assert margins.to_numpy().sum() == pytest.approx(now.income.sum().execute())
    fee = margins[f"margin_{bank.margins.products.index(FEES)}"].sum()
    assert fee == pytest.approx(now.fee.sum().execute())


def test_moves_account_for_everybody_of_both_quarters(bank):
    moves = bank.classes.moves
    before = moves[moves["origin"] != ABSENT]
    assert before["customers"].sum() == len(bank.behaviour.before)
    now = moves[moves["goal"] != ABSENT]
    assert now["customers"].sum() == len(bank.behaviour.now)
    shares = moves.groupby("origin")["share_pct"].sum()
    assert shares.to_numpy() == pytest.approx(np.full(len(shares), 100.0))


def test_findings_answer_their_requirements(bank):
    findings = _find_all(bank)
    assert {each.key: each.requirement for each in findings} == FINDINGS
    assert all(each.verdict in ("measured", "exact") for each in findings)


def test_charts_and_tables_show_something_in_both_languages(bank):
    with speak("zh"):
        chinese = [table.title for table in _tabulate_all(bank)]
    tables = _tabulate_all(bank)
    assert all(isinstance(each, DisplayTable) for each in tables)
    assert not {table.title for table in tables} & {*chinese}
    charts = (*_chart_all(bank), study.chart_product_margins(bank.margins))
    assert all(isinstance(chart, Chart | Note) for chart in charts)
    assert sum(isinstance(chart, Chart) for chart in charts) == 3


def test_no_released_count_is_below_ten(bank):
    tables = (
        release_moves(bank.classes),
        release_errors(bank.classes),
        release_classes(bank.classes)[0].released,
        release_kinds(bank.kinds),
    )
    for released in tables:
        counts = released.rows[["customers"]].to_numpy().ravel()
        shown = [count for count in counts if not is_suppressed(count)]
        assert shown
        assert all(count == 0 or count >= 10 for count in shown)


def test_who_stayed_in_a_kind_is_shown_by_the_rule_of_ten(bank):
    stays = np.array([3, *bank.kinds.rows["stayed"].iloc[1:]])
    kinds = dataclasses.replace(bank.kinds, rows=bank.kinds.rows.assign(stayed=stays))
    assert is_suppressed(release_stays(kinds).rows["stayed_pct"].iloc[0])
    first = name_kind(kinds.rows.iloc[0])
    assert (
        f"Fewest stayed in {first}" not in study.find_kinds_by_quarter(kinds).sentence
    )


def test_shares_by_tenth_add_up_to_their_row(bank):
    rows = release_tier_deciles(bank.classes).rows
    whole = rows[~rows.map(is_suppressed).any(axis=1)].astype(float)
    assert len(whole)
    assert whole.sum(axis=1).to_numpy() == pytest.approx(np.full(len(whole), 100.0))


def test_margins_of_a_segment_are_per_customer(bank):
    rows = release_margins(bank.margins).rows
    last = bank.margins.rows[["customers", "margin_0"]].sum()
    found = rows.iloc[-1, 0]
    assert is_suppressed(found) or found == pytest.approx(last.iloc[1] / last.iloc[0])


def test_profit_of_a_kind_that_does_not_hold_is_not_printed(bank):
    verdicts = ["unstable", *bank.kinds.rows["verdict"].iloc[1:]]
    kinds = dataclasses.replace(
        bank.kinds, rows=bank.kinds.rows.assign(verdict=verdicts)
    )
    shown = release_kinds(kinds).rows
    assert pd.isna(shown["profit_each"].iloc[0])
    assert not shown["profit_each"].iloc[1:].isna().any()
    finding = study.find_kinds(kinds)
    assert "do not act on 1:" in finding.action
    nothing = dataclasses.replace(
        bank.kinds, rows=bank.kinds.rows.assign(verdict="doubtful")
    )
    finding = study.find_kinds(nothing)
    assert finding.headline == "No kinds of customers that hold"
    assert "The profit of none of them is given." in finding.sentence


def test_a_kind_that_too_few_stay_in_is_doubtful():
    assert judge_kind(0.95, True, 59.0) == "doubtful"
    assert judge_kind(0.95, True, 61.0) == "highly stable"
    assert judge_kind(0.95, True, np.nan) == "highly stable"
    assert judge_kind(0.95, False, 90.0) == "doubtful"


def test_a_kind_is_named_by_what_sets_it_apart():
    row = pd.Series({"kind": 2, "lean_assets": 0.7, "lean_loans": 0.2,
                     "lean_recency_months": -1.5})  # fmt: skip
    assert name_kind(row) == "2: active of late and large assets"
    assert name_kind(row.replace([0.7, -1.5], 0.1)) == "2: like the average"


# Asleep by the source; cash only and small; cash only but large; large and frequent;
# that with fees; large but seldom there.
CUSTOMERS = pd.DataFrame(
    {
        "sleeps": [True, False, False, False, False, False],
        "deposits": [5e4, 10.0, 5e4, 5e4, 5e4, 5e4],
        "assets": [5e4, 10.0, 5e4, 5e4, 5e4, 5e4],
        "loans": 0.0,
        "investments": 0.0,
        "fee": [0.0, 0.0, 0.0, 0.0, 3.0, 0.0],
        "own_contacts": [9.0, 9.0, 0.0, 9.0, 9.0, 1.0],
        "holds_more": [False, False, False, True, True, True],
        "recency_months": [0.0, 12.0, 0.0, 0.0, 0.0, 1.0],
    }
)
LIMITS = Limits(
    large_balance=2e4, small_assets=1e3, frequent_contacts=4.0, by_state=True
)


def test_rules_by_hand():
    names = [CLASSES[place] for place in apply_rules(CUSTOMERS, LIMITS)]
    assert names == [
        "sleeping", "low_value", "between", "valuable", "high_value", "between",
    ]  # fmt: skip


def test_without_a_state_who_is_idle_and_poor_for_a_year_sleeps():
    limits = dataclasses.replace(LIMITS, by_state=False)
    names = [CLASSES[place] for place in apply_rules(CUSTOMERS, limits)]
    assert names[:2] == ["valuable", "sleeping"]
    unknown = dataclasses.replace(LIMITS, by_state=None)
    assert 0 not in apply_rules(CUSTOMERS, unknown)


def test_moves_by_hand_keep_the_new_and_the_lost():
    before = np.array([0, 0, 0, 1, ABSENT])
    now = np.array([0, 1, ABSENT, 1, 1])
    shares = share_moves(count_moves(before, now, 2)).set_index(["origin", "goal"])
    assert shares["customers"].to_dict() == {
        (ABSENT, 0): 0, (ABSENT, 1): 1, (0, ABSENT): 1, (0, 0): 1, (0, 1): 1,
        (1, ABSENT): 0, (1, 0): 0, (1, 1): 1,
    }  # fmt: skip
    assert shares.loc[(0, 1), "share_pct"] == pytest.approx(100 / 3)


# Newcombe (1998), Statistics in Medicine 17, table I, method 3.
@pytest.mark.parametrize(
    ("count", "size", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_of_shares_are_those_published(count, size, lower, upper):
    found = measure_share(pd.Series([float(count)]), pd.Series([float(size)]))
    assert [float(end[0]) for end in found] == pytest.approx([lower, upper], abs=5e-5)


def test_sums_of_groups_know_their_largest_customers():
    rows = pd.DataFrame({"profit": [3.0, -5.0, 5.0, 1.0]})
    sums = sum_groups(rows, np.array([0, 0, 0, 2]), 3, ["profit"])
    assert sums["customers"].tolist() == [3, 0, 1]
    assert sums["profit"].tolist() == [3.0, 0.0, 1.0]
    assert sums["profit_largest"].tolist() == [5.0, 0.0, 1.0]
    assert sums["profit_second"].tolist() == [5.0, 0.0, 0.0]
    assert sums["profit_absolute"].tolist() == [13.0, 0.0, 1.0]


def test_small_segments_are_pooled_until_they_are_enough():
    sizes = pd.Series([30, 40, 50, 900])
    assert choose_pooled(sizes, 100).tolist() == [True, True, True, False]
    assert not choose_pooled(pd.Series([100, 900]), 100).any()
    assert name_pool(["a", "b"]) == "a + b"
    assert name_pool(list("abcd")) == "Smaller segments together"


def test_customers_with_equal_values_stay_in_one_fifth():
    values = np.array([0.0] * 6 + [1.0, 2.0, 3.0, 4.0])
    # Six of ten in one place: its middle is at .3, in the second fifth.
    assert rank_in_groups(values, 5).tolist() == [1] * 6 + [3, 3, 4, 4]


def test_ranking_is_one_where_classes_are_in_order():
    draws = draw_units(60, n_draws=50, generator=np.random.default_rng(1))
    labels = np.repeat([0, 1, 2], 20)
    found = measure_ranking(np.arange(60.0), labels, 3, draws)
    assert (found.estimate, found.lower, found.upper) == (1.0, 1.0, 1.0)
    back = measure_ranking(-np.arange(60.0), labels, 3, draws)
    assert back.estimate == -1.0


def _make_depth_bank():
    """Rich customers hold three products and bring 100 more each, at any number."""
    levels = np.array([1] * 90 + [2] * 20 + [3] * 10 + [1] * 10 + [2] * 20 + [3] * 90)
    rich = np.arange(240) >= 120
    noise = np.random.default_rng(1).normal(scale=0.1, size=240)
    now = pd.DataFrame(
        {
            "segment": np.where(rich, "gold", "plain"),
            "n_products": levels,
            "profit": 100.0 * rich + levels + noise,
            "holds_0": levels >= 2,
            "holds_1": levels >= 3,
        }
    )
    return Behaviour(
        now=now,
        before=now.iloc[:0],
        products=("card", "loan"),
        draws=draw_units(240, n_draws=200, generator=np.random.default_rng(1)),
        n_places=240,
        knows_activity=True,
        knows_sleep=False,
        has_year=False,
        account=SimpleNamespace(
            quarter="2026Q3", source="By hand", currency="CNY", refused={}
        ),
    )


def test_difference_by_products_is_mostly_wealth_by_hand():
    # Raw: 10 of 100 with one product are gold, 90 of 100 with three: 80 + 2 = 82.
    # Within either segment a customer with three brings 2 more.
    depth = study.measure_depth(_make_depth_bank())
    assert depth.raw.estimate == pytest.approx(82, abs=0.1)
    assert depth.standard.estimate == pytest.approx(2, abs=0.1)
    assert depth.standard.lower < 2 < depth.standard.upper
    assert depth.segments == ("gold", "plain")
    assert depth.covered_pct == 100
    finding = study.find_product_depth(depth)
    assert "an association, not what a further product would bring" in finding.sentence


def test_too_few_customers_with_three_products_are_refused():
    bank = _make_depth_bank()
    few = dataclasses.replace(bank, now=bank.now.assign(n_products=1))
    depth = study.measure_depth(few)
    assert isinstance(depth, Refused)
    assert "Fewer than 10 customers hold one product" in depth.reason


def test_without_a_segment_to_compare_within_only_the_raw_difference_is_given():
    bank = _make_depth_bank()
    alone = bank.now.assign(segment=np.arange(240).astype(str))
    depth = study.measure_depth(dataclasses.replace(bank, now=alone))
    assert depth.standard is None
    finding = study.find_product_depth(depth)
    assert finding.estimate == pytest.approx(82, abs=0.1)
    assert "No segment has enough customers" in finding.sentence


def test_a_product_that_all_hold_is_in_no_pair():
    bank = _make_depth_bank()
    held = dataclasses.replace(bank, now=bank.now.assign(holds_0=True))
    depth = study.measure_depth(held)
    assert depth.pairs.empty
    finding = study.find_product_pairs(depth)
    assert finding.verdict == "not identified"
    assert "not two products" in finding.reason
    assert depth_module.HELD_BY_ALL < 1


def test_without_activity_kinds_fifths_and_classes_are_refused(bank):
    silent = dataclasses.replace(bank.behaviour, knows_activity=False)
    found = _measure(silent)
    refused = [each for each in _find_all(found) if each.verdict == "not identified"]
    assert {each.key for each in refused} == set(FINDINGS) - {
        "product_depth", "product_pairs",
    }  # fmt: skip
    assert all("does not say what customers do" in each.reason for each in refused)


def test_a_refusal_is_shown_in_place_of_each_chart():
    refused = Refused("No profit is known.", "2026Q3", "By hand")
    found = _measure(refused)
    charts = (*_chart_all(found), study.chart_product_margins(refused))
    assert charts == (Note("No profit is known."),) * 3
    assert _tabulate_all(found) == ((),) * 5
    assert all(each.verdict == "not identified" for each in _find_all(found))


def test_a_first_quarter_has_kinds_but_no_moves(bank):
    first = dataclasses.replace(bank.behaviour, before=bank.behaviour.before.iloc[:0])
    classes = study.classify_customers(first)
    finding = study.find_class_moves(classes)
    assert finding.reason == "The quarter before is not known."
    assert study.tabulate_class_moves(classes) == ()
    fifths = study.cut_fifths(first)
    assert fifths.dimensions["stayed_pct"].isna().all()
    assert "The quarter before is not known." in study.find_fifths(fifths).sentence


def test_classes_in_no_order_are_said_not_to_rank(bank):
    ranking = dataclasses.replace(
        bank.classes.ranking, estimate=0.01, lower=-0.02, upper=0.04
    )
    classes = dataclasses.replace(bank.classes, ranking=ranking)
    finding = study.find_class_ranking(classes)
    assert finding.headline == "The bank's classes do not rank customers by profit"
    assert finding.action.startswith("Replace the rules")


def test_kinds_apart_are_counted_and_one_cloud_is_not_taken_for_kinds(monkeypatch):
    monkeypatch.setattr(truth, "_N_POINTS", 300)
    monkeypatch.setattr(truth, "_N_DRAWS", 5)
    monkeypatch.setattr(truth, "COUNTS", (2, 4, 5))
    apart = truth.score_classes("segments apart", np.random.default_rng(1))
    report = apart[apart["estimator"] == truth.HEADLINE].set_index("target")
    assert report.loc["kinds that hold", "estimate"] == 4
    assert report.loc["share in own kind", "estimate"] > 0.98
    chance = truth.score_classes("segments of chance", np.random.default_rng(1))
    counts = chance.set_index("estimator")["estimate"]
    assert counts[truth.HEADLINE] == 1
    assert counts[truth.JACCARD_ALONE] > 1


def test_intervals_of_moves_and_of_ranking_hold_the_truth():
    generator = np.random.default_rng(1)
    moves = pd.concat([truth.score_classes("migration", generator) for _ in range(40)])
    covered = (moves["lower"] <= moves["truth"]) & (moves["truth"] <= moves["upper"])
    assert 0.93 < covered.mean() < 0.97
    row = truth.score_classes("ranking by class", generator).iloc[0]
    assert row["estimate"] == pytest.approx(row["truth"], abs=0.06)
