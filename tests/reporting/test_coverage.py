"""What run.json says of the tables that a run reads, and of params that were set."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.data.opening import open_source
from analysis.quarter import Quarter
from analysis.reporting import coverage
from analysis.reporting.coverage import describe_params, describe_tables
from analysis.reporting.edition import Edition
from analysis.reporting.parameters import Settings, load_study
from analysis.reporting.plan import Plan

ROOT = Path(__file__).parents[2]
STUDY = "satisfaction_drivers"


@pytest.fixture
def plan(bank_folder, monkeypatch, tmp_path):
    monkeypatch.setenv("QUARTERBOOK_BANK", str(bank_folder))
    parameters = load_study(STUDY).Parameters(quarter="2026Q3", replicates=500)
    settings = Settings(Quarter(2026, 3), "synthetic", "en", {STUDY: parameters})
    edition = Edition("management", tmp_path, tmp_path)
    source = open_source("synthetic", root=ROOT)
    return Plan(ROOT, settings, edition, source, (STUDY,), {})


def test_every_table_that_a_study_may_read_is_described(plan):
    tables = describe_tables(plan)
    study = load_study(STUDY)
    wanted = {*study.TABLES, *study.OPTIONAL_TABLES}
    assert set(tables) == {name for name in wanted if name in plan.source}
    answered = tables["survey_responses"]
    assert answered["studies"] == [STUDY]
    assert 10 <= answered["customers"] <= answered["quarter_rows"] < answered["rows"]
    assert tables["survey_waves"]["last"] == "2026-09-30"
    assert describe_tables(plan) == tables


def test_fewer_customers_than_may_be_shown_are_not_counted(plan, monkeypatch):
    shown = describe_tables(plan)["survey_responses"]
    rules = SimpleNamespace(minimum_count=shown["customers"])
    monkeypatch.setattr(coverage, "current_rules", lambda: rules)
    assert describe_tables(plan)["survey_responses"] == shown
    rules.minimum_count += 1
    hidden = describe_tables(plan)["survey_responses"]
    assert hidden == shown | {"customers": None, "quarter_rows": None}


def test_only_parameters_that_differ_from_their_defaults_are_told(plan):
    assert describe_params(plan) == {STUDY: {"replicates": 500}}
