"""Run a quarter: make all reports, look them over, publish them or keep them apart."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import Problem
from analysis.reporting import publish
from analysis.reporting.edition import LISTS, open_restricted, protect
from analysis.reporting.execute import Job, Outcome, record_path, run_jobs
from analysis.reporting.jobs import list_jobs, make_summary_job
from analysis.reporting.pages.index import write_index
from analysis.reporting.pages.workbook import write_tables
from analysis.reporting.parameters import load_study
from analysis.reporting.plan import Plan
from analysis.reporting.privacy.release_gate import Verdict, judge, remember
from analysis.reporting.record import (
    StudyRecord,
    find_commit,
    fingerprint_code,
    fingerprint_source,
    hash_files,
    hash_text,
    record_study,
    write_record,
)
from analysis.wording import say, speak

_RUN_NUMBER_LENGTH = 8


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
    problems : tuple of Problem
        What would have disclosed somebody; empty for a run that may leave.
    failures : pathlib.Path or None
        Where full messages of failed cells are; None if no cell failed.
    """

    folder: Path
    outcomes: tuple[Outcome, ...]
    left_out: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    failures: Path | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every notebook ran to its end and nothing kept the quarter back."""
        return _are_completed(self.outcomes) and not self.problems


def run_quarter(
    plan: Plan, *, workers: int, report_progress: Callable[[Outcome], None]
) -> QuarterRun:
    """Run a plan and publish the quarter if it is whole and discloses nobody.

    Parameters
    ----------
    plan : Plan
        What to do.
    workers : int
        How many notebooks run at a time.
    report_progress : callable
        Called with the outcome of each notebook as it comes.

    Returns
    -------
    QuarterRun
        What became of it. An incomplete run is kept apart from what is published; one
        that would disclose somebody is moved into the restricted folder.
    """
    quarter, edition = plan.settings.quarter, plan.edition
    failures = edition.name_failures(quarter)
    shutil.rmtree(failures, ignore_errors=True)
    open_restricted(edition.restricted)
    run = _describe_run(plan)
    with (
        speak(plan.settings.language),
        publish.stage(edition.place, quarter) as staging,
    ):
        jobs = list(list_jobs(plan, staging, run["run"]))
        outcomes = run_jobs(jobs, workers=workers, report_progress=report_progress)
        summary = make_summary_job(plan, staging, run["run"])
        outcomes += run_jobs([summary], workers=1, report_progress=report_progress)
        jobs.append(summary)
        run |= _write_whole(jobs, outcomes, staging)
        records = _record(plan, jobs, outcomes)
        write_index(staging / "index.html", _title(plan, run), records)
        write_record(staging / publish.RECORD, run, records)
        verdict = judge(plan, staging, run["run"], _list_notebooks(jobs, outcomes))
        run["disclosure"] = verdict.describe()
        write_record(staging / publish.RECORD, run, records)
        folder = _settle(plan, staging, verdict, outcomes)
    left = failures if failures.exists() else None
    return QuarterRun(folder, outcomes, plan.left_out, verdict.problems, left)


def _title(plan: Plan, run: Mapping[str, Any]) -> dict[str, Any]:
    """Give a run as its page's masthead names the bank."""
    source = run["source"]
    title = plan.edition.title_bank(source["title"])
    return {**run, "source": {**source, "title": title}}


def _are_completed(outcomes: Sequence[Outcome]) -> bool:
    return all(outcome.status == "completed" for outcome in outcomes)


def _list_notebooks(jobs: list[Job], outcomes: tuple[Outcome, ...]) -> dict[str, Path]:
    pairs = zip(jobs, outcomes, strict=True)
    return {
        job.study: record_path(job)
        for job, outcome in pairs
        if outcome.status == "completed"
    }


def _write_whole(
    jobs: list[Job], outcomes: tuple[Outcome, ...], staging: Path
) -> dict[str, dict[str, str]]:
    """Write what belongs to the quarter as a whole; give its files for the record."""
    notebooks = _list_notebooks(jobs, outcomes)
    studies = [
        (job.study, str(job.page["title"]), notebooks[job.study])
        for job in jobs
        if job.study in notebooks
    ]
    lists = [path for path in staging.glob(f"{LISTS}/*") if path.is_file()]
    tables = write_tables(staging, studies)
    titles = {path.relative_to(staging).as_posix(): tables[path] for path in tables}
    return {"files": hash_files(staging, [*tables, *lists]), "tables": titles}


def _settle(
    plan: Plan, staging: Path, verdict: Verdict, outcomes: tuple[Outcome, ...]
) -> Path:
    """Put a run where it belongs."""
    edition, quarter = plan.edition, plan.settings.quarter
    if not verdict.may_leave:
        return edition.withhold(staging, quarter)
    if edition.is_restricted:
        protect(staging)
    if not _are_completed(outcomes):
        return publish.keep_incomplete(staging, edition.place, quarter)
    remember(plan, verdict)
    return publish.publish(staging, edition.place, quarter)


def _describe_run(plan: Plan) -> dict[str, Any]:
    settings, info, edition = plan.settings, plan.source.info, plan.edition.profile
    data = fingerprint_source(plan.root, settings.source)
    code = fingerprint_code(plan.root)
    parameters = {name: settings.studies[name].model_dump() for name in plan.studies}
    language = settings.language
    number = hash_text(str(settings.quarter), language, edition, data, code, parameters)
    return {
        "quarter": str(settings.quarter),
        "run": number[:_RUN_NUMBER_LENGTH],
        "language": language,
        "edition": edition,
        "reviewer": settings.reviewer,
        "source": {
            "name": info.name,
            "title": info.title,
            "currency": info.currency,
            "attribution": info.attribution,
            "fingerprint": data,
        },
        "code": {"fingerprint": code, "commit": find_commit(plan.root)},
    }


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
