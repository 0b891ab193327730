"""The same customers in both quarters, ready to be resampled.

Nothing here names a customer: rows are in the order of their keys and carry none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.presentation.findings import judge_change
from analysis.statistics.paired_bootstrap import (
    BootstrapDraws,
    Floats,
    draw_units,
    summarise,
)
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.parameters import (
    CONFIDENCE_LEVEL,
    N_DRAWS,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

Change = Literal["rose", "fell", "no clear change"]

VALUES = ("profit", "marginal_profit", "economic_profit", "capital", "deposits")
"""Amounts of a customer that a `Sample` holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The customers of one quarter.

    Parameters
    ----------
    quarter : str
        The quarter.
    draws : BootstrapDraws
        Draws of these customers, made jointly with the other quarter's.
    segment : ndarray of int, shape (n_customers,)
        Position of each customer's segment in `CustomerPanel.segments`.
    profit, marginal_profit, economic_profit, capital, deposits : ndarray of float
        Of each customer, shape (n_customers,), major currency units.
    """

    quarter: str
    draws: BootstrapDraws
    segment: NDArray[np.int64]
    profit: Floats
    marginal_profit: Floats
    economic_profit: Floats
    capital: Floats
    deposits: Floats

    @property
    def n_customers(self) -> int:
        """How many customers there are."""
        return int(self.profit.size)

    def total(
        self, values: NDArray[np.generic], *, n_segments: int | None = None
    ) -> Floats:
        """Total a value in every draw, for all or for each segment.

        Parameters
        ----------
        values : ndarray, shape (n_customers,)
            What is added up.
        n_segments : int or None
            How many segments there are; None adds all customers up.

        Returns
        -------
        ndarray of float, shape (1 + n_draws, 1 or n_segments)
            Row 0 is the sample itself.
        """
        if n_segments is None:
            return self.draws.total(values)
        return self.draws.total(values, cell=self.segment, n_cells=n_segments)


@dataclass(frozen=True, slots=True, eq=False)
class CustomerPanel:
    """Customers of both quarters.

    Parameters
    ----------
    now : Sample
        Quarter reported.
    before : Sample or None
        Quarter before; None when the source does not reach back.
    segments : tuple of str
        Names of the segments of either quarter.
    account : ProfitAccount
        Where they come from.
    """

    now: Sample
    before: Sample | None
    segments: tuple[str, ...]
    account: ProfitAccount


@dataclass(frozen=True, slots=True)
class Earlier:
    """A number of an earlier quarter.

    Parameters
    ----------
    value : float
        What it was.
    change_lower, change_upper : float
        Interval of the change since, from customers resampled jointly.
    """

    value: float
    change_lower: float
    change_upper: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its interval, and what became of it since the quarter before.

    Parameters
    ----------
    estimate, lower, upper : float
        This quarter's number and its interval.
    previous : float or None
        The quarter before, by the same code.
    change_lower, change_upper : float or None
        Interval of the change, from customers resampled jointly over both quarters.
    year_ago : Earlier or None
        The same quarter of the year before, by the same code.
    """

    estimate: float
    lower: float
    upper: float
    previous: float | None = None
    change_lower: float | None = None
    change_upper: float | None = None
    year_ago: Earlier | None = None

    def judge(self, smallest_change: float) -> Change | None:
        """Say what became of the number since the quarter before.

        Parameters
        ----------
        smallest_change : float
            Smallest change that matters, in the unit of the number.

        Returns
        -------
        {"rose", "fell", "no clear change"} or None
            None when it cannot be said.
        """
        if self.change_lower is None or self.change_upper is None:
            return None
        return judge_change(
            self.change_lower, self.change_upper, smallest_change=smallest_change
        )


def draw_customers(
    account: ProfitAccount, parameters: Parameters
) -> CustomerPanel | Refused:
    """Take the customers of both quarters out of the engine and draw them.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of all customers.
    parameters : Parameters
        Seed.

    Returns
    -------
    CustomerPanel or Refused
        A customer is in the same group, and drawn as often, in both quarters; refused
        with too few customers to publish anything.
    """
    both = _join_quarters(account)
    if both["profit_now"].drop_null().length() < MINIMUM_CELL:
        return Refused(
            say("There are fewer than {least} customers.", least=MINIMUM_CELL),
            account.quarter,
            account.source,
        )
    draws = draw_units(
        both.num_rows,
        n_draws=N_DRAWS,
        generator=np.random.default_rng(parameters.seed),
    )
    names, codes = _number_segments(both)
    now = _take_sample(both, "now", account.quarter, draws, codes["now"])
    before = _take_sample(both, "before", account.previous, draws, codes["before"])
    return CustomerPanel(
        now=now,
        before=before if before.n_customers >= MINIMUM_CELL else None,
        segments=names,
        account=account,
    )


def compare(
    panel: CustomerPanel,
    statistic: Callable[[Sample], Floats],
    year_ago: Sample | None = None,
) -> Measured:
    """Measure both quarters and the change between them, and that since a year ago.

    Parameters
    ----------
    panel : CustomerPanel
        Customers of both quarters.
    statistic : callable
        Gives the replicates of a sample, shape (1 + n_draws,); row 0 is the sample.
    year_ago : Sample or None
        Customers of the same quarter of the year before, where they are known.

    Returns
    -------
    Measured
        Percentile intervals.
    """
    now = statistic(panel.now)
    level = summarise(now, confidence_level=CONFIDENCE_LEVEL)
    known = Measured(level.estimate, level.lower, level.upper)
    if panel.before is not None:
        before = _measure_earlier(now, statistic(panel.before))
        known = replace(
            known,
            previous=before.value,
            change_lower=before.change_lower,
            change_upper=before.change_upper,
        )
    if year_ago is None:
        return known
    return replace(known, year_ago=_measure_earlier(now, statistic(year_ago)))


def take_values(rows: pa.Table, end: str = "") -> dict[str, Floats]:
    """Take each customer's amounts out of rows of the engine.

    Parameters
    ----------
    rows : pyarrow.Table
        One row per customer, with the amounts of a `Sample`.
    end : str
        What the names of the columns end in.

    Returns
    -------
    dict of str to ndarray of float, shape (n_customers,)
        By name of the amount, major currency units.
    """
    return {name: rows[f"{name}{end}"].to_numpy().astype(np.float64) for name in VALUES}


def _measure_earlier(now: Floats, before: Floats) -> Earlier:
    change = summarise(now - before, confidence_level=CONFIDENCE_LEVEL)
    return Earlier(float(before[0]), change.lower, change.upper)


def _join_quarters(account: ProfitAccount) -> pa.Table:
    sides = {}
    for side, quarter in (("now", account.quarter), ("before", account.previous)):
        rows = account.rows.filter(account.rows.quarter == quarter)
        renamed = {f"{name}_{side}": rows[name] for name in ("segment", *VALUES)}
        sides[side] = rows.select("customer_id", **renamed)
    both = sides["now"].outer_join(sides["before"], "customer_id")
    key = ibis.coalesce(both.customer_id, both.customer_id_right)
    return both.order_by(key).drop("customer_id", "customer_id_right").to_pyarrow()


def _number_segments(
    both: pa.Table,
) -> tuple[tuple[str, ...], dict[str, NDArray[np.int64]]]:
    encoded = {
        side: both[f"segment_{side}"].combine_chunks().dictionary_encode()
        for side in ("now", "before")
    }
    found = {
        name for array in encoded.values() for name in array.dictionary.to_pylist()
    }
    names = tuple(sorted(name for name in found if name is not None))
    place = {name: position for position, name in enumerate(names)}
    codes = {}
    for side, array in encoded.items():
        renumber = np.array([place[name] for name in array.dictionary.to_pylist()])
        indices = array.indices.fill_null(-1).to_numpy()
        codes[side] = np.where(indices < 0, -1, np.append(renumber, -1)[indices])
    return names, codes


def _take_sample(
    both: pa.Table,
    side: str,
    quarter: str,
    draws: BootstrapDraws,
    codes: NDArray[np.int64],
) -> Sample:
    present = codes >= 0
    values = take_values(both.filter(pa.array(present)), f"_{side}")
    return Sample(
        quarter=quarter,
        draws=draws.keep(present),
        segment=codes[present].astype(np.int64),
        **values,
    )
