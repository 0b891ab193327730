import pytest

from analysis.reporting.pages.page_plan import (
    SMALLEST_SCALE,
    Galley,
    PlannedPage,
    plan_pages,
)

# A page of 104 points holds 100: four are kept for what breaking changes.
HEIGHT = 104.0


def stack(*heights, **changes):
    """Put blocks of these heights under each other."""
    tops = [sum(heights[:place]) for place in range(len(heights))]
    return [
        Galley(top, top + height, **changes.get(f"block_{place}", {}))
        for place, (top, height) in enumerate(zip(tops, heights, strict=True))
    ]


def begin(blocks, start=0.0):
    return [page.first for page in plan_pages(blocks, start=start, height=HEIGHT)]


def test_nothing_needs_no_page():
    assert plan_pages([], start=0.0, height=HEIGHT) == ()


def test_what_fits_a_page_stays_on_it_at_full_size():
    (page,) = plan_pages(stack(40, 60), start=0.0, height=HEIGHT)
    assert page == PlannedPage(first=0, scale=1.0, is_forced=False)


def test_the_pages_leave_least_paper_empty():
    # By hand: 60+30 | 60+30+... leaves 10 and 10; filling the first page up to
    # 60+30 and the second with 60 alone would leave 40 on it.
    assert begin(stack(60, 30, 60, 30, 50)) == [0, 2, 4]


def test_a_heading_is_never_left_at_the_foot():
    blocks = stack(70, 20, 40, block_2={"may_begin_page": False})
    assert begin(blocks) == [0, 1]


def test_the_masthead_takes_its_part_of_the_first_page():
    blocks = [Galley(50, 90), Galley(90, 130)]
    assert begin(blocks, start=0.0) == [0, 1]
    assert begin(blocks, start=50.0) == [0]


def test_charts_give_way_so_that_their_page_holds_one_block_more():
    # 110 points for 100: a drawing of 50 gives ten, so that it is drawn at 80%.
    blocks = stack(50, 60, 90, block_1={"drawing": 50.0})
    first, second = plan_pages(blocks, start=0.0, height=HEIGHT)
    assert first == PlannedPage(first=0, scale=pytest.approx(0.8), is_forced=False)
    assert second == PlannedPage(first=2, scale=1.0, is_forced=True)


def test_no_chart_is_drawn_smaller_than_its_text_can_be_read():
    blocks = stack(50, 70, 90, block_1={"drawing": 50.0})
    pages = plan_pages(blocks, start=0.0, height=HEIGHT)
    assert [page.first for page in pages] == [0, 1, 2]
    assert all(page.scale >= SMALLEST_SCALE for page in pages)


def run_on(n_rows, above):
    """A table with a head of 10 and rows of 5, then 60 more; all after `above`."""
    rows = tuple(above + 10.0 + 5 * row for row in range(n_rows))
    foot = above + 10.0 + 5 * n_rows
    table = Galley(above, foot, rows=rows, is_table=True)
    return [Galley(0, above), table, Galley(foot, foot + 60.0)]


def test_a_long_table_runs_on_and_the_next_block_follows_it_unforced():
    # 70 are used; 10 of head and 4 rows fit, 14 rows run on: 10 + 70 on page two.
    pages = plan_pages(run_on(18, 70.0), start=0.0, height=HEIGHT)
    assert [page.first for page in pages] == [0, 2]
    assert pages[1].is_forced  # 80 are used there, and 60 more do not fit


def test_what_fits_below_the_rest_of_a_table_is_not_broken_from_it():
    # 70 are used; 4 rows fit, 4 run on: 10 + 20 on page two, with 60 below them.
    pages = plan_pages(run_on(8, 70.0), start=0.0, height=HEIGHT)
    assert [page.first for page in pages] == [0, 2]
    assert not pages[1].is_forced


@pytest.mark.parametrize(
    "above",
    [
        pytest.param(80.0, id="two rows would be left at the foot"),
        pytest.param(55.0, id="one row would be left at the head"),
    ],
)
def test_no_few_rows_are_parted_from_their_table(above):
    assert begin(run_on(8, above))[:2] == [0, 1]


def test_a_block_longer_than_a_page_is_left_to_the_typesetter():
    pages = plan_pages(stack(250, 40), start=0.0, height=HEIGHT)
    assert [(page.first, page.is_forced) for page in pages] == [(0, False), (1, False)]


def test_every_block_stands_on_a_page_in_its_order():
    heights = [20 + 13 * (place % 7) for place in range(40)]
    firsts = begin(stack(*heights))
    assert firsts[0] == 0
    assert firsts == sorted(set(firsts))
