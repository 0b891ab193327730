"""Write the truths that tests and scored releases read, and studies never do.

In the bank's folder truth/ stand: params.json, every constant that a study might
estimate; elasticities, beta and long-run pass-through by product, term and tier;
cells, gap to competitors, demand shock and segment effect by cell and month; moves/,
covariates, chances and moves of the first 20,000 customers by month; waves, the net
promoter score and satisfaction that the whole frame would have given;
straight_liners, who did not read the questions; notices, how many customers and lines
were due one; profit_lines, what each tier brought and cost in a quarter; and fee_exits,
who left for the trial's fee. They count as customers in all that is true of a month but
in its moves and profit lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import cache
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.synthetic import model, service, survey
from analysis.synthetic.acquisition import describe_acquisition
from analysis.synthetic.fee_trial import describe_fee_trial
from analysis.synthetic.files import BankFolder, write_codes, write_ids
from analysis.synthetic.months import end_month
from analysis.synthetic.notices import describe_notices
from analysis.synthetic.population import Moves, Population
from analysis.synthetic.prices import MonthPrices
from analysis.synthetic.quantiles import grade_scores
from analysis.synthetic.survey import Wave, name_wave

SAMPLE = 20_000
"""Customers, in order of arrival, whose monthly state is kept."""
_DRAWS = 400_000


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
    _write_waves(folder, waves)
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
        "survey": _describe_survey(),
    }


def _describe_survey() -> dict[str, Any]:
    shares, floors, effects = share_importance()
    return {
        "frame": "active customers at the quarter's end",
        "latent_weights": {d.item: d.weight for d in survey.DRIVERS},
        "latent_scale": survey.scale_satisfaction(),
        "population_lmg": shares,
        "population_lmg_zero_effect_floor": floors,
        "population_standardised_effects": effects,
        "population_lmg_on": "answers 1-10 with halo, no straight-liners",
        "waiting_log_response_to_shift": -survey.WAIT_BY_SHIFT,
        "shifts": [list(shift) for shift in survey.SHIFTS],
        "nonresponse_slope": survey.NONRESPONSE_SLOPE,
        "straight_share": survey.STRAIGHT_SHARE,
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


def _write_waves(folder: BankFolder, waves: list[Wave]) -> None:
    rows = [
        {
            "wave": name_wave(wave.month),
            "frame": wave.frame,
            "invited": wave.invited,
            "answered": len(wave.customer),
            "net_promoter": wave.net_promoter,
            "satisfaction": wave.satisfaction,
            "top_box": wave.top_box,
        }
        for wave in waves
    ]
    folder.write_truth("waves", pa.Table.from_pylist(rows))
    straight = [
        {"wave": name_wave(wave.month), "respondent": int(wave.respondent[row])}
        for wave in waves
        for row in np.flatnonzero(wave.straight)
    ]
    size = [row["respondent"] for row in straight]
    frame = pa.table(
        {
            "wave": pa.array([row["wave"] for row in straight], pa.string()),
            "respondent_id": write_ids("R", np.array(size, np.int64) + 1, 6),
        }
    )
    folder.write_truth("straight_liners", frame)


@cache
def share_importance() -> tuple[dict[str, float], ...]:
    """Give each driver's population importance, its floor and its effect.

    Importance is the average gain in R squared over all orders of entry [1]_. The
    floor is the importance that the driver would keep if its own effect were nil.
    All are computed on 400,000 draws of the answers that everybody would give.

    Returns
    -------
    shares, floors, effects : dict of str to float
        By item; shares add up to 1, floors are shares of the same R squared, effects
        are standardised least-squares coefficients.

    References
    ----------
    .. [1] Lindeman, Merenda, Gold (1980), Introduction to Bivariate and Multivariate
       Analysis, p. 119 ff.
    """
    answers, overall = _draw_answers()
    full = np.asarray(np.corrcoef(np.column_stack([answers, overall]), rowvar=False))
    raw = _share_out(full)
    deviations = np.std(np.column_stack([answers, overall]), axis=0)
    covariance = full * np.outer(deviations, deviations)
    floors = {}
    for number, driver in enumerate(survey.DRIVERS):
        without = _remove_effect(covariance, number)
        scale = np.sqrt(np.diag(without))
        shares = _share_out(without / np.outer(scale, scale))
        kept = without[-1, -1] / covariance[-1, -1]
        floors[driver.item] = float(shares[number] * kept / raw.sum())
    shares = raw / raw.sum()
    items = [driver.item for driver in survey.DRIVERS]
    effects = np.linalg.solve(full[:-1, :-1], full[:-1, -1])
    named = (
        dict(zip(items, map(float, part), strict=True)) for part in (shares, effects)
    )
    importance, effect = named
    return importance, floors, effect


def _draw_answers() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    draws = np.random.default_rng(20260930)
    size = (_DRAWS, len(survey.DRIVERS))
    factor = draws.standard_normal((_DRAWS, 1), np.float32)
    own = draws.standard_normal(size, np.float32)
    attributes = (
        survey.CORRELATION**0.5 * factor + (1 - survey.CORRELATION) ** 0.5 * own
    )
    latent = attributes @ survey.WEIGHTS / survey.scale_satisfaction()
    noise = draws.standard_normal(_DRAWS, np.float32)
    latent = latent + (1 - survey.EXPLAINED) ** 0.5 * noise
    halo = survey.HALO * draws.standard_normal((_DRAWS, 1), np.float32)
    scores = (attributes + halo) / (1 + survey.HALO**2) ** 0.5
    answers = grade_scores(scores, survey.LIKERT_SHARES, 1)
    overall = grade_scores(latent, survey.LIKERT_SHARES, 1)
    return answers.astype(np.float32), overall.astype(np.float32)


def _remove_effect(covariance: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    among, towards = covariance[:-1, :-1], covariance[:-1, -1]
    effects = np.linalg.solve(among, towards)
    unexplained = covariance[-1, -1] - effects @ towards
    effects[number] = 0.0
    changed = covariance.copy()
    changed[:-1, -1] = changed[-1, :-1] = among @ effects
    changed[-1, -1] = effects @ among @ effects + unexplained
    return changed


def _share_out(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    count = len(correlation) - 1
    explained: dict[tuple[int, ...], float] = {(): 0.0}
    for size in range(1, count + 1):
        for chosen in combinations(range(count), size):
            picked = np.array(chosen)
            towards = correlation[picked, -1]
            among = correlation[np.ix_(picked, picked)]
            explained[chosen] = float(towards @ np.linalg.solve(among, towards))
    shares = np.zeros(count)
    for chosen, value in explained.items():
        before = factorial(len(chosen) - 1) if chosen else 0
        weight = before * factorial(count - len(chosen)) / factorial(count)
        for number in chosen:
            rest = tuple(other for other in chosen if other != number)
            shares[number] += weight * (value - explained[rest])
    return shares
