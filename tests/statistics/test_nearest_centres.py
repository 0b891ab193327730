"""Groups around centres: by hand, and in parts."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics import nearest_centres
from analysis.statistics.nearest_centres import (
    assign_nearest,
    fit_centres,
    sum_within,
)


def test_two_pairs_of_points_have_their_middles_as_centres():
    points = np.array([[0.0, 0.0], [0.0, 2.0], [10.0, 0.0], [10.0, 2.0]])
    centres = fit_centres(points, 2, generator=np.random.default_rng(1))
    assert centres[np.argsort(centres[:, 0])].tolist() == [[0.0, 1.0], [10.0, 1.0]]
    # Four points, each 1 away from its centre.
    assert sum_within(points, centres) == pytest.approx(4.0)


def test_many_points_are_assigned_in_parts_as_in_one(monkeypatch):
    generator = np.random.default_rng(2)
    points, centres = generator.normal(size=(1000, 3)), generator.normal(size=(4, 3))
    whole = assign_nearest(points, centres)
    monkeypatch.setattr(nearest_centres, "_POINTS_AT_A_TIME", 7)
    assert (assign_nearest(points, centres) == whole).all()
    distances = np.linalg.norm(points[:, None] - centres[None], axis=2)
    assert (whole == distances.argmin(axis=1)).all()


def test_points_of_one_value_are_refused():
    with pytest.raises(ValueError, match="must form 3 groups that are not empty"):
        fit_centres(np.ones((50, 2)), 3, generator=np.random.default_rng(1))
