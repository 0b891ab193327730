"""A comparison of two runs as the console shows it, most important first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.presentation.rendering.characters import clean
from analysis.reporting.comparison.findings import Fate, Figure, FindingChange
from analysis.reporting.comparison.inputs import Explanation, InputChange
from analysis.reporting.comparison.movement import Relation, Rule
from analysis.reporting.comparison.runs import RunComparison, StudyChange
from analysis.reporting.comparison.tables import Loss, TableChange, TableSize
from analysis.units import Unit, write_interval, write_number, write_value

_TITLES: dict[Relation, str] = {
    "next quarter": "{after}, beside the quarter before, {before}",
    "other quarter": "{after} beside {before}",
    "restatement": "{after}, a restatement of {before}",
}
_FATES: dict[Fate, str] = {
    "up": "moved up",
    "down": "moved down",
    "found": "newly identified",
    "lost": "no longer identified",
    "differs": "differs",
    "steady": "no clear change",
    "open": "not identified",
    "not comparable": "can't be compared",
    "only before": "no longer reported",
    "only after": "newly reported",
}
_COUNTS: dict[Fate, str] = {
    "found": "newly identified",
    "lost": "no longer identified",
    "differs": "full counts that differ",
    "not comparable": "can't be compared",
    "only after": "newly reported",
    "only before": "no longer reported",
}
_FINDING_PART = 4
"""A quarter of the console is for what is measured."""
_WIDEST = 28
_LONGEST_HEAD = 16
_COUNTED: dict[Loss, str] = {
    "rows": "rows",
    "rows of the quarter": "quarter_rows",
    "customers": "customers",
}
_STYLES: dict[Fate, str] = {
    "up": "bold",
    "down": "bold",
    "lost": "yellow",
    "not comparable": "yellow",
    "only before": "yellow",
    "steady": "dim",
    "open": "dim",
}
_MARKS: dict[Rule, str] = {
    "the study's own test": "a",
    "interval of the difference": "b",
    "outside the earlier interval": "c",
    "full counts": "d",
}
_RULES: dict[Rule, str] = {
    "the study's own test": "the study's own judgement of the change since the quarter "
    "before",
    "interval of the difference": "whether the interval of the difference, two "
    "independent estimates, leaves zero out",
    "outside the earlier interval": "whether the new value lies outside the interval "
    "that was published before",
    "full counts": "full counts of the books: no interval, any difference counts",
}


def print_comparison(
    comparison: RunComparison, console: Console, *, everything: bool
) -> None:
    """Print what differs between two runs.

    Parameters
    ----------
    comparison : RunComparison
        The two runs.
    console : rich.console.Console
        Where it is printed.
    everything : bool
        Whether what did not move is printed too.
    """
    before, after = comparison.before, comparison.after
    title = _TITLES[comparison.relation]
    title = title.format(before=before.label, after=after.label)
    console.print(Text(title, style="bold"))
    console.print(Text(f"Runs {before.run} and {after.run}.", style="dim"))
    _print_inputs(comparison, console)
    _print_findings(comparison, console, everything=everything)
    _print_explanations(comparison.explanations, console)
    _print_studies(comparison.studies, console)
    _print_tables(comparison, console, everything=everything)


def _print_inputs(comparison: RunComparison, console: Console) -> None:
    _print_head("What went in", console)
    if not comparison.inputs:
        console.print("Data, params, code and versions are the same.")
        return
    table = Table(box=None, pad_edge=False)
    for head in ("Input", *_name_columns(comparison)):
        table.add_column(head, overflow="fold")
    for change in comparison.inputs:
        table.add_row(_name_input(change), Text(change.before), Text(change.after))
    console.print(table)


def _name_columns(comparison: RunComparison) -> Iterator[str]:
    """Name the two columns of numbers; a path would be wider than these."""
    for run in (comparison.before, comparison.after):
        yield run.label if len(run.label) <= _LONGEST_HEAD else f"run {run.run}"


def _name_input(change: InputChange) -> Text:
    return Text(f"{change.kind} {change.name}".strip())


def _print_findings(
    comparison: RunComparison, console: Console, *, everything: bool
) -> None:
    _print_head("Headline numbers", console)
    console.print(_count_findings(comparison))
    shown = [each for each in comparison.findings if each.is_moved or everything]
    if not shown:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Finding", width=console.width // _FINDING_PART)
    for head in _name_columns(comparison):
        table.add_column(head, justify="right", overflow="fold")
    table.add_column("Change", justify="right")
    table.add_column("Verdict", max_width=_WIDEST)
    for study, changes in groupby(shown, key=lambda each: each.study):
        table.add_row(Text(study.replace("_", " "), style="italic"))
        for change in changes:
            table.add_row(*_write_row(change), style=_STYLES.get(change.fate, ""))
    console.print(table)
    used = {each.rule for each in shown}
    for rule in (rule for rule in _RULES if rule in used):
        console.print(Text(f"{_MARKS[rule]}  {_RULES[rule]}", style="dim"))


def _count_findings(comparison: RunComparison) -> Text:
    n_pairs = sum(bool(each.before and each.after) for each in comparison.findings)
    fates = [each.fate for each in comparison.findings]
    n_moved = fates.count("up") + fates.count("down")
    counts = {fate: fates.count(fate) for fate in _COUNTS}
    told = [f"Clearly moved: {n_moved} of {n_pairs} findings"]
    told += [f"{_COUNTS[fate]}: {n}" for fate, n in counts.items() if n]
    return Text("; ".join(told) + ".")


def _write_row(change: FindingChange) -> tuple[Text, ...]:
    mark = f" ({_MARKS[change.rule]})" if change.rule else ""
    fate = f"{_FATES[change.fate]}{mark}"
    if change.reason:
        fate += f": {change.reason}"
    return (
        Text(clean(change.measure)),
        _write_figure(change.before),
        _write_figure(change.after),
        _write_change(change),
        Text(fate),
    )


def _write_figure(figure: Figure | None) -> Text:
    if figure is None:
        return Text("-")
    if figure.estimate is None:
        return Text("not identified")
    size = write_value(figure.estimate, figure.unit, currency=figure.currency)
    if figure.lower is None or figure.upper is None:
        return Text(size)
    interval = write_interval(
        figure.lower, figure.upper, figure.unit, currency=figure.currency
    )
    return Text(f"{size}\n{interval}")


def _write_change(change: FindingChange) -> Text:
    figure = change.after
    if change.change is None or figure is None:
        return Text("")
    is_share = figure.unit is Unit.PERCENT
    unit = Unit.PERCENTAGE_POINTS if is_share else figure.unit
    size = write_value(change.change, unit, currency=figure.currency, signed=True)
    if change.change_lower is None or change.change_upper is None:
        return Text(size)
    interval = write_interval(
        change.change_lower, change.change_upper, unit, currency=figure.currency
    )
    return Text(f"{size}\n{interval}")


def _print_explanations(
    explanations: tuple[Explanation, ...], console: Console
) -> None:
    if not explanations:
        return
    _print_head("What explains it", console)
    for each in explanations:
        causes = "; ".join(each.causes)
        missing = "no input that it uses differs, so its numbers should not"
        study = each.study.replace("_", " ")
        told = f"{study} ({each.n_moved} of its findings): {causes or missing}."
        console.print(Text(told, style="" if causes else "red"))


def _print_studies(studies: Iterable[StudyChange], console: Console) -> None:
    changed = tuple(studies)
    if not changed:
        return
    _print_head("Studies that appeared or left", console)
    for each in changed:
        reason = f" {each.reason}" if each.reason else ""
        told = f"{each.study}: was {each.before}, is {each.after}.{reason}"
        console.print(Text(told))


def _print_tables(
    comparison: RunComparison, console: Console, *, everything: bool
) -> None:
    _print_head("Rows and customers of the quarter", console)
    if comparison.tables is None:
        console.print("The record of an earlier version does not tell them.")
        return
    if not everything and not any(each.differs for each in comparison.tables):
        console.print("The same in every table.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Table", no_wrap=True)
    for head in ("Rows before", "after", "Customers before", "after"):
        table.add_column(head, justify="right")
    table.add_column("Less than before")
    for change in comparison.tables:
        style = "yellow" if change.losses else ""
        table.add_row(*_write_table(change), style=style)
    console.print(table)


def _write_table(change: TableChange) -> Iterator[Text]:
    sizes = (change.before, change.after)
    yield Text(change.table)
    yield from (Text(_write_rows(size)) for size in sizes)
    yield from (Text(_write_count(size.customers if size else None)) for size in sizes)
    yield Text(", ".join(_write_loss(change, loss) for loss in change.losses))


def _write_loss(change: TableChange, loss: Loss) -> str:
    """Write what of a table is less, a count with the share that is missing."""
    name = _COUNTED.get(loss)
    if name is None or change.before is None or change.after is None:
        return loss
    was, now = (getattr(size, name) for size in (change.before, change.after))
    share = write_value(100 * (now / was - 1), Unit.PERCENT, signed=True)
    return f"{loss} {share}"


def _write_rows(size: TableSize | None) -> str:
    if size is None:
        return "-"
    return _write_count(size.rows if size.quarter_rows is None else size.quarter_rows)


def _write_count(value: int | None) -> str:
    return "" if value is None else write_number(value)


def _print_head(title: str, console: Console) -> None:
    console.print(Text(f"\n{title}", style="bold"))
