"""Score the profit account on drawn banks whose every profit is known to the cent.

What the report prints is arithmetic: it must be right to the cent, in every draw.
Beside it stands what is common instead: one transfer rate for all money, and cost
shared out by head. Amounts are major currency units a quarter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

import ibis
import numpy as np
import pandas as pd

from analysis.data.contract import CONTRACT
from analysis.data.conversion import ENGINE_TYPES
from analysis.data.sources import SourceInfo, Tables
from analysis.studies.segment_profitability.account.customer_profit import (
    build_customer_profit,
)
from analysis.studies.segment_profitability.account.funds_pricing import price_balances
from analysis.studies.segment_profitability.account.service_cost import cost_service
from analysis.studies.segment_profitability.assurance.choices import choose
from analysis.studies.segment_profitability.assurance.repriced_profit import (
    take_parts,
    write_profit,
)
from analysis.studies.segment_profitability.parameters import Parameters
from analysis.synthetic.profit_world import ProfitWorld, draw_profit_world

HEADLINE: Final = "report"
ONE_RATE: Final = "one transfer rate"
BY_HEAD: Final = "cost by head"
SCENARIOS: Final = ("account",)
DRAWS: Final = {"account": 40}
PROFIT, LOSERS = "segment profit", "customers with a loss"
_INFO: Final = SourceInfo("drawn", "Drawn bank", "CNY", 100, "month", "Drawn bank")
_MINOR: Final = 100


@dataclass(frozen=True)
class DrawnTables(Mapping[str, ibis.Table]):
    """Tables of a drawn bank, as a study reads them.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame
        In the contract's form; a column that is missing is empty.
    """

    frames: dict[str, pd.DataFrame]

    @property
    def source(self) -> SourceInfo:
        """What a reader must know of the source."""
        return _INFO

    def __getitem__(self, name: str) -> ibis.Table:
        """Give a table with all columns of its contract."""
        columns = CONTRACT[name].columns
        schema = {column.name: ENGINE_TYPES[column.type] for column in columns}
        frame = self.frames[name].reindex(columns=list(schema))
        given = frame.astype(object).where(frame.notna(), None)
        return ibis.memtable(given, schema=schema)

    def __iter__(self) -> Iterator[str]:
        """Give the names of the tables."""
        return iter(self.frames)

    def __len__(self) -> int:
        """Count the tables."""
        return len(self.frames)


def score_account(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a bank and let the study say what its segments earn.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per estimator and segment: `estimator`, `target`, `part`, `truth`,
        `estimate`, `lower` and `upper`, the last three the same number, to the cent.
    """
    if scenario not in SCENARIOS:
        message = f"Scenarios must be of {SCENARIOS}, not {scenario!r}."
        raise ValueError(message)
    world = draw_profit_world(rng)
    parameters = Parameters(quarter="2026Q3")
    tables = cast(Tables, DrawnTables(world.tables))
    priced = price_balances(tables, parameters)
    cost = cost_service(tables, parameters)
    account = build_customer_profit(tables, priced, cost, parameters)
    parts = take_parts(account, priced, _MINOR, account.quarter)
    one_rate = replace(choose(parameters), pooling="single pool")
    rows = parts.rows
    found = rows.select(
        "customer_id",
        "segment",
        "cost_to_serve",
        **{HEADLINE: rows.profit, ONE_RATE: write_profit(parts, one_rate)},
    ).to_pandas()
    return _compare(_share_by_head(found, parameters), world)


def _share_by_head(found: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Give everybody the same cost to serve."""
    kept = 1 - parameters.tax_rate_pct / 100
    cost = found["cost_to_serve"]
    shared = found[HEADLINE] + (cost.mean() - cost) * kept
    return found.assign(**{BY_HEAD: shared})


def _compare(found: pd.DataFrame, world: ProfitWorld) -> pd.DataFrame:
    estimators = [HEADLINE, ONE_RATE, BY_HEAD]
    true = world.profits.assign(losing=(world.profits["profit"] < 0).astype(float))
    truths = true.groupby("tier")[["profit", "losing"]].sum()
    segment = found["segment"]
    profits = found[estimators].groupby(segment).sum().round(2)
    losing = found[estimators].lt(0).astype(float).groupby(segment).sum()
    return pd.concat(
        [
            _lay_out(profits, truths["profit"].round(2)).assign(target=PROFIT),
            _lay_out(losing, truths["losing"]).assign(target=LOSERS),
        ],
        ignore_index=True,
    )


def _lay_out(estimates: pd.DataFrame, truth: pd.Series[float]) -> pd.DataFrame:
    """Lay estimates out one below another; what is exact is its own interval."""
    rows = estimates.reset_index(names="part").melt(
        id_vars="part", var_name="estimator", value_name="estimate"
    )
    return rows.assign(
        truth=rows["part"].map(truth),
        lower=rows["estimate"],
        upper=rows["estimate"],
    )
