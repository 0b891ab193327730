"""Concentration against the same quarter of the year before."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.data.sources import read_tables
from analysis.presentation.charts import Chart
from analysis.studies import segment_profitability as study
from analysis.studies.segment_profitability.account.periods import (
    label_quarter,
    list_periods,
)
from analysis.studies.segment_profitability.parameters import look_back_a_year
from analysis.studies.segment_profitability.refusal import Refused

PLAIN = study.Parameters(quarter="2026Q3", core_share_pct=0)
YEAR_AGO = PLAIN.model_copy(update={"quarter": "2025Q3"})


def _read(quarter):
    return read_tables(
        study.TABLES,
        quarter=quarter,
        source="synthetic",
        optional=study.OPTIONAL_TABLES,
    )


def _draw(tables, parameters):
    priced = study.price_balances(tables, parameters)
    cost = study.cost_service(tables, parameters)
    account = study.build_customer_profit(tables, priced, cost, parameters)
    return study.draw_customers(account, parameters)


@pytest.fixture(scope="module")
def built(bank_folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUARTERBOOK_BANK", str(bank_folder))
        tables = _read("2026Q3")
        panel = _draw(tables, PLAIN)
        yield SimpleNamespace(
            tables=tables,
            panel=panel,
            year_ago=study.draw_year_ago(panel, tables, PLAIN),
            report_of_then=_draw(tables, YEAR_AGO),
        )


def test_the_year_before_reads_its_own_quarter_and_no_other(built):
    earlier = look_back_a_year(PLAIN)
    assert earlier.core_share_pct == PLAIN.core_share_pct
    assert [str(quarter) for quarter in earlier.quarters] == ["2025Q3"]
    assert len(list_periods(built.tables, earlier)) == 3
    labels = label_quarter(built.tables["balances"], earlier).quarter
    assert labels.to_pandas().unique().tolist() == ["2025Q3"]
    both = label_quarter(built.tables["balances"], PLAIN).quarter
    assert sorted(both.to_pandas().unique()) == ["2026Q2", "2026Q3"]


def test_profits_of_a_year_ago_are_those_that_its_own_report_had(built):
    then = built.report_of_then.now
    assert built.year_ago.quarter == "2025Q3"
    assert np.allclose(built.year_ago.profit, then.profit, atol=0.005)
    concentration = study.measure_concentration(built.panel, built.year_ago)
    of_then = study.measure_concentration(built.report_of_then)
    found = concentration.top_fifth_pct.year_ago.value
    assert found == pytest.approx(of_then.top_fifth_pct.estimate)
    assert concentration.tops["year_ago"].iloc[-1] == found


def test_what_is_reported_does_not_depend_on_the_year_before(built):
    alone = study.measure_concentration(built.panel).top_fifth_pct
    beside = study.measure_concentration(built.panel, built.year_ago).top_fifth_pct
    assert alone.year_ago is None
    assert (alone.lower, alone.change_lower) == (beside.lower, beside.change_lower)


def test_customers_are_drawn_as_often_in_both_years(built):
    # Who is there in both years has the same profit drawn as often: the change of a
    # number that did not change has no width, one drawn apart has.
    same = built.panel.now
    units = np.arange(same.n_customers)
    again = same.draws.place(units, generator=np.random.default_rng(1))
    assert (again.total(same.profit) == same.draws.total(same.profit)).all()
    now = built.panel.now.total(np.ones(built.panel.now.n_customers))[:, 0]
    then = built.year_ago.total(np.ones(built.year_ago.n_customers))[:, 0]
    assert np.corrcoef(now[1:], then[1:])[0, 1] > 0.5


def test_three_quarters_are_told_drawn_and_tabulated(built):
    concentration = study.measure_concentration(built.panel, built.year_ago)
    spread = study.measure_deposit_spread(built.panel, built.year_ago)
    losers = study.count_loss_makers(built.panel, built.year_ago)
    assert concentration.whale["quarter"].unique().tolist() == [
        "2025Q3",
        "2026Q2",
        "2026Q3",
    ]
    chart = study.chart_whale(concentration)
    assert isinstance(chart, Chart)
    assert "Grey: 2025Q3 and 2026Q2" in chart.note
    heads = [c.label for c in study.tabulate_top_shares(concentration).columns]
    assert heads[-2:] == ["Quarter before", "A year ago"]
    for finding in (
        study.find_top_share(concentration),
        study.find_profit_gini(concentration),
        study.find_deposit_spread(spread),
        study.find_loss_makers(losers),
    ):
        assert "a year earlier" in finding.sentence
    assert " pp)" in study.find_top_share(concentration).sentence


def test_where_the_source_does_not_reach_back_two_quarters_are_told(
    bank_folder, monkeypatch, built
):
    monkeypatch.setenv("QUARTERBOOK_BANK", str(bank_folder))
    early = study.Parameters(quarter="2024Q2", core_share_pct=0)
    assert study.draw_year_ago(built.panel, _read("2024Q2"), early) is None
    assert study.draw_year_ago(_refused(), built.tables, PLAIN) is None
    concentration = study.measure_concentration(built.panel, None)
    heads = [c.label for c in study.tabulate_top_shares(concentration).columns]
    assert heads[-1] == "Quarter before"
    assert "a year earlier" not in study.find_top_share(concentration).sentence


def _refused():
    return Refused("There are fewer than 10 customers.", "2026Q3", "By hand")


def test_a_year_before_without_a_line_of_today_is_not_compared(built):
    class Fewer(dict):
        source = built.tables.source

    tables = Fewer({n: built.tables[n] for n in built.tables if n != "credit_risk"})
    assert study.draw_year_ago(built.panel, tables, PLAIN) is None
