"""Score the coding of comments where their topics are known.

Comments are those that the synthetic bank's customers write: in two languages, with
topics denied first, markup and personal data among them. The words of the code frame
were chosen with such comments at hand; a bank's own need a hand-coded sample.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from analysis.statistics.histogram_quantile import bound_share
from analysis.studies.satisfaction_drivers.verbatims.code_frame import (
    SEEDS,
    list_seeds,
)
from analysis.studies.satisfaction_drivers.verbatims.masking import flatten_text
from analysis.studies.satisfaction_drivers.verbatims.topics import (
    OTHER,
    code_comments,
    count_hits,
)
from analysis.synthetic.survey_comments import (
    OFF_TOPIC,
    ON_TOPIC_SHARE,
    TOPICS,
    Remarks,
    compose_texts,
)

HEADLINE: Final = "report"
ALL_WORDS: Final = "words, denied ones too"
SHARE, RIGHT = "share of comments", "coded right"
SCENARIOS: Final = ("comments",)
"""Worlds by name."""
COMMENTS: Final = 400
SPOKEN: Final = (
    "staff", "app", "rates", "waiting", "trust", "complaints", "fees", "transparency",
)  # fmt: skip
"""Topics that customers write about, equally often."""


def score_verbatims(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw comments and let every way of coding say what they are about.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per way and part of a target: `estimator`, `target`, `part`, `truth`,
        `estimate`, `lower`, `upper`. Percent: the share of each topic, and of the
        comments of a topic that are coded right (recall; no ends).

    Raises
    ------
    ValueError
        If there is no such world.
    """
    if scenario not in SCENARIOS:
        message = f"A world must be one of {SCENARIOS}, not {scenario!r}."
        raise ValueError(message)
    topics, texts = draw_comments(rng)
    seeds = {name: list_seeds(name, ()) for name in SEEDS}
    flat = [flatten_text(text).lower() for text in texts]
    hits = count_hits(flat, list(seeds.values()))
    names = np.array([*seeds, OTHER])
    loose = names[np.where(hits.max(axis=1) > 0, hits.argmax(axis=1), len(seeds))]
    ways = {HEADLINE: code_comments(texts, seeds).topic, ALL_WORDS: loose}
    rows: list[tuple[str, str, str, float, float, float, float]] = []
    for way, found in ways.items():
        for name in (*SPOKEN, OTHER):
            true = ON_TOPIC_SHARE / len(SPOKEN) if name != OTHER else 1 - ON_TOPIC_SHARE
            share = float((found == name).mean())
            lower, upper = bound_share(share, COMMENTS)
            ends = (100 * share, 100 * lower, 100 * upper)
            rows.append((way, SHARE, name, 100 * true, *ends))
            right = 100 * float((found[topics == name] == name).mean())
            rows.append((way, RIGHT, name, 100.0, right, np.nan, np.nan))
    columns = ["estimator", "target", "part", "truth", "estimate", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns)


def draw_comments(rng: np.random.Generator) -> tuple[np.ndarray, list[str]]:
    """Draw comments in both languages.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    numpy.ndarray of str, list of str
        Topic of each, `OTHER` where it is about no attribute; and the texts.
    """
    names = np.array(SPOKEN)[rng.integers(0, len(SPOKEN), COMMENTS)]
    names = np.where(rng.random(COMMENTS) < ON_TOPIC_SHARE, names, OTHER)
    codes = [OFF_TOPIC if name == OTHER else TOPICS.index(name) for name in names]
    remarks = Remarks(
        topic=np.array(codes, dtype=np.int8),
        praises=rng.random(COMMENTS) < 0.3,
        language=(rng.random(COMMENTS) >= 0.7).astype(np.int8),
        dice=rng.random((COMMENTS, 10), np.float32),
    )
    return names, compose_texts(remarks)
