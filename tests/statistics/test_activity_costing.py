"""Time-driven activity-based costing."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.statistics.activity_costing import cost_capacity


def _cost(minutes, volumes):
    pools = pd.DataFrame(
        {"cost": [560_000.0], "practical_minutes": [700_000.0]}, index=["service"]
    )
    activities = pd.DataFrame(
        {
            "activity": ["order", "inquiry", "credit check"],
            "cost_pool": "service",
            "minutes": minutes,
            "volume": volumes,
        }
    )
    return cost_capacity(pools, activities)


def test_customer_service_department_of_kaplan_and_anderson():
    # Kaplan and Anderson (2004), working paper 04-045: 560,000 for 700,000 minutes;
    # 40, 220 and 250 minutes; 9,800, 280 and 500 times. The paper prints 578,600
    # minutes as "hours".
    costed = _cost([40, 220, 250], [9_800, 280, 500])
    service = costed.pools.loc["service"]
    assert service["rate"] == pytest.approx(0.80)
    assert costed.activities["unit_cost"].tolist() == pytest.approx([32, 176, 200])
    assert costed.activities["minutes_used"].tolist() == [392_000, 61_600, 125_000]
    assert service["cost_assigned"] == pytest.approx(462_880)
    assert service["cost_unused"] == pytest.approx(97_120)
    assert round(service["share_used"], 2) == 0.83


def test_variant_printed_in_harvard_business_review():
    # Kaplan and Anderson (2004), HBR 82(11): 8, 44 and 50 minutes; 49,000, 1,400 and
    # 2,500 times.
    costed = _cost([8, 44, 50], [49_000, 1_400, 2_500])
    assert costed.activities["unit_cost"].tolist() == pytest.approx([6.4, 35.2, 40.0])
    assert costed.pools.loc["service", "cost_assigned"] == pytest.approx(462_880)


def test_old_costing_of_the_same_department_spreads_idle_time():
    # Kaplan and Anderson (2004), HBR 82(11): conventional costing shares the whole
    # 560,000 out by surveyed time (70, 10 and 20 %) and prints 8.00, 44.80 for credit
    # checks and 40.00 for inquiries; time-driven costs are 6.40, 40.00 and 35.20.
    shares, volumes = [0.7, 0.1, 0.2], [49_000, 1_400, 2_500]
    old = [560_000 * s / v for s, v in zip(shares, volumes, strict=True)]
    assert old == pytest.approx([8.0, 40.0, 44.8])
    costed = _cost([8, 44, 50], volumes)
    new = costed.activities["unit_cost"].tolist()
    assert all(mine < theirs for mine, theirs in zip(new, old, strict=True))


def test_assigned_and_unused_cost_are_the_pools_cost():
    costed = _cost([40, 220, 250], [9_800, 280, 500])
    service = costed.pools.loc["service"]
    assert service["cost_assigned"] + service["cost_unused"] == pytest.approx(560_000)
    assert costed.activities["cost"].sum() == pytest.approx(service["cost_assigned"])


def test_overtime_shows_as_negative_unused_cost():
    costed = _cost([40, 220, 250], [98_000, 280, 500])
    assert costed.pools.loc["service", "cost_unused"] < 0


def test_pool_that_nobody_uses_is_all_unused():
    pools = pd.DataFrame(
        {"cost": [10.0, 20.0], "practical_minutes": [5.0, 5.0]}, index=["a", "b"]
    )
    activities = pd.DataFrame({"cost_pool": ["a"], "minutes": [1.0], "volume": [2.0]})
    costed = cost_capacity(pools, activities)
    assert costed.pools["cost_unused"].tolist() == pytest.approx([6.0, 20.0])


def test_activity_without_a_pool_is_refused():
    pools = pd.DataFrame({"cost": [1.0], "practical_minutes": [1.0]}, index=["a"])
    activities = pd.DataFrame({"cost_pool": ["b"], "minutes": [1.0], "volume": [2.0]})
    with pytest.raises(ValueError, match=r"must use pools that have a cost; \['b'\]"):
        cost_capacity(pools, activities)
