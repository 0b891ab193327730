import json

import pytest

from analysis.presentation.digest import DigestEntry
from analysis.presentation.findings import Finding
from analysis.presentation.show import bundle
from analysis.studies import quarterly_summary as study
from analysis.units import Unit


def make_finding(key, importance, **changed):
    facts = {
        "key": key,
        "requirement": "B1",
        "headline": f"Headline of {key}",
        "sentence": "It was 1.0% (0.5% to 1.5%).",
        "action": "Go on.",
        "verdict": "measured",
        "unit": Unit.PERCENT,
        "nobs": 100,
        "period": "2026Q3",
        "source": "balances",
        "measure": "Balance per point",
        "estimate": 1.0,
        "lower": 0.5,
        "upper": 1.5,
        "importance": importance,
    }
    return Finding(**(facts | changed))


def refuse(key, importance):
    nothing = {"estimate": None, "lower": None, "upper": None}
    return make_finding(
        key,
        importance,
        verdict="not identified",
        reason="Prices move together.",
        **nothing,
    )


@pytest.fixture
def folder(tmp_path):
    shown = {
        "deposit_rate_elasticity": [make_finding("low", 0.1), refuse("beta", 0.9)],
        "segment_profitability": [
            make_finding("top", 0.9),
            make_finding("second", 0.8),
            make_finding("third", 0.7),
        ],
        "quarterly_summary": [make_finding("itself", 1.0)],
    }
    (tmp_path / "notebooks").mkdir()
    for name, findings in shown.items():
        outputs = [{"output_type": "display_data", "data": bundle(f)} for f in findings]
        notebook = {
            "cells": [{"cell_type": "code", "outputs": outputs}],
            "metadata": {"quarterbook": {"title": name.replace("_", " ").capitalize()}},
        }
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        path.write_text(json.dumps(notebook), "utf-8")
    return tmp_path


def read(folder, n_findings=3):
    parameters = study.Parameters(
        quarter="2026Q3", run_folder=str(folder), n_findings=n_findings
    )
    reports = study.read_reports(parameters)
    return reports, study.rank_findings(reports, parameters)


def test_findings_come_back_from_the_notebooks_as_they_were_shown(folder):
    reports, _ = read(folder)
    first = reports.entries[0]
    assert first.finding == make_finding("low", 0.1)
    assert first.link("html") == "deposit_rate_elasticity.html#finding-low"
    assert len(reports.entries) == 5


def test_every_study_keeps_its_first_finding_then_importance_decides(folder):
    _, entries = read(folder)
    assert [entry.finding.key for entry in entries] == ["top", "second", "low"]


def test_a_clear_change_goes_before_an_equal_without_one(folder):
    still, moved = make_finding("still", 0.5), make_finding("moved", 0.5, change="rose")
    entries = tuple(DigestEntry(f, "a", "A") for f in (still, moved))
    reports = study.Reports("2026Q3", entries)
    ranked = study.rank_findings(reports, study.Parameters(quarter="2026Q3"))
    assert [entry.finding.key for entry in ranked] == ["moved", "still"]


def test_what_is_not_identified_is_told_apart_with_its_reason(folder):
    reports, entries = read(folder, n_findings=20)
    assert "beta" not in [entry.finding.key for entry in entries]
    rows = study.tabulate_refused(reports).rows
    assert rows.reason.tolist() == ["Prices move together."]


def test_a_quarter_without_reports_says_so(tmp_path):
    reports, entries = read(tmp_path)
    assert "has been run yet" in study.digest(entries, reports).text
    assert "no findings" in study.note_missing(reports, entries).text
    assert "could be answered" in study.tabulate_refused(reports).text


def test_the_page_counts_what_it_leaves_out(folder):
    reports, entries = read(folder)
    assert "3 of 5 findings" in study.note_missing(reports, entries).text
    assert (
        "findings: 5, studies: 2"
        in study.describe_run(reports, study.Parameters(quarter="2026Q3")).text
    )
