"""What each notebook of a run would do, and why: run again, or stand as it was kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from analysis.presentation.disclosure.pseudonyms import read_key
from analysis.presentation.disclosure.rules import current_rules
from analysis.reporting.fingerprints import hash_bytes, hash_file, list_versions
from analysis.reporting.parameters import SUMMARY, load_study
from analysis.reporting.plan import Plan
from analysis.reporting.running.execution import Record
from analysis.reporting.running.kept import Shelf
from analysis.reporting.running.keys import Key, explain_run
from analysis.reporting.running.reach import fingerprint_catalogue, fingerprint_modules
from analysis.reporting.running.table_contents import fingerprint_tables


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done for one study.

    Parameters
    ----------
    study : str
        Name of the study.
    key : Key
        What its result depends on.
    reason : str
        Why its notebook must run; empty where its kept result stands.
    record : Record or None
        The kept result.
    """

    study: str
    key: Key
    reason: str
    record: Record | None = None


def plan_work(plan: Plan, shelf: Shelf, *, force: bool = False) -> tuple[Work, ...]:
    """Say for each study whether its notebook must run, and why.

    Parameters
    ----------
    plan : Plan
        What the run does.
    shelf : Shelf
        Results of earlier runs.
    force : bool
        Whether all must run.

    Returns
    -------
    tuple of Work
        One per study, in the order of the index page.
    """
    keys = {study: _make_study_key(plan, study) for study in plan.studies}
    return tuple(_decide(shelf, study, keys[study], force=force) for study in keys)


def plan_summary(
    plan: Plan, shelf: Shelf, records: Mapping[str, Record], *, force: bool = False
) -> Work:
    """Say whether the summary must be written again.

    Parameters
    ----------
    plan : Plan
        What the run does.
    shelf : Shelf
        Results of earlier runs.
    records : mapping of str to Record
        Executed notebooks that it reads.
    force : bool
        Whether it must.

    Returns
    -------
    Work
        Its key holds the content of every report that it reads.
    """
    inputs = {study: hash_bytes(record.notebook) for study, record in records.items()}
    key = _make_key(plan, SUMMARY, {}, inputs)
    return _decide(shelf, SUMMARY, key, force=force)


def _decide(shelf: Shelf, study: str, key: Key, *, force: bool) -> Work:
    if force:
        return Work(study, key, "asked for")
    record = shelf.find(study, key)
    if record is not None:
        return Work(study, key, "", record)
    return Work(study, key, explain_run(key, shelf.list_keys(study)))


def _make_study_key(plan: Plan, study: str) -> Key:
    module = load_study(study)
    parameters = plan.settings.studies[study].model_dump(mode="json")
    read = (*module.TABLES, *module.OPTIONAL_TABLES)
    return _make_key(plan, study, parameters, fingerprint_tables(plan.source, read))


def _make_key(
    plan: Plan, study: str, parameters: Mapping[str, Any], inputs: Mapping[str, str]
) -> Key:
    notebook = plan.root / "notebooks" / f"{study}.ipynb"
    return Key(
        notebook=hash_file(notebook),
        parameters=parameters,
        inputs=inputs,
        modules=fingerprint_modules(notebook),
        settings=_list_settings(plan),
    )


def _list_settings(plan: Plan) -> dict[str, str]:
    settings, edition = plan.settings, plan.edition
    listed = {
        "quarter": str(settings.quarter),
        "source": settings.source,
        "language": settings.language,
        "catalogue": fingerprint_catalogue(settings.language),
        "edition": edition.profile,
        "rules of disclosure": str(asdict(current_rules())),
        **list_versions(),
    }
    if edition.is_restricted:
        listed["key of pseudonyms"] = hash_bytes(read_key(edition.key))
    return listed
