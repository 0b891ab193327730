"""The chain of states, and what each state is worth: numbers in, replicates out.

Row 0 of every array of replicates is the sample itself; the others are draws of the
same customers, whose moves and profits are drawn together. Profit is of a quarter, in
the unit in which it came; values are at a quarter's end, of all that follows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.markov_value import value_states
from analysis.statistics.paired_bootstrap import BootstrapDraws, Floats
from analysis.studies.segment_profitability.lifetime.lives import Lives

WINDOW: Final = 4
"""Quarters of moves that a chain is fitted to: a year, whatever its seasons."""

QUARTERS_A_YEAR: Final = 4
_PAID: Final = 2
"""Quarters of profit that a state's profit is the average of."""
_PRIOR: Final = 5.0
"""Moves that a pair of states borrows from the chain of single states."""


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """A chain as known at one quarter's end.

    Parameters
    ----------
    moves : ndarray of float, shape (1 + n_draws, n_states, n_states + 1)
        Customers by state at the start and at the end of a quarter, quarters added up;
        the last column is who left.
    rewards, marginal : ndarray of float, shape (1 + n_draws, n_states)
        Profit of the quarter that follows, by state at its start: with all cost, and
        with the cost only that leaving would save.
    last : int
        Place of the end at which the chain is known.
    n_quarters : int
        Quarters of moves.
    """

    moves: Floats
    rewards: Floats
    marginal: Floats
    last: int
    n_quarters: int

    @property
    def transitions(self) -> Floats:
        """Chances of moving among the states, shape (1 + n_draws, n, n)."""
        sizes = self.moves.sum(axis=2, keepdims=True)
        return share_out(self.moves, sizes)[:, :, :-1]


def fit_chain(lives: Lives, *, last: int) -> Chain:
    """Fit the chain to a year of moves and two quarters of profit.

    Parameters
    ----------
    lives : Lives
        Customers.
    last : int
        Place of the last end that may be looked at.

    Returns
    -------
    Chain
        With a replicate for each draw of the customers.
    """
    first = max(last - WINDOW, 0)
    moves = sum(_replicate_moves(lives, place) for place in range(first, last))
    paid = [end for end in sorted(lives.profits) if 0 < end <= last][-_PAID:]
    sizes = sum(_total(lives, end - 1, None) for end in paid)
    full = sum(_total(lives, end - 1, lives.profits[end]) for end in paid)
    marginal = sum(_total(lives, end - 1, lives.marginal[end]) for end in paid)
    return Chain(
        moves=np.asarray(moves),
        rewards=share_out(np.asarray(full), np.asarray(sizes)),
        marginal=share_out(np.asarray(marginal), np.asarray(sizes)),
        last=last,
        n_quarters=last - first,
    )


def convert_hurdle(hurdle_rate_pct: float) -> float:
    """Turn a rate a year into one a quarter.

    Parameters
    ----------
    hurdle_rate_pct : float
        Percent a year.

    Returns
    -------
    float
        Decimal a quarter.
    """
    return float((1 + hurdle_rate_pct / 100) ** (1 / QUARTERS_A_YEAR) - 1)


def value_chain(chain: Chain, rewards: Floats, *, discount_rate: float) -> Floats:
    """Value the states: what customers bring from the next quarter on.

    Parameters
    ----------
    chain : Chain
        Chances of moving.
    rewards : ndarray of float, shape (1 + n_draws, n_states)
        Profit of a quarter by state at its start, received at its end.
    discount_rate : float
        Decimal a quarter.

    Returns
    -------
    ndarray of float, shape (1 + n_draws, n_states)
        Values at a quarter's end.
    """
    values = value_states(chain.transitions, rewards, discount_rate=discount_rate)
    return values / (1 + discount_rate)


def count_triples(lives: Lives, *, last: int) -> NDArray[np.int64]:
    """Count customers by three states in a row, over a chain's window.

    Parameters
    ----------
    lives : Lives
        Customers.
    last : int
        Place of the chain's last end.

    Returns
    -------
    ndarray of int, shape (n_states + 1, n_states, n_states + 1)
        The last state before is "not yet there", the last one after "left".
    """
    n = lives.n_states
    triples = np.zeros((n + 1) * n * (n + 1), np.int64)
    for middle in range(max(last - WINDOW, 0) + 1, last):
        before, now, after = (lives.codes[:, middle + step] for step in (-1, 0, 1))
        here = now >= 0
        cell = (_or_none(before, n) * n + now) * (n + 1) + _or_none(after, n)
        triples += np.bincount(cell[here].astype(np.int64), minlength=triples.size)
    return triples.reshape(n + 1, n, n + 1)


def value_second_order(
    lives: Lives, chain: Chain, *, discount_rate: float, n_draws: int
) -> Floats:
    """Value the states where the next also depends on the one before.

    Pairs of states seldom seen borrow from the chain of single states.

    Parameters
    ----------
    lives : Lives
        Customers.
    chain : Chain
        Chain of single states, at least two quarters of moves.
    discount_rate : float
        Decimal a quarter.
    n_draws : int
        Draws for which it is done, the first ones.

    Returns
    -------
    ndarray of float, shape (1 + n_draws, n_states)
        Average value of the customers in each state now, by the states from which
        they came; zero in an empty state.
    """
    n, few = lives.n_states, slice(0, 1 + n_draws)
    draws = BootstrapDraws(lives.draws.group, lives.draws.weights[few])
    chances = _give_pair_chances(lives, draws, chain)
    pairs = np.zeros((len(chances), n + 1, n, n + 1, n))
    for now in range(n):
        pairs[:, :, now, now, :] = chances[:, :, now, :-1]
    flat = pairs.reshape(len(chances), (n + 1) * n, (n + 1) * n)
    rewards = np.tile(chain.rewards[few], (1, n + 1))
    values = value_states(flat, rewards, discount_rate=discount_rate)
    weights = _count_pairs(lives, chain.last)
    total = (weights * values.reshape(-1, n + 1, n)).sum(axis=1)
    return share_out(total, weights.sum(axis=0)) / (1 + discount_rate)


def _give_pair_chances(lives: Lives, draws: BootstrapDraws, chain: Chain) -> Floats:
    """Give chances of the next state by the two before, in each draw."""
    n, size = lives.n_states, lives.n_states + 1
    triples = np.zeros((len(draws.weights), size, n, size))
    for middle in range(max(chain.last - WINDOW, 0) + 1, chain.last):
        before, now, after = (lives.codes[:, middle + step] for step in (-1, 0, 1))
        here = now >= 0
        cell = (_or_none(before, n) * n + now) * size + _or_none(after, n)
        counted = draws.keep(here).total(
            np.ones(int(here.sum())), cell=cell[here], n_cells=size * n * size
        )
        triples += counted.reshape(triples.shape)
    moves = chain.moves[: len(triples)]
    single = share_out(moves, moves.sum(axis=2, keepdims=True))
    smoothed = triples + _PRIOR * single[:, None]
    return share_out(smoothed, smoothed.sum(axis=3, keepdims=True))


def count_moves(
    start: NDArray[np.int8], end: NDArray[np.int8], n_states: int
) -> NDArray[np.int64]:
    """Count customers by state at two ends, newcomers and leavers among them.

    Parameters
    ----------
    start, end : ndarray of int, shape (n_customers,)
        States; below zero for who is not there.
    n_states : int
        How many states there are.

    Returns
    -------
    ndarray of int, shape (n_states + 1, n_states + 1)
        The last row is who came, the last column who left; nobody is in their cell.
    """
    size = n_states + 1
    cell = _or_none(start, n_states) * size + _or_none(end, n_states)
    counts = np.bincount(cell, minlength=size * size).reshape(size, size)
    counts[-1, -1] = 0
    return counts


def share_out(parts: Floats, whole: Floats) -> Floats:
    """Divide; a state without customers has neither future nor profit in that draw.

    Parameters
    ----------
    parts, whole : ndarray of float
        What is divided, and by what, of shapes that fit each other.

    Returns
    -------
    ndarray of float
        Shares; zero where `whole` is.
    """
    shares: Floats = np.divide(
        parts, whole, out=np.zeros(np.broadcast(parts, whole).shape), where=whole > 0
    )
    return shares


def _replicate_moves(lives: Lives, place: int) -> Floats:
    n = lives.n_states
    start, end = lives.codes[:, place], lives.codes[:, place + 1]
    here = start >= 0
    cell = start.astype(np.int64) * (n + 1) + _or_none(end, n)
    counted = lives.draws.keep(here).total(
        np.ones(int(here.sum())), cell=cell[here], n_cells=n * (n + 1)
    )
    return counted.reshape(-1, n, n + 1)


def _total(lives: Lives, place: int, values: Floats | None) -> Floats:
    state = lives.codes[:, place]
    here = state >= 0
    kept = np.ones(int(here.sum())) if values is None else values[here]
    return lives.draws.keep(here).total(
        kept, cell=state[here].astype(np.int64), n_cells=lives.n_states
    )


def _count_pairs(lives: Lives, last: int) -> Floats:
    n = lives.n_states
    before, now = lives.codes[:, last - 1], lives.codes[:, last]
    here = now >= 0
    cell = _or_none(before, n) * n + now
    counted = np.bincount(cell[here].astype(np.int64), minlength=(n + 1) * n)
    return counted.reshape(n + 1, n).astype(np.float64)


def _or_none(codes: NDArray[np.int8], n_states: int) -> NDArray[np.int64]:
    """Give who is absent the code after the last state's."""
    return np.where(codes >= 0, codes, n_states).astype(np.int64)
