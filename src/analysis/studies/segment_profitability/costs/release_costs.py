"""What may be shown of channels and of deposit products.

A customer may use several channels and hold several products. The total counts each
as often, so that counts add up: it is a number for the rules, not one to be shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.data.dominance import MEASURES
from analysis.presentation.disclosure import Released, is_suppressed, release
from analysis.studies.segment_profitability.account.service_cost import ChannelCost
from analysis.studies.segment_profitability.costs.deposit_margins import DepositMargins
from analysis.studies.segment_profitability.sentences import (
    name_product,
    scale_amounts,
)
from analysis.studies.segment_profitability.shown_rows import ShownRows
from analysis.wording import say

_RATES = ("paid_pct", "transfer_pct", "margin_pct")


@dataclass(frozen=True, slots=True, eq=False)
class ShownCosts(ShownRows):
    """What may be shown, the total last, with the units of the scaled amounts.

    Parameters
    ----------
    released : Released
        One row per channel or product and, below several, the total.
    unit, small_unit : str
        Units of the columns ending in "_scaled", in words: of the large amounts, and
        of the small ones where they differ.
    """

    unit: str
    small_unit: str


def release_channels(channels: ChannelCost) -> ShownCosts:
    """Release what each channel costs.

    Parameters
    ----------
    channels : ChannelCost
        Cost of channels.

    Returns
    -------
    ShownCosts
        Dearest channel first: `channel`, `customers`, `volume`, `cost`, `unit_cost`,
        `moved` and the savings, amounts also scaled.
    """
    total = channels.total.assign(channel=say("All channels"))
    rows = _append_total(channels.rows, total)
    amounts = ["volume", "cost"]
    savings = ["saving_average", "saving_avoidable"]
    scaled, unit = scale_amounts(rows, ["cost", *savings], channels.cost.currency)
    derived = {
        "unit_cost": amounts,
        "moved": amounts,
        "cost_scaled": ["cost"],
        **{name: amounts for name in savings},
        **{f"{name}_scaled": amounts for name in savings},
    }
    released = _release(scaled, "channel", amounts, derived)
    return ShownCosts(released.order("cost", ascending=False), unit, unit)


def release_products(margins: DepositMargins) -> ShownCosts:
    """Release what each deposit product earns.

    Parameters
    ----------
    margins : DepositMargins
        Margins by product.

    Returns
    -------
    ShownCosts
        Largest balance first: `name` (product with its term), `customers`,
        `balance`, `margin`, rates in percent a year, amounts also scaled. What was
        hidden in the quarter before is missing.
    """
    known = margins.rows.assign(
        name=[
            name_product(str(product), int(term))
            for product, term in zip(
                margins.rows["product"], margins.rows["tenor_months"], strict=True
            )
        ],
        previous_margin_pct=margins.rows["previous_margin_pct"].where(
            _was_shown(margins)
        ),
    )
    everything = say("All deposits")
    rows = _append_total(known, margins.total.assign(name=everything))
    currency = margins.tables.source.currency
    scaled, unit = scale_amounts(rows, ["balance"], currency)
    scaled, small_unit = scale_amounts(scaled, ["margin"], currency)
    amounts = ["balance", "margin"]
    derived = {
        **{name: amounts for name in _RATES},
        "previous_margin_pct": ["customers"],
        "balance_scaled": ["balance"],
        "margin_scaled": ["margin"],
    }
    released = _release(scaled, "name", amounts, derived)
    return ShownCosts(released.order("balance", ascending=False), unit, small_unit)


def _was_shown(margins: DepositMargins) -> pd.Series[bool]:
    """Say of which products the quarter before may be shown."""
    keys = ["product", "tenor_months"]
    if margins.previous.empty:
        return pd.Series(False, index=margins.rows.index)
    amounts = ["balance", "margin"]
    before = _release(
        margins.previous, "product", amounts, {"margin_pct": amounts}, has_total=False
    )
    is_hidden = before.rows["margin_pct"].map(is_suppressed).to_numpy()
    shown = margins.previous.loc[~is_hidden, keys].assign(was_shown=True)
    merged = margins.rows[keys].merge(shown, on=keys, how="left")
    return merged["was_shown"].notna().set_axis(margins.rows.index)


def _append_total(rows: pd.DataFrame, total: pd.DataFrame) -> pd.DataFrame:
    if len(rows) <= 1:
        return rows
    counted = total.assign(customers=rows["customers"].sum())
    return pd.concat([rows, counted], ignore_index=True)


def _release(
    rows: pd.DataFrame,
    label: str,
    amounts: list[str],
    derived: dict[str, list[str]],
    *,
    has_total: bool | None = None,
) -> Released:
    tested = [f"{name}_{end}" for name in amounts for end in MEASURES]
    return release(
        rows[[label, "customers", *amounts, *derived, *tested]],
        count="customers",
        amounts=amounts,
        derived=derived,
        dominance=amounts,
        has_total=len(rows) > 1 if has_total is None else has_total,
    )
