"""The truths of the survey: what matters, how well it is asked, who is silent."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.synthetic import customer_links, model
from analysis.synthetic import survey_answers as answering
from analysis.synthetic import survey_comments as comments
from analysis.synthetic import survey_field as field
from analysis.synthetic.attributes import (
    BRANCH_WAIT_SIGMA,
    CORRELATION,
    EXPLAINED,
    SETTLING_BY_ATTRIBUTE,
    SHIFTS,
    WAIT_BY_ATTRIBUTE,
    scale_satisfaction,
)
from analysis.synthetic.files import BankFolder, write_ids
from analysis.synthetic.quantiles import grade_mean, grade_scores
from analysis.synthetic.survey import Wave, name_wave
from analysis.synthetic.survey_answers import HALO, LIKERT_SHARES, rate_items
from analysis.synthetic.survey_items import DRIVERS, NUMBERS, QUESTIONS, WEIGHTS

FELT_SIGMAS = {
    "staff": customer_links.MANAGER_SIGMA,
    "waiting": BRANCH_WAIT_SIGMA / WAIT_BY_ATTRIBUTE,
}
"""Deviation of what managers and branches add to opinions, in the answers only."""
_DRAWS, _PARTS = 400_000, 8


def describe_survey() -> dict[str, Any]:
    """Give the truths of the survey, for truth/params.json."""
    shares, floors, effects = share_importance()
    return {
        "frame": "active customers at the quarter's end",
        "latent_weights": {d.item: d.weight for d in DRIVERS},
        "latent_scale": scale_satisfaction(),
        "population_lmg": shares,
        "latent_lmg": share_latent_importance(),
        "population_lmg_zero_effect_floor": floors,
        "population_standardised_effects": effects,
        "population_lmg_on": "mean of three answers 1-10 with halo, no straight-liners",
        "shifts": [list(shift) for shift in SHIFTS],
        "nonresponse_slope": field.NONRESPONSE_SLOPE,
        "straight_share": answering.STRAIGHT_SHARE,
        "measurement": _describe_measurement(),
        "expectations": _describe_expectations(),
        "behaviour": _describe_behaviour(),
        "comments": _describe_comments(),
    }


def _describe_measurement() -> dict[str, Any]:
    return {
        "alpha_without_halo": {d.item: d.alpha for d in DRIVERS},
        "population_alpha": measure_alphas(),
        "item_reliability": {d.item: round(d.reliability, 6) for d in DRIVERS},
        "halo_deviation": HALO,
        "index_item_reliability": answering.INDEX_RELIABILITY,
        "missing_share": answering.MISSING_SHARE,
        "felt_deviations": FELT_SIGMAS,
    }


def _describe_expectations() -> dict[str, Any]:
    return {
        "gap_deviations": {driver.item: driver.gap for driver in DRIVERS},
        "gap_points": {d.item: _give_gap_points(d.gap) for d in DRIVERS},
        "gap_is": "mean expectation less mean performance before shifts",
        "correlation_with_factor": answering.EXPECTED_BY_FACTOR,
    }


def _give_gap_points(gap: float) -> float:
    spread = (1 + HALO**2) ** 0.5
    return grade_mean(gap / spread, LIKERT_SHARES, 1) - grade_mean(0, LIKERT_SHARES, 1)


def _describe_behaviour() -> dict[str, Any]:
    close = model.HAZARDS["close"].satisfaction
    scale = scale_satisfaction()
    return {
        "log_wait_by_waiting": -WAIT_BY_ATTRIBUTE,
        "branch_log_wait_deviation": BRANCH_WAIT_SIGMA,
        "log_settling_days_by_complaints": -SETTLING_BY_ATTRIBUTE,
        "log_referrals_by_satisfaction": customer_links.REFERRAL_BY_SATISFACTION,
        "manager_effect_deviation": customer_links.MANAGER_SIGMA,
        "answer_days_log_by_satisfaction": field.DELAY_BY_SATISFACTION,
        "reinvited_share": field.REINVITED,
        "monthly_close_logit_by_satisfaction": close,
        "monthly_close_logit_by_attribute": {
            driver.item: close * driver.weight / scale for driver in DRIVERS
        },
    }


def _describe_comments() -> dict[str, Any]:
    return {
        "logit": [comments.COMMENT_BASE, comments.COMMENT_BY_SATISFACTION],
        "chinese_share": comments.CHINESE_SHARE,
        "on_topic_share": comments.ON_TOPIC_SHARE,
        "topic": "lowest opinion among attributes that have a weight and were asked",
        "personal_data_share": comments.TRAP_SHARE,
        "denial_share_on_topic": comments.DENIAL_SHARE,
        "markup_share": comments.MARKUP_SHARE,
    }


def write_waves(folder: BankFolder, waves: list[Wave]) -> None:
    """Write what the whole frame would have answered, and who did not read.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    waves : list of Wave
        All waves, in time.
    """
    rows = [
        {
            "wave": name_wave(wave.month),
            "frame": wave.frame,
            "invited": wave.invited,
            "answered": len(wave.customer),
            "net_promoter": wave.net_promoter,
            "satisfaction": wave.satisfaction,
            "top_box": wave.top_box,
            "index": wave.index,
        }
        for wave in waves
    ]
    folder.write_truth("waves", pa.Table.from_pylist(rows))
    straight = [
        {"wave": name_wave(wave.month), "respondent": int(wave.respondent[row])}
        for wave in waves
        for row in np.flatnonzero(wave.straight)
    ]
    size = [row["respondent"] for row in straight]
    frame = pa.table(
        {
            "wave": pa.array([row["wave"] for row in straight], pa.string()),
            "respondent_id": write_ids("R", np.array(size, np.int64) + 1, 6),
        }
    )
    folder.write_truth("straight_liners", frame)


@cache
def share_importance() -> tuple[dict[str, float], ...]:
    """Give each driver's population importance, its floor and its effect.

    Importance is the average gain in R squared over all orders of entry [1]_. The
    floor is the importance that the driver would keep if its own effect were nil.
    All are computed on 400,000 draws of the answers that everybody would give, each
    attribute being the mean of its questions.

    Returns
    -------
    shares, floors, effects : dict of str to float
        By item; shares add up to 1, floors are shares of the same R squared, effects
        are standardised least-squares coefficients.

    References
    ----------
    .. [1] Lindeman, Merenda, Gold (1980), Introduction to Bivariate and Multivariate
       Analysis, p. 119 ff.
    """
    answers, overall = _draw_answers()
    full = np.asarray(np.corrcoef(np.column_stack([answers, overall]), rowvar=False))
    raw = _share_out(full)
    deviations = np.std(np.column_stack([answers, overall]), axis=0)
    covariance = full * np.outer(deviations, deviations)
    floors = {}
    for number, driver in enumerate(DRIVERS):
        without = _remove_effect(covariance, number)
        scale = np.sqrt(np.diag(without))
        shares = _share_out(without / np.outer(scale, scale))
        kept = without[-1, -1] / covariance[-1, -1]
        floors[driver.item] = float(shares[number] * kept / raw.sum())
    shares = raw / raw.sum()
    items = [driver.item for driver in DRIVERS]
    effects = np.linalg.solve(full[:-1, :-1], full[:-1, -1])
    named = (
        dict(zip(items, map(float, part), strict=True)) for part in (shares, effects)
    )
    importance, effect = named
    return importance, floors, effect


def share_latent_importance() -> dict[str, float]:
    """Give the importance that each attribute would have if measured without error.

    Returns
    -------
    dict of str to float
        By attribute, adding up to 1, from the correlations of the design.
    """
    count = len(DRIVERS)
    full = np.full((count + 1, count + 1), CORRELATION)
    np.fill_diagonal(full, 1.0)
    towards = full[:-1, :-1] @ WEIGHTS / scale_satisfaction()
    full[:-1, -1] = full[-1, :-1] = towards
    raw = _share_out(full)
    items = [driver.item for driver in DRIVERS]
    return dict(zip(items, map(float, raw / raw.sum()), strict=True))


@cache
def measure_alphas() -> dict[str, float]:
    """Give the alpha that the three questions of each attribute have among all.

    Halo raises it above the reliability of the design, grading lowers it [1]_. It is
    computed on 50,000 draws of the answers that everybody would give.

    Returns
    -------
    dict of str to float
        By attribute.

    References
    ----------
    .. [1] Cronbach (1951), Coefficient alpha and the internal structure of tests,
       Psychometrika 16(3), equation 2.
    """
    answers, _ = _draw_some(np.random.default_rng(20260931), _DRAWS // _PARTS)
    single = answers.var(axis=0, dtype=np.float64).sum(axis=1)
    total = answers.sum(axis=2).var(axis=0, dtype=np.float64)
    alphas = QUESTIONS / (QUESTIONS - 1) * (1 - single / total)
    items = [driver.item for driver in DRIVERS]
    return dict(zip(items, map(float, alphas), strict=True))


def _draw_answers() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw mean answers to the questions of each attribute, and overall answers."""
    draws = np.random.default_rng(20260930)
    parts = [_draw_some(draws, _DRAWS // _PARTS) for _ in range(_PARTS)]
    means = [answers.mean(axis=2) for answers, _ in parts]
    return np.concatenate(means), np.concatenate([overall for _, overall in parts])


def _draw_some(
    draws: np.random.Generator, size: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw answers, shape (n, 12, 3), and overall answers, shape (n,)."""
    normal = draws.standard_normal
    factor = np.float32(CORRELATION**0.5) * normal((size, 1), np.float32)
    own = np.float32((1 - CORRELATION) ** 0.5)
    opinions = factor + own * normal((size, len(DRIVERS)), np.float32)
    latent = opinions @ WEIGHTS.astype(np.float32) / np.float32(scale_satisfaction())
    latent += np.float32((1 - EXPLAINED) ** 0.5) * normal(size, np.float32)
    for item, sigma in FELT_SIGMAS.items():
        opinions[:, NUMBERS[item]] += np.float32(sigma) * normal(size, np.float32)
    halo = np.float32(HALO) * normal((size, 1), np.float32)
    noise = normal((size, len(DRIVERS) * QUESTIONS), np.float32)
    answers = grade_scores(rate_items(opinions, halo, noise), LIKERT_SHARES, 1)
    shape = (size, len(DRIVERS), QUESTIONS)
    overall = grade_scores(latent.astype(np.float32), LIKERT_SHARES, 1)
    return answers.reshape(shape).astype(np.float32), overall.astype(np.float32)


def _remove_effect(covariance: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    among, towards = covariance[:-1, :-1], covariance[:-1, -1]
    effects = np.linalg.solve(among, towards)
    unexplained = covariance[-1, -1] - effects @ towards
    effects[number] = 0.0
    changed = covariance.copy()
    changed[:-1, -1] = changed[-1, :-1] = among @ effects
    changed[-1, -1] = effects @ among @ effects + unexplained
    return changed


def _share_out(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    count = len(correlation) - 1
    explained: dict[tuple[int, ...], float] = {(): 0.0}
    for size in range(1, count + 1):
        for chosen in combinations(range(count), size):
            picked = np.array(chosen)
            towards = correlation[picked, -1]
            among = correlation[np.ix_(picked, picked)]
            explained[chosen] = float(towards @ np.linalg.solve(among, towards))
    shares = np.zeros(count)
    for chosen, value in explained.items():
        before = factorial(len(chosen) - 1) if chosen else 0
        weight = before * factorial(count - len(chosen)) / factorial(count)
        for number in chosen:
            rest = tuple(other for other in chosen if other != number)
            shares[number] += weight * (value - explained[rest])
    return shares
