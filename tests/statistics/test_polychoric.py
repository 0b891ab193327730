"""Polychoric correlations agree with lavaan; impossible matrices are repaired."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.statistics.common_method import (
    adjust_for_marker,
    measure_heterotrait,
    partial_out,
)
from analysis.statistics.correlation_repair import repair_correlation
from analysis.statistics.polychoric import correlate_ordered, correlate_tables

REFERENCE = Path(__file__).parents[1] / "reference"


def test_two_step_correlations_agree_with_lavaan():
    stored = json.loads((REFERENCE / "big_five.json").read_text())
    names = list(stored["values"]["polychoric"])
    tables = np.array([stored["tables"][name] for name in names], dtype=float)
    expected = list(stored["values"]["polychoric"].values())
    assert correlate_tables(tables) == pytest.approx(expected, abs=2e-6)


def test_two_steps_give_the_tetrachoric_of_equal_halves():
    # Sheppard (1899): a quarter plus arcsin(r) / (2 pi) lie above both medians.
    both = 0.25 + np.arcsin(0.6) / (2 * np.pi)
    table = np.array([[[both, 0.5 - both], [0.5 - both, both]]])
    assert correlate_tables(table)[0] == pytest.approx(0.6, abs=1e-9)


def test_cutting_hides_correlation_that_comes_back():
    rng = np.random.default_rng(3)
    latent = rng.multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]], 30_000)
    answers = np.digitize(latent, [-1.5, -0.5, 0.3]).astype(float)
    assert np.corrcoef(answers.T)[0, 1] < 0.66
    assert correlate_ordered(answers)[0, 1] == pytest.approx(0.7, abs=0.01)


def test_weights_count_as_repeated_rows():
    rng = np.random.default_rng(4)
    answers = rng.integers(1, 5, (300, 3)).astype(float)
    answers[:, 1] = np.clip(answers[:, 0] + rng.integers(-1, 2, 300), 1, 4)
    answers[:10, 2] = np.nan
    times = rng.integers(1, 4, 300)
    weighted = correlate_ordered(answers, times.astype(float))
    repeated = correlate_ordered(np.repeat(answers, times, axis=0))
    np.testing.assert_allclose(weighted, repeated, atol=1e-8)


def test_an_answer_that_does_not_vary_is_refused():
    with pytest.raises(ValueError, match="must vary among those who gave both"):
        correlate_tables(np.array([[[5.0, 4.0], [0.0, 0.0]]]))


def test_repair_is_highams_nearest_matrix():
    # Higham (2002), section 4: the nearest matrix to this one is known.
    given = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])
    found = repair_correlation(given, smallest=1e-12)
    assert found.repaired
    assert found.correlation[0, 1] == pytest.approx(0.7607, abs=5e-5)
    assert found.correlation[0, 2] == pytest.approx(0.1573, abs=5e-5)
    assert found.smallest_eigenvalue == pytest.approx(1 - 2**0.5)


def test_a_possible_matrix_is_left_alone():
    given = 0.4 + 0.6 * np.eye(3)
    found = repair_correlation(given)
    assert not found.repaired
    np.testing.assert_array_equal(found.correlation, given)


def test_what_is_no_correlation_matrix_is_refused():
    with pytest.raises(ValueError, match="must be symmetric with ones"):
        repair_correlation(np.array([[1.0, 0.2], [0.3, 1.0]]))


def test_marker_takes_out_what_everything_shares():
    # A halo of variance 0.2 on top of unit variances.
    opinion = np.array([[1.0, 0.5], [0.5, 1.0]])
    seen = (opinion + 0.25) / 1.25
    shared = 0.25 / 1.25
    np.testing.assert_allclose(adjust_for_marker(seen, shared), opinion)
    np.testing.assert_allclose(adjust_for_marker(seen, -0.1), seen)
    with pytest.raises(ValueError, match="must correlate less than 1"):
        adjust_for_marker(seen, 1.0)


def test_partial_correlation_by_hand():
    correlation = np.array([[1.0, 0.5, 0.4], [0.5, 1.0, 0.3], [0.4, 0.3, 1.0]])
    expected = (0.5 - 0.4 * 0.3) / np.sqrt((1 - 0.16) * (1 - 0.09))
    assert partial_out(correlation, 2)[0, 1] == pytest.approx(expected)


def test_heterotrait_ratio_by_hand():
    correlation = np.array(
        [[1, 0.8, 0.4, 0.2], [0.8, 1, 0.3, 0.3], [0.4, 0.3, 1, 0.5], [0.2, 0.3, 0.5, 1]]
    )
    # Mean between 0.3, within 0.8 and 0.5.
    found = measure_heterotrait(correlation, np.array([0, 0, 1, 1]))
    assert found[0, 1] == pytest.approx(0.3 / np.sqrt(0.8 * 0.5))
    with pytest.raises(ValueError, match=r"scales \[1\] do not"):
        measure_heterotrait(correlation[:3, :3], np.array([0, 0, 1]))
