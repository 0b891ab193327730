"""Fit any model by the design that gave a product its grade, and refuse wide answers.

Grade B instruments every rate by the like credit of the treasury, and the mean rate of
the bank's other products beside it wherever their credit moves that. Grade C takes
prices as they were set. Nothing here falls back from B to C: what the instrument
cannot carry is not identified. Responses are percent of what is explained per
percentage point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.statistics.control_function import estimate_instrumented_poisson
from analysis.statistics.instrumental_effects import estimate_instrumented_effects
from analysis.statistics.panel_effects import estimate_panel_effects
from analysis.statistics.poisson_effects import estimate_poisson_effects
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    FEWEST_CLUSTERS,
    WEAKEST_INSTRUMENT,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    SISTERS,
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.response.verdicts import REFUSED, Verdicts

WIDEST_REACH = 20.0
"""Percent per percentage point that an interval may reach to either side; beyond, what
it holds is of no use to a price and is not identified."""
SISTER_PAIR = (SISTERS[0], SISTERS[1])
NUMBERS = ("estimate", "std_error", "lower", "upper")
Pairs = Sequence[tuple[str, str]]
"""Rates with the credits that move them."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A product whose response is identified, and the design that identifies it.

    Parameters
    ----------
    product : str
        Its name.
    grade : {"B", "C"}
        What it rests on.
    segments : tuple of str
        Segments of that grade.
    customers : int
        Customers of these segments.
    groups : pandas.DataFrame
        Their rows of `BalancePanel.groups`.
    estimate, lower, upper : float
        Response of existing accounts, as judged.
    nobs : int
        Account-periods behind it.
    """

    product: str
    grade: str
    segments: tuple[str, ...]
    customers: int
    groups: pd.DataFrame
    estimate: float
    lower: float
    upper: float
    nobs: int


@dataclass(frozen=True, slots=True)
class Model:
    """An estimator without and with instruments.

    Parameters
    ----------
    plain, instrumented : callable
        Give a tidy table; the second with `effective_f`.
    """

    plain: Callable[..., pd.DataFrame]
    instrumented: Callable[..., pd.DataFrame]


def list_subjects(panel: BalancePanel, verdicts: Verdicts) -> tuple[Subject, ...]:
    """List the products of which a number may be shown, largest balance first.

    Parameters
    ----------
    panel : BalancePanel
        Compressed panel.
    verdicts : Verdicts
        Grades.

    Returns
    -------
    tuple of Subject
        Those of grade B or C.
    """
    known = verdicts.products[verdicts.products["grade"] != REFUSED]
    return tuple(_describe(row, panel, verdicts) for _, row in known.iterrows())


def _describe(row: pd.Series, panel: BalancePanel, verdicts: Verdicts) -> Subject:
    product, grade = str(row["product"]), str(row["grade"])
    parts = verdicts.segments
    mine = parts[(parts["product"] == product) & (parts["grade"] == grade)]
    groups = panel.groups
    is_mine = (groups["product"] == product) & groups["segment"].isin(mine["segment"])
    return Subject(
        product=product,
        grade=grade,
        segments=tuple(map(str, mine["segment"])),
        customers=int(mine["customers"].sum()),
        groups=groups[is_mine],
        estimate=float(row["estimate"]),
        lower=float(row["lower"]),
        upper=float(row["upper"]),
        nobs=int(row["nobs"]),
    )


def choose_main(subjects: Sequence[Subject]) -> Subject:
    """Choose the product that is known best, of which a report speaks first.

    Parameters
    ----------
    subjects : sequence of Subject
        One at least.

    Returns
    -------
    Subject
        The one with the narrowest interval.
    """
    return min(subjects, key=lambda subject: subject.upper - subject.lower)


def fit_by_grade(
    rows: pd.DataFrame,
    pairs: Pairs,
    *,
    grade: str,
    effects: Sequence[str],
    model: Model,
) -> pd.DataFrame:
    """Fit rates by the design of a grade.

    Parameters
    ----------
    rows : pandas.DataFrame
        What the model takes; with `region` and the rates of other products.
    pairs : sequence of tuple of str
        Columns of own rates, each with the credit that moves it.
    grade : {"B", "C"}
        Design.
    effects : sequence of str
        Columns of the effects.
    model : Model
        Estimator.

    Returns
    -------
    pandas.DataFrame
        One row per own rate, in percent: `term`, `estimate`, `std_error`, `lower`,
        `upper`, `pvalue`, `nobs`, `clusters`; empty where the design cannot carry it.
    """
    own = [rate for rate, _ in pairs]
    if grade == "C":
        found = model.plain(
            rows,
            regressors=own,
            effects=effects,
            cluster="cell",
            confidence_level=CONFIDENCE_LEVEL,
        )
        return in_percent(found, len(own))
    for beside in ([SISTER_PAIR], []):
        found = _fit_instruments(rows, [*pairs, *beside], effects, model)
        if not found.empty and found["effective_f"].min() >= WEAKEST_INSTRUMENT:
            return in_percent(found.iloc[: len(own)], len(own))
    return pd.DataFrame()


def _fit_instruments(
    rows: pd.DataFrame, pairs: Pairs, effects: Sequence[str], model: Model
) -> pd.DataFrame:
    known = rows.dropna(subset=[name for pair in pairs for name in pair])
    if known["region"].nunique() < FEWEST_CLUSTERS:
        return pd.DataFrame()
    return model.instrumented(
        known,
        endogenous=[rate for rate, _ in pairs],
        instruments=[credit for _, credit in pairs],
        effects=effects,
        cluster="region",
        confidence_level=CONFIDENCE_LEVEL,
    )


def in_percent(found: pd.DataFrame, n_terms: int) -> pd.DataFrame:
    """Give estimates in percent; nothing unless every term was found.

    Parameters
    ----------
    found : pandas.DataFrame
        Tidy estimates in log points.
    n_terms : int
        Terms asked for.

    Returns
    -------
    pandas.DataFrame
        The same in percent, with new numbers of rows.
    """
    if len(found) < n_terms:
        return pd.DataFrame()
    scaled = {name: 100 * found[name] for name in NUMBERS}
    return found.assign(**scaled).reset_index(drop=True)


def is_narrow(lower: float, upper: float) -> bool:
    """Say whether an interval is narrow enough to be of use.

    Parameters
    ----------
    lower, upper : float
        Ends, percent per percentage point; missing where there is no estimate.

    Returns
    -------
    bool
        False for missing ends too.
    """
    return upper - lower <= 2 * WIDEST_REACH


def _fit_linear(rows: pd.DataFrame, **options: object) -> pd.DataFrame:
    return estimate_instrumented_effects(rows, **options).effects  # type: ignore[arg-type]


def _fit_poisson(rows: pd.DataFrame, **options: object) -> pd.DataFrame:
    return estimate_poisson_effects(rows, **options).effects  # type: ignore[arg-type]


def _fit_moved_poisson(rows: pd.DataFrame, **options: object) -> pd.DataFrame:
    return estimate_instrumented_poisson(rows, **options).effects  # type: ignore[arg-type]


LINEAR = Model(estimate_panel_effects, _fit_linear)
"""Least squares of a log."""
POISSON = Model(_fit_poisson, _fit_moved_poisson)
"""A Poisson mean, which keeps zeros."""
