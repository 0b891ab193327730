"""Weigh a higher or a lower rate: cost of new money, and volume against margin.

Costs and rates are percent a year, moves basis points, incomes major units of the
source's currency a year once the whole book has the new rate.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.marginal_cost import find_marginal_cost
from analysis.statistics.price_frontier import (
    Floats,
    Frontier,
    PriceBook,
    draw_frontier,
)
from analysis.studies.deposit_rate_elasticity.parameters import (
    ALLOWED_CHANCE,
    CONFIDENCE_LEVEL,
    FRONTIER_DRAWS,
    FRONTIER_STEP_BP,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.pricing.price_book import PriceBooks
from analysis.studies.deposit_rate_elasticity.response.cross_effects import (
    CrossEffects,
)

COPIED = ("product", "customers", "balance", "rate_pct", "funding_pct", "nobs")
WHOLE, PART = "whole", "part"
"""Who gets the new rate: the whole book, or what reprices within the quarter."""


@dataclass(frozen=True, slots=True)
class MarginalCosts:
    """What one more unit of money costs.

    Parameters
    ----------
    costs : pandas.DataFrame
        One row per product and who gets the new rate (`repriced`: "whole", "part"):
        `repriced_share`, `estimate`, `lower`, `upper` (infinite where the response may
        be nothing), the share at which it pays (`breakeven_pct`, `breakeven_lower`,
        `breakeven_upper`, percent of the book), and the product's `customers`,
        `balance`, `rate_pct`, `funding_pct`, `nobs`.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    costs: pd.DataFrame
    quarter: Quarter
    source: str


@dataclass(frozen=True, slots=True)
class Frontiers:
    """What each move of each product's price list does.

    Parameters
    ----------
    products : pandas.DataFrame
        One row per product of `PriceBooks.products` that has money at stake, with the
        best move: `move_bp`, `balance_pct`, `balance_lower`, `balance_upper`,
        `income`, `income_lower`, `income_upper`, `loss_probability`, `bound` ("data"
        where the best move is the largest that the data speak of, "outflow" where
        more would be lost than is allowed, empty otherwise), `value_of_knowing`.
    steps : pandas.DataFrame
        One row per product and move, see `Frontier.steps`.
    quarter : Quarter
        The quarter reported.
    currency : str
        Of incomes.
    source : str
        Where the numbers come from.
    """

    products: pd.DataFrame
    steps: pd.DataFrame
    quarter: Quarter
    currency: str
    source: str


def price_new_money(books: PriceBooks) -> MarginalCosts:
    """Give the cost of new money if the whole book, or only part, gets the new rate.

    Parameters
    ----------
    books : PriceBooks
        What the products pay, and how balances respond.

    Returns
    -------
    MarginalCosts
        By product; responses that are not above 0 have none.
    """
    rows = []
    for row in books.products[books.products["estimate"] > 0].to_dict("records"):
        shares = {WHOLE: 1.0, PART: row["repriced_share"]}
        for repriced, share in shares.items():
            if math.isnan(share) or (repriced == PART and share >= 1):
                continue
            cost = find_marginal_cost(
                row["rate_pct"], share, row["estimate"], (row["lower"], row["upper"])
            )
            rows.append(
                {name: row[name] for name in COPIED}
                | {"repriced": repriced, "repriced_share": share}
                | {"estimate": cost.estimate, "lower": cost.lower, "upper": cost.upper}
                | _find_breakeven(row)
            )
    return MarginalCosts(pd.DataFrame(rows), books.quarter, books.source)


def _find_breakeven(row: dict[Hashable, Any]) -> dict[str, float]:
    """Give the repriced share at which new money costs what the treasury credits."""
    margin = max(row["funding_pct"] - row["rate_pct"], 0.0)
    ends = {"pct": "estimate", "lower": "lower", "upper": "upper"}
    return {
        f"breakeven_{name}": min(max(margin * row[end], 0.0), 100.0)
        for name, end in ends.items()
    }


def weigh_moves(
    books: PriceBooks, cross: CrossEffects, parameters: Parameters
) -> Frontiers:
    """Draw responses, and weigh volume against margin for each product.

    Parameters
    ----------
    books : PriceBooks
        Balances, prices, ceilings and responses.
    cross : CrossEffects
        What the product's rate does to the others, where that is identified.
    parameters : Parameters
        Largest outflow and seed.

    Returns
    -------
    Frontiers
        Every move within what the data speak of, and the best.
    """
    rng = np.random.default_rng(parameters.seed)
    products, steps = [], []
    for row in books.products.to_dict("records"):
        frontier = _draw(row, books, cross, parameters, rng)
        best = frontier.steps.iloc[frontier.best].to_dict()
        bound = _find_bound(frontier)
        products.append(
            row
            | best
            | {"move_bp": 100 * best["move_pp"], "bound": bound}
            | {"value_of_knowing": frontier.value_of_knowing}
        )
        steps.append(frontier.steps.assign(product=row["product"]))
    return Frontiers(
        products=pd.DataFrame(products),
        steps=pd.concat(steps) if steps else pd.DataFrame(),
        quarter=books.quarter,
        currency=books.currency,
        source=books.source,
    )


def _draw(
    row: dict[Hashable, Any],
    books: PriceBooks,
    cross: CrossEffects,
    parameters: Parameters,
    rng: np.random.Generator,
) -> Frontier:
    cells = books.cells[books.cells["product"] == row["product"]]
    weights = cells["balance"].to_numpy() / cells["balance"].sum()
    book = PriceBook(
        balances=row["balance"] * weights,
        margins=(cells["funding_pct"] - cells["rate_pct"]).to_numpy(),
        rooms=cells["room_pp"].to_numpy(),
        rates=cells["rate_pct"].to_numpy(),
    )
    degrees = max(int(row["clusters"]) - 1, 1)
    noise = rng.standard_t(degrees, FRONTIER_DRAWS)
    return draw_frontier(
        book,
        row["estimate"] + row["std_error"] * noise,
        _lay_moves(row["deviation_bp"]),
        lost_margin=_draw_lost_margin(str(row["product"]), books, cross, rng),
        largest_outflow_pct=parameters.largest_outflow_percent,
        allowed_chance=ALLOWED_CHANCE,
        confidence_level=CONFIDENCE_LEVEL,
    )


def _lay_moves(deviation_bp: float) -> Floats:
    """Give moves in even steps, as far as two deviations of the prices measured."""
    steps = int(2 * deviation_bp // FRONTIER_STEP_BP)
    return np.arange(-steps, steps + 1) * FRONTIER_STEP_BP / 100


def _draw_lost_margin(
    product: str, books: PriceBooks, cross: CrossEffects, rng: np.random.Generator
) -> Floats:
    """Draw what the bank's other products gain a year per point of this one's rate."""
    total = np.zeros(FRONTIER_DRAWS)
    for effect in cross.of_price(product).to_dict("records"):
        noise = rng.standard_t(max(int(effect["clusters"]) - 1, 1), FRONTIER_DRAWS)
        other = books.products[books.products["product"] == effect["product"]]
        if other.empty:
            continue
        margin = other["funding_pct"] - other["rate_pct"]
        earned = float((other["balance"] * margin).iloc[0]) / 100
        response = effect["estimate"] + effect["std_error"] * noise
        total = total + response / 100 * earned
    return total


def _find_bound(frontier: Frontier) -> str:
    """Say what keeps the best move from going on."""
    best, last = frontier.best, len(frontier.steps) - 1
    if frontier.steps["move_pp"].iloc[best] == 0:
        return ""
    if best in {0, last}:
        return "data"
    beyond = frontier.steps.iloc[best - 1]
    is_cut = frontier.steps["move_pp"].iloc[best] < 0
    is_held = is_cut and beyond["outflow_probability"] > ALLOWED_CHANCE
    return "outflow" if is_held else ""
