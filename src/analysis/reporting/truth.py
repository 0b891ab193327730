"""Score a study on worlds whose truth is known, and keep the scores as a table."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from types import ModuleType

import numpy as np
import pandas as pd

from analysis.errors import BadInputError, Problem
from analysis.reporting.parameters import STUDIES
from analysis.reporting.running.isolation import call_isolated
from analysis.statistics.truth_scores import SCORES, score_estimates

_DRAWS_PER_PROCESS = 10
_DIGITS = 4


def score_study(
    study: str, *, draws: Mapping[str, int], seed: int, workers: int
) -> pd.DataFrame:
    """Draw worlds, let every estimator of a study answer, and score the answers.

    Parameters
    ----------
    study : str
        Name of the study.
    draws : mapping of str to int
        How many worlds of each scenario.
    seed : int
        Start of the random numbers; a draw depends on it, its scenario and its number
        only.
    workers : int
        Processes at a time.

    Returns
    -------
    pandas.DataFrame
        One row per scenario, estimator and target (a target and, below it, each of its
        parts): `scenario`, `estimator`, `headline` (whether the report prints it),
        `target`, and `SCORES`.

    Raises
    ------
    BadInputError
        If the study has no worlds to be scored on, or not that scenario.
    """
    truth = load_truth(study)
    unknown = sorted(set(draws) - set(truth.SCENARIOS))
    if unknown:
        what = f"scenarios must be of {list(truth.SCENARIOS)}, not {unknown}."
        raise BadInputError([Problem(what, "--scenario", "Name one of these.")])
    batches = [
        (study, scenario, seed, range(first, min(first + _DRAWS_PER_PROCESS, n)))
        for scenario, n in draws.items()
        for first in range(0, n, _DRAWS_PER_PROCESS)
    ]
    with ThreadPoolExecutor(workers) as executor:
        found = list(executor.map(lambda each: call_isolated(_draw, *each), batches))
    return _score(pd.concat(found, ignore_index=True), truth)


def load_truth(study: str) -> ModuleType:
    """Give the module that knows a study's worlds.

    Parameters
    ----------
    study : str
        Name of the study.

    Returns
    -------
    module
        With `SCENARIOS`, `DRAWS`, `HEADLINE` and `score_draw`.

    Raises
    ------
    BadInputError
        If there is none.
    """
    try:
        if study in STUDIES:
            return import_module(f"analysis.studies.{study}.truth")
    except ModuleNotFoundError:
        what = f"'{study}' has no worlds whose truth is known yet."
    else:
        what = f"a study must be one of {list(STUDIES)}, not '{study}'."
    raise BadInputError([Problem(what, "study", "Name another study.")])


def _draw(study: str, scenario: str, seed: int, numbers: range) -> pd.DataFrame:
    """Draw some worlds of a scenario, each by random numbers of its own."""
    truth = load_truth(study)
    place = list(truth.SCENARIOS).index(scenario)
    drawn: list[pd.DataFrame] = [
        truth.score_draw(scenario, np.random.default_rng([seed, place, number])).assign(
            scenario=scenario, draw=number
        )
        for number in numbers
    ]
    return pd.concat(drawn)


def _score(drawn: pd.DataFrame, truth: ModuleType) -> pd.DataFrame:
    """Score targets as a whole, then by part."""
    parts = drawn.assign(target=drawn["target"] + ", " + drawn["part"])
    keys = ["scenario", "estimator", "target"]
    rows = [
        dict(zip(keys, key, strict=True)) | score_estimates(group).to_dict()
        for scored in (drawn, parts)
        for key, group in scored.groupby(keys, sort=False)
    ]
    table = pd.DataFrame(rows)
    table["headline"] = table["estimator"] == truth.HEADLINE
    table["draws"] = table["draws"].astype(int)
    order = {name: place for place, name in enumerate(truth.SCENARIOS)}
    ranked = table.sort_values(
        ["scenario", "headline"],
        key=lambda column: column.map(order) if column.name == "scenario" else ~column,
        kind="stable",
    )
    columns = ["scenario", "estimator", "headline", "target", *SCORES]
    return ranked[columns].round(_DIGITS).reset_index(drop=True)
