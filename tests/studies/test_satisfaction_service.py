"""Complaints count when open, leavers are compared alike, ratings answer to waiting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.data.sources import read_tables
from analysis.presentation.charts import Chart
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayTable
from analysis.statistics.event_rates import Dispersion
from analysis.studies import satisfaction_drivers as study
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.studies.satisfaction_drivers.service import leaver_cells, truth
from analysis.studies.satisfaction_drivers.service.closure import (
    Closure,
    follow_complaints,
    measure_days,
)
from analysis.studies.satisfaction_drivers.service.complaint_volume import (
    BANK,
    CAUSE,
    ComplaintVolume,
)
from analysis.studies.satisfaction_drivers.service.leavers import (
    compare_leavers,
    measure_hidden_cause,
)
from analysis.studies.satisfaction_drivers.service.missing import miss
from analysis.studies.satisfaction_drivers.service.rating_response import (
    measure_rating_response,
)
from analysis.studies.satisfaction_drivers.service.waiting import BRANCH, Waiting
from analysis.wording import speak

PARAMETERS = study.Parameters(quarter="2026Q3", waves_shown=4)


@pytest.fixture(scope="module")
def tables(bank_folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUARTERBOOK_BANK", str(bank_folder))
        yield read_tables(
            study.TABLES,
            quarter="2026Q3",
            source="synthetic",
            optional=study.OPTIONAL_TABLES,
        )


@pytest.fixture(scope="module")
def volume(tables):
    return study.count_complaints(tables, PARAMETERS)


def count_days(quarter, cause, ended, still):
    """Counts of complaints closed, and still open, after some days."""
    rows = [(day, True, n) for day, n in ended.items()]
    rows += [(day, False, n) for day, n in still.items()]
    table = pd.DataFrame(rows, columns=["days", "ended", "complaints"])
    total = table["complaints"].sum()
    return table.assign(quarter=quarter, cause=cause, people=total, everyone=80)


@pytest.fixture(scope="module")
def closure():
    days = [
        count_days("2026Q3", "queue", {3: 40, 9: 8}, {2: 2, 40: 2}),
        count_days("2026Q3", "loan", {10: 20, 30: 10}, {50: 10}),
        count_days("2026Q2", "queue", {3: 60, 20: 3}, {}),
    ]
    return measure_days(pd.concat(days, ignore_index=True), PARAMETERS, "drawn")


@pytest.fixture(scope="module")
def waiting(tables):
    return study.measure_waiting(tables, PARAMETERS)


@pytest.fixture(scope="module")
def leavers():
    cells, _ = truth.draw_leavers(np.random.default_rng(4))
    return compare_leavers(cells, PARAMETERS, "drawn")


def test_counts_are_those_of_the_table(tables, volume):
    rows = tables["complaints"].to_pandas()
    days = pd.to_datetime(rows["opened_date"])
    now = rows[(days >= "2026-07-01") & (days <= "2026-09-30")]
    assert isinstance(volume, ComplaintVolume)
    assert volume.bank["complaints"] == len(now)
    assert volume.bank["complainers"] == now["customer_id"].nunique()
    causes = volume.groups[volume.groups["division"] == CAUSE]
    expected = now["cause"].value_counts()
    assert dict(zip(causes["name"], causes["complaints"], strict=True)) == dict(
        expected
    )
    periods = tables["customer_periods"].to_pandas()
    here = (pd.to_datetime(periods["period"]) == "2026-09-30").sum()
    assert volume.bank["rate"] == pytest.approx(1000 * len(now) / here)
    assert volume.bank["lower"] < volume.bank["rate"] < volume.bank["upper"]


def test_a_clear_rise_is_called_one_and_a_small_change_is_not(volume):
    calm = study.find_complaint_volume(volume)
    assert calm.change == "no clear change"
    groups = volume.groups.copy()
    bank = groups["division"] == BANK
    groups.loc[bank, ["change", "change_lower", "change_upper"]] = (80.0, 40.0, 130.0)
    cause = groups.index[groups["division"] == CAUSE][0]
    groups.loc[cause, ["change", "qvalue"]] = (150.0, 0.001)
    risen = study.find_complaint_volume(replace(volume, groups=groups))
    assert risen.change == "rose"
    assert risen.headline.startswith("Complaints rose to")
    assert str(groups.loc[cause, "name"]) in risen.action


def test_bunches_are_said_under_the_chart(volume):
    wild = replace(volume, bunches=Dispersion(1.8, 0.001))
    chart = study.chart_complaint_causes(wild)
    assert isinstance(chart, Chart | Note)
    if isinstance(chart, Chart):
        assert "1.80 times the variance" in chart.note


def test_open_complaints_count_as_open(closure):
    assert isinstance(closure, Closure)
    now = closure.on_time
    # By hand: 40 of 92 closed at 3 of 90 at risk, 8 at 9 and 20 at 10 of those left.
    assert now.estimate == pytest.approx(100 * (1 - 50 / 90 * 42 / 50 * 22 / 42))
    assert now.open == 14
    assert now.closed_only == pytest.approx(100 * 68 / 78)
    assert now.lower < now.estimate < now.upper < now.closed_only
    assert closure.before.estimate == pytest.approx(100 * 60 / 63)
    assert closure.change[2] < 0
    finding = study.find_complaints_on_time(closure)
    assert finding.change == "fell"
    assert "the 14 still open" in finding.sentence
    assert finding.action == "Set up a faster way for what is clearly slower: loan."
    assert isinstance(study.chart_closure(closure), Chart)


def test_a_small_bank_is_refused(tables):
    found = study.measure_closure(tables, PARAMETERS)
    assert isinstance(found, Closure | Refused)
    assert (
        measure_days(
            count_days("2026Q3", "queue", {1: 20}, {5: 30}), PARAMETERS, "drawn"
        )
        is None
    )


def test_dropping_open_complaints_would_flatter():
    days = pd.DataFrame(
        {"days": [3, 5, 9, 20], "ended": [True, True, True, False], "complaints": 5}
    )
    assert follow_complaints(days, 0.95).read(15)[0] == pytest.approx(0.25)


def test_no_cause_is_named_where_none_is_slower(closure):
    alike = closure.causes.assign(upper=99.0)
    found = study.find_complaints_on_time(replace(closure, causes=alike))
    assert found.action.startswith("No cause is clearly slower")


def test_complainers_are_compared_with_similar_customers():
    rng = np.random.default_rng(11)
    cells, gap = truth.draw_leavers(rng)
    found = compare_leavers(cells, PARAMETERS, "drawn")
    assert found.lower <= gap <= found.upper
    mine = cells[cells["complained"] == 1]
    assert found.complainers == mine["units"].sum()
    assert found.complained_pct == pytest.approx(
        100 * mine["left"].sum() / mine["units"].sum(), rel=1e-3
    )


def test_leaving_is_told_without_claiming_a_cause(leavers):
    clear = replace(leavers, difference=0.9, lower=0.3, upper=1.5, hidden_cause=2.2)
    said = study.find_complainers_leaving(clear)
    assert (
        said.headline == "Customers who complained leave more often than similar ones"
    )
    assert "no proof that complaints make customers leave" in said.sentence
    assert "2.2 times" in said.sentence
    dim = study.find_complainers_leaving(replace(clear, lower=-0.1, hidden_cause=1.0))
    assert "No clear sign" in dim.headline


def test_a_hidden_cause_has_the_published_strength():
    # VanderWeele and Ding (2017): a risk ratio of 3.9 has the E-value 7.26.
    chances = np.array([[0.39], [0.10]])
    assert measure_hidden_cause(chances, 0.1, 0.5) == pytest.approx(7.26, abs=0.005)
    assert measure_hidden_cause(chances, -0.1, 0.5) == 1.0


def test_cells_hold_all_customers_who_stayed_a_quarter(tables, monkeypatch):
    monkeypatch.setattr(leaver_cells, "QUARTERS", 1)
    cells = leaver_cells.count_cells(tables, PARAMETERS)
    assert set(cells["quarter"]) == {"2026Q2"}
    assert (cells["left"] <= cells["units"]).all()
    rows = tables["complaints"].to_pandas()
    days = pd.to_datetime(rows["opened_date"])
    then = rows[(days >= "2026-04-01") & (days <= "2026-06-30")]
    who = then["customer_id"].nunique()
    held = cells.loc[cells["complained"] == 1, "units"].sum()
    assert 0.8 * who <= held <= who


def test_too_few_leavers_are_refused(tables, monkeypatch):
    monkeypatch.setattr(leaver_cells, "QUARTERS", 1)
    found = study.follow_complainers(tables, PARAMETERS)
    assert "customers complained in the quarters followed" in found.reason
    small = miss(tables, PARAMETERS, "Only 3 left.", "Wait.")
    refused = study.find_complainers_leaving(small)
    assert refused.verdict == "not identified"
    assert refused.reason == "Only 3 left."


def test_minutes_are_those_of_the_events(tables, waiting):
    assert isinstance(waiting, Waiting)
    events = tables["events"].to_pandas()
    days = pd.to_datetime(events["period"])
    now = events[(days >= "2026-07-01") & (days <= "2026-09-30")]
    now = now[(now["channel"] == waiting.channel) & now["wait_minutes"].notna()]
    minutes = np.repeat(now["wait_minutes"].to_numpy(), now["count"])
    assert waiting.whole["visits"] == len(minutes)
    assert waiting.whole["mean"] == pytest.approx(minutes.mean())
    assert waiting.whole["above"] == pytest.approx(100 * (minutes > 15).mean())
    assert abs(waiting.whole["median"] - np.median(minutes)) <= 0.5
    assert waiting.of(BRANCH)["visits"].sum() == len(minutes)


def test_a_branch_that_keeps_waiting_is_named(waiting):
    groups = waiting.groups.copy()
    first = groups.index[groups["division"] == BRANCH][0]
    groups.loc[first, ["above", "is_apart", "qvalue"]] = (90.0, True, 0.001)
    found = study.find_waiting(replace(waiting, groups=groups))
    assert found.action.startswith("Move staff to the branches")
    calm = groups.assign(is_apart=False)
    found = study.find_waiting(replace(waiting, groups=calm))
    assert "mostly chance" in found.action
    assert isinstance(study.tabulate_waiting(waiting), DisplayTable)
    assert isinstance(study.chart_waiting(waiting), Chart | Note)


def test_ratings_answer_to_minutes(tables):
    survey = study.read_survey(tables, PARAMETERS)
    weighted = study.weigh_survey(survey, PARAMETERS)
    found = study.measure_waiting_response(tables, survey, weighted, PARAMETERS)
    assert found.rating.nobs > 100
    assert found.rating.gain_lower > 0
    said = study.find_waiting_response(found)
    assert said.requirement == "C6"
    assert said.lower <= said.estimate <= said.upper
    assert isinstance(study.chart_waiting_response(found), Chart)
    with speak("zh"):
        assert "分钟" in study.find_waiting_response(found).sentence
    thin = study.measure_speed_response(tables, survey, weighted, PARAMETERS)
    few = pd.DataFrame(
        {"waiting": [5.0], "satisfaction": 5.0, "dose": 1.0, "customer_id": "a"}
    )
    refused = measure_rating_response(tables, survey, few, "waiting", PARAMETERS)
    assert isinstance(refused, Refused)
    assert "Only 1 answers" in refused.reason
    unknown = measure_rating_response(tables, survey, few, "parking", PARAMETERS)
    assert unknown.reason == "The survey has no attribute 'parking'."
    said = study.find_speed_response(thin)
    assert said.verdict in {"measured", "not identified"}


def test_a_source_without_these_tables_says_so(tables):
    bare = replace(tables, names=study.TABLES)
    results = [
        study.count_complaints(bare, PARAMETERS),
        study.measure_closure(bare, PARAMETERS),
        study.measure_waiting(bare, PARAMETERS),
        study.follow_complainers(bare, PARAMETERS),
    ]
    assert all(isinstance(result, Refused) for result in results)
    notes = [
        study.chart_complaint_causes(results[0]),
        study.tabulate_complaints(results[0]),
        study.chart_closure(results[1]),
        study.chart_waiting(results[2]),
        study.tabulate_waiting(results[2]),
    ]
    assert all(isinstance(each, Note) for each in notes)
    finding = study.find_waiting(results[2])
    assert finding.verdict == "not identified"
    assert finding.reason == "This source has no events, so that waiting is not known."


@pytest.mark.parametrize("scenario", truth.SCENARIOS)
def test_worlds_give_every_estimator_a_row(scenario):
    rows = truth.score_service(scenario, np.random.default_rng(1))
    assert truth.HEADLINE in set(rows["estimator"])
    assert len(rows) >= 2
    report = rows[rows["estimator"] == truth.HEADLINE]
    assert (report["lower"] <= report["estimate"]).all()
    assert (report["estimate"] <= report["upper"]).all()
