"""From opinions to answers: noise of each question, halo, careless people and gaps.

The answer to a question on an attribute is sqrt(r) times the opinion plus noise of its
own, plus the respondent's halo, which colours all such answers alike, and is cut into
ten grades.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic.quantiles import grade_expected, grade_scores
from analysis.synthetic.survey_items import DRIVERS, ITEMS, PLACES, QUESTIONS

Floats = NDArray[np.float32]

RECOMMEND_CORRELATION = 0.85
HALO = 0.45
EXPECTED_BY_FACTOR = 0.4
"""Correlation of an expectation with the customer's factor."""
INDEX_RELIABILITY = 0.75
"""Share of satisfaction in the two further questions of the satisfaction index."""
LIKERT_SHARES = (0.01, 0.015, 0.025, 0.04, 0.07, 0.11, 0.17, 0.22, 0.18, 0.16)
RECOMMEND_SHARES = (
    0.02, 0.01, 0.01, 0.02, 0.03, 0.07, 0.08, 0.14, 0.22, 0.20, 0.20,
)  # fmt: skip
STRAIGHT_SHARE, MISSING_SHARE = 0.06, 0.02
SECONDS, STRAIGHT_SECONDS, SECONDS_SIGMA = 210.0, 80.0, 0.35
_RATED = len(DRIVERS) * QUESTIONS
_EXPECTED = _RATED + len(DRIVERS)
_SPREAD = np.float32((1 + HALO**2) ** 0.5)
_OWN = np.sqrt([driver.reliability for driver in DRIVERS]).astype(np.float32)
_NOISE = np.sqrt([1 - driver.reliability for driver in DRIVERS]).astype(np.float32)
_GAPS = np.array([driver.gap for driver in DRIVERS], np.float32)
_APP = np.array([item.attribute == "app" for item in ITEMS])


@dataclass(frozen=True, slots=True)
class Minds:
    """What the respondents of a wave think.

    Parameters
    ----------
    opinions : array, shape (answers, 12)
        Opinions of the attributes, about standard normal.
    factor, satisfaction, recommend : array, shape (answers,)
        Hidden factor, latent satisfaction and readiness to recommend.
    is_digital : array of bool, shape (answers,)
        Who uses the app.
    """

    opinions: Floats
    factor: Floats
    satisfaction: Floats
    recommend: Floats
    is_digital: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the respondents of a wave answered.

    Parameters
    ----------
    scores : array, shape (answers, items)
        Answers by `ITEMS`, NaN for none.
    straight : array of bool, shape (answers,)
        Who gave the same answer throughout.
    seconds : array, shape (answers,)
        Time taken.
    """

    scores: Floats
    straight: NDArray[np.bool_]
    seconds: NDArray[np.float64]


def draw_answers(draws: np.random.Generator, minds: Minds) -> Answers:
    """Draw the answers to all questions.

    Parameters
    ----------
    draws : numpy.random.Generator
        Random numbers.
    minds : Minds
        What the respondents think.

    Returns
    -------
    Answers
        Answers, careless people and time.
    """
    size = len(minds.satisfaction)
    halo = np.float32(HALO) * draws.standard_normal((size, 1), np.float32)
    noise = draws.standard_normal((size, len(ITEMS)), np.float32)
    latent = np.empty_like(noise)
    latent[:, :_RATED] = rate_items(minds.opinions, halo, noise[:, :_RATED])
    latent[:, _RATED:_EXPECTED] = _expect(
        minds.factor, halo, noise[:, _RATED:_EXPECTED]
    )
    latent[:, _EXPECTED:] = _judge(minds, halo, noise[:, _EXPECTED:])
    scores = grade_scores(latent, LIKERT_SHARES, 1).astype(np.float32)
    ready = PLACES["recommend"]
    scores[:, ready] = grade_scores(latent[:, ready], RECOMMEND_SHARES, 0)
    straight = draws.random(size) < STRAIGHT_SHARE
    scores[straight] = scores[straight, PLACES["overall"]][:, None]
    scores[draws.random(scores.shape, np.float32) < MISSING_SHARE] = np.nan
    scores[~minds.is_digital[:, None] & _APP] = np.nan
    middle = np.where(straight, STRAIGHT_SECONDS, SECONDS)
    seconds = middle * np.exp(SECONDS_SIGMA * draws.standard_normal(size))
    return Answers(scores, straight, np.round(seconds))


def rate_items(opinions: Floats, halo: Floats, noise: Floats) -> Floats:
    """Give the latent answers to the questions on attributes.

    Parameters
    ----------
    opinions : array, shape (n, 12)
        Opinions of the attributes.
    halo : array, shape (n, 1)
        Halo of each respondent, deviation `HALO`.
    noise : array, shape (n, 36)
        Standard-normal noise of each question.

    Returns
    -------
    array, shape (n, 36)
        About standard normal.
    """
    own = np.repeat(opinions * _OWN, QUESTIONS, axis=1)
    rated: Floats = (own + np.repeat(_NOISE, QUESTIONS) * noise + halo) / _SPREAD
    return rated


def expect_index(satisfaction: Floats) -> float:
    """Give the satisfaction index that a frame would have given.

    Parameters
    ----------
    satisfaction : array, shape (n,)
        Latent satisfaction of everyone in the frame.

    Returns
    -------
    float
        Mean of the three questions of the index on a scale from 0 to 100.
    """
    overall = grade_scores(satisfaction, LIKERT_SHARES, 1).mean(dtype=np.float64)
    others = grade_expected(satisfaction, LIKERT_SHARES, 1, INDEX_RELIABILITY).mean()
    return float(100 / 9 * ((overall + 2 * others) / 3 - 1))


def lean_to_recommend(satisfaction: Floats, draws: np.random.Generator) -> Floats:
    """Draw everyone's latent readiness to recommend.

    Parameters
    ----------
    satisfaction : array, shape (n,)
        Latent satisfaction.
    draws : numpy.random.Generator
        Random numbers.

    Returns
    -------
    array, shape (n,)
        About standard normal.
    """
    noise = draws.standard_normal(len(satisfaction), np.float32)
    own = np.float32((1 - RECOMMEND_CORRELATION**2) ** 0.5)
    return np.float32(RECOMMEND_CORRELATION) * satisfaction + own * noise


def _expect(factor: Floats, halo: Floats, noise: Floats) -> Floats:
    common = np.float32(EXPECTED_BY_FACTOR) * factor[:, None]
    own = np.float32((1 - EXPECTED_BY_FACTOR**2) ** 0.5) * noise
    expected: Floats = (_GAPS + common + own + halo) / _SPREAD
    return expected


def _judge(minds: Minds, halo: Floats, noise: Floats) -> Floats:
    """Give the latent answers on the bank as a whole, and to the marker."""
    part = np.float32(INDEX_RELIABILITY**0.5)
    rest = np.float32((1 - INDEX_RELIABILITY) ** 0.5)
    satisfaction = minds.satisfaction
    return np.column_stack(
        [
            satisfaction,
            part * satisfaction + rest * noise[:, 1],
            part * satisfaction + rest * noise[:, 2],
            minds.recommend,
            (noise[:, 4] + halo[:, 0]) / _SPREAD,
        ]
    )
