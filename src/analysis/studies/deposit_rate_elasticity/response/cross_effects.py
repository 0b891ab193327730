"""Estimate what each product's rate does to the balances of the bank's others.

A product that pays more draws money from outside, and from the products beside it. Each
product's balances are regressed on its own rate and on the rates that the others post
for the same tier and region, all instrumented by what the treasury credits each.
Responses are percent of balance per percentage point.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.instrumental_effects import estimate_instrumented_effects
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    PRICING_GRADES,
    WEAKEST_INSTRUMENT,
)
from analysis.studies.deposit_rate_elasticity.rates.history import (
    SMALLEST_MOVE_PCT,
    RateHistory,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.response.lead_tests import EFFECTS
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts

PLACE = ["tier", "region", "period"]
COLUMNS = [
    "product",
    "price_of",
    "estimate",
    "std_error",
    "lower",
    "upper",
    "nobs",
    "clusters",
    "effective_f",
]
LARGEST_CONDITION = 1e6
"""Of the rates' correlations, above which they can't be told apart."""


@dataclass(frozen=True, slots=True)
class CrossEffects:
    """Who loses money to whom.

    Parameters
    ----------
    effects : pandas.DataFrame
        One row per product and price that could be told apart: `product` (whose
        balance), `price_of` (whose rate), `estimate`, `std_error`, `lower`, `upper`,
        `clusters`, `nobs`, `effective_f`. Own prices are among them.
    refused : pandas.DataFrame
        One row per product that holds a graded response and whose rate could not be
        told apart from the others': `product`, `strength` (the weakest effective F;
        missing where prices or credits move together).
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    effects: pd.DataFrame
    refused: pd.DataFrame
    quarter: Quarter
    source: str

    def of_price(self, product: str) -> pd.DataFrame:
        """Give what a product's rate does to the others.

        Parameters
        ----------
        product : str
            Whose rate.

        Returns
        -------
        pandas.DataFrame
            Rows of `effects`, the product's own left out.
        """
        is_other = self.effects["product"] != product
        return self.effects[(self.effects["price_of"] == product) & is_other]


def estimate_cross_effects(
    panel: BalancePanel, history: RateHistory, verdicts: Verdicts
) -> CrossEffects:
    """Fit each product whose response may be priced on, with the others beside it.

    Parameters
    ----------
    panel : BalancePanel
        Compressed panel.
    history : RateHistory
        Price list with the treasury's credits.
    verdicts : Verdicts
        Which products and segments hold a response.

    Returns
    -------
    CrossEffects
        Empty where fewer than two products have prices of their own.
    """
    moving = [str(name) for name in panel.groups["product"].unique()]
    prices = _spread_prices(history, moving)
    graded = verdicts.products["grade"].isin(PRICING_GRADES)
    effects, refused = [], []
    for product in verdicts.products.loc[graded, "product"].map(str):
        others = [name for name in moving if name != product]
        if not others:
            continue
        rows = _gather(product, panel, verdicts).merge(prices, on=PLACE)
        found = _fit(rows, others)
        strength = float(found["effective_f"].min()) if len(found) else math.nan
        if strength >= WEAKEST_INSTRUMENT:
            effects.append(found.assign(product=product, price_of=[product, *others]))
        else:
            refused.append({"product": product, "strength": strength})
    return CrossEffects(
        effects=pd.concat(effects) if effects else pd.DataFrame(columns=COLUMNS),
        refused=pd.DataFrame(refused, columns=["product", "strength"]),
        quarter=panel.quarter,
        source=panel.source,
    )


def _spread_prices(history: RateHistory, products: list[str]) -> pd.DataFrame:
    """Put the mean rate and credit of each product beside each other, by place."""
    rows = history.cells[history.cells["product"].isin(products)]
    rates, credits = (
        rows.astype({name: float}).pivot_table(
            index=PLACE, columns="product", values=name
        )
        for name in ("own_pct", "funding_pct")
    )
    named = rates.rename(columns=_name_rate)
    return named.join(credits.rename(columns=_name_credit)).reset_index()


def _name_rate(product: str) -> str:
    return f"rate of {product}"


def _name_credit(product: str) -> str:
    return f"credit of {product}"


def _gather(product: str, panel: BalancePanel, verdicts: Verdicts) -> pd.DataFrame:
    """Keep the rows of the segments whose response may be priced on."""
    segments = verdicts.segments
    is_good = segments["grade"].isin(PRICING_GRADES) & (segments["product"] == product)
    names = segments.loc[is_good, "segment"]
    rows = panel.groups[panel.groups["product"] == product]
    return rows[rows["segment"].isin(names)]


def _fit(rows: pd.DataFrame, others: list[str]) -> pd.DataFrame:
    """Fit own and other rates; empty where prices or credits can't be told apart."""
    rates = ["rate_pct", *map(_name_rate, others)]
    credits = ["funding_pct", *map(_name_credit, others)]
    known = rows.dropna(subset=[*rates, *credits])
    if known.empty or not _differ(known, rates) or not _differ(known, credits):
        return pd.DataFrame(columns=COLUMNS)
    found = estimate_instrumented_effects(
        known,
        endogenous=rates,
        instruments=credits,
        effects=EFFECTS,
        cluster="region",
        confidence_level=CONFIDENCE_LEVEL,
    ).effects
    numbers = ["estimate", "std_error", "lower", "upper"]
    return found.assign(**{name: 100 * found[name] for name in numbers})


def _differ(rows: pd.DataFrame, columns: list[str]) -> bool:
    """Say whether columns move apart, once their own means by market are taken off."""
    left = rows[columns] - rows.groupby("market")[columns].transform("mean")
    moved = left.loc[:, left.std() > SMALLEST_MOVE_PCT]
    if moved.shape[1] < len(columns):
        return False
    return bool(np.linalg.cond(moved.corr().to_numpy()) < LARGEST_CONDITION)
