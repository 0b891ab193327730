"""What a reader's browser makes of the pages: barriers, requests, scripts, widths."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from itertools import product

import pypdf
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

PAGES = ("report", "2026Q3/index", "index")
PHONE, DESK = 390, 1440
UNFOLD = "document.querySelectorAll('details').forEach((each) => (each.open = true))"
FIND_SMALL = """() =>
    [...document.querySelectorAll("main a, main button, main summary")]
        .filter((each) => each.checkVisibility())
        .filter((each) => !each.closest("p:not(.files)"))
        .filter((each) => each.getBoundingClientRect().height < 44)
        .map((each) => each.outerHTML.slice(0, 90))"""
"""Links inside a paragraph are as high as its lines; all else must fit a thumb."""


@contextmanager
def look_at(browser, pages, name, *, width=DESK, scheme="light", **options):
    """Open a page in a window; any dialog, error or request for more fails the test."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, **options
    )
    page = context.new_page()
    page.seen = []
    page.on("dialog", lambda dialog: (page.seen.append("dialog"), dialog.dismiss()))
    page.on("pageerror", lambda error: page.seen.append(str(error)))
    page.on("console", lambda message: page.seen.append(message.text))
    page.on("request", lambda request: page.seen.append(request.url))
    address = (pages / f"{name}.html").as_uri()
    try:
        page.goto(address)
        yield page
        asked = [seen for seen in page.seen if not seen.startswith("data:")]
        assert asked == [address]
    finally:
        context.close()


@pytest.mark.parametrize(
    "language", ["en", pytest.param("zh", marks=pytest.mark.extended)]
)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_barrier(browser, pages, name, language):
    # Reference: axe-core, the engine behind most audits by WCAG 2.2.
    with look_at(browser, pages, f"{language}/{name}") as page:
        page.evaluate(UNFOLD)
        page.evaluate(AXE_SCRIPT)
        for width, scheme in product((PHONE, DESK), ("light", "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate("axe.run({resultTypes: ['violations']})")
            barriers = [
                (rule["id"], [node["html"][:90] for node in rule["nodes"]])
                for rule in found["violations"]
            ]
            assert barriers == [], (width, scheme)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_a_phone_never_scrolls_sideways_and_its_targets_are_large(
    browser, pages, name, language
):
    with look_at(
        browser, pages, f"{language}/{name}", width=PHONE, has_touch=True
    ) as page:
        page.evaluate(UNFOLD)
        width = page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= PHONE
        small = page.evaluate(FIND_SMALL)
        assert small == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_from_data_comes_alive(browser, pages, name):
    with look_at(browser, pages, f"en/{name}") as page:
        assert page.locator("script").count() == 1
        assert page.locator("iframe, img, object, embed").count() == 0
        links = page.locator("a").evaluate_all("all => all.map((a) => a.protocol)")
        assert set(links) <= {"file:", "https:"}
        assert "{{7*7}}" in page.content()
        page.mouse.move(700, 400)


def test_a_script_that_is_not_ours_does_not_run(browser, pages, tmp_path):
    page_text = (pages / "en" / "report.html").read_text("utf-8")
    forged = page_text.replace("<main ", "<script>document.title = 'x'</script><main ")
    (tmp_path / "forged.html").write_text(forged, "utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.goto((tmp_path / "forged.html").as_uri())
    assert page.title() != "x"
    assert page.locator(".qb-sort").count() > 0
    context.close()


def test_the_page_is_whole_without_its_script(browser, pages):
    with look_at(browser, pages, "en/report", java_script_enabled=False) as page:
        assert page.locator("button").count() == 0
        assert page.locator("tbody tr").count() > 20
        assert page.locator("svg").first.is_visible()


def test_a_click_on_a_head_sorts_and_the_total_stays_last(browser, pages):
    with look_at(browser, pages, "en/report") as page:
        table = page.locator("table.qb-sortable").first
        names = "rows => rows.map((row) => row.cells[0].textContent.slice(0, 6))"
        before = table.locator("tr").evaluate_all(names)
        head = table.get_by_role("button", name="Share")
        head.focus()
        page.keyboard.press("Enter")
        cell = table.locator("thead th").nth(1)
        assert cell.get_attribute("aria-sort") == "descending"
        falling = table.locator("tr").evaluate_all(names)
        assert falling[1:4] == ["Basic", "金卡", "0"]
        head.click()
        assert cell.get_attribute("aria-sort") == "ascending"
        rising = table.locator("tr").evaluate_all(names)
        assert rising[1:4] == ["0", "金卡", "Basic"]
        # hidden and missing numbers stay below, in their order, and then the total
        assert falling[4:] == rising[4:] == [before[2], "Silver", "Total"]
        said = page.get_by_role("status").text_content()
        assert said == "Sorted by Share %, smallest first."


def show_bubble(bubble, act):
    """Act until the bubble stays: a scroll that is still under way hides it again."""
    for _ in range(20):
        bubble.page.mouse.move(1, 1)
        act()
        bubble.page.wait_for_timeout(150)
        if bubble.is_visible():
            return
    pytest.fail("the bubble never stayed")


def test_a_mark_tells_its_value_by_pointer_by_touch_and_by_key(browser, pages):
    with look_at(browser, pages, "en/report", width=PHONE, has_touch=True) as page:
        bubble = page.locator(".qb-bubble")
        mark = page.locator(".qb-mark:visible").first
        told = mark.get_attribute("data-tip")
        assert page.locator(".qb-mark title").count() == 0
        mark.scroll_into_view_if_needed()
        show_bubble(bubble, lambda: mark.hover(force=True))
        expect(bubble).to_have_text(told)
        box = bubble.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE
        page.keyboard.press("Escape")
        expect(bubble).to_be_hidden()
        show_bubble(bubble, lambda: mark.tap(force=True))
        page.locator("h1").tap()
        expect(bubble).to_be_hidden()
        page.locator(".qb-drawing").first.focus()
        page.keyboard.press("ArrowRight")
        expect(bubble).to_have_text(told)
        expect(page.get_by_role("status")).to_have_text(told)


def test_a_chart_is_drawn_for_the_width_of_the_screen_and_never_scrolls(browser, pages):
    for width, media, shown in (
        (PHONE, "screen", "qb-narrow"),
        (DESK, "screen", "qb-broad"),
        (PHONE, "print", "qb-broad"),
    ):
        with look_at(browser, pages, "en/report", width=width) as page:
            page.emulate_media(media=media)
            drawings = page.locator(".qb-drawing svg:visible")
            assert drawings.count() == page.locator(".qb-drawing").count() > 0
            for drawing in drawings.all():
                assert drawing.get_attribute("class") == shown
            sizes = "all => all.every(one => one.scrollWidth <= one.clientWidth)"
            assert page.locator(".qb-drawing").evaluate_all(sizes)


def test_paper_shows_what_the_screen_folds_and_no_buttons(browser, pages):
    for runs in (True, False):
        with look_at(browser, pages, "en/report", java_script_enabled=runs) as page:
            folded = page.locator(".fold-table tbody td").last
            assert not folded.is_visible()
            page.emulate_media(media="print")
            assert folded.is_visible()
            assert not page.locator("details.code, .contents").first.is_visible()


def test_a_table_that_goes_on_over_the_page_repeats_its_heads(browser, pages):
    with look_at(browser, pages, "en/report") as page:
        sheets = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        texts = [sheet.extract_text() for sheet in sheets]
    whole = next(n for n, text in enumerate(texts) if "Shares again" in text)
    for text in texts[whole : whole + 2]:
        assert re.search(r"Tier\s+Share", text)
    assert f"{len(texts)}/{len(texts)}" in "".join(texts[-1].split())


def test_every_letter_is_set_in_the_fonts_of_the_page(browser, pages):
    for language in ("en", "zh"):
        with look_at(browser, pages, f"{language}/report") as page:
            session = page.context.new_cdp_session(page)
            session.send("DOM.enable")
            session.send("CSS.enable")
            root = session.send("DOM.getDocument")["root"]["nodeId"]
            shown = "h1, h2, h3, p, li, dt, dd, th, td, summary, strong, mi, mtext"
            query = {"nodeId": root, "selector": shown}
            nodes = session.send("DOM.querySelectorAll", query)["nodeIds"]
            fonts = {
                (font["familyName"], font["isCustomFont"])
                for node in nodes
                for font in session.send(
                    "CSS.getPlatformFontsForNode", {"nodeId": node}
                )["fonts"]
            }
            assert fonts
            assert all(is_custom for _, is_custom in fonts), fonts


def test_one_page_holds_what_it_needs_in_few_bytes(pages):
    for path in pages.rglob("*.html"):
        text = path.read_text("utf-8")
        script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1]
        assert len(script.encode()) < 5_000
        assert len(text.encode()) < 250_000
