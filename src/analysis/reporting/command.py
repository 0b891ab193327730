"""The command line: report, plan, compare, withdraw, check, truth, sources and bank.

Each command imports what it needs when it is called: that nothing changed is told in a
second, and numerical libraries take three.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from analysis.data.mapping_files import find_project_root
from analysis.errors import BadInputError, RunFailedError
from analysis.reporting.console import print_report
from analysis.reporting.edition import Edition, Profile
from analysis.reporting.embedded_bank import (
    EMBEDDED,
    find_bank,
    make_embedded_bank,
    make_missing_bank,
)
from analysis.reporting.ending import NOT_WHOLE, end_in_a_sentence
from analysis.reporting.journal import (
    ConsoleJournal,
    Journal,
    JsonJournal,
    Log,
    tabulate_work,
)
from analysis.reporting.unchanged import Request, find_published, fingerprint_inputs
from analysis.reporting.upkeep import bank, sources, truth

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
    with end_in_a_sentence(ConsoleJournal(_talk, quiet=True)):
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
    with end_in_a_sentence(journal):
        root = find_project_root()
        edition = _choose_edition(root, profile, outputs, restricted)
        request = Request(root, quarter, edition, source, language)
        make_missing_bank(request, _talk, quiet=quiet or log == "json")
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
    make_missing_bank(request, _talk, quiet=False)
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

    place = find_bank(find_project_root()) if source == EMBEDDED else None
    if place is not None and not place.exists():
        make_embedded_bank(place, _talk)
    found = check_source(source, quarter)
    print_report(found, _say)
    if not found.passed:
        raise typer.Exit(NOT_WHOLE)


for _command in (truth, sources, bank):
    application.command()(_command)


def _run(
    request: Request,
    journal: Journal,
    inputs: str | None,
    *,
    workers: str | None,
    force: bool,
) -> Path:
    """Run a quarter; give the folder that it is published in."""
    from analysis.reporting.running.isolation import warm_up

    warm_up()  # it imports while this process does
    gc.disable()  # nothing that is imported can be freed
    from analysis.reporting.pages.catalogue import write_catalogue
    from analysis.reporting.parameters import choose_workers, read_settings
    from analysis.reporting.plan import plan_quarter
    from analysis.reporting.run import run_quarter

    gc.enable()
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
    gc.freeze()  # the process ends: nothing is looked through for what could be freed
    return run.folder


def _choose_edition(
    root: Path, profile: Profile, outputs: Path | None, restricted: Path | None
) -> Edition:
    place = outputs or root / "outputs"
    return Edition(profile, place, restricted or place.absolute().parent / "restricted")
