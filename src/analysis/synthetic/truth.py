"""Write the truths that tests and scored releases read, and studies never do.

In the bank's folder truth/ stand: params.json, every constant that a study might
estimate; elasticities, beta and long-run pass-through by product, term and tier;
cells, gap to competitors, demand shock and segment effect by cell and month; moves/,
covariates, chances and moves of the first 20,000 customers by month; waves, the net
promoter score, satisfaction and its index that the whole frame would have given;
straight_liners, who did not read the questions; comment_topics, what each comment is
about; manager_effects, how each relationship manager is felt; notices, how many
customers and lines were due one; profit_lines, what each tier brought and cost in a
quarter; and fee_exits, who left for the trial's fee. They count as customers in all
that is true of a month but in its moves and profit lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.synthetic import model, service
from analysis.synthetic.acquisition import describe_acquisition
from analysis.synthetic.fee_trial import describe_fee_trial
from analysis.synthetic.files import BankFolder, write_codes, write_ids
from analysis.synthetic.months import end_month
from analysis.synthetic.notices import describe_notices
from analysis.synthetic.population import Moves, Population
from analysis.synthetic.prices import MonthPrices
from analysis.synthetic.survey import Wave
from analysis.synthetic.survey_truth import describe_survey, write_waves

SAMPLE = 20_000
"""Customers, in order of arrival, whose monthly state is kept."""


def write_moves(
    folder: BankFolder, people: Population, moves: Moves, day: date
) -> None:
    """Write covariates, chances and moves of the first customers in a month.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    people : Population
        Customers after the month's moves.
    moves : Moves
        What happened, and its chances.
    day : date
        Last day of the month.
    """
    rows = np.flatnonzero(moves.at_risk[:SAMPLE])
    columns: dict[str, Any] = {
        "period": np.full(len(rows), day, "datetime64[D]"),
        "customer_id": write_ids("C", rows + 1, 7),
        "tier_by_assets": write_codes(moves.asset_tier[rows], model.TIERS),
        "satisfaction": people.satisfaction[rows],
        "rate_gap": moves.rate_gap[rows],
        "is_digital": people.is_digital[rows],
        "score": moves.score[rows],
        "drift": moves.drift[rows],
    }
    for name, chance in moves.chances.items():
        columns[f"{name}_chance"] = chance[rows]
        columns[f"{name}_happened"] = moves.happened[name][rows]
    folder.write_truth(f"moves/{day:%Y-%m}", pa.table(columns))


def write_truth(
    folder: BankFolder,
    prices: Mapping[int, MonthPrices],
    waves: list[Wave],
    scaled: int,
) -> None:
    """Write params.json and the frames of prices, elasticities and waves.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    prices : mapping of int to MonthPrices
        Price list of each month, by the month's number.
    waves : list of Wave
        All waves, in time.
    scaled : int
        Customer-months whose contracts were scaled down to fit their tier.
    """
    _write_elasticities(folder)
    _write_cells(folder, prices)
    write_waves(folder, waves)
    parameters = _describe_parameters() | {"customers_months_scaled_down": scaled}
    text = json.dumps(parameters, ensure_ascii=False, indent=2)
    folder.write_text("truth/params.json", text + "\n")


def _describe_parameters() -> dict[str, Any]:
    return {
        "day_count": "actual days / 365",
        "hazards": {name: asdict(hazard) for name, hazard in model.HAZARDS.items()},
        "sleep_chance": model.SLEEP_CHANCE,
        "wake_chance": model.WAKE_CHANCE,
        "sleeping_close_chance": model.SLEEPING_CLOSE_CHANCE,
        "reference_price": {
            "speed_up": model.SPEED_UP,
            "speed_down": model.SPEED_DOWN,
            "impact_share_of_long_run": model.IMPACT,
            "follows": "policy",
        },
        "pricing": {
            kind.name.lower(): kind.value
            for kind in model.Pricing
            if kind is not model.Pricing.NONE
        },
        "outflow_response_pp_per_log_point": model.OUTFLOW_RESPONSE,
        "outflow_weight_of_same_month": model.OUTFLOW_NOW,
        "cross_elasticity": 0.0,
        "cost_load": model.COST_LOAD,
        "notices": describe_notices(),
        "fee_trial": describe_fee_trial(),
        "competitors_enter_balances": "true average of the month, not last seen",
        "balance_noise": {
            "memory": model.NOISE_MEMORY,
            "deviation": model.NOISE_DEVIATION,
        },
        "demand_shock": {
            "memory": model.DEMAND_MEMORY,
            "deviation": model.DEMAND_DEVIATION,
        },
        "core_share_at_term_0": model.CORE_SHARE,
        "core_months_at_term_0": model.CORE_MONTHS,
        "capacity_use": dict(zip(service.POOLS, service.TARGET_USE, strict=True)),
        "wealth_fee": service.WEALTH_FEES,
        "acquisition": describe_acquisition(),
        "survey": describe_survey(),
    }


def _write_elasticities(folder: BankFolder) -> None:
    rows = [
        {
            "product": slot.product,
            "tenor_months": slot.tenor,
            "tier": tier,
            "beta": slot.elasticity * multiplier,
            "pass_through": slot.pass_through,
            "anchor_percent": slot.anchor,
            "pricing": slot.pricing.name.lower(),
        }
        for slot in (model.SLOTS[number] for number in model.PRICED_SLOTS)
        for tier, multiplier in zip(model.TIERS, model.TIER_ELASTICITY, strict=True)
    ]
    folder.write_truth("elasticities", pa.Table.from_pylist(rows))


def _write_cells(folder: BankFolder, prices: Mapping[int, MonthPrices]) -> None:
    shape = next(iter(prices.values())).posted.shape
    slot, tier, region = np.indices(shape).reshape(3, -1)
    tenors = np.array([part.tenor for part in model.SLOTS])
    products = [part.product for part in model.SLOTS]
    frames = [
        pa.table(
            {
                "period": np.full(len(slot), end_month(month), "datetime64[D]"),
                "product": write_codes(slot, products),
                "tenor_months": tenors[slot],
                "tier": write_codes(tier, model.TIERS),
                "region": write_codes(region, model.REGIONS),
                "gap_pp": price.gap.ravel(),
                "demand": price.demand.ravel(),
                "season": price.season[slot, tier],
            }
        )
        for month, price in prices.items()
    ]
    folder.write_truth("cells", pa.concat_tables(frames))
