"""Run a quarter: make all reports, look them over, publish them or keep them apart."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.reporting import publish
from analysis.reporting.coverage import describe_params, describe_tables
from analysis.reporting.durable import hold
from analysis.reporting.edition import LISTS, open_restricted, protect, write_restricted
from analysis.reporting.fingerprints import (
    find_commit,
    find_day,
    fingerprint_code,
    fingerprint_source,
    hash_files,
    hash_text,
)
from analysis.reporting.history import forget_withdrawn
from analysis.reporting.jobs import make_study_job, make_summary_job
from analysis.reporting.journal import Journal
from analysis.reporting.pages.index import write_index
from analysis.reporting.pages.workbook import write_tables
from analysis.reporting.parameters import load_study
from analysis.reporting.plan import Plan
from analysis.reporting.privacy.bank_keys import KeyColumn, find_key_columns
from analysis.reporting.privacy.release_gate import Verdict, judge, remember
from analysis.reporting.privacy.releases import list_withdrawn
from analysis.reporting.quarter_run import QuarterRun, are_completed
from analysis.reporting.record import (
    StudyRecord,
    name_files,
    record_study,
    write_record,
)
from analysis.reporting.running.execution import NOTEBOOKS, Job, Made, Outcome
from analysis.reporting.running.kept import Shelf
from analysis.reporting.running.work import Work, plan_summary, plan_work
from analysis.reporting.running.workers import open_executor, run_jobs
from analysis.wording import say, speak

_RUN_NUMBER_LENGTH = 8


@dataclass(frozen=True, slots=True)
class _Run:
    """A run at work: what to do, where it is laid out, kept and taken down."""

    plan: Plan
    staging: Path
    shelf: Shelf
    facts: dict[str, Any]
    journal: Journal

    @property
    def number(self) -> str:
        return str(self.facts["run"])


def run_quarter(
    plan: Plan,
    *,
    workers: int | str,
    journal: Journal,
    inputs: str | None = None,
    force: bool = False,
) -> QuarterRun:
    """Run a plan and publish the quarter if it is whole and discloses nobody.

    Parameters
    ----------
    plan : Plan
        What to do.
    workers : int or str
        How many notebooks run at a time, or the address of a Dask scheduler.
    journal : Journal
        Takes down what is done.
    inputs : str or None
        Fingerprint of all that the quarter is made of, if it is known.
    force : bool
        Whether notebooks run whose result is kept.

    Returns
    -------
    QuarterRun
        What became of it. An incomplete run is kept apart from what is published; one
        that would disclose somebody is moved into the restricted folder.

    Raises
    ------
    RunBusyError
        If another run of the quarter is at work.
    BadInputError
        If the workers can't be used.
    OSError
        If the disk takes no more; what was published is untouched.
    """
    settings, edition = plan.settings, plan.edition
    with (
        speak(settings.language),
        ThreadPoolExecutor(1) as beside,
        open_executor(workers) as executor,
        publish.stage(edition.place, settings.quarter) as staging,
    ):
        open_restricted(edition.restricted)
        shutil.rmtree(edition.name_failures(settings.quarter), ignore_errors=True)
        facts = _describe_run(plan) | {"inputs": inputs}
        shelf = Shelf(edition.name_shelf(settings.quarter))
        run = _Run(plan, staging, shelf, facts, journal)
        work = plan_work(plan, shelf, force=force)
        jobs, made = _run_studies(run, work, executor)
        # The summary is short and alone: what it does not need is counted beside it.
        tables = beside.submit(describe_tables, plan)
        columns = beside.submit(find_key_columns, plan.source)
        last = _run_summary(run, jobs, made, executor, force=force)
        if are_completed([one.outcome for one in made]):
            shelf.clear([(one.study, one.key) for one in (*work, last)])
        facts["source"]["tables"] = tables.result()
        return _finish(run, jobs, made, columns.result())


def _run_studies(
    run: _Run, work: Sequence[Work], executor: Executor
) -> tuple[list[Job], list[Made]]:
    """Run the studies side by side."""
    run.journal.planned(work, run.plan.left_out)
    workplace = run.staging.parent
    jobs = [make_study_job(run.plan, one, run.facts, workplace) for one in work]
    return jobs, [*run_jobs(executor, jobs, _take(run, work))]


def _run_summary(
    run: _Run, jobs: list[Job], made: list[Made], executor: Executor, *, force: bool
) -> Work:
    """Run the summary over what the studies have left, and add it to them."""
    records = {
        one.outcome.study: one.record
        for one in made
        if one.record is not None and one.outcome.status == "completed"
    }
    work = plan_summary(run.plan, run.shelf, records, force=force)
    workplace = run.staging.parent
    jobs.append(make_summary_job(run.plan, work, run.facts, workplace, records))
    made += run_jobs(executor, jobs[-1:], _take(run, [work]))
    return work


def _take(run: _Run, work: Sequence[Work]) -> Callable[[Made], None]:
    """Give what keeps and lays out the result of each job as it comes."""
    by_study = {one.study: one for one in work}

    def take(made: Made) -> None:
        one = by_study[made.outcome.study]
        if one.record is None:
            _keep(run, one, made)
        for name, content in name_files(made).items():
            _write(run.staging / name, content)
        for name, content in (made.record.lists if made.record else {}).items():
            _write(run.staging / LISTS / name, content)
        run.journal.finished(made.outcome, kept=one.record is not None)

    return take


def _keep(run: _Run, work: Work, made: Made) -> None:
    failure = made.outcome.failure
    if failure is None and made.record is not None:
        run.shelf.keep(work.study, work.key, made.record)
    if failure is not None and failure.detail:
        folder = run.plan.edition.name_failures(run.plan.settings.quarter)
        write_restricted(folder / f"{work.study}.txt", failure.detail)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def _finish(
    run: _Run,
    jobs: Sequence[Job],
    made: Sequence[Made],
    columns: Sequence[KeyColumn],
) -> QuarterRun:
    """Write what belongs to the quarter as a whole, look it over and settle it."""
    plan, staging = run.plan, run.staging
    outcomes = tuple(one.outcome for one in made)
    facts = run.facts | _write_whole(jobs, outcomes, staging)
    records = _record(plan, jobs, made)
    write_index(staging / "index.html", _title(plan, facts), records)
    write_record(staging / publish.RECORD, facts, records)
    with hold(plan.edition.restricted):  # one release at a time enters the register
        notebooks = _list_notebooks(outcomes, staging)
        verdict = judge(plan, staging, run.number, notebooks, columns)
        facts["disclosure"] = verdict.describe()
        write_record(staging / publish.RECORD, facts, records)
        folder = _settle(plan, staging, verdict, outcomes)
    failures = plan.edition.name_failures(plan.settings.quarter)
    left = failures if failures.exists() else None
    tables = facts["source"]["tables"]
    return QuarterRun(folder, run.number, outcomes, verdict.problems, left, tables)


def _title(plan: Plan, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Give a run as its page's masthead names the bank."""
    source = facts["source"]
    title = plan.edition.title_bank(source["title"])
    return {**facts, "source": {**source, "title": title}}


def _list_notebooks(outcomes: Sequence[Outcome], staging: Path) -> dict[str, Path]:
    return {
        outcome.study: staging / NOTEBOOKS / f"{outcome.study}.ipynb"
        for outcome in outcomes
        if outcome.status == "completed"
    }


def _write_whole(
    jobs: Sequence[Job], outcomes: Sequence[Outcome], staging: Path
) -> dict[str, dict[str, str]]:
    """Write what belongs to the quarter as a whole; give its files for the record."""
    notebooks = _list_notebooks(outcomes, staging)
    studies = [
        (job.study, str(job.page["title"]), notebooks[job.study])
        for job in jobs
        if job.study in notebooks
    ]
    lists = [path for path in staging.glob(f"{LISTS}/*") if path.is_file()]
    tables = write_tables(staging, studies, str(jobs[0].page["date"]))
    titles = {path.relative_to(staging).as_posix(): tables[path] for path in tables}
    return {"files": hash_files(staging, [*tables, *lists]), "tables": titles}


def _settle(
    plan: Plan, staging: Path, verdict: Verdict, outcomes: Sequence[Outcome]
) -> Path:
    """Put a run where it belongs."""
    edition, quarter = plan.edition, plan.settings.quarter
    if not verdict.may_leave:
        return edition.withhold(staging, quarter)
    if edition.is_restricted:
        protect(staging)
    if not are_completed(outcomes):
        return publish.keep_incomplete(staging, edition.place, quarter)
    remember(plan, verdict)
    folder = publish.publish(staging, edition.place, quarter)
    withdrawn = list_withdrawn(edition.register, str(quarter))
    forget_withdrawn(folder / publish.RECORD, withdrawn)
    return folder


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
        "date": find_day(plan.root),
        "reviewer": settings.reviewer,
        "source": {
            "name": info.name,
            "title": info.title,
            "currency": info.currency,
            "attribution": info.attribution,
            "fingerprint": data,
        },
        "params": describe_params(plan),
        "code": {"fingerprint": code, "commit": find_commit(plan.root)},
    }


def _record(
    plan: Plan, jobs: Sequence[Job], made: Sequence[Made]
) -> tuple[StudyRecord, ...]:
    records = tuple(record_study(job, one) for job, one in zip(jobs, made, strict=True))
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
    return records + left
