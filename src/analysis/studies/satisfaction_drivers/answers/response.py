"""Who answered the wave reported: rates by characteristic and by earlier behaviour.

A rate is the sum of the respondents' design weights over all customers: the share of
the invited who answered. Where a source has no design weights it is the share of all
customers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.statistics.response_indicators import (
    ResponseCells,
    ResponseIndicators,
    measure_response,
)
from analysis.studies.satisfaction_drivers.answers.behaviour import (
    BEHAVIOUR,
    describe_behaviour,
)
from analysis.studies.satisfaction_drivers.answers.people import (
    CHARACTERISTICS,
    describe_customers,
)
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.parameters import Parameters

_MOST_CATEGORIES = 12
"""A variable with more categories than this is left out of the chances of answering."""


@dataclass(frozen=True, slots=True)
class Response:
    """Who answered, among all customers.

    Parameters
    ----------
    held : pandas.DataFrame
        One row per respondent who is an active customer: `respondent_id`,
        `design_weight` and the variables.
    cells : pandas.DataFrame
        One row per cell of the variables that has customers: the variables,
        `customers`, `answers`, `weight`, `weight_squared`.
    rates : pandas.DataFrame
        One row per variable and category: `variable`, `category`, `customers`,
        `answers`, `rate_pct`, `lower_pct`, `upper_pct`.
    indicators : ResponseIndicators
        How even the response was.
    has_invited : bool
        Whether design weights say how many customers an invitation stood for.
    """

    held: pd.DataFrame
    cells: pd.DataFrame
    rates: pd.DataFrame
    indicators: ResponseIndicators
    has_invited: bool

    @property
    def variables(self) -> list[str]:
        """Variables that the cells are made of."""
        known = (*CHARACTERISTICS, *BEHAVIOUR)
        return [name for name in known if name in self.cells]


def describe_response(
    tables: Tables, survey: Survey, parameters: Parameters
) -> Response | None:
    """Lay respondents beside all customers of the wave reported.

    Parameters
    ----------
    tables : Tables
        Customers, their periods, and complaints where the source has them.
    survey : Survey
        Answers.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    Response or None
        None where the source does not know who was not asked.
    """
    if survey.frame is None:
        return None
    day = Quarter.parse(survey.reported).last_day
    waves = pd.DataFrame({"quarter": [survey.reported], "period": [pd.Timestamp(day)]})
    people = describe_customers(tables, waves)
    if people is None:
        return None
    people = describe_behaviour(tables, people, day)
    names = [n for n in (*CHARACTERISTICS, *BEHAVIOUR) if n in people.columns]
    counts = people.group_by(names).aggregate(customers=people.count()).to_pandas()
    wave = survey.respondents[survey.respondents["quarter"] == survey.reported]
    wave = wave.loc[wave["in_frame"].astype(bool)]
    asked = tables["survey_responses"].select("customer_id").distinct()
    found = people.select("customer_id", *names).semi_join(asked, "customer_id")
    who = wave[["respondent_id", "customer_id", "design_weight"]]
    held = who.merge(found.to_pandas(), on="customer_id").drop(columns="customer_id")
    return lay_beside(held, counts, parameters.confidence_level)


def lay_beside(
    held: pd.DataFrame, counts: pd.DataFrame, confidence_level: float
) -> Response:
    """Lay respondents beside the counts of all customers.

    Parameters
    ----------
    held : pandas.DataFrame
        One row per respondent: `respondent_id`, `design_weight` and the variables.
    counts : pandas.DataFrame
        One row per cell: the variables and `customers`.
    confidence_level : float
        Of all intervals.

    Returns
    -------
    Response
        Rates and indicators; variables of one category only are left out.
    """
    names = [name for name in counts.columns if name != "customers"]
    told = [name for name in names if 1 < counts[name].nunique() <= _MOST_CATEGORIES]
    population = counts.groupby(told, as_index=False)["customers"].sum()
    answered = held.assign(squared=held["design_weight"] ** 2).groupby(told)
    sums = answered.agg(
        answers=("design_weight", "size"),
        weight=("design_weight", "sum"),
        weight_squared=("squared", "sum"),
    )
    cells = population.merge(sums.reset_index(), on=told, how="left")
    cells = cells.fillna({"answers": 0, "weight": 0.0, "weight_squared": 0.0})
    table = ResponseCells(
        categories=cells[told],
        population=cells["customers"].to_numpy(dtype=np.float64),
        weight=cells["weight"].to_numpy(dtype=np.float64),
        weight_squared=cells["weight_squared"].to_numpy(dtype=np.float64),
    )
    return Response(
        held=held,
        cells=cells,
        rates=_rate(cells, told, confidence_level),
        indicators=measure_response(table, confidence_level=confidence_level),
        has_invited=bool((held["design_weight"] != 1).any()),
    )


def _rate(
    cells: pd.DataFrame, names: list[str], confidence_level: float
) -> pd.DataFrame:
    """Give the rate of each category with its interval (Poisson sampling)."""
    quantile = norm.ppf((1 + confidence_level) / 2)
    blocks = []
    for name in names:
        sums = cells.groupby(name)[
            ["customers", "answers", "weight", "weight_squared"]
        ].sum()
        rate = 100 * sums["weight"] / sums["customers"]
        left = np.maximum(1 - rate / 100, 0.0)
        spread = np.sqrt(sums["weight_squared"] * left) / sums["customers"]
        block = sums[["customers", "answers"]].astype(int).reset_index(names="category")
        block.insert(0, "variable", name)
        reach = 100 * quantile * spread
        block["rate_pct"] = rate.to_numpy()
        block["lower_pct"] = np.maximum(rate - reach, 0.0).to_numpy()
        block["upper_pct"] = (rate + reach).to_numpy()
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True)
