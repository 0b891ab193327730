"""Weigh volume against margin over what is known of a response.

A price list may move by steps. Each draw of the response says what balance follows and
what it earns; over the draws stand the expected income of each step, its interval, the
chance that it earns less than today, and what it would be worth to know better.
Moves are percentage points, responses percent of balance per percentage point, margins
percent a year, incomes in the unit of the balances, a year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PriceBook:
    """Balances in parts that have prices of their own.

    Parameters
    ----------
    balances : numpy.ndarray, shape (parts,)
        Balance of each part today.
    margins : numpy.ndarray, shape (parts,)
        What a part earns today: credit less rate, percent a year.
    rooms : numpy.ndarray, shape (parts,)
        Percentage points by which its rate may rise; infinite without a ceiling.
    rates : numpy.ndarray, shape (parts,)
        Its rate, which can't fall below 0.
    """

    balances: Floats
    margins: Floats
    rooms: Floats
    rates: Floats


@dataclass(frozen=True, slots=True)
class Frontier:
    """What each step does, and which is best.

    Parameters
    ----------
    steps : pandas.DataFrame
        One row per step, rising: `move_pp`; `balance_pct`, `balance_lower`,
        `balance_upper` (change of balance, percent); `income`, `income_lower`,
        `income_upper` (change of income a year, means and quantiles over draws);
        `loss_probability` (that income falls), `outflow_probability` (that balance
        falls by more than is allowed); all zero at the step of no move.
    best : int
        Row of the step with the highest expected income among those whose outflow is
        allowed; the step of no move where no other gains.
    value_of_knowing : float
        Expected gain a year from knowing the response before choosing, outflow then
        being known too: the most that any test of it may cost.
    """

    steps: pd.DataFrame
    best: int
    value_of_knowing: float


def draw_frontier(  # noqa: PLR0913 - the parts of the decision
    book: PriceBook,
    responses: Floats,
    moves: Floats,
    *,
    lost_margin: Floats,
    largest_outflow_pct: float,
    allowed_chance: float,
    confidence_level: float = 0.95,
) -> Frontier:
    """Draw what each move of a price list does to balance and income.

    Parameters
    ----------
    book : PriceBook
        Balances, margins and limits by part.
    responses : numpy.ndarray, shape (draws,)
        Draws of the response to the own rate.
    moves : numpy.ndarray, shape (steps,)
        Moves tried, rising, 0 among them.
    lost_margin : numpy.ndarray, shape (draws,)
        Income a year that the bank's other products gain per percentage point of a
        higher rate here (negative when money leaves them); zeros if none.
    largest_outflow_pct : float
        Percent of balance that may leave.
    allowed_chance : float
        Largest chance, from 0 to 1, that more leaves.
    confidence_level : float
        Share of draws between the ends of each interval.

    Returns
    -------
    Frontier
        Every step and the best one.

    Raises
    ------
    ValueError
        If no move is 0.

    References
    ----------
    .. [1] Phillips (2005), Pricing and Revenue Optimization, chapter 3: margin against
       volume; and Raiffa and Schlaifer (1961), Applied Statistical Decision Theory,
       section 4.5: the expected value of perfect information.
    """
    if not (moves == 0).any():
        raise ValueError("Moves of a price list must hold 0, which is today.")
    still = int(np.flatnonzero(moves == 0)[0])
    reached = np.clip(moves[:, None], -book.rates, book.rooms)
    growth = np.exp(responses[:, None, None] / 100 * reached)
    balances = (growth * book.balances).sum(axis=2)
    earned = (growth * book.balances * (book.margins - reached)).sum(axis=2) / 100
    mean_move = reached @ book.balances / book.balances.sum()
    incomes = earned - earned[:, [still]] + lost_margin[:, None] * mean_move
    changes = 100 * (balances / book.balances.sum() - 1)
    steps = _describe(moves, changes, incomes, confidence_level).assign(
        loss_probability=(incomes < 0).mean(axis=0),
        outflow_probability=(changes < -largest_outflow_pct).mean(axis=0),
    )
    is_allowed = (steps["outflow_probability"] <= allowed_chance).to_numpy()
    expected = np.where(is_allowed, steps["income"], -np.inf)
    best = int(expected.argmax())
    is_kept = changes >= -largest_outflow_pct
    knowing = np.where(is_kept, incomes, -np.inf).max(axis=1).mean() - expected[best]
    return Frontier(steps, best, float(knowing))


def _describe(
    moves: Floats, changes: Floats, incomes: Floats, confidence_level: float
) -> pd.DataFrame:
    ends = (0.5 - confidence_level / 2, 0.5 + confidence_level / 2)
    columns = {"move_pp": moves}
    for name, draws in {"balance": changes, "income": incomes}.items():
        lower, upper = np.quantile(draws, ends, axis=0)
        mean_name = "balance_pct" if name == "balance" else name
        columns |= {
            mean_name: draws.mean(axis=0),
            f"{name}_lower": lower,
            f"{name}_upper": upper,
        }
    return pd.DataFrame(columns)
