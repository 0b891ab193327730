"""Whether customers who look alike stay differently, and what can be told even then.

A chain gives all customers of a state the same chances. Where some of them move seldom
and others often for reasons that no state shows, those who have moved before move
again: the chain then lets the steady ones leave too early, and no year of moves tells
how long they really stay. What a year of moves does tell is the next year.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import stats

from analysis.statistics.markov_value import value_states
from analysis.statistics.paired_bootstrap import Floats
from analysis.statistics.stratified_trend import TrendTest, check_trend
from analysis.studies.segment_profitability.lifetime.chain import (
    QUARTERS_A_YEAR,
    WINDOW,
    Chain,
    share_out,
)
from analysis.studies.segment_profitability.lifetime.lives import Lives
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL

SIGNIFICANCE: Final = 1 - CONFIDENCE_LEVEL
"""Below this chance of as much by luck, a check of the chain fails."""

LEAST_COVERED: Final = 0.93
"""Share of the 95% intervals that must still hold the truth, for worths to be told."""


def check_persistence(lives: Lives) -> TrendTest:
    """Test whether customers who moved before move again, state by state.

    Compared are customers of the same state at the same quarter's end who have been
    seen for as long; the score is how often they have moved so far. A chain that
    forgets gives them the same chances, in whatever quarter.

    Parameters
    ----------
    lives : Lives
        Customers, at all ends that are known.

    Returns
    -------
    TrendTest
        Of leaving or moving in the quarter that follows, one-sided: customers who
        differ for good can only make moves follow moves.

    References
    ----------
    .. [1] Blumen, Kogan and McCarthy (1955), The Industrial Mobility of Labor as a
       Probability Process, for movers and stayers whom a chain takes for alike.
    .. [2] Frydman (2005), Estimation in the mixture of Markov chains moving with
       different speeds, Journal of the American Statistical Association 100(471),
       1046-1053.
    """
    n, ends = lives.n_states, lives.n_ends
    shape = (ends, ends, n, ends, 2)
    counts = np.zeros(int(np.prod(shape)), np.int64)
    seen = np.zeros(len(lives.codes), np.int64)
    moved = np.zeros(len(lives.codes), np.int64)
    for place in range(1, ends - 1):
        before, now, after = (lives.codes[:, place + step] for step in (-1, 0, 1))
        seen += before >= 0
        moved += (before >= 0) & (now >= 0) & (before != now)
        here = (now >= 0) & (seen > 0)
        cell = np.ravel_multi_index(
            (
                np.full(int(here.sum()), place),
                seen[here],
                now[here].astype(np.int64),
                moved[here],
                (after != now)[here].astype(np.int64),
            ),
            shape,
        )
        counts += np.bincount(cell, minlength=counts.size)
    strata = counts.reshape(-1, ends, 2)
    return check_trend(strata, confidence_level=CONFIDENCE_LEVEL)


def value_two_speeds(chain: Chain, test: TrendTest, *, discount_rate: float) -> Floats:
    """Value the states where customers differ in speed as much as a test finds.

    Half of the customers have chances of moving of ``1 - c`` times the chain's, half of
    ``1 + c`` times. Moves being rare, who has moved moves again ``1 + c^2`` times as
    often, which gives ``c``. It is one way of differing among many, and shows how much
    hangs on it; it is no estimate of the worth.

    Parameters
    ----------
    chain : Chain
        Chances of moving, and profits.
    test : TrendTest
        Of moves that follow moves.
    discount_rate : float
        Decimal a quarter.

    Returns
    -------
    ndarray of float, shape (n_states,)
        Values at a quarter's end, of the sample itself.

    References
    ----------
    .. [1] Frydman (2005), section 2, with the same speed in every state.
    """
    chances = chain.transitions[0]
    stay = np.eye(len(chances))
    fastest = 1 / max(float((1 - np.diagonal(chances)).max()), 0.5)
    excess = max(test.odds_ratio - 1, 0.0) if np.isfinite(test.odds_ratio) else 0.0
    spread = min(excess**0.5, fastest - 1)
    speeds = np.array([1 - spread, 1 + spread])[:, None, None]
    rewards = np.tile(chain.rewards[0], (2, 1))
    values = value_states(
        stay + speeds * (chances - stay), rewards, discount_rate=discount_rate
    )
    worth: Floats = values.mean(axis=0) / (1 + discount_rate)
    return worth


def is_uneven(test: TrendTest, values: Floats, otherwise: Floats) -> bool:
    """Say whether customers differ for good by more than their worths can bear.

    A 95% interval whose middle is ``b`` standard errors off covers with chance
    ``F(z - b) - F(-z - b)``. Where the differences that are there would bring the
    intervals below 93% on average, they claim what the data do not know.

    Parameters
    ----------
    test : TrendTest
        Of moves that follow moves.
    values : ndarray of float, shape (1 + n_draws, n_values)
        Worths, and their draws.
    otherwise : ndarray of float, shape (n_values,)
        The same worths with two speeds.

    Returns
    -------
    bool
        Whether moves follow moves beyond chance, and worths would move that far.

    References
    ----------
    .. [1] Cochran (1977), Sampling Techniques, 3rd edition, section 1.8.
    """
    if test.pvalue >= SIGNIFICANCE:
        return False
    errors = values[1:].std(axis=0)
    known = errors > 0
    off = np.abs(otherwise - values[0])[known] / errors[known]
    reach = stats.norm.ppf(0.5 + CONFIDENCE_LEVEL / 2)
    covered = stats.norm.cdf(reach - off) - stats.norm.cdf(-reach - off)
    return bool(covered.mean() < LEAST_COVERED) if known.any() else False


def foresee_year(lives: Lives, chain: Chain) -> Floats:
    """Foresee the profit of the next four quarters, without a chain.

    Where customers of a state were one, two and three quarters later is counted, not
    built up from single quarters: that holds whatever customers remember and however
    they differ, as long as those in a state today are like those of the year before.
    Quarters further ahead than the history is long are left to the chain.

    Parameters
    ----------
    lives : Lives
        Customers.
    chain : Chain
        Profit of a quarter by state at its start, and the end at which it is known.

    Returns
    -------
    ndarray of float, shape (1 + n_draws, n_states)
        Profit after tax of one customer by state now, not discounted.

    References
    ----------
    .. [1] Marcellino, Stock and Watson (2006), A comparison of direct and iterated
       multistep AR methods, Journal of Econometrics 135, 499-526.
    """
    profit = chain.rewards.copy()
    shares = chain.transitions
    first = max(chain.last - WINDOW, 0)
    for ahead in range(1, QUARTERS_A_YEAR):
        starts = range(first, chain.last - ahead + 1)
        if starts:
            counts = np.asarray(sum(_follow(lives, start, ahead) for start in starts))
            shares = share_out(counts, counts.sum(axis=2, keepdims=True))[:, :, :-1]
        else:
            shares = shares @ chain.transitions
        profit = profit + (shares @ chain.rewards[:, :, None])[:, :, 0]
    return profit


def _follow(lives: Lives, start: int, ahead: int) -> Floats:
    """Count customers by state at an end and some quarters later, draw by draw."""
    n = lives.n_states
    then, later = lives.codes[:, start], lives.codes[:, start + ahead]
    here = then >= 0
    cell = then.astype(np.int64) * (n + 1) + np.where(later >= 0, later, n)
    counted = lives.draws.keep(here).total(
        np.ones(int(here.sum())), cell=cell[here], n_cells=n * (n + 1)
    )
    return counted.reshape(-1, n, n + 1)
