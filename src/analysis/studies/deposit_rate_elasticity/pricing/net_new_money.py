"""How much of the money that a higher rate draws comes from outside the bank.

Shares are percent of what the product gains. Only products whose responses could be
told apart count: money from others would come on top.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    FRONTIER_DRAWS,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.pricing.price_book import PriceBooks
from analysis.studies.deposit_rate_elasticity.response.cross_effects import (
    CrossEffects,
)


@dataclass(frozen=True, slots=True)
class NetNewMoney:
    """What of each product's gain is taken from the bank's other products.

    Parameters
    ----------
    products : pandas.DataFrame
        One row per product, largest balance first: `estimate`, `lower`, `upper`,
        percent of its gain that others lose (negative where they gain, too), `nobs`.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    products: pd.DataFrame
    quarter: Quarter
    source: str


def net_new_money(
    books: PriceBooks, cross: CrossEffects, parameters: Parameters
) -> NetNewMoney:
    """Set what the others lose against what a product gains, per point of its rate.

    Parameters
    ----------
    books : PriceBooks
        Balances.
    cross : CrossEffects
        Responses to own and other rates.
    parameters : Parameters
        Seed.

    Returns
    -------
    NetNewMoney
        Products whose gain is above zero over the whole interval of its response.

    Notes
    -----
    The ends are quantiles of draws of all responses, as the share is a ratio.
    """
    rng = np.random.default_rng(parameters.seed)
    balances = books.products.set_index("product")["balance"]
    rows = []
    for product in balances.index:
        own = cross.effects[
            (cross.effects["product"] == product)
            & (cross.effects["price_of"] == product)
        ]
        others = cross.of_price(str(product))
        others = others[others["product"].isin(balances.index)]
        if own.empty or others.empty or not float(own["lower"].iloc[0]) > 0:
            continue
        gain = _draw_money(own, balances, rng)
        lost = -_draw_money(others, balances, rng)
        lower, upper = np.quantile(100 * lost / gain, _find_ends())
        point = -_add_money(others, balances) / _add_money(own, balances)
        rows.append(
            {"product": product, "estimate": 100 * point}
            | {"lower": float(lower), "upper": float(upper)}
            | {"nobs": int(own["nobs"].iloc[0])}
        )
    columns = ["product", "estimate", "lower", "upper", "nobs"]
    return NetNewMoney(pd.DataFrame(rows, columns=columns), books.quarter, books.source)


def _find_ends() -> tuple[float, float]:
    return 0.5 - CONFIDENCE_LEVEL / 2, 0.5 + CONFIDENCE_LEVEL / 2


def _add_money(effects: pd.DataFrame, balances: pd.Series) -> float:
    """Add up what balances gain per point."""
    held = effects["product"].map(balances)
    return float((effects["estimate"] * held).sum())


def _draw_money(
    effects: pd.DataFrame, balances: pd.Series, rng: np.random.Generator
) -> np.ndarray:
    """Draw what balances gain per point."""
    total = np.zeros(FRONTIER_DRAWS)
    for row in effects.to_dict("records"):
        noise = rng.standard_t(max(int(row["clusters"]) - 1, 1), FRONTIER_DRAWS)
        response = row["estimate"] + row["std_error"] * noise
        total = total + response * float(balances[row["product"]])
    return total
