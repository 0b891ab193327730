"""What may be shown of returns on capital."""

from __future__ import annotations

from analysis.presentation.disclosure import (
    Released,
    release,
)
from analysis.studies.segment_profitability.account.segment_names import name_segment
from analysis.studies.segment_profitability.capital.risk_reward import RiskReward


def release_reward(reward: RiskReward) -> Released:
    """Release what segments earn on capital.

    Parameters
    ----------
    reward : RiskReward
        Profit against capital.

    Returns
    -------
    Released
        One row per segment, highest return first: `segment` (as a reader knows it),
        `customers`, `raroc_pct` with `lower` and `upper`.
    """
    named = [name_segment(str(name)) for name in reward.rows["segment"]]
    ratio = ("profit", "capital")
    kept = ["segment", "customers", "raroc_pct", "lower", "upper", *ratio]
    tested = [c for c in reward.rows.columns if c.startswith(("profit_", "capital_"))]
    released = release(
        reward.rows.assign(segment=named)[[*kept, *tested]],
        count="customers",
        amounts=ratio,
        derived={name: ratio for name in ("raroc_pct", "lower", "upper")},
        dominance=ratio,
    )
    return released.select(kept[:5]).order("raroc_pct", ascending=False)
