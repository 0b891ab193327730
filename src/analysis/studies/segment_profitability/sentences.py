"""What findings, tables and charts of the study share: names, scales, refusals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from analysis.presentation.findings import Finding
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.customers.customer_panel import (
    CustomerPanel,
    Measured,
)
from analysis.studies.segment_profitability.parameters import SMALLEST_CHANGE_PP
from analysis.studies.segment_profitability.refusal import Refused
from analysis.units import (
    PERCENTS,
    Unit,
    choose_step,
    write_interval,
    write_money_unit,
    write_number,
    write_value,
)
from analysis.wording import join_names, mark, say

LINE_NAMES: Final = {
    "deposit_margin": mark("Deposit margin"),
    "loan_margin": mark("Loan margin"),
    "fee": mark("Fees"),
    "points": mark("Loyalty points"),
    "cost_to_serve": mark("Cost to serve"),
    "expected_loss": mark("Credit losses"),
    "tax": mark("Tax"),
}
"""Lines of the profit account, to be said where a reader sees them."""

_KEPT_OF_LARGEST = 50
"""A table's largest amount is at least so many steps, to leave digits to small ones."""

Nothing = tuple[()]
"""What a chart or table gives back where its finding already says why."""


def refuse(refused: Refused, *, key: str, requirement: str, question: str) -> Finding:
    """Say that a question cannot be answered from this source.

    Parameters
    ----------
    refused : Refused
        The reason.
    key, requirement : str
        Of the finding.
    question : str
        What cannot be said, as a headline.

    Returns
    -------
    Finding
        Without a number.
    """
    return Finding(
        key=key,
        requirement=requirement,
        headline=question,
        sentence=say("{reason} No number is given.", reason=refused.reason),
        action=refused.remedy,
        verdict="not identified",
        unit=Unit.COUNT,
        nobs=0,
        period=refused.period,
        source=refused.source,
        reason=refused.reason,
        importance=0.1,
    )


def fill_measured(measured: Measured, *, smallest_change: float) -> dict[str, Any]:
    """Give the fields of a finding that a measured number fills.

    Parameters
    ----------
    measured : Measured
        Number, interval and change.
    smallest_change : float
        Smallest change that matters, in the unit of the number.

    Returns
    -------
    dict
        Estimate, interval, previous value, change and verdict.
    """
    return {
        "estimate": measured.estimate,
        "lower": measured.lower,
        "upper": measured.upper,
        "previous": measured.previous,
        "change": measured.judge(smallest_change),
        "verdict": "measured",
    }


class Measurable(Protocol):
    """What numbers are measured on: an account, a trial."""

    @property
    def quarter(self) -> str:
        """Quarter reported."""

    @property
    def source(self) -> str:
        """Name of the source."""


def fill_interval(
    measured: Measurable, estimate: float, lower: float, upper: float
) -> dict[str, Any]:
    """Give the fields of a finding that a number with its interval fills.

    Parameters
    ----------
    measured : Measurable
        What it was measured on.
    estimate, lower, upper : float
        The number and its interval.

    Returns
    -------
    dict
        Estimate, interval, verdict, period and source.
    """
    return {
        "verdict": "measured",
        "period": measured.quarter,
        "source": measured.source,
        "estimate": float(estimate),
        "lower": float(lower),
        "upper": float(upper),
    }


def fill_customers(
    measured: Measured,
    panel: CustomerPanel,
    unit: Unit = Unit.PERCENT,
    *,
    smallest_change: float = SMALLEST_CHANGE_PP,
) -> dict[str, Any]:
    """Give the fields of a finding that a number measured on all customers fills.

    Parameters
    ----------
    measured : Measured
        Number, interval and change.
    panel : CustomerPanel
        The customers.
    unit : Unit
        Of the number; no money.
    smallest_change : float
        Smallest change that matters, in the unit of the number.

    Returns
    -------
    dict
        Those of `fill_measured`, and unit, observations, period and source.
    """
    return {
        "unit": unit,
        "nobs": panel.now.n_customers,
        "period": panel.account.quarter,
        "source": panel.account.source,
        **fill_measured(measured, smallest_change=smallest_change),
    }


def write_measured(measured: Measured, unit: Unit, currency: str = "") -> str:
    """Write a number with its interval.

    Parameters
    ----------
    measured : Measured
        Number and interval.
    unit : Unit
        What it counts.
    currency : str
        ISO code, needed for `Unit.MONEY`.

    Returns
    -------
    str
        For example "12.0% (11.1% to 12.9%)".
    """
    return say(
        "{value} ({interval})",
        value=write_value(measured.estimate, unit, currency=currency),
        interval=write_interval(
            measured.lower, measured.upper, unit, currency=currency
        ),
    )


def write_since(measured: Measured, unit: Unit, currency: str = "") -> str:
    """Write a sentence on the quarter before, and on the year before where known.

    Parameters
    ----------
    measured : Measured
        Number with its earlier values, where there are any.
    unit : Unit
        What it counts.
    currency : str
        ISO code, needed for `Unit.MONEY`.

    Returns
    -------
    str
        A whole sentence.
    """
    if measured.previous is None:
        return say("The quarter before is not known.")
    value = write_value(measured.previous, unit, currency=currency)
    year_ago = measured.year_ago
    if year_ago is None:
        return say("A quarter earlier it was {value}.", value=value)
    points = Unit.PERCENTAGE_POINTS if unit in PERCENTS else unit
    return say(
        "A quarter earlier it was {value}, a year earlier {year_ago} (change since: "
        "{interval}).",
        value=value,
        year_ago=write_value(year_ago.value, unit, currency=currency),
        interval=write_interval(
            year_ago.change_lower, year_ago.change_upper, points, currency=currency
        ),
    )


def scale_amounts(
    rows: pd.DataFrame, names: Iterable[str], currency: str
) -> tuple[pd.DataFrame, str]:
    """Divide amounts of a table by the step in which a reader's language writes them.

    Parameters
    ----------
    rows : pandas.DataFrame
        Amounts in major currency units.
    names : iterable of str
        Their columns.
    currency : str
        ISO code.

    Returns
    -------
    pandas.DataFrame, str
        A copy with a column "<name>_scaled" for each, and the unit of those in words.
    """
    columns = list(names)
    numbers = rows[columns].to_numpy(np.float64)
    largest = float(np.nanmax(np.abs(numbers), initial=0.0))
    step = choose_step(largest / _KEPT_OF_LARGEST)
    scaled = {f"{name}_scaled": rows[name] / step.divisor for name in columns}
    return rows.assign(**scaled), write_money_unit(currency, step)


def write_missing(account: ProfitAccount) -> str:
    """Write which lines the source cannot fill.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of all customers.

    Returns
    -------
    str
        A whole sentence.
    """
    if not account.refused:
        return say("No line is missing.")
    names = [say(LINE_NAMES[line]).lower() for line in account.refused]
    return say("Not counted, for want of data: {names}.", names=join_names(names))


def write_share(share: float) -> str:
    """Write a setting as percent, without idle decimals.

    Parameters
    ----------
    share : float
        From 0 to 1.

    Returns
    -------
    str
        For example "15%".
    """
    percent = 100 * share
    decimals = 0 if math.isclose(percent, round(percent)) else 1
    return say("{number}%", number=write_number(percent, decimals=decimals))


def name_product(product: str, tenor_months: int) -> str:
    """Name a product with its term, where it has one.

    Parameters
    ----------
    product : str
        Name of the product.
    tenor_months : int
        Term in months, 0 for none.

    Returns
    -------
    str
        For example "term deposit, 12 months".
    """
    if not tenor_months:
        return product
    return say("{product}, {term} months", product=product, term=int(tenor_months))
