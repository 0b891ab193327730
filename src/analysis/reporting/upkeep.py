"""Commands beside the quarter: truth, sources and bank."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.data.mapping_files import find_project_root, list_sources, read_mapping
from analysis.reporting.embedded_bank import find_bank, make_embedded_bank
from analysis.reporting.ending import end_in_a_sentence
from analysis.reporting.journal import ConsoleJournal
from analysis.wording import choose

_talk = Console(stderr=True, highlight=False)
_say = Console(highlight=False, soft_wrap=True)


def truth(
    study: Annotated[str, typer.Argument(help="Name of a study.")],
    *,
    scenario: Annotated[
        list[str] | None,
        typer.Option(help="World to be drawn; may be repeated. All if absent."),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(min=1, help="Worlds of each scenario; the study's own if absent."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Start of random numbers.")] = 1,
    output: Annotated[
        Path | None,
        typer.Option(help="CSV file for the scores; they are printed if absent."),
    ] = None,
) -> None:
    """Score a study's estimators on drawn worlds whose truth is known; takes long."""
    with end_in_a_sentence(ConsoleJournal(_talk, quiet=True)):
        from analysis.reporting.truth import load_truth, score_study

        known = load_truth(study)
        wanted = scenario or list(known.SCENARIOS)
        scores = score_study(
            study,
            draws={name: draws or known.DRAWS.get(name, 1) for name in wanted},
            seed=seed,
            workers=os.cpu_count() or 1,
        )
        if output is None:
            _say.print(Text(scores.to_string(index=False)))
        else:
            output.parent.mkdir(parents=True, exist_ok=True)
            scores.to_csv(output, index=False, lineterminator="\n")


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
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print results and errors only.")
    ] = False,
) -> None:
    """Make the embedded synthetic bank, whose truths are known."""
    place = folder or find_bank(find_project_root())
    if not (if_missing and place.exists()):
        make_embedded_bank(place, _talk, customers=customers, seed=seed, quiet=quiet)
