"""Which further cells must be hidden so that none that is hidden can be worked out.

A cell that the primary rules hide is safe when the interval that a reader can infer
is wide: a count must stay open by at least the smallest count that may be shown, an
amount by p % of itself on both sides. Until all are safe, the cheapest cell that helps
is hidden too: parts before totals, small values before large ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from analysis.presentation.disclosure.intervals import (
    Audit,
    Interval,
    Knowledge,
    Relation,
    find_groups,
)
from analysis.presentation.disclosure.primary import (
    Marks,
    Numbers,
    find_dominated,
    find_guessable,
    find_rare,
    find_telling_parts,
)
from analysis.presentation.disclosure.rules import RuleSet
from analysis.presentation.disclosure.structure import Cells


def find_sensitive(cells: Cells, rules: RuleSet) -> Marks:
    """Find the cells that the primary rules hide.

    Parameters
    ----------
    cells : Cells
        A table's numbers.
    rules : RuleSet
        The rules in force.

    Returns
    -------
    numpy.ndarray of bool, shape (lines, columns)
        True where a cell says too much by itself; a line of too few customers whole.
    """
    values, minimum = cells.numbers, rules.minimum_count
    counts = values[:, 0]
    sensitive = np.zeros(values.shape, dtype=np.bool_)
    parts = cells.list_parts_of_count()
    for place in range(1, cells.structure.n_counts):
        groups = counts if place in parts else np.inf
        sensitive[:, place] = find_telling_parts(
            values[:, place], np.broadcast_to(groups, counts.shape), minimum=minimum
        )
    for name, measured in cells.measures.items():
        place = cells.structure.columns.index(name)
        sensitive[:, place] |= _find_concentrated(measured, rules)
    sensitive[find_rare(counts, minimum=minimum)] = True
    return sensitive


def hide_enough(cells: Cells, sensitive: Marks, rules: RuleSet) -> Marks:
    """Hide sensitive cells, and as few others as protect them.

    Parameters
    ----------
    cells : Cells
        A table's numbers.
    sensitive : numpy.ndarray of bool, shape (lines, columns)
        What `find_sensitive` found.
    rules : RuleSet
        The rules in force.

    Returns
    -------
    numpy.ndarray of bool, shape (lines, columns)
        True where nothing may be shown.

    Raises
    ------
    ValueError
        If a table can't be protected.

    References
    ----------
    .. [1] Hundepool, A. et al., Handbook on Statistical Disclosure Control, 2nd ed.,
       section 4.2.2: a pattern is valid if no feasibility interval is closer to the
       true value than the protection levels; the lower level equals the upper one.
    """
    if not sensitive.any():
        return sensitive
    hidden = _hide_lines(cells, sensitive, rules.minimum_count)
    search = _Search(cells, cells.find_knowledge(), sensitive, rules)
    zeros = []
    while (exposed := search.find_exposed(hidden)) is not None:
        chosen = _choose(cells, search.known.relations, hidden.ravel(), exposed)
        hidden = _set(hidden, chosen, True)
        zeros += [chosen] if search.known.values[chosen] == 0 else []
    for cell in zeros:  # hidden in vain if a sum had to follow
        shown = _set(hidden, cell, False)
        hidden = shown if search.find_exposed(shown) is None else hidden
    return hidden


def _find_concentrated(measured: Numbers, rules: RuleSet) -> Marks:
    largest, second, absolute = measured.T
    dominated = find_dominated(
        largest,
        second,
        absolute,
        n=rules.dominance_n,
        percent=rules.dominance_percent,
    )
    guessable = find_guessable(largest, second, absolute, percent=rules.p_percent)
    return dominated | guessable


def _hide_lines(cells: Cells, sensitive: Marks, minimum: int) -> Marks:
    """Hide lines until those hidden describe enough customers together.

    What the total holds beyond the lines shown is published by subtraction.
    """
    hidden = sensitive.copy()
    counts, total = cells.numbers[:, 0], cells.total_line
    whole, parts = find_rare(counts, minimum=minimum), cells.parts
    if total is None or whole[total]:
        return hidden
    order = [line for line in np.argsort(counts, kind="stable") if parts[line]]
    spare = [line for line in order if counts[line] > 0 and not whole[line]]
    inner = whole & parts
    while inner.any() and (inner.sum() < 2 or counts[inner].sum() < minimum):
        if not spare:
            whole[total] = counts[total] > 0
            break
        inner[spare.pop(0)] = True
    hidden[inner | whole] = True
    return hidden


def _find_thin_union(
    cells: Cells, hidden: Marks, sensitive: Marks, rules: RuleSet
) -> int | None:
    """Find an amount whose hidden parts are still concentrated when put together.

    Their sum is published by subtraction, whatever the sign of its parts; a part that
    one customer dominates is then known to the second largest.
    """
    total = cells.total_line
    for name, measured in cells.measures.items():
        place = cells.structure.columns.index(name)
        lines = hidden[:, place] & cells.parts
        if total is None or hidden[total, place] or not lines.any():
            continue
        largest, second = np.sort(measured[lines, :2].ravel())[-2:][::-1]
        union = np.array([[largest, second, measured[lines, 2].sum()]])
        unsafe = np.flatnonzero(lines & sensitive[:, place])
        if len(unsafe) and _find_concentrated(union, rules)[0]:
            return cells.number(int(unsafe[0]), place)
    return None


class _Search:
    """The search for a sensitive cell that is not yet safe."""

    def __init__(
        self, cells: Cells, known: Knowledge, sensitive: Marks, rules: RuleSet
    ) -> None:
        self.cells, self.known, self.rules = cells, known, rules
        self.sensitive = sensitive
        size = np.abs(cells.numbers)
        nonzero = np.where(size > 0, size, np.inf).min(axis=0)
        smallest = np.where(np.isfinite(nonzero), nonzero, 0.0)
        # Zero has no per cent: it must look like the smallest amount shown.
        levels = rules.p_percent / 100 * np.where(size > 0, size, smallest)
        columns = np.arange(size.shape[1])
        is_count = np.broadcast_to(columns < cells.structure.n_counts, size.shape)
        self.is_count = is_count.ravel()
        # A count of zero describes nobody.
        self.judged = (sensitive & ~(is_count & (size == 0))).ravel()
        self.slack = 1e-6 * levels.ravel()
        self.lower = np.maximum(known.values - levels.ravel(), known.floors)
        self.upper = np.minimum(known.values + levels.ravel(), known.ceilings)
        self.proved: set[tuple[int, ...]] = set()

    def find_exposed(self, hidden: Marks) -> int | None:
        """Find a cell that readers can work out, or nearly so."""
        exposed = _find_thin_union(self.cells, hidden, self.sensitive, self.rules)
        if exposed is not None:
            return exposed
        for group in find_groups(self.known.relations, hidden.ravel()):
            if group in self.proved:
                continue
            audit = Audit(self.known, group)
            for cell in group:
                if self.judged[cell] and not self.is_wide(cell, audit.infer(cell)):
                    return cell
            self.proved.add(group)
        return None

    def is_wide(self, cell: int, found: Interval) -> bool:
        """Say whether a cell is safe behind an interval."""
        if self.is_count[cell]:
            return found.upper - found.lower >= self.rules.minimum_count - 1e-6
        reaches_down = found.lower <= self.lower[cell] + self.slack[cell]
        return bool(reaches_down and found.upper >= self.upper[cell] - self.slack[cell])


def _choose(
    cells: Cells, relations: Sequence[Relation], hidden: Marks, exposed: int
) -> int:
    """Choose the cheapest cell that makes an exposed one harder to work out."""
    groups = find_groups(relations, hidden)
    linked = set(next(group for group in groups if exposed in group))
    near = [each for each in relations if not each.at_most and linked & {*each.cells}]
    weak = [each for each in near if sum(hidden[cell] for cell in each.cells) == 1]
    own = [each for each in weak if exposed in each.cells]
    same = [each for each in near if exposed in each.cells]
    prices = _price(cells)
    for pool in (own, weak, same, near):
        options = _list_visible(pool, hidden)
        if options:
            return min(options, key=lambda cell: _rank(cell, weak, prices))
    message = (
        "The table can't be protected: its relations give a hidden cell away even "
        "with every other cell hidden. Leave the table out."
    )
    raise ValueError(message)


def _list_visible(relations: Iterable[Relation], hidden: Marks) -> list[int]:
    found = {cell for each in relations for cell in each.cells if not hidden[cell]}
    return sorted(found)


def _rank(
    cell: int, weak: Sequence[Relation], prices: Sequence[tuple[int, float]]
) -> tuple[int, int, float, int]:
    kind, size = prices[cell]
    closed = sum(cell in each.cells for each in weak)
    return kind, -closed, size, cell


def _price(cells: Cells) -> list[tuple[int, float]]:
    """Give how dear each cell is: kind, then size.

    The kinds are parts, parts of zero (they help only where nothing else is left to
    hide), sums within a line, and the total's line.
    """
    size = np.abs(cells.numbers)
    kinds = np.where(size > 0, 0, 1)
    for each in cells.structure.sums:
        kinds[:, cells.structure.columns.index(each.total)] = 2
    if cells.total_line is not None:
        kinds[cells.total_line] += 3
    return list(zip(kinds.ravel().tolist(), size.ravel().tolist(), strict=True))


def _set(hidden: Marks, cell: int, is_hidden: bool) -> Marks:
    line, place = divmod(cell, hidden.shape[1])
    changed = hidden.copy()
    # A line whose customers are hidden is hidden whole.
    changed[line, slice(None) if place == 0 else place] = is_hidden
    return changed
