"""What a run tells while it works: sentences to a person, JSON to a scheduler."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol

from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table
from rich.text import Text

from analysis.errors import Problem
from analysis.reporting.console import print_problem, show_progress

if TYPE_CHECKING:  # heavy, and only named here
    from analysis.reporting.quarter_run import QuarterRun
    from analysis.reporting.running.execution import Outcome
    from analysis.reporting.running.failures import Failure
    from analysis.reporting.running.work import Work

Log = Literal["text", "json"]


class Journal(Protocol):
    """Takes down what a run does while it does it."""

    def checked(self) -> None:
        """Take down that params and data can be used."""

    def planned(self, work: Sequence[Work], left_out: Mapping[str, str]) -> None:
        """Take down what will run and why.

        Parameters
        ----------
        work : sequence of Work
            What is to be done for each study.
        left_out : mapping of str to str
            The other studies, each with the reason.
        """

    def finished(self, outcome: Outcome, *, kept: bool) -> None:
        """Take down what became of a notebook.

        Parameters
        ----------
        outcome : Outcome
            Its status, and why it failed.
        kept : bool
            Whether its result was taken as kept, and only its pages were made.
        """

    def published(self, folder: Path, number: str, *, unchanged: bool) -> None:
        """Take down that a quarter is out.

        Parameters
        ----------
        folder : pathlib.Path
            Where it is.
        number : str
            Number of the run.
        unchanged : bool
            Whether it was out before and nothing had to be done.
        """

    def kept_back(self, run: QuarterRun) -> None:
        """Take down why a quarter is not published, and what is left.

        Parameters
        ----------
        run : QuarterRun
            What became of the run.
        """

    def refused(self, problems: Sequence[Problem]) -> None:
        """Take down what is wrong with the input.

        Parameters
        ----------
        problems : sequence of Problem
            Every mistake.
        """

    def stopped(self, sentence: str, kept: Path | None = None) -> None:
        """Take down why the program ended.

        Parameters
        ----------
        sentence : str
            What happened, without data.
        kept : pathlib.Path or None
            Where more is kept, for its owner only.
        """


class ConsoleJournal:
    """Tells a person, with progress bars where there is a terminal.

    Parameters
    ----------
    console : rich.console.Console
        Where it is told.
    quiet : bool
        Whether only errors are told.
    """

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self._console = console
        self._quiet = quiet
        self._progress: Progress = show_progress(console, quiet=quiet)
        self._running: TaskID | None = None

    def checked(self) -> None:
        """Tell nothing: what is planned follows at once."""

    def planned(self, work: Sequence[Work], left_out: Mapping[str, str]) -> None:
        """List what will run and why, and start a bar."""
        if self._quiet:
            return
        self._console.print(tabulate_work(work, left_out))
        self._progress.start()
        n = len(work) + 1
        self._running = self._progress.add_task("Running notebooks", total=n)

    def finished(self, outcome: Outcome, *, kept: bool) -> None:
        """Tell one line a notebook."""
        if self._quiet or self._running is None:
            return
        done = "pages made" if kept else outcome.status
        line = f"{outcome.study}: {done} after {outcome.seconds:.1f} s"
        self._progress.console.print(line, style="red" if outcome.error else "")
        self._progress.advance(self._running)

    def published(
        self,
        folder: Path,  # noqa: ARG002 - the result goes to standard output
        number: str,
        *,
        unchanged: bool,
    ) -> None:
        """Tell that nothing had to be done, if so."""
        self._progress.stop()
        if unchanged and not self._quiet:
            text = f"Nothing changed since run {number}: nothing was run."
            self._console.print(Text(text))

    def kept_back(self, run: QuarterRun) -> None:
        """Tell each failure: the cell, the reason, and how to go on."""
        self._progress.stop()
        for outcome in run.outcomes:
            if outcome.failure is not None:
                self._console.print(Text(f"{outcome.study}", style="bold red"))
                self._console.print(_indent(outcome.failure.sentence), style="red")
                for line in _locate(outcome.failure, outcome.study, run.tables):
                    self._console.print(_indent(line))
        if run.failures is not None:
            told = f"Full messages, which may quote data: {run.failures}"
            self._console.print(Text(told))
        for problem in run.problems:
            print_problem(problem, self._console)
        told = "The quarter is not published; what was before is untouched."
        self._console.print(Text(told))
        if run.problems:
            told = "What was made would disclose somebody. Only its owner can open it: "
            self._console.print(Text(f"{told}{run.folder}"))
        else:
            told = f"What was made is in {run.folder}."
            self._console.print(Text(told))
            told = "The same command runs again what failed, and only that."
            self._console.print(Text(told))

    def refused(self, problems: Sequence[Problem]) -> None:
        """Tell every mistake with its place and remedy."""
        self._progress.stop()
        head = f"Nothing was started: {len(problems)} to mend."
        self._console.print(head, style="red")
        for problem in problems:
            print_problem(problem, self._console)

    def stopped(self, sentence: str, kept: Path | None = None) -> None:
        """Tell it in a sentence."""
        self._progress.stop()
        self._console.print(Text(sentence, style="red"))
        if kept is not None:
            told = f"The full trace, which may quote data: {kept}"
            self._console.print(Text(told))


class JsonJournal:
    """Tells a scheduler: one JSON object a line, with the time in UTC.

    Parameters
    ----------
    stream : file object
        Where it is told.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def checked(self) -> None:
        """Tell that params and data can be used."""
        self._tell("checked")

    def planned(self, work: Sequence[Work], left_out: Mapping[str, str]) -> None:
        """Tell one line a study."""
        for one in work:
            action = "run" if one.reason else "keep"
            self._tell("planned", study=one.study, action=action, reason=one.reason)
        for study, reason in left_out.items():
            self._tell("planned", study=study, action="leave out", reason=reason)

    def finished(self, outcome: Outcome, *, kept: bool) -> None:
        """Tell what became of a notebook."""
        failure = outcome.failure
        told = asdict(failure) if failure else {}
        told.pop("detail", None)  # it may quote data
        seconds = round(outcome.seconds, 2)
        status = outcome.status
        study = outcome.study
        self._tell(
            "finished", study=study, status=status, kept=kept, seconds=seconds, **told
        )

    def published(self, folder: Path, number: str, *, unchanged: bool) -> None:
        """Tell where the quarter is."""
        index = str(folder / "index.html")
        self._tell("published", run=number, index=index, unchanged=unchanged)

    def kept_back(self, run: QuarterRun) -> None:
        """Tell why it is not out, and where it is."""
        self._tell(
            "kept back",
            run=run.number,
            folder=str(run.folder),
            problems=[asdict(problem) for problem in run.problems],
            failed=[outcome.study for outcome in run.outcomes if outcome.failure],
        )

    def refused(self, problems: Sequence[Problem]) -> None:
        """Tell every mistake."""
        self._tell("refused", problems=[asdict(problem) for problem in problems])

    def stopped(self, sentence: str, kept: Path | None = None) -> None:
        """Tell it in a sentence."""
        self._tell("stopped", error=sentence, trace=str(kept) if kept else "")

    def _tell(self, event: str, **facts: Any) -> None:  # noqa: ANN401 - any JSON value
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": time, "event": event, **facts}, ensure_ascii=False)
        print(line, file=self._stream, flush=True)


def tabulate_work(work: Sequence[Work], left_out: Mapping[str, str]) -> Table:
    """Show what will run and why.

    Parameters
    ----------
    work : sequence of Work
        What is to be done for each study.
    left_out : mapping of str to str
        The other studies, each with the reason.

    Returns
    -------
    rich.table.Table
        One row per study.
    """
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in ("Study", "Plan", "Because"):
        table.add_column(head)
    for one in work:
        plan = "run" if one.reason else "unchanged"
        table.add_row(one.study, plan, Text(one.reason))
    for study, reason in left_out.items():
        table.add_row(study, "left out", Text(reason))
    return table


def _locate(
    failure: Failure, study: str, tables: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Say where it failed, and over which rows, without any of them."""
    for place in (failure.cell, failure.place):
        if place:
            yield f"In {place}"
    for name, facts in tables.items():
        if study in facts["studies"]:
            span = [str(facts[end]) for end in ("first", "last") if facts.get(end)]
            when = f", {' to '.join(span)}" if span else ""
            yield f"Read {name}: {facts['rows']:,} rows{when}"


def _indent(text: str) -> Text:
    return Text(f"  {text}")
