"""Findings on which branches and managers stand out."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.levels.measures import name_measure
from analysis.studies.satisfaction_drivers.levels.unit_funnel import UnitFunnel
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused, refuse
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import join_names, mark, say

_CALLED_BY_NAME = 3


def find_branches(funnel: UnitFunnel | Refused, parameters: Parameters) -> Finding:
    """Say which branches stand out once their customers are allowed for.

    Parameters
    ----------
    funnel : UnitFunnel or Refused
        Branches against their limits.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    Finding
        How far ordinary branches differ, and who is beyond that.
    """
    if isinstance(funnel, Refused):
        question = say("Branches cannot be compared fairly")
        return refuse(funnel, key="branches_apart", requirement="C9", question=question)
    return _find(funnel, parameters, "branches_apart")


def find_managers(funnel: UnitFunnel | Refused, parameters: Parameters) -> Finding:
    """Say whether relationship managers can be told apart at all.

    Parameters
    ----------
    funnel : UnitFunnel or Refused
        Managers against their limits.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    Finding
        How far managers differ; refused when a fair comparison is not possible.
    """
    if isinstance(funnel, Refused):
        question = say("No scorecard of managers is given")
        return refuse(funnel, key="managers_apart", requirement="C9", question=question)
    return _find(funnel, parameters, "managers_apart")


def _find(funnel: UnitFunnel, parameters: Parameters, key: str) -> Finding:
    unit = name_measure(funnel.measure)[1]
    pooled = funnel.pooled
    return Finding(
        key=key,
        requirement="C9",
        headline=_write_headline(funnel),
        sentence=_write_limits(funnel, unit),
        action=_advise(funnel),
        measure=(
            say("Usual difference between branches")
            if funnel.unit == "home_branch"
            else say("Usual difference between managers")
        ),
        verdict="measured",
        unit=unit,
        nobs=int(funnel.table["nobs"].sum()),
        period=funnel.quarters[1],
        source=funnel.source,
        estimate=pooled.spread,
        lower=pooled.spread_lower,
        upper=pooled.spread_upper,
        confidence_level=parameters.confidence_level,
        importance=0.5 if len(funnel.below) else 0.2,
    )


def _write_headline(funnel: UnitFunnel) -> str:
    low, high = _list_known(funnel.below), _list_known(funnel.above)
    if not low and not high:
        return (
            say("No branch stands out once its customers are allowed for")
            if funnel.unit == "home_branch"
            else say("No manager stands out once customers are allowed for")
        )
    if not low:
        return say("{names} stand out above the others", names=join_names(high))
    return say("{names} stand out below the others", names=join_names(low))


def _list_known(rows: pd.DataFrame) -> list[str]:
    """Name the clearest, as far as enough customers are behind them."""
    known = rows[rows["people"] >= MINIMUM_CELL]
    return [str(name) for name in known["unit"].iloc[:_CALLED_BY_NAME]]


def _write_limits(funnel: UnitFunnel, unit: Unit) -> str:
    pooled = funnel.pooled
    words = {
        "judged": len(funnel.table),
        "first": write_quarter(funnel.quarters[0]),
        "last": write_quarter(funnel.quarters[1]),
        "low": len(funnel.below),
        "high": len(funnel.above),
        "spread": write_value(pooled.spread, unit),
        "interval": write_interval(pooled.spread_lower, pooled.spread_upper, unit),
        "nobs": write_number(funnel.table["nobs"].sum()),
    }
    template = (
        mark(
            "Of {judged} branches with enough answers from {first} to {last}, {low} "
            "lie below and {high} above what chance, their customers and the usual "
            "difference between branches explain; that difference is {spread} "
            "({interval}; {nobs} answers)."
        )
        if funnel.unit == "home_branch"
        else mark(
            "Of {judged} managers with enough answers from {first} to {last}, {low} "
            "lie below and {high} above what chance, their customers and the usual "
            "difference between managers explain; that difference is {spread} "
            "({interval}; {nobs} answers)."
        )
    )
    return say(template, **words)


def _advise(funnel: UnitFunnel) -> str:
    low = _list_known(funnel.below)
    if funnel.unit == "manager":
        return say(
            "Talk with managers who stand out; set no pay by this score, which sees "
            "only those who answered."
        )
    if low:
        return say("Visit {names} and ask what customers miss.", names=join_names(low))
    return say(
        "Do not rank branches by this score, and set no targets on single branches."
    )
