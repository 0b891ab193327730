"""Hold what is paid against what was posted, and what was posted against its ceiling.

Rates are decimals a year inside; money is major units of the source's currency. Each
rule is tested on the accounts for which the source gives all that it needs.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.dominance import measure_dominance
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.conduct.priced_accounts import (
    TOLERANCE,
    PricedAccounts,
    is_given,
)
from analysis.studies.deposit_rate_elasticity.parameters import CELL, Parameters
from analysis.studies.kept_rows import keep_rows

RULES = ("less", "unrecorded", "ceiling", "posted_ceiling", "dispersion")
"""In the order in which they are shown."""
AMOUNTS = ("broken_balance", "yearly")


@dataclass(frozen=True, slots=True)
class Compliance:
    """How far prices were kept in the quarter's last period.

    Parameters
    ----------
    rules : pandas.DataFrame
        One row per rule that could be tested: `rule`, `accounts`, `customers`,
        `balance` (tested), `broken_accounts`, `broken_customers`, `broken_balance`,
        `share_pct` (of balance tested), `yearly` (interest a year by which the rule
        is broken), and the largest, second and absolute of both amounts.
    paid : pandas.Series or None
        Of the accounts laid beside a posted price: `accounts`, `balance`, `cells`
        (pricing cells and periods), `deviation_bp` (of rates paid within one), and
        the percent of balance paid `exact_pct`, `more_pct` and `less_pct`. None where
        no account is.
    tolerance_bp : float
        Deviation within a cell from which it is named.
    currency : str
        ISO code.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    rules: pd.DataFrame
    paid: pd.Series | None
    tolerance_bp: float
    currency: str
    quarter: Quarter
    source: str


def check_prices(priced: PricedAccounts, parameters: Parameters) -> Compliance:
    """Test, account by account, whether prices were kept.

    Parameters
    ----------
    priced : PricedAccounts
        Deposits beside their posted price.
    parameters : Parameters
        The smallest change that matters is the tolerance within a pricing cell.

    Returns
    -------
    Compliance
        One row per rule; no rows where the source gives no rate paid.
    """
    spread = keep_rows(_measure_spread(priced.rows), "paid_and_posted")
    tests = _list_tests(spread, parameters.smallest_change_bp / 1e4)
    return Compliance(
        rules=_sum_rules(ibis.union(*tests)),
        paid=_describe_paid(spread),
        tolerance_bp=parameters.smallest_change_bp,
        currency=priced.currency,
        quarter=priced.quarter,
        source=priced.source,
    )


def _measure_spread(laid: ir.Table) -> ir.Table:
    """Put beside each account the mean and deviation of rates paid in its cell."""
    known = laid.filter(is_given(laid["paid"]) & is_given(laid["posted"]))
    cell = ibis.window(group_by=[*CELL, "period"])
    weight = known["balance"].sum().over(cell)
    mean = (known["balance"] * known["paid"]).sum().over(cell) / weight
    centred = known.mutate(
        cell_weight=weight,
        away=known["paid"] - mean,
        n_in_cell=known.count().over(cell),
    )
    squares = centred["balance"] * centred["away"] * centred["away"]
    variance = squares.sum().over(cell) / centred["cell_weight"]
    return centred.mutate(deviation=variance.sqrt()).drop("cell_weight")


def _list_tests(spread: ir.Table, tolerance: float) -> list[ir.Table]:
    """Give, by rule, which accounts are tested and by how much each breaks it."""
    paid, posted, ceiling = spread["paid"], spread["posted"], spread["ceiling"]
    unrecorded = ~spread["is_recorded"]
    everyone = ibis.literal(True)
    broken = {
        "less": (everyone, posted - paid > TOLERANCE, posted - paid),
        "unrecorded": (
            everyone,
            (paid - posted > TOLERANCE) & unrecorded,
            paid - posted,
        ),
        "ceiling": (is_given(ceiling), paid - ceiling > TOLERANCE, paid - ceiling),
        "posted_ceiling": (
            is_given(ceiling),
            posted - ceiling > TOLERANCE,
            posted - ceiling,
        ),
        "dispersion": (
            spread["n_in_cell"] > 1,
            spread["deviation"] > tolerance,
            spread["away"].abs(),
        ),
    }
    return [
        spread.filter(tested).select(
            "customer_id",
            "balance",
            rule=ibis.literal(rule),
            is_broken=is_broken.cast("int64"),
            broken_balance=is_broken.ifelse(spread["balance"], 0.0),
            yearly=is_broken.ifelse(spread["balance"] * size, 0.0),
        )
        for rule, (tested, is_broken, size) in broken.items()
    ]


def _sum_rules(tests: ir.Table) -> pd.DataFrame:
    customers = tests.group_by(["rule", "customer_id"]).agg(
        accounts=tests.count(),
        broken_accounts=tests["is_broken"].sum(),
        **{name: tests[name].sum() for name in ("balance", *AMOUNTS)},
    )
    sums: pd.DataFrame = (
        customers.group_by("rule")
        .agg(
            customers=customers.count(),
            broken_customers=(customers["broken_accounts"] > 0).sum(),
            **{
                name: customers[name].sum()
                for name in ("accounts", "broken_accounts", "balance", *AMOUNTS)
            },
        )
        .to_pandas()
    )
    joined = sums.merge(measure_dominance(customers, ["rule"], AMOUNTS), on="rule")
    shares = joined.assign(
        share_pct=100 * joined["broken_balance"] / joined["balance"],
        place=joined["rule"].map(RULES.index),
    )
    ordered: pd.DataFrame = shares.sort_values("place", ignore_index=True)
    return ordered.drop(columns="place")


def _describe_paid(spread: ir.Table) -> pd.Series | None:
    balance, excess = spread["balance"], spread["paid"] - spread["posted"]
    parts = {
        "exact_pct": excess.abs() <= TOLERANCE,
        "more_pct": excess > TOLERANCE,
        "less_pct": excess < -TOLERANCE,
    }
    squares = balance * spread["away"] * spread["away"]
    found = spread.agg(
        accounts=spread.count(),
        balance=balance.sum(),
        squares=squares.sum(),
        **{name: is_part.ifelse(balance, 0.0).sum() for name, is_part in parts.items()},
    ).to_pandas()
    row = found.iloc[0]
    if not row["accounts"]:
        return None
    shares = {name: 100 * row[name] / row["balance"] for name in parts}
    cells = spread.select([*CELL, "period"]).distinct().count().to_pyarrow().as_py()
    within = 1e4 * (row["squares"] / row["balance"]) ** 0.5
    numbers = {"cells": cells, "deviation_bp": within, **shares}
    return pd.Series({**row[["accounts", "balance"]], **numbers})
