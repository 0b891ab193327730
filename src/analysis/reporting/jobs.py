"""What each notebook of a run is given: parameters, cover, environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.data.known_checks import write_checks
from analysis.reporting.parameters import SUMMARY, load_study
from analysis.reporting.plan import Plan
from analysis.reporting.running.execution import Job, Record
from analysis.reporting.running.work import Work
from analysis.wording import say


def make_study_job(
    plan: Plan, work: Work, run: Mapping[str, Any], workplace: Path
) -> Job:
    """Give the job of a study that the source has tables for.

    Parameters
    ----------
    plan : Plan
        What the run does.
    work : Work
        The study, and what is kept of it.
    run : dict
        What run.json says of the run as a whole.
    workplace : pathlib.Path
        Folder for what is needed while it runs.

    Returns
    -------
    Job
        To be run at any time.
    """
    parameters = plan.settings.studies[work.study].model_dump(mode="json")
    return _make_job(plan, work, run, workplace, parameters=parameters)


def make_summary_job(
    plan: Plan,
    work: Work,
    run: Mapping[str, Any],
    workplace: Path,
    records: Mapping[str, Record],
) -> Job:
    """Give the job that reads what the others have found.

    Parameters
    ----------
    plan : Plan
        What the run does.
    work : Work
        What is kept of it.
    run : dict
        What run.json says of the run as a whole.
    workplace : pathlib.Path
        Folder for what is needed while it runs.
    records : mapping of str to Record
        What the others have left.

    Returns
    -------
    Job
        To be run when the others have ended.
    """
    parameters = {"quarter": str(plan.settings.quarter), "run_folder": "."}
    reports = {study: record.notebook for study, record in records.items()}
    return _make_job(plan, work, run, workplace, parameters=parameters, reports=reports)


def _make_job(
    plan: Plan,
    work: Work,
    run: Mapping[str, Any],
    workplace: Path,
    *,
    parameters: Mapping[str, Any],
    reports: Mapping[str, bytes] | None = None,
) -> Job:
    settings, edition, study = plan.settings, plan.edition, work.study
    page = {
        "title": say(load_study(study).TITLE),
        "quarter": str(settings.quarter),
        "source_title": edition.title_bank(plan.source.info.title),
        "run": run["run"],
        "date": run["date"],
        "language": settings.language,
        "layout": "one-page" if study == SUMMARY else "report",
    }
    given = {"source": settings.source, "language": settings.language}
    return Job(
        study=study,
        notebook=plan.root / "notebooks" / f"{study}.ipynb",
        working_folder=plan.root,
        parameters={**given, **parameters},
        page=page,
        environment=edition.set_kernels(),
        writes_lists=edition.is_restricted,
        reports=reports,
        checks=write_checks(plan.source, settings.quarter, plan.checks),
        workplace=workplace,
        record=work.record,
    )
