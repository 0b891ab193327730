"""The command line: quarterbook report, withdraw, check, sources, bank."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.data.checks import check_source
from analysis.data.mapping_files import find_project_root, list_sources, read_mapping
from analysis.errors import BadInputError, QuarterbookError, RunFailedError
from analysis.reporting.console import (
    explain_crash,
    explain_failure,
    print_problem,
    print_report,
    show_progress,
)
from analysis.reporting.edition import (
    FAILURES,
    Edition,
    Profile,
    open_restricted,
    write_restricted,
)
from analysis.reporting.execute import Outcome
from analysis.reporting.pages.catalogue import write_catalogue
from analysis.reporting.parameters import Settings, load_study, read_settings
from analysis.reporting.plan import plan_quarter
from analysis.reporting.privacy.releases import withdraw_release
from analysis.reporting.run import QuarterRun, run_quarter
from analysis.synthetic import DEFAULT_CUSTOMERS, DEFAULT_SEED, make_bank
from analysis.wording import choose

EMBEDDED = "synthetic"
NOT_WHOLE, BAD_INPUT = 1, 2

application = typer.Typer(
    help="Quarterly reports on a bank's customers, from parameterised notebooks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Exit code: 0 done; 1 a notebook or a check failed, or the reports would "
    "disclose somebody; 2 the input is bad.",
)
_talk = Console(stderr=True, highlight=False)
_say = Console(highlight=False, soft_wrap=True)

Quarter = Annotated[str, typer.Argument(help="Quarter, for example 2026Q3.")]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print results and errors only.")
]
Outputs = Annotated[Path | None, typer.Option(help="Where quarters are published.")]
Restricted = Annotated[
    Path | None,
    typer.Option(
        help="Confidential folder: restricted editions, the key of the pseudonyms, the "
        "register of releases; restricted/ beside the outputs if absent."
    ),
]


def main() -> None:
    """Run the command line; an error that a user can mend ends it in a sentence."""
    try:
        application()
    except BadInputError as error:
        _talk.print(f"Nothing was started: {len(error.problems)} to mend.", style="red")
        for problem in error.problems:
            print_problem(problem, _talk)
        sys.exit(BAD_INPUT)
    except QuarterbookError as error:
        _talk.print(Text(str(error), style="red"))
        sys.exit(NOT_WHOLE)
    except Exception as error:  # its message and its trace may quote data
        explain_crash(error, _keep_trace(), _talk)
        sys.exit(NOT_WHOLE)


@application.command()
def report(  # noqa: PLR0913 - each option is one argument
    quarter: Quarter,
    *,
    source: Annotated[
        str | None,
        typer.Option(help="Source of data; params/QUARTER.yml names it otherwise."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(help="en or zh; params/QUARTER.yml names it otherwise."),
    ] = None,
    profile: Annotated[
        Profile,
        typer.Option(
            help="management: reports that name nobody; restricted: the same with "
            "lists of customers to act on, for named persons, in the confidential "
            "folder."
        ),
    ] = "management",
    outputs: Outputs = None,
    restricted: Restricted = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Notebooks at a time; all cores if absent."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Run a quarter and publish its reports, whole or not at all."""
    root = find_project_root()
    settings = read_settings(root, quarter, source, language)
    if settings.source == EMBEDDED:
        _make_missing_bank(root, quiet=quiet)
    edition = _choose_edition(root, profile, outputs, restricted)
    run = _run(root, edition, settings, workers or os.cpu_count() or 1, quiet=quiet)
    if not quiet:
        _talk.print(*map(Text, run.left_out.values()), sep="\n")
    if not run.is_whole:
        explain_failure(run, _talk)
        raise typer.Exit(NOT_WHOLE)
    _say.print(Text(f"Published: {run.folder / 'index.html'}"))
    if not edition.is_restricted:
        _list_quarters(edition.outputs)


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

    A later release of the quarter is then no longer compared with it.
    """
    edition = _choose_edition(find_project_root(), "management", outputs, restricted)
    withdraw_release(edition.register, quarter, run)
    _say.print(Text(f"Withdrawn: run {run} of {quarter}."))


@application.command()
def check(
    source: Annotated[str, typer.Argument(help="Name of a source.")],
    quarter: Annotated[
        str | None, typer.Option(help="Quarter to be reported; all periods if absent.")
    ] = None,
) -> None:
    """Show what of a source maps to the contract, what is missing, and every check."""
    if source == EMBEDDED:
        _make_missing_bank(find_project_root(), quiet=False)
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
        int, typer.Option(min=2_000, max=2_000_000, help="Customers.")
    ] = DEFAULT_CUSTOMERS,
    seed: Annotated[
        int, typer.Option(min=0, help="Seed of the random numbers.")
    ] = DEFAULT_SEED,
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


def _choose_edition(
    root: Path, profile: Profile, outputs: Path | None, restricted: Path | None
) -> Edition:
    place = outputs or root / "outputs"
    return Edition(profile, place, restricted or place.absolute().parent / "restricted")


def _run(
    root: Path, edition: Edition, settings: Settings, workers: int, *, quiet: bool
) -> QuarterRun:
    with show_progress(_talk, quiet=quiet) as progress:
        checking = progress.add_task("Checking parameters and data", total=1)
        plan = plan_quarter(root, edition, settings)
        progress.update(checking, completed=1)
        running = progress.add_task("Running notebooks", total=len(plan.studies) + 1)

        def report_progress(outcome: Outcome) -> None:
            title = load_study(outcome.study).TITLE
            line = f"{title}: {outcome.status} after {outcome.seconds:.0f} s"
            if not quiet:
                progress.console.print(line, style="red" if outcome.error else "")
            progress.advance(running)

        return run_quarter(plan, workers=workers, report_progress=report_progress)


def _list_quarters(outputs: Path) -> None:
    try:
        write_catalogue(outputs)
    except BadInputError as error:  # the quarter is out: another one can't be read
        message = f"The page of all quarters is the old one: {error}"
        raise RunFailedError(message) from error


def _keep_trace() -> Path | None:
    """Write the trace of what was not foreseen to where only its owner reads it."""
    try:
        folder = open_restricted(find_project_root() / "restricted")
        path = folder / FAILURES / "program.txt"
        write_restricted(path, traceback.format_exc())
    except (OSError, QuarterbookError):
        return None  # the folder can't be written to, or this is no project
    return path


def _make_missing_bank(root: Path, *, quiet: bool) -> None:
    place = _find_bank(root)
    if not place.exists():
        _make_bank(place, customers=DEFAULT_CUSTOMERS, seed=DEFAULT_SEED, quiet=quiet)


def _find_bank(root: Path) -> Path:
    return root / Path(read_mapping(EMBEDDED, root).location).expanduser()


def _make_bank(place: Path, *, customers: int, seed: int, quiet: bool) -> None:
    with show_progress(_talk, quiet=quiet) as progress:
        making = progress.add_task("Making the synthetic bank", total=None)

        def report_progress(done: int, total: int) -> None:
            progress.update(making, completed=done, total=total)

        make_bank(
            place, customers=customers, seed=seed, report_progress=report_progress
        )
    if not quiet:
        _talk.print(Text(f"The synthetic bank is in {place}"))
