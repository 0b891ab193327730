"""What each notebook of a run is given: parameters, cover, environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.reporting.execute import Job
from analysis.reporting.parameters import SUMMARY, load_study
from analysis.reporting.plan import Plan
from analysis.wording import say


def list_jobs(plan: Plan, staging: Path, run: str) -> Iterator[Job]:
    """Give the jobs of the studies that the source has tables for.

    Parameters
    ----------
    plan : Plan
        What the run does.
    staging : pathlib.Path
        Folder that it fills.
    run : str
        Its number.

    Yields
    ------
    Job
        One per study, in the order of the index page.
    """
    for name in plan.studies:
        parameters = plan.settings.studies[name].model_dump(mode="json")
        yield _make_job(plan, name, staging, run, parameters)


def make_summary_job(plan: Plan, staging: Path, run: str) -> Job:
    """Give the job that reads what the others have found.

    Parameters
    ----------
    plan : Plan
        What the run does.
    staging : pathlib.Path
        Folder that it fills.
    run : str
        Its number.

    Returns
    -------
    Job
        To be run when the others have ended.
    """
    parameters = {"quarter": str(plan.settings.quarter), "run_folder": "."}
    job = _make_job(plan, SUMMARY, staging, run, parameters)
    return replace(job, working_folder=staging)


def _make_job(
    plan: Plan, name: str, staging: Path, run: str, parameters: Mapping[str, Any]
) -> Job:
    page = {
        "title": say(load_study(name).TITLE),
        "quarter": str(plan.settings.quarter),
        "source_title": plan.edition.title_bank(plan.source.info.title),
        "run": run,
        "language": plan.settings.language,
        "layout": "one-page" if name == SUMMARY else "report",
    }
    return Job(
        study=name,
        notebook=plan.root / "notebooks" / f"{name}.ipynb",
        folder=staging.resolve(),
        working_folder=plan.root,
        parameters={
            "source": plan.settings.source,
            "language": plan.settings.language,
            **parameters,
        },
        page=page,
        environment=plan.edition.set_kernels(staging),
        failures=plan.edition.name_failures(plan.settings.quarter),
    )
