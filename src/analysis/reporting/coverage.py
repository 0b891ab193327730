"""What run.json says of the tables that a run reads, and of params that were set."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from analysis.data.table_extents import measure_table
from analysis.presentation.disclosure.rules import current_rules
from analysis.reporting.parameters import load_study
from analysis.reporting.plan import Plan


def describe_tables(plan: Plan) -> dict[str, dict[str, Any]]:
    """Say how much of each contract table a run reads, and which studies read it.

    Parameters
    ----------
    plan : Plan
        What the run does.

    Returns
    -------
    dict of str to dict
        Rows, rows of the quarter, first and last period, customers and studies by
        table, in the contract's order. Fewer customers than may be shown are None, and
        so are their rows.
    """
    readers = {study: _list_tables(study) for study in plan.studies}
    tables = [name for name in plan.source if any(name in r for r in readers.values())]
    return {
        name: _describe(plan, name)
        | {"studies": [study for study in readers if name in readers[study]]}
        for name in tables
    }


def describe_params(plan: Plan) -> dict[str, dict[str, Any]]:
    """Give the parameters that differ from their study's defaults.

    Parameters
    ----------
    plan : Plan
        What the run does.

    Returns
    -------
    dict of str to dict
        Value by parameter, by study; studies that run with their defaults are left
        out.
    """
    models = {study: plan.settings.studies[study] for study in plan.studies}
    set_values = {
        study: model.model_dump(mode="json", exclude_defaults=True, exclude={"quarter"})
        for study, model in models.items()
    }
    return {study: values for study, values in set_values.items() if values}


def _list_tables(study: str) -> frozenset[str]:
    module = load_study(study)
    return frozenset((*module.TABLES, *module.OPTIONAL_TABLES))


def _describe(plan: Plan, name: str) -> dict[str, Any]:
    extent = asdict(measure_table(plan.source, name, plan.settings.quarter))
    days = {end: extent[end].isoformat() for end in ("first", "last") if extent[end]}
    customers = extent["customers"]
    is_few = customers is not None and customers < current_rules().minimum_count
    hidden = dict.fromkeys(("customers", "quarter_rows")) if is_few else {}
    return extent | days | hidden
