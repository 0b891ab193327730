"""Parts of a page that a browser is not needed to judge."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from analysis.reporting.pages.blocks import (
    Code,
    Details,
    Document,
    Failure,
    Item,
    Prose,
)
from analysis.reporting.pages.outlines import shrink_drawings
from analysis.reporting.pages.webbody import write_body
from analysis.reporting.pages.webfont import find_bold_text
from analysis.reporting.pages.webpage import (
    judge_document,
    name_finding,
    number_headings,
    quote_css,
    render_document,
)
from analysis.wording import LANGUAGES


def make_item(kind, **content):
    return Item(kind, f'<div class="qb">{kind}</div>', "", content)


def test_the_policy_names_the_fingerprint_of_the_very_script_in_the_page():
    page = render_document(Document(title="T", facts=(), blocks=()))
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    # Reference: Content Security Policy Level 3, section 2.3.1, hash-source.
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;;" in page
    assert "script-src 'unsafe" not in page


def test_what_follows_the_last_answer_is_the_appendix():
    rows = [["a"]] * 12
    blocks = (
        Prose("## Which?"),
        make_item("finding"),
        make_item("table", rows=rows, title="Answer"),
        Prose("## Checks"),
        make_item("table", rows=rows, title="All checks"),
        make_item("table", rows=rows[:3], title="Few checks"),
    )
    body = write_body(blocks)
    answers, appendix = body.split('<section class="appendix"')
    assert "<details" not in answers
    assert appendix.count("<details") == 1
    assert "All checks (12 rows)" in appendix
    lines = number_headings(body)[1]
    assert [line.is_appendix for line in lines] == [False, True]
    assert "appendix" not in write_body(blocks, has_appendix=False)


def test_details_are_folded_where_they_stand_and_their_code_with_the_sections():
    details = Details("Which & who?", (Code("show(table)"), make_item("table")))
    body = write_body((Prose("## Which & who?"), make_item("finding"), details))
    summary = "<summary>Details: Which &amp; who?</summary>"
    assert f'{summary}<div class="qb">table</div></details>' in body
    assert body.index("finding") < body.index(summary) < body.index("show(table)")
    assert 'class="appendix"' not in body


def test_details_with_a_failure_stand_open():
    for inside, is_open in ((make_item("table"), False), (Failure(1, "E", "m"), True)):
        body = write_body((Prose("## A"), Details("A", (inside,))))
        assert ('whole-in-print" open>' in body) == is_open


def test_a_failure_in_details_makes_a_report_incomplete():
    details = Details("A", (Failure(1, "E", "m"),))
    document = Document(title="T", facts=(), blocks=(details,), run="7")
    assert judge_document(document) == "incomplete"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"run": "7"}, "final"),
        ({}, "draft"),
        ({"run": "7", "status": "incomplete"}, "incomplete"),
        ({"run": "7", "blocks": (Failure(1, "E", "m"),)}, "incomplete"),
    ],
)
def test_the_cover_says_what_a_reader_may_do(changes, status):
    document = Document(**{"title": "T", "facts": (), "blocks": (), **changes})
    assert judge_document(document) == status


def test_letters_of_several_drawings_are_kept_once():
    letter = 'd="M 0 1 L 2 3 z " transform="scale(0.01)"'
    other = 'd="M 9 9 z "'
    page = shrink_drawings(
        f'<svg><defs><path id="a" {letter}/></defs><use href="#a" x="1"/></svg>'
        f'<svg><defs><path id="b" {letter}/></defs><use href="#b" x="2"/></svg>'
        f'<svg><defs><path id="c" {other}/></defs><use href="#c"/></svg>'
        '<a href="#b">text</a>'
    )
    assert page == (
        f'<svg><defs><path id="o0" {letter}/></defs><use href="#o0" x="1"/></svg>'
        '<svg><use href="#o0" x="2"/></svg>'
        f'<svg><defs><path id="o1" {other}/></defs><use href="#o1"/></svg>'
        '<a href="#b">text</a>'
    )


def test_a_word_of_several_drawings_is_kept_once():
    word = '<use href="#a"/><use href="#b" x="5"/><use href="#c" x="9"/>'
    once = '<use href="#c"/><use href="#b" x="5"/><use href="#a" x="9"/>'
    page = shrink_drawings(f"<svg>{word}<g>{once}</g></svg><svg>{word}</svg>")
    assert page == (
        f'<svg><g id="w0">{word}</g><g>{once}</g></svg><svg><use href="#w0"/></svg>'
    )


def test_a_drawing_says_the_value_of_a_mark_once_and_has_no_empty_groups():
    path = '<path d="M 0 0"/>'
    told = f"<title>1 of 2</title>{path}"
    assert (
        shrink_drawings(
            f'<svg><g><g style="fill: red">{path}</g></g><g><g>{path}</g></g>'
            f'<g class="qb-mark" data-tip="1 of 2">{told}</g><g>{path}{path}</g></svg>'
        )
        == f'<svg><g style="fill: red">{path}</g>{path}'
        f'<g class="qb-mark">{told}</g><g>{path}{path}</g></svg>'
    )


def test_bold_text_is_read_to_the_end_of_its_element():
    page = (
        "<h2>一<em>二</em>三</h2><p>四<strong>五</strong><br>六</p>"
        '<tr class="qb-total"><td>七<img src=x></td></tr><td>八</td>'
        "<svg><b>九</b></svg>"
    )
    assert find_bold_text(page) == "一二三五七"


def test_no_text_ends_a_css_string():
    # Worked by hand: U+0022, U+003C and U+94F6 in hexadecimal.
    assert quote_css('a"<银') == '"a\\000022\\00003C\\0094F6"'


def test_the_place_of_a_finding_holds_no_character_of_markup():
    assert name_finding('a b"<c') == "finding-a-b--c"


def test_every_language_is_named_so_that_a_browser_knows_its_script():
    for language, tag in zip(LANGUAGES, ("en", "zh-Hans"), strict=True):
        document = Document(title="T", facts=(), blocks=(), language=language)
        assert f'<html lang="{tag}">' in render_document(document)
