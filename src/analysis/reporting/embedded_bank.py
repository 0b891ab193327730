"""The embedded synthetic bank: made where a quarter or a person asks for it."""

from __future__ import annotations

from pathlib import Path

import yaml
from rich.console import Console
from rich.text import Text

from analysis.data.mapping_files import read_mapping
from analysis.reporting.console import show_progress
from analysis.reporting.unchanged import Request

EMBEDDED = "synthetic"
"""Name of the source that is the embedded bank."""


def make_missing_bank(request: Request, console: Console, *, quiet: bool) -> None:
    """Make the embedded bank if a quarter is to be run on it and it is not there.

    Parameters
    ----------
    request : Request
        What is asked for.
    console : rich.console.Console
        Where progress is drawn.
    quiet : bool
        Whether nothing is to be drawn.
    """
    source = request.source
    path = request.root / "params" / f"{request.quarter}.yml"
    if source is None and path.is_file():
        try:
            source = yaml.safe_load(path.read_text("utf-8"))["source"]
        except (yaml.YAMLError, LookupError, TypeError, ValueError):
            return  # for the checks to tell
    place = find_bank(request.root) if source == EMBEDDED else None
    if place is not None and not place.exists():
        make_embedded_bank(place, console, quiet=quiet)


def find_bank(root: Path) -> Path:
    """Give the place of the embedded bank.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder.

    Returns
    -------
    pathlib.Path
        It may not exist yet.
    """
    return root / Path(read_mapping(EMBEDDED, root).location).expanduser()


def make_embedded_bank(
    place: Path,
    console: Console,
    *,
    customers: int | None = None,
    seed: int | None = None,
    quiet: bool = False,
) -> None:
    """Make the embedded bank and say where it is.

    Parameters
    ----------
    place : pathlib.Path
        Where it goes.
    console : rich.console.Console
        Where progress is drawn.
    customers, seed : int or None
        Its size and its random numbers; the default bank's if None.
    quiet : bool
        Whether nothing is to be drawn.
    """
    from analysis.synthetic import DEFAULT_CUSTOMERS, DEFAULT_SEED, make_bank

    with show_progress(console, quiet=quiet) as progress:
        making = progress.add_task("Making the synthetic bank", total=None)

        def report_progress(done: int, total: int) -> None:
            """Draw how far it is.

            Parameters
            ----------
            done, total : int
                Months made, and all of them.
            """
            progress.update(making, completed=done, total=total)

        make_bank(
            place,
            customers=customers or DEFAULT_CUSTOMERS,
            seed=DEFAULT_SEED if seed is None else seed,
            report_progress=report_progress,
        )
    if not quiet:
        console.print(Text(f"The synthetic bank is in {place}"))
