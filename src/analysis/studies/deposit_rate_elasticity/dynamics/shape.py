"""Measure the shape of the answer: how balances stand by how far a rate is off usual.

The dose is what of a cell's posted rate differs from its own usual level and from that
of its line in the same period.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.dose_response import DoseResponse, estimate_dose_response
from analysis.statistics.instrumental_effects import estimate_instrumented_effects
from analysis.statistics.two_way_effects import take_off_effects
from analysis.studies.deposit_rate_elasticity.dynamics.designs import (
    SISTER_PAIR,
    Subject,
    choose_main,
    list_subjects,
)
from analysis.studies.deposit_rate_elasticity.dynamics.price_paths import CELL_PERIOD
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    FEWEST_CLUSTERS,
    WEAKEST_INSTRUMENT,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import BalancePanel
from analysis.studies.deposit_rate_elasticity.response.estimates import OWN
from analysis.studies.deposit_rate_elasticity.response.lead_tests import EFFECTS
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts

FEWEST_VALUES = 20
"""Fewest different doses for bins."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of the answer of the product that is known best.

    Parameters
    ----------
    found : DoseResponse or None
        Log points per percentage point of dose; None where it is not identified.
    product : str
        The product; empty if none is identified.
    grade : str
        What it rests on; empty if there is no product.
    customers : int
        Customers behind it.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    found: DoseResponse | None
    product: str
    grade: str
    customers: int
    quarter: Quarter
    source: str


def estimate_shape(
    panel: BalancePanel, verdicts: Verdicts, parameters: Parameters
) -> Shape:
    """Estimate in bins, as a rising curve and as a line how balances answer a dose.

    Parameters
    ----------
    panel : BalancePanel
        Compressed panel and prices.
    verdicts : Verdicts
        Grades.
    parameters : Parameters
        Seed.

    Returns
    -------
    Shape
        Of the product whose response is known best.
    """
    subjects = list_subjects(panel, verdicts) if len(panel.prices) else ()
    main = choose_main(subjects) if subjects else None
    return Shape(
        found=None if main is None else _fit(main, panel.prices, parameters),
        product="" if main is None else main.product,
        grade="" if main is None else main.grade,
        customers=0 if main is None else main.customers,
        quarter=panel.quarter,
        source=panel.source,
    )


def list_doses(prices: pd.DataFrame) -> pd.DataFrame:
    """Give what of each price differs from its cell's and its line's usual level.

    Parameters
    ----------
    prices : pandas.DataFrame
        One row per pricing cell and period of one product.

    Returns
    -------
    pandas.DataFrame
        `cell`, `period` and `dose`, percentage points.
    """
    lines = prices.groupby(["tenor_months", "period"]).ngroup()
    levels = [pd.factorize(names)[0] for names in (prices["cell"], lines)]
    rates = prices["rate_pct"].to_numpy(float)[:, None]
    dose = take_off_effects(rates, levels, np.ones(len(prices)))[:, 0]
    return prices[CELL_PERIOD].assign(dose=dose)


def _fit(
    subject: Subject, prices: pd.DataFrame, parameters: Parameters
) -> DoseResponse | None:
    mine = prices[prices["cell"].isin(subject.groups["cell"].unique())]
    doses = list_doses(mine)
    if doses["dose"].round(6).nunique() < FEWEST_VALUES:
        return None
    rows = subject.groups.merge(doses, on=CELL_PERIOD)
    key = f"{subject.product} shape".encode()
    rng = np.random.default_rng([parameters.seed, zlib.crc32(key)])
    if subject.grade == "C":
        return estimate_dose_response(
            rows,
            effects=EFFECTS,
            cluster="cell",
            rng=rng,
            confidence_level=CONFIDENCE_LEVEL,
        )
    pairs = _choose_pairs(rows)
    if not pairs:
        return None
    return estimate_dose_response(
        rows,
        effects=EFFECTS,
        cluster="region",
        rng=rng,
        endogenous=[rate for rate, _ in pairs],
        instruments=[credit for _, credit in pairs],
        confidence_level=CONFIDENCE_LEVEL,
    )


def _choose_pairs(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Choose what is instrumented: other products too, wherever their credit moves."""
    own = ("dose", OWN[1])
    for pairs in ([own, SISTER_PAIR], [own]):
        known = rows.dropna(subset=[name for pair in pairs for name in pair])
        if known["region"].nunique() < FEWEST_CLUSTERS:
            continue
        found = estimate_instrumented_effects(
            known,
            endogenous=[rate for rate, _ in pairs],
            instruments=[credit for _, credit in pairs],
            effects=EFFECTS,
            cluster="region",
        ).effects
        if len(found) and found["effective_f"].min() >= WEAKEST_INSTRUMENT:
            return list(pairs)
    return []
