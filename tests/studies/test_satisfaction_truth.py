"""Stored scores of the satisfaction study hold what is promised, and are today's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.studies.satisfaction_drivers import truth

STORED = Path(__file__).parents[1] / "reference/truth/satisfaction_drivers.csv"
SEED = 1
QUICK = ("waves", "straight-liners", "open complaints", "waiting, bent", "loyalty")
LARGEST_ERRORS = 4.5
"""Errors of a few draws, in the stored ones: one in a hundred thousand is larger."""


@pytest.fixture(scope="module")
def scores():
    read = pd.read_csv(STORED)
    return read.set_index(["scenario", "estimator", "target"]).sort_index()


def _report(scores, scenario, target):
    return scores.loc[scenario, truth.HEADLINE, target]


def test_every_world_is_stored_with_as_many_draws_as_said(scores):
    drawn = scores["draws"].groupby("scenario").max()
    assert drawn.to_dict() == truth.DRAWS


@pytest.mark.parametrize("slope", ["0", ".2", ".35", ".5"])
def test_the_band_holds_the_score_whoever_kept_silent(scores, slope):
    name = f"nonresponse {slope}"
    assert _report(scores, name, "net promoter score")["coverage"] >= 0.75
    raked = scores.loc[name, "raked", "net promoter score"]["coverage"]
    assert raked <= 0.2 or slope == "0"


def test_a_planted_change_is_found_as_often_as_planned(scores):
    found = _report(scores, "waves", "found")
    assert abs(found["bias"]) < 0.06  # planned: four in five
    assert _report(scores, "waves", "change")["coverage"] >= 0.93
    assert _report(scores, "waves without a shift", "found")["bias"] < 0.03


def test_pooled_branches_are_nearer_the_truth(scores):
    report = _report(scores, "branches", "branch score")
    alone = scores.loc["branches", "each alone", "branch score"]
    assert report["rmse"] <= 0.6 * alone["rmse"]
    assert report["coverage"] >= 0.92


def test_those_who_did_not_read_are_flagged(scores):
    assert _report(scores, "straight-liners", "precision")["bias"] >= -0.05
    assert _report(scores, "straight-liners", "recall")["bias"] >= -0.15


def test_what_satisfaction_keeps_is_within_its_interval(scores):
    for world in ("loyalty", "loyalty, weak"):
        for target in ("customers kept per point", "balances per point"):
            assert _report(scores, world, target)["coverage"] >= 0.91
    plain = scores.loc["loyalty", "leavers by satisfaction alone"]
    assert plain.loc["log-odds of leaving per point"]["coverage"] < 0.75


@pytest.mark.parametrize("scenario", QUICK)
def test_a_draw_fits_the_stored_scores(scores, scenario):
    place = truth.SCENARIOS.index(scenario)
    rng = np.random.default_rng([SEED, place, 0])
    drawn = truth.score_draw(scenario, rng).dropna(subset=["estimate"])
    report = drawn[drawn["estimator"] == truth.HEADLINE]
    assert len(report)
    for row in report.itertuples():
        stored = _report(scores, scenario, row.target)
        error = row.estimate - row.truth
        assert abs(error) <= LARGEST_ERRORS * stored["rmse"] + 1e-9
