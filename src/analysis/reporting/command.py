"""The command line: report, plan, compare, withdraw, check, sources and bank.

Each command imports what it needs when it is called: that nothing changed is told in a
second, and numerical libraries take three.
"""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import yaml
from click import ClickException
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.data.mapping_files import find_project_root, list_sources, read_mapping
from analysis.errors import (
    BadInputError,
    QuarterbookError,
    RunBusyError,
    RunFailedError,
)
from analysis.reporting.console import print_report, show_progress
from analysis.reporting.edition import (
    FAILURES,
    Edition,
    Profile,
    open_restricted,
    write_restricted,
)
from analysis.reporting.journal import (
    ConsoleJournal,
    Journal,
    JsonJournal,
    Log,
    tabulate_work,
)
from analysis.reporting.privacy.masking import mask_text
from analysis.reporting.unchanged import Request, find_published, fingerprint_inputs
from analysis.wording import choose

EMBEDDED = "synthetic"
NOT_WHOLE, BAD_INPUT, BUSY = 1, 2, 3
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)

application = typer.Typer(
    help="Quarterly reports on a bank's customers, from parameterised notebooks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Exit code: 0 done; 1 a notebook or a check failed, the disk is full, or "
    "the reports would disclose somebody; 2 the input is bad; 3 another run of the "
    "quarter is at work.",
)
_talk = Console(stderr=True, highlight=False)
_say = Console(highlight=False, soft_wrap=True)

Quarter = Annotated[str, typer.Argument(help="Quarter, for example 2026Q3.")]
Source = Annotated[
    str | None,
    typer.Option(help="Source of data; params/QUARTER.yml names it otherwise."),
]
Language = Annotated[
    str | None,
    typer.Option(help="en or zh; params/QUARTER.yml names it otherwise."),
]
Audience = Annotated[
    Profile,
    typer.Option(
        help="management: reports that name nobody; restricted: the same with lists of "
        "customers to act on, for named persons, in the confidential folder."
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print results and errors only.")
]
Force = Annotated[
    bool, typer.Option("--force", help="Run every notebook, changed or not.")
]
Outputs = Annotated[Path | None, typer.Option(help="Where quarters are published.")]
Restricted = Annotated[
    Path | None,
    typer.Option(
        help="Confidential folder: restricted editions, the key of the pseudonyms, the "
        "register of releases, kept results; restricted/ beside the outputs if absent."
    ),
]


def main() -> None:
    """Run the command line; an error that a user can mend ends it in a sentence."""
    with _end_in_a_sentence(ConsoleJournal(_talk, quiet=True)):
        application()


@application.command()
def report(  # noqa: PLR0913 - each option is one argument
    quarter: Quarter,
    *,
    source: Source = None,
    language: Language = None,
    profile: Audience = "management",
    outputs: Outputs = None,
    restricted: Restricted = None,
    workers: Annotated[
        str | None,
        typer.Option(
            help="Notebooks at a time, or the address of a Dask scheduler; "
            "params/QUARTER.yml names it otherwise, and all cores work if it does not."
        ),
    ] = None,
    force: Force = False,
    log: Annotated[
        Log, typer.Option(help="text for persons, json for one JSON object a line.")
    ] = "text",
    quiet: Quiet = False,
) -> None:
    """Run what changed of a quarter and publish its reports, whole or not at all."""
    journal: Journal = ConsoleJournal(_talk, quiet=quiet)
    if log == "json":
        journal = JsonJournal(sys.stderr)
    with _end_in_a_sentence(journal):
        root = find_project_root()
        edition = _choose_edition(root, profile, outputs, restricted)
        request = Request(root, quarter, edition, source, language)
        _make_missing_bank(request, quiet=quiet or log == "json")
        inputs = fingerprint_inputs(request)
        if not force and inputs and (found := find_published(request, inputs)):
            folder, number = edition.place / quarter, str(found["run"])
            journal.published(folder, number, unchanged=True)
        else:
            folder = _run(request, journal, inputs, workers=workers, force=force)
        _say.print(Text(f"Published: {folder / 'index.html'}"))


@application.command()
def plan(  # noqa: PLR0913 - each option is one argument
    quarter: Quarter,
    *,
    source: Source = None,
    language: Language = None,
    profile: Audience = "management",
    outputs: Outputs = None,
    restricted: Restricted = None,
    force: Force = False,
) -> None:
    """Check params and data, and say what a report would run and why; run nothing."""
    from analysis.reporting.parameters import read_settings
    from analysis.reporting.plan import plan_quarter
    from analysis.reporting.running.kept import Shelf
    from analysis.reporting.running.work import plan_work

    root = find_project_root()
    edition = _choose_edition(root, profile, outputs, restricted)
    request = Request(root, quarter, edition, source, language)
    _make_missing_bank(request, quiet=False)
    settings = read_settings(root, quarter, source, language)
    planned = plan_quarter(root, edition, settings)
    shelf = Shelf(edition.name_shelf(settings.quarter))
    work = plan_work(planned, shelf, force=force)
    _say.print(tabulate_work(work, planned.left_out))


@application.command()
def compare(
    before: Annotated[
        str,
        typer.Argument(
            help="Quarter (2026Q2), run of a quarter (2026Q3@0a1b) or path of a "
            "run.json. Alone: a quarter, compared with its latest earlier run or, "
            "where it has none, with the quarter before."
        ),
    ],
    after: Annotated[
        str | None, typer.Argument(help="The later run, named in the same way.")
    ] = None,
    *,
    outputs: Outputs = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Print what did not move, too.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document, for machines.")
    ] = False,
) -> None:
    """Say what moved beyond its interval between two quarters or runs, and why."""
    from analysis.reporting.comparison.choice import choose_runs
    from analysis.reporting.comparison.printing import print_comparison
    from analysis.reporting.comparison.runs import compare_runs, write_document

    place = outputs or find_project_root() / "outputs"
    earlier, later = choose_runs(place, before, after)
    compared = compare_runs(
        earlier.record, later.record, labels=(earlier.label, later.label)
    )
    if as_json:
        typer.echo(write_document(compared))
    else:
        print_comparison(compared, Console(highlight=False), everything=everything)


@application.command()
def withdraw(
    quarter: Quarter,
    run: Annotated[
        str, typer.Argument(help="Number of the run, as on its pages and in run.json.")
    ],
    outputs: Outputs = None,
    restricted: Restricted = None,
) -> None:
    """Mark a release as withdrawn, once all copies of it have been taken back.

    A later release of the quarter is then no longer compared with it, and its record
    is not kept.
    """
    from analysis.reporting.history import forget_withdrawn
    from analysis.reporting.privacy.releases import withdraw_release
    from analysis.reporting.publish import RECORD

    edition = _choose_edition(find_project_root(), "management", outputs, restricted)
    withdraw_release(edition.register, quarter, run)
    forget_withdrawn(edition.outputs / quarter / RECORD, [run])
    _say.print(Text(f"Withdrawn: run {run} of {quarter}."))


@application.command()
def check(
    source: Annotated[str, typer.Argument(help="Name of a source.")],
    quarter: Annotated[
        str | None, typer.Option(help="Quarter to be reported; all periods if absent.")
    ] = None,
) -> None:
    """Show what of a source maps to the contract, what is missing, and every check."""
    from analysis.data.checks import check_source

    if source == EMBEDDED:
        _make_bank_if_missing(find_project_root(), quiet=False)
    found = check_source(source, quarter)
    print_report(found, _say)
    if not found.passed:
        raise typer.Exit(NOT_WHOLE)


@application.command()
def sources() -> None:
    """List the sources that have a mapping file in params/sources."""
    root = find_project_root()
    table = Table("Source", "Title", "Currency", "Periods", "Location")
    for name in list_sources(root):
        mapping = read_mapping(name, root)
        location = "(a database)" if mapping.kind == "sql" else mapping.location
        table.add_row(
            name,
            choose(mapping.title),
            mapping.currency,
            f"{mapping.period}s",
            location,
        )
    _say.print(table)


@application.command()
def bank(
    customers: Annotated[
        int | None,
        typer.Option(min=2_000, max=2_000_000, help="Customers; 20,000 if absent."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Seed of the random numbers.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Where the bank goes, if not to .bank.")
    ] = None,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Keep a bank that is there.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Make the embedded synthetic bank, whose truths are known."""
    place = folder or _find_bank(find_project_root())
    if not (if_missing and place.exists()):
        _make_bank(place, customers=customers, seed=seed, quiet=quiet)


@contextmanager
def _end_in_a_sentence(journal: Journal) -> Iterator[None]:
    """Let whatever goes wrong end in a sentence and an exit code."""
    try:
        yield
    except (typer.Exit, typer.Abort, ClickException):
        raise  # the command line's own ways to end
    except BadInputError as error:
        journal.refused(error.problems)
        sys.exit(BAD_INPUT)
    except RunBusyError as error:
        journal.stopped(str(error))
        sys.exit(BUSY)
    except QuarterbookError as error:
        journal.stopped(str(error))
        sys.exit(NOT_WHOLE)
    except Exception as error:  # its message and its trace may quote data
        journal.stopped(_describe_crash(error), _keep_trace())
        sys.exit(NOT_WHOLE)


def _run(
    request: Request,
    journal: Journal,
    inputs: str | None,
    *,
    workers: str | None,
    force: bool,
) -> Path:
    """Run a quarter; give the folder that it is published in."""
    from analysis.reporting.pages.catalogue import write_catalogue
    from analysis.reporting.parameters import choose_workers, read_settings
    from analysis.reporting.plan import plan_quarter
    from analysis.reporting.run import run_quarter
    from analysis.reporting.running.isolation import warm_up

    warm_up()
    root, edition = request.root, request.edition
    settings = read_settings(root, request.quarter, request.source, request.language)
    wanted = choose_workers(workers, settings.workers)
    planned = plan_quarter(root, edition, settings)
    journal.checked()
    run = run_quarter(
        planned, workers=wanted, journal=journal, inputs=inputs, force=force
    )
    if not run.is_whole:
        journal.kept_back(run)
        raise typer.Exit(NOT_WHOLE)
    if not edition.is_restricted:
        try:
            write_catalogue(edition.outputs)
        except BadInputError as error:  # the quarter is out: another can't be read
            message = f"The page of all quarters is the old one: {error}"
            raise RunFailedError(message) from error
    journal.published(run.folder, run.number, unchanged=False)
    return run.folder


def _choose_edition(
    root: Path, profile: Profile, outputs: Path | None, restricted: Path | None
) -> Edition:
    place = outputs or root / "outputs"
    return Edition(profile, place, restricted or place.absolute().parent / "restricted")


def _describe_crash(error: Exception) -> str:
    """Say what went wrong without what a message may quote."""
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        return (
            "The disk is full. What was published is untouched, and notebooks that had "
            "ended are kept: free some space and give the same command again."
        )
    first = str(error).partition("\n")[0]
    said = mask_text(f"{type(error).__name__}: {first}").rstrip(": ")
    return f"The program failed: {said}"


def _keep_trace() -> Path | None:
    """Write the trace of what was not foreseen to where only its owner reads it."""
    try:
        folder = open_restricted(find_project_root() / "restricted")
        path = folder / FAILURES / "program.txt"
        write_restricted(path, traceback.format_exc())
    except (OSError, QuarterbookError):
        return None  # the folder can't be written to, or this is no project
    return path


def _make_missing_bank(request: Request, *, quiet: bool) -> None:
    """Make the embedded bank if the quarter is to be run on it."""
    source = request.source
    path = request.root / "params" / f"{request.quarter}.yml"
    if source is None and path.is_file():
        try:
            source = yaml.safe_load(path.read_text("utf-8"))["source"]
        except (yaml.YAMLError, LookupError, TypeError, ValueError):
            return  # for the checks to tell
    if source == EMBEDDED:
        _make_bank_if_missing(request.root, quiet=quiet)


def _make_bank_if_missing(root: Path, *, quiet: bool) -> None:
    place = _find_bank(root)
    if not place.exists():
        _make_bank(place, customers=None, seed=None, quiet=quiet)


def _find_bank(root: Path) -> Path:
    return root / Path(read_mapping(EMBEDDED, root).location).expanduser()


def _make_bank(
    place: Path, *, customers: int | None, seed: int | None, quiet: bool
) -> None:
    from analysis.synthetic import DEFAULT_CUSTOMERS, DEFAULT_SEED, make_bank

    with show_progress(_talk, quiet=quiet) as progress:
        making = progress.add_task("Making the synthetic bank", total=None)

        def report_progress(done: int, total: int) -> None:
            progress.update(making, completed=done, total=total)

        make_bank(
            place,
            customers=customers or DEFAULT_CUSTOMERS,
            seed=DEFAULT_SEED if seed is None else seed,
            report_progress=report_progress,
        )
    if not quiet:
        _talk.print(Text(f"The synthetic bank is in {place}"))
