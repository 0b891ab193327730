"""What style asks for and prose alone would not hold."""

import ast
import importlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from analysis.data.contract import CONTRACT
from analysis.reporting.parameters import STUDIES, SUMMARY
from analysis.wording import LANGUAGES

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ALLOWED_IMPORTS = {
    "analysis.data.sources",
    "analysis.presentation.show",
    "analysis.wording",
}
SHARED = {"__init__", "__pycache__", "appendix", "settings", "kept_rows", "truth_rooms"}
CLOSING = {
    "en": ["Checks", "Method", "Assumptions and limits", "Codebook", "Run record"],
    "zh": ["数据检查", "方法", "假设与局限", "数据字典", "运行记录"],
}
FORMULAS = (
    re.compile(r"\$\$[^$]+\$\$"),
    re.compile(r"(?<!\$)\$[^$]+\$(?!\$)"),
)
"""Formulas on a line of their own, and within one."""
LONGEST_CELL = 10
MOST_CODE_CELLS_IN_A_ROW = 3

by_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
by_language = pytest.mark.parametrize("language", LANGUAGES)


def _cells(path: Path, kind: str) -> list[str]:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


def _prose(path: Path) -> list[tuple[list[str], str]]:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [
        (cell["metadata"].get("tags", []), "".join(cell["source"]))
        for cell in cells
        if cell["cell_type"] == "markdown"
    ]


def _find_headings(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^(#+) (.+)$", text, re.MULTILINE)


def _parameters_cell(path: Path) -> str:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    tagged = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1, "one cell is tagged `parameters`"
    return "".join(tagged[0]["source"])


def test_a_study_is_one_name_everywhere():
    names = {*STUDIES, SUMMARY}
    assert {path.stem for path in NOTEBOOKS} == names
    packages = (ROOT / "src/analysis/studies").iterdir()
    found = {path.stem for path in packages if path.stem not in SHARED}
    assert found == names
    tests = {path.stem for path in (ROOT / "tests/studies").glob("test_*.py")}
    assert {f"test_{name}" for name in names} <= tests


@by_notebook
@by_language
def test_a_notebook_has_one_title_and_the_closing_sections_in_order(path, language):
    prose = _prose(path)
    text = "\n".join(source for tags, source in prose if tags == [language])
    headings = _find_headings(text)
    assert [marks for marks, _ in headings].count("#") == 1
    assert headings[0][0] == "#"
    titles = [title for marks, title in headings if marks == "##"]
    closing = CLOSING[language]
    expected = closing if path.stem != SUMMARY else closing[-1:]
    assert titles[-len(expected) :] == expected


@by_notebook
def test_each_text_of_a_notebook_is_followed_by_itself_in_chinese(path):
    prose = _prose(path)
    assert prose
    assert len(prose) % 2 == 0
    for (tags, english), (zh_tags, chinese) in zip(
        prose[::2], prose[1::2], strict=True
    ):
        assert (tags[:1], zh_tags[:1]) == (["en"], ["zh"]), english
        assert tags[1:] == zh_tags[1:], english
        marks = [found for found, _ in _find_headings(english)]
        assert [found for found, _ in _find_headings(chinese)] == marks, english
        formulas = [len(pattern.findall(english)) for pattern in FORMULAS]
        assert [len(pattern.findall(chinese)) for pattern in FORMULAS] == formulas
        assert re.search(r"[\u4e00-\u9fff]", chinese), chinese


@by_notebook
def test_the_two_languages_of_a_text_stand_side_by_side(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    tags = [cell["metadata"].get("tags", []) for cell in cells]
    for first, second in zip(tags, [*tags[1:], []], strict=True):
        assert (first[:1] == ["en"]) == (second[:1] == ["zh"])


@by_notebook
def test_cells_are_named_by_their_place(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    assert [cell["id"] for cell in cells] == [
        f"cell-{n:02d}" for n in range(len(cells))
    ]


@by_notebook
def test_a_notebook_only_narrates(path):
    for source in _cells(path, "code"):
        tree = ast.parse(source)
        forbidden = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try)
        assert not [node for node in ast.walk(tree) if isinstance(node, forbidden)]
        # Parameters stand one a line, where they are set and handed over.
        is_list = source.startswith(("quarter: ", "parameters = study.Parameters("))
        assert is_list or len(source.splitlines()) <= LONGEST_CELL


@by_notebook
def test_no_more_than_three_code_cells_stand_in_a_row(path):
    kinds = [cell["cell_type"] for cell in json.loads(path.read_text("utf-8"))["cells"]]
    runs = "".join("c" if kind == "code" else " " for kind in kinds).split()
    assert max(map(len, runs)) <= MOST_CODE_CELLS_IN_A_ROW


@by_notebook
def test_a_notebook_imports_its_study_the_data_door_and_show(path):
    for source in _cells(path, "code"):
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, ast.Import)
            if isinstance(node, ast.ImportFrom) and node.module == "analysis.studies":
                assert [alias.name for alias in node.names] == [path.stem]
            elif isinstance(node, ast.ImportFrom):
                assert node.module in ALLOWED_IMPORTS


@by_notebook
def test_parameters_are_literals_with_a_type_and_a_meaning(path):
    source = _parameters_cell(path)
    for node, line in zip(ast.parse(source).body, source.splitlines(), strict=True):
        assert isinstance(node, ast.AnnAssign)
        ast.literal_eval(node.value)
        assert re.search(r"  # \S.{8,}", line), line


@by_notebook
def test_parameters_of_notebook_and_study_are_the_same(path):
    study = importlib.import_module(f"analysis.studies.{path.stem}")
    nodes = ast.parse(_parameters_cell(path)).body
    values = {node.target.id: ast.literal_eval(node.value) for node in nodes}
    assert isinstance(values.pop("source"), str)
    assert values.pop("language") == "en"
    assert set(values) == set(study.Parameters.model_fields)
    defaults = study.Parameters(quarter=values["quarter"])
    assert study.Parameters(**values) == defaults


@by_notebook
def test_notebooks_are_committed_without_outputs(path):
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_says_what_it_is_and_what_it_reads(name):
    study = importlib.import_module(f"analysis.studies.{name}")
    assert study.TITLE
    assert study.QUESTION.endswith("?")
    assert study.OWNER
    assert {*study.TABLES, *study.OPTIONAL_TABLES} <= set(CONTRACT)
    for field in study.Parameters.model_fields.values():
        assert field.description
        assert field.description.endswith(".")


def test_tracked_files_are_small_and_name_no_machine():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        assert path.stat().st_size <= 500_000, name
        if path.suffix in {".py", ".md", ".yml", ".toml", ".ipynb", ".sh", ""}:
            assert not re.search(r"/(home|Users|root)/\w", path.read_text("utf-8")), (
                name
            )


def test_every_module_and_function_is_short():
    for path in (ROOT / "src").rglob("*.py"):
        source = path.read_text("utf-8")
        # The data dictionary, and what a package gives, are lists.
        if path.stem not in {"contract", "__init__"}:
            assert len(source.splitlines()) <= 330, path
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                docstring = ast.get_docstring(node, clean=False) or ""
                length = node.end_lineno - node.lineno - docstring.count("\n")
                assert length <= 45, f"{path}: {node.name}"
