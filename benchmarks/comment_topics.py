"""Measure how well texts of customers are given to themes, on banking77.

The 13,083 questions of banking77 (Casanueva et al. 2020, CC BY 4.0) have one of 77
themes each. Three ways are measured: terms weighted by their rarity with a multinomial
logit that learnt from 10,003 labelled questions; the same terms divided without labels
into 77 groups; and the report's code frame, which was made without these texts, on the
themes about fees. The first says what the terms hold, the second what is to be expected
of topics that nobody named, the third how far the frame travels.

Run with `python benchmarks/comment_topics.py --folder FOLDER`, the folder holding
train.csv.gz and test.csv.gz with the columns text and category; without one it is
banking77 in QUARTERBOOK_DATA.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from scipy.cluster.vq import kmeans2
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds
from scipy.special import logsumexp

from analysis.studies.satisfaction_drivers.verbatims.code_frame import SEEDS, list_seeds
from analysis.studies.satisfaction_drivers.verbatims.topics import code_comments

PENALTY = 1e-5
DIMENSIONS = 100
SEED = 20077
FEE_THEMES = re.compile(r"fee|charge(?!d_twice)")


def main() -> None:
    """Print the three measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    data = Path(os.environ.get("QUARTERBOOK_DATA", "../shared/data"))
    parser.add_argument("--folder", type=Path, default=data / "banking77")
    folder = parser.parse_args().folder
    train, test = (pd.read_csv(folder / f"{part}.csv.gz") for part in ("train", "test"))
    themes = sorted(train["category"].unique())
    known, true = (
        pd.Categorical(part["category"], themes).codes for part in (train, test)
    )
    begun = perf_counter()
    seen, new = weigh_terms(train["text"], test["text"])
    weights = learn(seen, known, len(themes))
    right = (np.asarray(new @ weights).argmax(axis=1) == true).mean()
    seconds = perf_counter() - begun
    print(f"labelled: accuracy {right:.3f} of {len(true)} ({seconds:.0f} s)")
    groups = divide(new, len(themes))
    print(f"not labelled: {describe_groups(groups, true)}")
    print(f"code frame: {score_fees(test)}")


def weigh_terms(first: pd.Series, second: pd.Series) -> tuple[csr_array, csr_array]:
    """Weigh words and pairs of words by their rarity in the first texts."""
    lists = [[list_terms(text) for text in texts] for texts in (first, second)]
    spread = Counter(term for terms in lists[0] for term in set(terms))
    places = {t: at for at, t in enumerate(sorted(t for t in spread if spread[t] > 1))}
    rarity = np.log((1 + len(first)) / (1 + np.array([spread[t] for t in places]))) + 1
    return tuple(_weigh(terms, places, rarity) for terms in lists)


def list_terms(text: str) -> list[str]:
    """List a text's words and neighbouring pairs."""
    words = re.findall(r"[a-z']+", text.lower())
    return [*words, *(f"{a} {b}" for a, b in pairwise(words))]


def _weigh(texts: list[list[str]], places: dict[str, int], rarity) -> csr_array:
    rows, columns, values = [], [], []
    for row, terms in enumerate(texts):
        for term, n in Counter(t for t in terms if t in places).items():
            rows.append(row)
            columns.append(places[term])
            values.append((1 + np.log(n)) * rarity[places[term]])
    table = csr_array((values, (rows, columns)), shape=(len(texts), len(places)))
    size = np.sqrt(table.multiply(table).sum(axis=1)).clip(1e-12)
    return csr_array(table.multiply(1 / size[:, None]))


def learn(terms: csr_array, known, themes: int) -> np.ndarray:
    """Fit a multinomial logit with a small penalty, shape (terms, themes)."""
    one = np.eye(themes)[known]
    shape = (terms.shape[1], themes)

    found = minimize(
        measure_loss,
        np.zeros(shape).ravel(),
        args=(terms, one),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 60},
    )
    return found.x.reshape(shape)


def measure_loss(flat, terms: csr_array, one) -> tuple[float, np.ndarray]:
    """Give the penalised loss of a multinomial logit and its slope."""
    weights = flat.reshape(terms.shape[1], one.shape[1])
    scores = terms @ weights
    total = logsumexp(scores, axis=1, keepdims=True)
    left = np.exp(scores - total) - one
    value = (total.ravel() - (scores * one).sum(axis=1)).mean()
    slope = terms.T @ left / len(one) + 2 * PENALTY * weights
    return value + PENALTY * (flat**2).sum(), slope.ravel()


def divide(terms: csr_array, groups: int) -> np.ndarray:
    """Divide texts by k-means on their leading dimensions."""
    rng = np.random.default_rng(SEED)
    left, sizes, _ = svds(terms, k=DIMENSIONS, rng=rng)
    points = left * sizes
    points = points / np.linalg.norm(points, axis=1, keepdims=True).clip(1e-12)
    return kmeans2(points, groups, minit="++", rng=rng, iter=50)[1]


def describe_groups(groups, true) -> str:
    """Give purity and normalised mutual information of a division."""
    table = pd.crosstab(groups, true).to_numpy() / len(true)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    held = table > 0
    shared = (table[held] * np.log(table[held] / np.outer(rows, columns)[held])).sum()
    spread = [-(each * np.log(each)).sum() for each in (rows, columns)]
    purity = table.max(axis=1).sum()
    return f"purity {purity:.3f}, mutual information {2 * shared / sum(spread):.3f}"


def score_fees(test: pd.DataFrame) -> str:
    """Give precision and recall of the code frame on the themes about fees."""
    seeds = {name: list_seeds(name, ()) for name in SEEDS}
    found = code_comments(test["text"].tolist(), seeds).topic == "fees"
    true = test["category"].str.contains(FEE_THEMES).to_numpy()
    both = (found & true).sum()
    return f"fees: precision {both / found.sum():.3f}, recall {both / true.sum():.3f}"


if __name__ == "__main__":
    main()
