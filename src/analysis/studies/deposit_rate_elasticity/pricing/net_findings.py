"""Finding on what a product takes from the others, said of the largest."""

from __future__ import annotations

from typing import Any

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
)
from analysis.studies.deposit_rate_elasticity.pricing.net_new_money import NetNewMoney
from analysis.studies.deposit_rate_elasticity.pricing.refusal import refuse_price
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say


def find_net_new_money(net: NetNewMoney) -> Finding:
    """Say how much of what the largest product gains is taken from the others.

    Parameters
    ----------
    net : NetNewMoney
        Shares by product.

    Returns
    -------
    Finding
        Refused where rates could not be told apart.
    """
    if net.products.empty:
        return refuse_price(
            "net_new_money",
            say("What products take from each other is not known"),
            Unit.PERCENT,
            net,
        )
    row = net.products.iloc[0].to_dict()
    interval = write_interval(row["lower"], row["upper"], Unit.PERCENT)
    return Finding(
        key="net_new_money",
        requirement="A3",
        headline=_head_net(row),
        sentence=say(
            "Of what a higher rate on {product} draws, {share} ({interval}) comes from "
            "the bank's other products that could be told apart, up to {quarter}; "
            "{nobs} account-months.",
            product=row["product"],
            share=write_value(row["estimate"], Unit.PERCENT),
            interval=interval,
            quarter=write_quarter(net.quarter),
            nobs=write_number(row["nobs"]),
        ),
        action=_advise_on_net(row),
        measure=say("Of the gain of {product}, taken from others", **_name(row)),
        verdict="measured",
        unit=Unit.PERCENT,
        nobs=int(row["nobs"]),
        period=str(net.quarter),
        source=net.source,
        estimate=row["estimate"],
        lower=row["lower"],
        upper=row["upper"],
        confidence_level=CONFIDENCE_LEVEL,
        importance=0.6,
    )


def _name(row: dict[Any, Any]) -> dict[str, str]:
    return {"product": str(row["product"])}


def _head_net(row: dict[Any, Any]) -> str:
    if row["lower"] > 0:
        return say(
            "{product} takes part of its new money from our other products",
            **_name(row),
        )
    return say(
        "No clear sign that {product} takes money from our other products", **_name(row)
    )


def _advise_on_net(row: dict[Any, Any]) -> str:
    if row["lower"] > 0:
        return say(
            "Judge an offer on {product} by net new money: take {share} off its gain.",
            share=write_value(row["estimate"], Unit.PERCENT),
            **_name(row),
        )
    return say(
        "Judge an offer on {product} by its own balance, and plan for up to {share} "
        "taken from others.",
        share=write_value(max(row["upper"], 0.0), Unit.PERCENT),
        **_name(row),
    )
