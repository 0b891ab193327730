"""Let what is said of prices pass the disclosure door: incomes follow from balances."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import Released, is_suppressed, release
from analysis.studies.deposit_rate_elasticity.pricing.decisions import (
    MarginalCosts,
)
from analysis.wording import mark

NOTHING_GRADED = mark(
    "No response is of grade A or B, so nothing is priced on it this quarter."
)
_MEASURES = ("balance_largest", "balance_second", "balance_absolute")
INCOMES = ("income", "income_lower", "income_upper", "value_of_knowing")
CHANGES = ("balance_pct", "balance_lower", "balance_upper")
_ODDS = ("move_bp", "loss_pct", "outflow_pct")


def release_moves(products: pd.DataFrame) -> Released:
    """Release the best move of each product.

    Parameters
    ----------
    products : pandas.DataFrame
        Best moves with the balances behind them, see `Frontiers.products`.

    Returns
    -------
    Released
        One row per product: `product`, `bound`, `customers`, `balance`, `move_bp`,
        `loss_pct`, `outflow_pct` (chances in percent), changes of balance and incomes.
    """
    rows = products.assign(
        loss_pct=100 * products["loss_probability"],
        outflow_pct=100 * products["outflow_probability"],
    )
    columns = ["product", "bound", "customers", "balance", *_MEASURES]
    return release(
        rows[[*columns, *_ODDS, *CHANGES, *INCOMES]],
        count="customers",
        amounts=("balance",),
        dominance=("balance",),
        derived={name: ("balance",) for name in INCOMES}
        | {name: ("customers",) for name in (*_ODDS, *CHANGES)},
    )


def list_shown(released: Released) -> pd.DataFrame:
    """Keep the rows of which everything may be shown.

    Parameters
    ----------
    released : Released
        Rows that passed the door.

    Returns
    -------
    pandas.DataFrame
        As numbers.
    """
    whole = ~released.rows.map(is_suppressed).any(axis=1)
    return released.rows[whole].infer_objects()


def release_costs(costs: MarginalCosts) -> Released:
    """Release costs of new money.

    Parameters
    ----------
    costs : MarginalCosts
        Costs by product and who gets the new rate.

    Returns
    -------
    Released
        The rows of `MarginalCosts.costs`, balances left out.
    """
    rows = costs.costs.drop(columns="balance")
    numbers = [
        name for name in rows if name not in {"product", "repriced", "customers"}
    ]
    return release(
        rows,
        count="customers",
        derived={str(name): ("customers",) for name in numbers},
    )
