"""Which block of a report begins a page, and how much its charts give way for it.

A report is first set on one page as long as itself, a galley. Where its blocks stand
there tells what fits together on a page. Nothing is put in another order: pages are
filled by breaking between a finding, its chart and its tables, by letting long tables
run on, and by drawing the charts of a page a little smaller. Heights are in points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

SMALLEST_SCALE = 0.76
"""How small a chart may be drawn; its text is 8.5 points at full size."""

_FEWEST_ROWS = 3
"""Rows of a table that stay together at the foot and at the head of a page."""
_TOLERANCE = 4.0
_COST_OF_SCALE = 0.5
_COST_OF_PARTING = 0.02
_COST_OF_RUNNING_ON = 0.03
_COST_OF_OVERFLOW = 10.0


@dataclass(frozen=True, slots=True)
class Galley:
    """One block on the galley.

    Parameters
    ----------
    top, bottom : float
        Where it begins and where the next one begins.
    may_begin_page : bool
        Whether it is not bound to the block before.
    parts_finding : bool
        Whether a page that begins with it parts a finding from its evidence.
    drawing : float
        Height of its drawing; 0 without one.
    rows : tuple of float
        Tops of the rows of a table, or of the paragraphs of a text, that may run on
        to the next page; empty for all else.
    is_table : bool
        Whether its rows need company at the foot and at the head of a page, where
        its head is repeated.
    """

    top: float
    bottom: float
    may_begin_page: bool = True
    parts_finding: bool = False
    drawing: float = 0.0
    rows: tuple[float, ...] = ()
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """A page and the first block that begins on it.

    Parameters
    ----------
    first : int
        Place of the block.
    scale : float
        Size of the page's charts, 1 for full.
    is_forced : bool
        Whether the page must be broken before the block: not where a table runs on
        above it, nor on the first page.
    """

    first: int
    scale: float
    is_forced: bool


@dataclass(frozen=True, slots=True)
class _Filling:
    """One way to fill a page: up to which block, and what runs on to the next."""

    end: int
    cost: float
    scale: float = 1.0
    carried: float = 0.0


@dataclass(frozen=True, slots=True)
class _Plan:
    cost: float
    pages: tuple[PlannedPage, ...]


def plan_pages(
    blocks: Sequence[Galley], *, start: float, height: float
) -> tuple[PlannedPage, ...]:
    """Choose the pages that leave least paper empty.

    Parameters
    ----------
    blocks : sequence of Galley
        The blocks in their order.
    start : float
        Where the first page begins on the galley; the masthead may stand there.
    height : float
        Height of a page's text.

    Returns
    -------
    tuple of PlannedPage
        In order; every block stands on one of them.
    """
    page = height - _TOLERANCE

    @cache
    def _plan_from(first: int, used: float, is_forced: bool) -> _Plan:
        if first == len(blocks):
            return _Plan(0.0, ())
        plans = []
        for way in _list_fillings(blocks, first, used, page):
            rest = _plan_from(way.end, way.carried, way.carried == 0.0)
            mine = PlannedPage(first, way.scale, is_forced)
            pages = (mine, *rest.pages) if way.end > first else rest.pages
            plans.append(_Plan(way.cost + rest.cost, pages))
        return min(plans, key=lambda plan: plan.cost)

    if not blocks:
        return ()
    return _plan_from(0, max(0.0, blocks[0].top - start) % page, False).pages


def _list_fillings(
    blocks: Sequence[Galley], first: int, used: float, page: float
) -> Iterator[_Filling]:
    """List the ways to fill a page of which some is already used, at least one."""
    room = page - used
    is_found = False
    if used > 0.0 and blocks[first].may_begin_page:
        yield _Filling(first, _cost_of_empty(room, page))
    for end in range(first + 1, len(blocks) + 1):
        held = blocks[first:end]
        following = blocks[end] if end < len(blocks) else None
        for way in (
            _fill_whole(end, held, following, room, page),
            _run_on(end, held, room),
        ):
            if way is not None:
                is_found = True
                yield way
    if not is_found:
        yield _overflow(blocks, first, used, page)


def _fill_whole(
    end: int,
    held: Sequence[Galley],
    following: Galley | None,
    room: float,
    page: float,
) -> _Filling | None:
    """Fill a page with whole blocks, its charts drawn smaller where they must."""
    needed = held[-1].bottom - held[0].top
    drawings = sum(block.drawing for block in held)
    surplus = max(0.0, needed - room)
    if surplus > (1 - SMALLEST_SCALE) * drawings:
        return None
    scale = 1 - surplus / drawings if surplus else 1.0
    cost = _COST_OF_SCALE * (1 - scale)
    if following is None:
        return _Filling(end, cost, scale)
    if not following.may_begin_page:
        return None
    cost += _cost_of_empty(max(0.0, room - needed), page)
    cost += _COST_OF_PARTING if following.parts_finding else 0.0
    return _Filling(end, cost, scale)


def _run_on(end: int, held: Sequence[Galley], room: float) -> _Filling | None:
    """Fill a page whose last table runs on to the next, its head repeated there."""
    table = held[-1]
    if not table.rows:
        return None
    foot = held[0].top + room
    n_here = sum(bottom <= foot for bottom in (*table.rows[1:], table.bottom))
    n_left = len(table.rows) - n_here
    # the space that falls away at the head of a page may take in one row more
    fewest = _FEWEST_ROWS if table.is_table else 1
    if n_here < fewest or n_left <= fewest:
        return None
    head = table.rows[0] - table.top if table.is_table else 0.0
    carried = head + table.bottom - table.rows[n_here]
    return _Filling(end, _COST_OF_RUNNING_ON, carried=carried)


def _overflow(
    blocks: Sequence[Galley], first: int, used: float, page: float
) -> _Filling:
    """Let blocks that fit no page run over as the typesetter breaks them."""
    later = range(first + 1, len(blocks))
    end = next((n for n in later if blocks[n].may_begin_page), len(blocks))
    needed = blocks[end - 1].bottom - blocks[first].top
    return _Filling(end, _COST_OF_OVERFLOW, carried=(used + needed) % page)


def _cost_of_empty(empty: float, page: float) -> float:
    return (empty / page) ** 2
