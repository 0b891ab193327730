"""The command that scores estimators: its table, and what it refuses."""

from __future__ import annotations

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.reporting.command import application
from analysis.statistics.truth_scores import SCORES

STUDY = "deposit_rate_elasticity"


def call(*arguments):
    return CliRunner().invoke(application, ["truth", *arguments])


def test_scores_are_written_as_a_table(tmp_path):
    place = tmp_path / "truth" / "scores.csv"
    asked = ("--scenario", "uniform prices", "--draws", "1", "--output", str(place))
    assert call(STUDY, *asked).exit_code == 0
    table = pd.read_csv(place)
    assert list(table)[:4] == ["scenario", "estimator", "headline", "target"]
    assert tuple(list(table)[4:]) == SCORES
    report = table[table["headline"]].set_index("target")
    assert (report["refused_share"] == 1.0).all()
    assert (report["draws"] == 1).all()
    assert {"term", "term, mass"} <= set(report.index)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nothing",), "a study must be one of"),
        ((STUDY, "--scenario", "calm"), "scenarios must be of"),
    ],
)
def test_what_is_not_known_is_refused(arguments, sentence):
    result = call(*arguments)
    assert result.exit_code == 2
    assert sentence in " ".join(result.output.split())


def test_a_study_without_worlds_is_refused(monkeypatch):
    monkeypatch.setattr("analysis.reporting.truth.STUDIES", ("not_yet_written",))
    result = call("not_yet_written")
    assert result.exit_code == 2
    output = " ".join(result.output.split())
    assert "has no worlds whose truth is known yet" in output
