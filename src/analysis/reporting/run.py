"""Run a quarter: check all, run what can be run, publish it whole or keep it apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.data.checks import find_problems
from analysis.data.opening import Source, open_source
from analysis.errors import BadInputError, Problem
from analysis.reporting import publish
from analysis.reporting.execute import Job, Outcome, run_jobs
from analysis.reporting.index import write_index
from analysis.reporting.parameters import STUDIES, SUMMARY, Settings, load_study
from analysis.reporting.record import (
    StudyRecord,
    find_commit,
    fingerprint_code,
    fingerprint_source,
    hash_text,
    record_study,
    write_record,
)
from analysis.wording import join_names, say, speak

_RUN_NUMBER_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder.
    settings : Settings
        Quarter, source and parameters, checked.
    source : Source
        The open source, its tables checked.
    studies : tuple of str
        The studies that the source has the tables for.
    left_out : dict of str to str
        The other studies, each with a sentence that says why.
    """

    root: Path
    settings: Settings
    source: Source
    studies: tuple[str, ...]
    left_out: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QuarterRun:
    """What became of a run.

    Parameters
    ----------
    folder : pathlib.Path
        Where its reports are.
    outcomes : tuple of Outcome
        One per notebook.
    left_out : dict of str to str
        Studies left out, each with a sentence that says why.
    """

    folder: Path
    outcomes: tuple[Outcome, ...]
    left_out: Mapping[str, str]

    @property
    def is_whole(self) -> bool:
        """Whether every notebook ran to its end, so that the quarter is published."""
        return all(outcome.status == "completed" for outcome in self.outcomes)


def plan_quarter(root: Path, outputs: Path, settings: Settings) -> Plan:
    """Check everything that can be checked before a notebook starts.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder.
    outputs : pathlib.Path
        Where quarters are published.
    settings : Settings
        Quarter, source and parameters.

    Returns
    -------
    Plan
        What a run will do.

    Raises
    ------
    BadInputError
        With every mistake of the source, its tables and the place to publish.
    """
    publish.require_writable(outputs)
    problems = list(publish.find_problems(outputs, settings.quarter, settings.source))
    source = open_source(settings.source, root=root)
    with speak(settings.language):
        absent = {name: _explain_absence(name, source) for name in STUDIES}
    left_out = {name: reason for name, reason in absent.items() if reason}
    studies = tuple(name for name in STUDIES if name not in left_out)
    if not studies:
        remedy = "Map the tables that one of them needs."
        where = f"params/sources/{settings.source}.yml"
        problems.append(Problem(" ".join(left_out.values()), where, remedy))
    wanted = {table for name in studies for table in _list_tables(name)}
    names = tuple(name for name in source if name in wanted)
    problems += find_problems(settings.source, names, str(settings.quarter), root=root)
    if problems:
        raise BadInputError(problems)
    return Plan(root, settings, source, studies, left_out)


def run_quarter(
    plan: Plan,
    outputs: Path,
    *,
    workers: int,
    report_progress: Callable[[Outcome], None],
) -> QuarterRun:
    """Run a plan and publish the quarter if every notebook ran to its end.

    Parameters
    ----------
    plan : Plan
        What to do.
    outputs : pathlib.Path
        Where quarters are published.
    workers : int
        How many notebooks run at a time.
    report_progress : callable
        Called with the outcome of each notebook as it comes.

    Returns
    -------
    QuarterRun
        What became of it; an incomplete run is kept apart from what is published.
    """
    quarter = plan.settings.quarter
    run = _describe_run(plan)
    with speak(plan.settings.language), publish.stage(outputs, quarter) as staging:
        jobs = list(_list_jobs(plan, staging, run["run"]))
        outcomes = run_jobs(jobs, workers=workers, report_progress=report_progress)
        summary = _make_summary_job(plan, staging, run["run"])
        outcomes += run_jobs([summary], workers=1, report_progress=report_progress)
        records = _record(plan, [*jobs, summary], outcomes)
        write_index(staging / "index.html", run, records)
        write_record(staging / publish.RECORD, run, records)
        if all(outcome.status == "completed" for outcome in outcomes):
            folder = publish.publish(staging, outputs, quarter)
        else:
            folder = publish.keep_incomplete(staging, outputs, quarter)
    return QuarterRun(folder, outcomes, plan.left_out)


def _list_tables(name: str) -> tuple[str, ...]:
    study = load_study(name)
    return (*study.TABLES, *study.OPTIONAL_TABLES)


def _explain_absence(name: str, source: Source) -> str:
    study = load_study(name)
    missing = [table for table in study.TABLES if table not in source]
    if not missing:
        return ""
    return say(
        "{title} is left out, because {source} has no {tables}.",
        title=say(study.TITLE),
        source=source.info.title,
        tables=join_names([table.replace("_", " ") for table in missing]),
    )


def _describe_run(plan: Plan) -> dict[str, Any]:
    settings, info = plan.settings, plan.source.info
    data = fingerprint_source(plan.root, settings.source)
    code = fingerprint_code(plan.root)
    parameters = {name: settings.studies[name].model_dump() for name in plan.studies}
    language = settings.language
    number = hash_text(str(settings.quarter), language, data, code, parameters)
    return {
        "quarter": str(settings.quarter),
        "run": number[:_RUN_NUMBER_LENGTH],
        "language": language,
        "source": {
            "name": info.name,
            "title": info.title,
            "currency": info.currency,
            "attribution": info.attribution,
            "fingerprint": data,
        },
        "code": {"fingerprint": code, "commit": find_commit(plan.root)},
    }


def _list_jobs(plan: Plan, staging: Path, run: str) -> Iterator[Job]:
    for name in plan.studies:
        parameters = plan.settings.studies[name].model_dump(mode="json")
        yield _make_job(plan, name, staging, run, parameters)


def _make_summary_job(plan: Plan, staging: Path, run: str) -> Job:
    parameters = {
        "quarter": str(plan.settings.quarter),
        "run_folder": ".",
    }
    job = _make_job(plan, SUMMARY, staging, run, parameters)
    return replace(job, working_folder=staging)


def _make_job(
    plan: Plan, name: str, staging: Path, run: str, parameters: Mapping[str, Any]
) -> Job:
    page = {
        "title": say(load_study(name).TITLE),
        "quarter": str(plan.settings.quarter),
        "source_title": plan.source.info.title,
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
    )


def _record(
    plan: Plan, jobs: list[Job], outcomes: tuple[Outcome, ...]
) -> tuple[StudyRecord, ...]:
    made = tuple(
        record_study(job, outcome) for job, outcome in zip(jobs, outcomes, strict=True)
    )
    left = tuple(
        StudyRecord(
            name=name,
            title=say(load_study(name).TITLE),
            status="left out",
            reason=reason,
            parameters={},
            findings=(),
            files={},
        )
        for name, reason in plan.left_out.items()
    )
    return made + left
