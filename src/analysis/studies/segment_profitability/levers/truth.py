"""Score the fee's effects, and what is common instead, on worlds that are known.

One draw is a trial of `trial_world`; each estimator says how much faster customers
leave, and the report's own what the fee brings.
"""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.studies.segment_profitability.levers import trial_world
from analysis.studies.segment_profitability.levers.fee_response import (
    estimate_fee_response,
)
from analysis.studies.segment_profitability.levers.fee_simulation import (
    simulate_levels,
)
from analysis.studies.segment_profitability.levers.fee_sums import PER, sum_powers
from analysis.studies.segment_profitability.levers.trial_sums import (
    MARGINS,
    TrialSums,
    sum_people,
)
from analysis.studies.segment_profitability.levers.trial_world import (
    DrawnTrial,
    TrialWorld,
    draw_trial,
)
from analysis.studies.segment_profitability.parameters import HORIZON_MONTHS
from analysis.studies.segment_profitability.refusal import Refused

HEADLINE = "report"
"""The estimator whose number the report prints: judged, and refused where it fails."""
SCENARIOS = {
    "fee trial": TrialWorld(),
    "fee trial by branch": TrialWorld(by_branch=True, branch_deviation=0.15),
    "fees by choice": TrialWorld(chosen=True),
}
"""Worlds by name; the last must be refused. A draw's numbers depend on the place of
its world: new ones are added at the end."""
ELASTICITY, GAIN = "exit elasticity", "profit change"
TAX = 0.25
_Z, _SOURCE = 1.96, "simulation"
_NUMBERS = ("estimate", "lower", "upper")


def score_levers(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a world and let every estimator say what the fee does.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per estimator, target and fee (`part`): `estimator`, `target`, `part`,
        `truth`, `estimate`, `lower`, `upper`; missing where it is refused. Elasticities
        are percent more leavers a month for one percent more fee; profit is of a year
        and a thousand customers.
    """
    drawn = draw_trial(SCENARIOS[scenario], rng)
    fees = trial_world.LEVELS[1:]
    truth = _find_truth(drawn, fees)
    parts = [
        _report(drawn, fees, rng),
        _lay_out("before and after", _compare_times(drawn), fees),
        _lay_out("charged and not charged", _compare_charged(drawn), fees),
    ]
    return pd.concat(parts, ignore_index=True).merge(truth, on=["target", "part"])


def sum_drawn(drawn: DrawnTrial) -> TrialSums:
    """Sum a drawn trial as the study sums a real one.

    Parameters
    ----------
    drawn : DrawnTrial
        A world.

    Returns
    -------
    TrialSums
        By the same code, inside the engine.
    """
    people = ibis.memtable(drawn.people)
    histories, moments, by_customer = sum_people(people)
    return TrialSums(
        histories=histories,
        moments=moments,
        margins=_average_margins(drawn.people),
        by_customer=by_customer,
        months_a_period=1,
        has_complaints=True,
        quarter="2026Q3",
        currency="CNY",
        source=_SOURCE,
    )


def _average_margins(people: pd.DataFrame) -> pd.DataFrame:
    free = people[people["fee"] == 0].groupby("vulnerable")
    columns: dict[str, Any] = {"customers": free.size()}
    for name in MARGINS:
        columns[name] = free[name].mean()
        columns[f"{name}_variance"] = free[name].sem() ** 2
    return pd.DataFrame(columns).reset_index()


def _report(
    drawn: DrawnTrial, fees: trial_world.Floats, rng: np.random.Generator
) -> pd.DataFrame:
    """Give what the report would print."""
    response = estimate_fee_response(sum_drawn(drawn))
    names = {ELASTICITY: "elasticity", GAIN: "gain_marginal"}
    empty = pd.DataFrame(np.nan, index=range(len(fees)), columns=[*names.values()])
    found = (
        empty
        if isinstance(response, Refused)
        else simulate_levels(response, fees, TAX, rng)
    )
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "estimator": HEADLINE,
                    "target": target,
                    "part": _name(fees),
                    "estimate": found[name],
                    "lower": found.get(f"{name}_lower"),
                    "upper": found.get(f"{name}_upper"),
                }
            )
            for target, name in names.items()
        ]
    )


def _find_truth(drawn: DrawnTrial, fees: trial_world.Floats) -> pd.DataFrame:
    people = drawn.people
    lean, kind = (people[name].to_numpy(float) for name in ("lean", "vulnerable"))
    slope = trial_world.SLOPE + trial_world.OWN_SLOPE * kind
    usual = sum_powers(1 - expit(lean), HORIZON_MONTHS)
    rows = []
    for fee in fees:
        chance = expit(lean + slope * fee)
        here = sum_powers(1 - chance, HORIZON_MONTHS)
        income = fee * (people["charge_chance"] * here).mean() * (1 - TAX)
        rise = (chance * (1 - chance) * slope * fee).sum() / chance.sum()
        gain = PER * (income - trial_world.MARGIN * (usual - here).mean())
        rows.append({"target": ELASTICITY, "part": f"{fee:g}", "truth": rise})
        rows.append({"target": GAIN, "part": f"{fee:g}", "truth": gain})
    return pd.DataFrame(rows)


def _compare_times(drawn: DrawnTrial) -> tuple[float, float, float]:
    """Compare those who pay with all before: the competitor counts as the fee."""
    paying = drawn.people[drawn.people["fee"] > 0]
    left, time = paying["has_event"].sum(), paying["periods"].sum()
    rise = np.log(left / time / drawn.exits_before)
    return _divide_by_fee(float(rise), 1 / left, paying)


def _compare_charged(drawn: DrawnTrial) -> tuple[float, float, float]:
    """Compare the charged with those above the minimum: wealth counts as the fee."""
    paying = drawn.people[drawn.people["fee"] > 0]
    sums = paying.groupby("is_charged")[["has_event", "periods"]].sum()
    free, charged = np.log((sums["has_event"] / sums["periods"]).to_numpy(float))
    variance = float((1 / sums["has_event"]).sum())
    return _divide_by_fee(charged - free, variance, paying)


def _divide_by_fee(
    rise: float, variance: float, paying: pd.DataFrame
) -> tuple[float, float, float]:
    fee, reach = float(paying["fee"].mean()), _Z * variance**0.5
    return rise / fee, (rise - reach) / fee, (rise + reach) / fee


def _lay_out(
    name: str, slope: tuple[float, float, float], fees: trial_world.Floats
) -> pd.DataFrame:
    numbers = {key: end * fees for key, end in zip(_NUMBERS, slope, strict=True)}
    about = {"estimator": name, "target": ELASTICITY, "part": _name(fees)}
    return pd.DataFrame(about | numbers)


def _name(fees: trial_world.Floats) -> list[str]:
    return [f"{fee:g}" for fee in fees]
