"""What the command line prints: progress, the check of a source, a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from analysis.errors import Problem

if TYPE_CHECKING:  # heavy, and only named here
    from analysis.data.checks import SourceReport


def show_progress(console: Console, *, quiet: bool) -> Progress:
    """Give the progress bars of long work.

    Parameters
    ----------
    console : rich.console.Console
        Where they are drawn.
    quiet : bool
        Whether nothing is to be drawn, as for a scheduler.

    Returns
    -------
    rich.progress.Progress
        To be used in a with statement.
    """
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=quiet,
    )


def print_report(report: SourceReport, console: Console) -> None:
    """Print what of a source maps, what is missing, and every failed check.

    Parameters
    ----------
    report : SourceReport
        What was found.
    console : rich.console.Console
        Where it is printed.
    """
    info = report.info
    console.print(Text(f"{info.title} ({info.currency}, {info.period}s)", style="bold"))
    mapped = Table()
    for head in ("Table", "Rows", "From", "To"):
        mapped.add_column(head, no_wrap=True)
    mapped.add_column("Read from")
    mapped.add_column("Columns not there")
    for table in report.tables:
        mapped.add_row(
            table.name,
            f"{table.nobs:,}",
            str(table.first or ""),
            str(table.last or ""),
            Text("\n".join(table.origins)),
            "\n".join(table.missing),
        )
    console.print(mapped)
    if report.missing:
        console.print(Text(f"Not there: {', '.join(report.missing)}"))
    failed = [check for check in report.checks if not check.passed]
    for check in failed:
        style = "red" if check.severity == "error" else "yellow"
        console.print(Text(f"\n{check.severity}: {check.message}", style=style))
        console.print(Text(f"  {check.remedy}"))
    passed = len(report.checks) - len(failed)
    console.print(Text(f"\n{passed} of {len(report.checks)} checks passed."))


def print_problem(problem: Problem, console: Console) -> None:
    """Print where a mistake is, what it is and what to do about it.

    Parameters
    ----------
    problem : Problem
        One mistake.
    console : rich.console.Console
        Where it is printed.
    """
    lines = f"\n{problem.where}\n  {problem.what}\n  {problem.remedy}"
    console.print(Text(lines))
