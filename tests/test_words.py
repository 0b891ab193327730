"""Every text that a reader sees goes through the catalogue, and is in it in Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
CATALOGUE = SOURCE / "analysis/locale/zh/LC_MESSAGES/quarterbook.po"
METHODS = [
    ("analysis/**.py", "python"),
    ("analysis/reporting/template/**.j2", "jinja2"),
]
DOORS = {"say", "mark"}
SAID = {
    "action", "alt", "headline", "label", "lights", "note", "reason", "sentence",
    "source", "subtitle", "title", "unit", "unit_label", "x_label", "y_label",
}  # fmt: skip
"""Arguments that a reader sees."""
NOT_SHOWN = {"release_public", "let_out", "Released", "measure_free_variation"}
"""Calls whose arguments of these names no reader sees: reasons that stay in the record
of a release, and the name of a column."""
COLUMNS = {"label", "x", "y", "unit"}
"""Arguments that name a column in the calls that draw."""
CHINESE = r"[\u3400-\u9fff]"
NARROW = re.compile(f"(?<={CHINESE})\\s*[,.;:?!()]\\s*(?={CHINESE})")
SPACED = re.compile(f"(?<={CHINESE}) +(?=[{{0-9])|(?<=[}}0-9]) +(?={CHINESE})")

modules = sorted(
    path
    for folder in ("studies", "presentation")
    for path in (SOURCE / "analysis" / folder).rglob("*.py")
)
by_module = pytest.mark.parametrize(
    "path", modules, ids=lambda path: "/".join(path.relative_to(SOURCE).parts[1:])
)


@pytest.fixture(scope="module")
def templates() -> set[str]:
    """Collect every template, as `make words` does."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    keywords = re.search(r"^WORDS := (.+)$", makefile, re.MULTILINE)
    assert keywords is not None
    found = extract_from_dir(
        SOURCE, method_map=METHODS, keywords=parse_keywords(keywords[1].split())
    )
    return {text for _, _, text, _, _ in found if isinstance(text, str)}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="zh")


def name_places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_the_catalogue_holds_every_template_and_nothing_else(templates, catalogue):
    held = {message.id for message in catalogue if message.id}
    assert sorted(templates - held) == [], "call `make words` and translate"
    assert sorted(held - templates) == [], "call `make words`"
    assert not catalogue.obsolete


def test_every_template_is_translated(catalogue):
    entries = [message for message in catalogue if message.id]
    assert [entry.id for entry in entries if not entry.string] == []
    assert [entry.id for entry in entries if entry.fuzzy] == []


def test_a_translation_names_the_same_values(catalogue):
    wrong = [
        (message.id, message.string)
        for message in catalogue
        if message.id and name_places(message.id) != name_places(message.string)
    ]
    assert wrong == []


def test_chinese_sentences_have_chinese_punctuation(catalogue):
    wrong = [
        message.string
        for message in catalogue
        if message.id
        and (NARROW.search(message.string) or SPACED.search(message.string))
    ]
    assert wrong == []


def test_entries_are_sorted_so_that_changes_stay_small(catalogue):
    held = [message.id for message in catalogue if message.id]
    assert held == sorted(held)


def list_words(node: ast.expr) -> Iterator[str]:
    """List bare texts among the values that an expression can take."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if re.search(r"[A-Za-z]{2}", node.value):
            yield node.value
    elif isinstance(node, ast.IfExp):
        yield from list_words(node.body)
        yield from list_words(node.orelse)
    elif isinstance(node, ast.BoolOp | ast.JoinedStr | ast.Tuple | ast.List):
        parts = node.elts if isinstance(node, ast.Tuple | ast.List) else node.values
        for part in parts:
            yield from list_words(part)
    elif isinstance(node, ast.BinOp):
        yield from list_words(node.left)
        yield from list_words(node.right)


def name_call(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def list_shown(call: ast.Call) -> Iterator[ast.expr]:
    """List the arguments of a call that a reader sees."""
    called = name_call(call)
    if called in NOT_SHOWN:
        return
    if called in {"DisplayColumn", "Note"}:
        place = 1 if called == "DisplayColumn" else 0
        yield from call.args[place : place + 1]
    for keyword in call.keywords:
        is_column = called.startswith("draw_") and keyword.arg in COLUMNS - {"unit"}
        if keyword.arg in SAID and not is_column:
            yield keyword.value


def read_calls(path: Path) -> list[ast.Call]:
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


@by_module
def test_no_bare_text_is_shown(path):
    bare = [
        (call.lineno, text)
        for call in read_calls(path)
        for shown in list_shown(call)
        for text in list_words(shown)
    ]
    assert bare == []


@pytest.mark.parametrize(
    "path",
    sorted((SOURCE / "analysis").rglob("*.py")),
    ids=lambda path: "/".join(path.relative_to(SOURCE).parts[1:]),
)
def test_a_template_can_be_collected(path):
    # Babel joins all strings of an argument: each alternative needs a mark of its own.
    joined = [
        call.lineno
        for call in read_calls(path)
        if name_call(call) in DOORS and call.args and hides_a_text(call.args[0])
    ]
    assert joined == []


def hides_a_text(template: ast.expr) -> bool:
    """Tell whether a template that is no single text holds texts without a mark."""
    if isinstance(template, ast.Constant):
        return False
    if isinstance(template, ast.Call) and name_call(template) in DOORS:
        return False
    if isinstance(template, ast.JoinedStr):
        return True
    inside = [
        child for child in ast.iter_child_nodes(template) if isinstance(child, ast.expr)
    ]
    texts = [
        child
        for child in inside
        if isinstance(child, ast.Constant) and isinstance(child.value, str)
    ]
    return bool(texts) or any(hides_a_text(child) for child in inside)
