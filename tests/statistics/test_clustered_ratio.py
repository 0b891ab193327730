"""A share of clusters agrees with weighted least squares and with a textbook."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.statistics.clustered_ratio import estimate_clustered_ratio


def simulate_shares(rng, *, clusters=40, share=0.8):
    cluster = np.repeat(np.arange(clusters), 5)
    whole = rng.integers(1, 60, cluster.size)
    chance = np.clip(share + rng.normal(0, 0.08, clusters), 0.02, 0.98)[cluster]
    return pd.DataFrame(
        {"cluster": cluster, "whole": whole, "part": rng.binomial(whole, chance)}
    )


def estimate(rows):
    return estimate_clustered_ratio(rows, part="part", whole="whole", cluster="cluster")


def test_share_and_error_equal_clustered_least_squares_on_a_constant():
    rows = simulate_shares(np.random.default_rng(1))
    known = sm.WLS(
        rows["part"] / rows["whole"], np.ones(len(rows)), weights=rows["whole"]
    ).fit(
        cov_type="cluster",
        cov_kwds={"groups": rows["cluster"], "use_correction": False},
    )
    found = estimate(rows)
    assert found.estimate == pytest.approx(known.params.iloc[0], abs=1e-12)
    expected = known.bse.iloc[0] * np.sqrt(40 / 39)
    assert found.std_error == pytest.approx(expected, abs=1e-12)


def test_share_by_hand():
    rows = pd.DataFrame({"cluster": [1, 2], "whole": [10, 30], "part": [6, 24]})
    found = estimate(rows)
    # 30 of 40; distances 6 - 7.5 and 24 - 22.5, squares 4.5, times 2, root over 40.
    assert found.estimate == pytest.approx(0.75)
    assert found.std_error == pytest.approx(3 / 40)
    assert (found.lower, found.upper) == (0.0, 1.0)


def test_interval_covers_the_planted_share():
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(200):
        found = estimate(simulate_shares(rng))
        covered += found.lower <= 0.8 <= found.upper
    # 95% wanted; fewer than 179 of 200 would happen less than once in 500 times.
    assert covered >= 179


def test_everybody_stays_is_a_share_without_spread():
    rows = simulate_shares(np.random.default_rng(3))
    found = estimate(rows.assign(part=rows["whole"]))
    assert (found.estimate, found.lower, found.upper) == (1.0, 1.0, 1.0)


def test_one_cluster_is_refused():
    rows = simulate_shares(np.random.default_rng(4), clusters=1)
    with pytest.raises(ValueError, match="two or more clusters 'cluster', not 1"):
        estimate(rows)


def test_a_part_larger_than_its_whole_is_refused():
    rows = pd.DataFrame({"cluster": [1, 2], "whole": [10, 30], "part": [11, 24]})
    with pytest.raises(ValueError, match="No 'part' may be larger"):
        estimate(rows)
