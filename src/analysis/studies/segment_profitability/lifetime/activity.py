"""Who still acts of own accord: a chance for each customer, tried on a held-out year.

A customer acts with any contact of the customer's own. Contacts that sleepers have
nearly as often as others are the bank's own and do not count. Customers with the same
history (contacts after the first, period of the last, periods watched) are one row,
counted inside the engine; many contacts are counted in steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from analysis.data.sources import Tables
from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.statistics.beta_geometric_activity import (
    ActivityModel,
    fit_activity,
    give_return_chance,
)
from analysis.statistics.paired_bootstrap import BootstrapEstimate
from analysis.studies.segment_profitability.lifetime.contact_histories import (
    count_histories,
    list_periods,
    split_upkeep,
    take_history,
)
from analysis.studies.segment_profitability.parameters import (
    CONFIDENCE_LEVEL,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

LONGEST_YEARS: Final = 2
"""Years of contacts that the model is fitted to, at most."""

GROUPS: Final = 10
"""Groups of equal size by chance in which the forecast is tried."""

EVEN: Final = 0.5
"""Below this chance of a contact within a year a customer counts as silent."""

_REFITS: Final = 25


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """Chances of still being active, and how they did in a year held out.

    Parameters
    ----------
    groups : pandas.DataFrame
        One row per group by chance, lowest first: `group` (from 1), `customers`,
        `returned` (of them, with a contact in the year), `foreseen_pct` and `came_pct`
        with `lower` and `upper`.
    model : ActivityModel
        Fitted to what is known now.
    silent : int
        Customers who count as active and will more likely than not stay out of touch
        for a year.
    silent_pct : BootstrapEstimate
        The same, percent of those who count as active.
    awake : int
        Customers who count as active and have been in contact in the window.
    upkeep : tuple of str
        Contacts that do not count, since they are the bank's own.
    quarter, source : str
        Whom the numbers are of.
    """

    groups: pd.DataFrame
    model: ActivityModel
    silent: int
    silent_pct: BootstrapEstimate
    awake: int
    upkeep: tuple[str, ...]
    quarter: str
    source: str

    @property
    def gap_pp(self) -> float:
        """Average distance of what was foreseen from what came, percentage points."""
        gaps = (self.groups["foreseen_pct"] - self.groups["came_pct"]).abs()
        return float(np.average(gaps, weights=self.groups["customers"]))


def score_activity(tables: Tables, parameters: Parameters) -> Activity | Refused:
    """Score who still acts, and try the score on the last year.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    Activity or Refused
        Refused without contacts by customer, or where less than a year remains beside
        the year held out.

    References
    ----------
    .. [1] Fader, Hardie and Lee (2005), "Counting your customers" the easy way,
       Marketing Science 24(2), 275-284.
    """
    source = tables.source.attribution
    if "events" not in tables or "customer_periods" not in tables:
        reason = say("The source does not say who was in contact with the bank when.")
        return Refused(reason, parameters.quarter, source)
    year = 4 if tables.source.period == "quarter" else 12
    periods = list_periods(tables)
    if len(periods) < 2 * year:
        reason = say(
            "The history is {have} periods; a year to learn from and a year to try the "
            "score on are {need}.",
            have=len(periods),
            need=2 * year,
        )
        remedy = say("Keep contacts by customer for two years.")
        return Refused(reason, parameters.quarter, source, remedy)
    own, upkeep = split_upkeep(tables, parameters)
    cut = len(periods) - year
    window = periods[max(cut - LONGEST_YEARS * year, 0) :]
    tried = count_histories(tables, own, window, len(window) - year)
    now = count_histories(tables, own, periods[-LONGEST_YEARS * year :], None)
    if (tried["repeats"] > 0).sum() < 2 or tried[
        "customers"
    ].sum() < GROUPS * MINIMUM_CELL:
        reason = say("Too few customers were in contact with the bank more than once.")
        return Refused(reason, parameters.quarter, source)
    model = fit_activity(take_history(now))
    awake = now[~now["asleep"]]
    silent = int(_count_silent(model, awake, year))
    return Activity(
        groups=try_score(tried, year),
        model=model,
        silent=silent,
        silent_pct=_bound_silent(
            now, model, year, np.random.default_rng(parameters.seed)
        ),
        awake=int(awake["customers"].sum()),
        upkeep=upkeep,
        quarter=parameters.quarter,
        source=source,
    )


def try_score(rows: pd.DataFrame, time: int) -> pd.DataFrame:
    """Fit the model to histories and set its forecast against what came.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per history: `repeats`, `last`, `observed` (periods), `customers` and
        `returned` (of them, with a contact in the time that followed).
    time : int
        Periods that followed.

    Returns
    -------
    pandas.DataFrame
        The `groups` of `Activity`.

    References
    ----------
    .. [1] Wilson (1927), Probable inference, Journal of the American Statistical
       Association 22, 209-212, for the interval.
    """
    history = take_history(rows)
    chance = give_return_chance(fit_activity(history), history, time=float(time))
    ranked = rows.assign(foreseen=chance).sort_values(
        ["foreseen", "repeats", "last"], ignore_index=True
    )
    middle = ranked["customers"].cumsum() - ranked["customers"] / 2
    ranked["group"] = np.floor(GROUPS * middle / ranked["customers"].sum()).astype(int)
    ranked["sum"] = ranked["foreseen"] * ranked["customers"]
    sums = _join_small(ranked.groupby("group")[["customers", "returned", "sum"]].sum())
    share, size = sums["returned"] / sums["customers"], sums["customers"]
    centre = (share + 1.96**2 / (2 * size)) / (1 + 1.96**2 / size)
    spread = np.sqrt(share * (1 - share) / size + 1.96**2 / (4 * size**2))
    reach = 1.96 * spread / (1 + 1.96**2 / size)
    return pd.DataFrame(
        {
            "group": range(1, len(sums) + 1),
            "customers": size.to_numpy(np.int64),
            "returned": sums["returned"].to_numpy(np.int64),
            "foreseen_pct": 100 * (sums["sum"] / size).to_numpy(),
            "came_pct": 100 * share.to_numpy(),
            "lower": 100 * np.maximum(centre - reach, 0.0).to_numpy(),
            "upper": 100 * np.minimum(centre + reach, 1.0).to_numpy(),
        }
    )


def _join_small(sums: pd.DataFrame) -> pd.DataFrame:
    """Join groups, lowest first, until each has ten who came and ten who did not."""
    labels, label, came, away = [], 0, 0.0, 0.0
    for customers, returned in zip(sums["customers"], sums["returned"], strict=True):
        came, away = came + returned, away + customers - returned
        labels.append(label)
        if min(came, away) >= MINIMUM_CELL:
            label, came, away = label + 1, 0.0, 0.0
    # What is left at the end is too small to stand alone.
    joined = np.minimum(labels, max(label - 1, 0))
    return sums.groupby(joined).sum()


def _count_silent(model: ActivityModel, awake: pd.DataFrame, year: int) -> float:
    chance = give_return_chance(model, take_history(awake), time=float(year))
    return float(awake.loc[chance < EVEN, "customers"].sum())


def _bound_silent(
    now: pd.DataFrame, model: ActivityModel, year: int, generator: np.random.Generator
) -> BootstrapEstimate:
    """Draw customers anew, fit again from the estimate, and count the silent ones.

    A fit takes its time: few are made, and a normal interval of their spread.
    """
    shares = []
    drawn = generator.poisson(now["customers"], size=(_REFITS, len(now)))
    for customers in (now["customers"].to_numpy(), *drawn):
        rows = now.assign(customers=customers)
        fitted = fit_activity(take_history(rows[customers > 0]), start=model)
        awake = rows[~rows["asleep"]]
        shares.append(
            100 * _count_silent(fitted, awake, year) / awake["customers"].sum()
        )
    reach = float(
        stats.norm.ppf(0.5 + CONFIDENCE_LEVEL / 2) * np.std(shares[1:], ddof=1)
    )
    share = shares[0]
    return BootstrapEstimate(
        float(share), max(float(share) - reach, 0.0), float(share) + reach
    )
