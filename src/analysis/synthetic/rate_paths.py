"""Draw a policy rate and a posted rate that follows it, with a long run that is known.

Rates are percent a year, one a month. The policy rate moves in steps and stays between
its ends. The posted rate closes a share of its distance to the long run each month; it
may close it faster from above than from below, and may be posted on a grid only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

MOVES_PCT = (-0.25, 0.0, 0.25)
MOVE_CHANCES = (0.125, 0.75, 0.125)
"""The policy rate moves three times a year, up as often as down."""
POLICY_ENDS_PCT = (0.25, 6.0)
POLICY_START_PCT = 2.5


@dataclass(frozen=True, slots=True)
class RateSwitches:
    """What a drawn pair of rates is like.

    Parameters
    ----------
    months : int
        Length.
    long_run : float
        Share of a lasting policy move that reaches the posted rate.
    at_once : float
        Share of the policy move that reaches it in the same month.
    speed_up, speed_down : float
        Share of the distance closed in a month when the posted rate must rise, fall.
    anchor_pct : float
        Posted rate in the long run where the policy rate is zero.
    noise_pct : float
        Deviation of what else moves the posted rate in a month.
    step_pct : float
        Grid on which the rate is posted; 0 for none.
    """

    months: int = 180
    long_run: float = 0.45
    at_once: float = 0.10
    speed_up: float = 0.15
    speed_down: float = 0.15
    anchor_pct: float = 0.30
    noise_pct: float = 0.03
    step_pct: float = 0.0


@dataclass(frozen=True, slots=True)
class RatePath:
    """A pair of rates and what is true of it.

    Parameters
    ----------
    rates : pandas.DataFrame
        One row per month: `period`, `own_pct`, `policy_pct`.
    switches : RateSwitches
        Its truth.
    """

    rates: pd.DataFrame
    switches: RateSwitches


def draw_rate_path(
    rng: np.random.Generator, *, switches: RateSwitches | None = None
) -> RatePath:
    """Draw a pair of rates.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random numbers.
    switches : RateSwitches or None
        What the pair is like; None for one that follows smoothly, both ways alike.

    Returns
    -------
    RatePath
        Rates and truth.
    """
    truth = switches or RateSwitches()
    policy = _draw_policy(rng, truth.months)
    shadow = _follow(policy, truth, rng.normal(0, truth.noise_pct, truth.months))
    own = shadow
    if truth.step_pct > 0:
        own = np.round(shadow / truth.step_pct) * truth.step_pct
    period = pd.date_range(end="2026-09-30", periods=truth.months, freq="ME")
    rates = pd.DataFrame({"period": period, "own_pct": own, "policy_pct": policy})
    return RatePath(rates, truth)


def _draw_policy(rng: np.random.Generator, months: int) -> np.ndarray:
    """Add up the moves; one that would leave the ends is not made."""
    moves = rng.choice(MOVES_PCT, size=months, p=MOVE_CHANCES)
    policy = np.empty(months)
    policy[0] = POLICY_START_PCT
    low, high = POLICY_ENDS_PCT
    for month in range(1, months):
        policy[month] = np.clip(policy[month - 1] + moves[month], low, high)
    return policy


def _follow(policy: np.ndarray, truth: RateSwitches, noise: np.ndarray) -> np.ndarray:
    target = truth.anchor_pct + truth.long_run * policy
    own = np.empty_like(policy)
    own[0] = target[0]
    for month in range(1, len(policy)):
        distance = target[month - 1] - own[month - 1]
        speed = truth.speed_up if distance > 0 else truth.speed_down
        at_once = truth.at_once * (policy[month] - policy[month - 1])
        own[month] = own[month - 1] + speed * distance + at_once + noise[month]
    return own
