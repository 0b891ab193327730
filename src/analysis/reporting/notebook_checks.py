"""Check notebooks before any of them runs: form, parameters cell, code.

A notebook that papermill would start and that would fail in its fifth minute, or run
with a parameter it does not know, is told here with its cell.
"""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, TypeGuard

from IPython.core.inputtransformer2 import TransformerManager
from nbformat.json_compat import ValidationError
from nbformat.validator import get_validator

from analysis.errors import Problem
from analysis.reporting.parameters import SUMMARY, load_study

LARGEST_BYTES = 5_000_000
"""A notebook as committed holds text; a larger one holds outputs, perhaps data."""

_TAG, _INJECTED = "parameters", "injected-parameters"
_COMMON = ("source", "language")
"""What every notebook is given besides the parameters of its study."""
_RESTORE = "Restore it from the repository, or compare it with another notebook."
_Cell = dict[str, Any]


def find_notebook_problems(root: Path, studies: Iterable[str]) -> tuple[Problem, ...]:
    """Find what would keep the notebooks of a run from running as they should.

    Parameters
    ----------
    root : pathlib.Path
        The project's folder, which holds notebooks/.
    studies : iterable of str
        The studies that are run; the summary is looked at, too.

    Returns
    -------
    tuple of Problem
        Every mistake of every notebook.
    """
    return tuple(
        problem
        for study in (*studies, SUMMARY)
        for problem in _check_notebook(root / "notebooks" / f"{study}.ipynb", study)
    )


def _check_notebook(path: Path, study: str) -> Iterator[Problem]:
    where = f"notebooks/{path.name}"
    content, reason = _read(path)
    if content is None:
        yield Problem(f"the notebook can't be used: {reason}.", where, _RESTORE)
        return
    problems = [*_check_form(content, where), *_check_ids(content, where)]
    yield from problems
    if problems:
        return
    yield from _check_kernel(content["metadata"], where)
    yield from _check_parameters(content["cells"], study, where)
    for number, cell in _list_code(content["cells"]):
        yield from _check_code(_join(cell), study, f"{where}, cell {number}")


def _read(path: Path) -> tuple[_Cell | None, str]:
    """Read a notebook; give None and the reason where it is none."""
    content: Any = None
    try:
        size = path.stat().st_size
        if size <= LARGEST_BYTES:
            content = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        return None, f"reading it failed ({error.strerror})"
    except UnicodeDecodeError as error:
        return None, f"byte {error.start + 1} is not UTF-8"
    except json.JSONDecodeError as error:
        return None, f"line {error.lineno}, column {error.colno} is not JSON"
    except RecursionError:
        return None, "its JSON is nested too deeply"
    if size > LARGEST_BYTES:
        return None, f"it has {size:,} bytes, more than {LARGEST_BYTES:,}"
    return _require_form_4(content)


def _require_form_4(content: object) -> tuple[_Cell | None, str]:
    if not isinstance(content, dict):
        return None, "its JSON is no object"
    if content.get("nbformat") != 4:
        return None, f"its nbformat must be 4, not {content.get('nbformat')!r}"
    return content, ""


def _check_form(content: _Cell, where: str) -> Iterator[Problem]:
    """Hold a notebook to the format's schema; what it holds is not repeated."""
    schema = get_validator(4, content.get("nbformat_minor", 0))
    for error in schema.iter_errors(content):
        steps = [part + 1 if isinstance(part, int) else part for part in error.path]
        place = "".join(f", {part}" for part in steps).replace("cells, ", "cell ")
        yield Problem(_describe(_choose_kind(error)), f"{where}{place}", _RESTORE)


def _choose_kind(error: ValidationError) -> ValidationError:
    """Give what is wrong with a cell as the kind of cell that it says it is."""
    kinds: dict[Any, list[ValidationError]] = {}
    for each in error.context or ():
        kinds.setdefault(each.schema_path[0], []).append(each)
    fitting = [
        found
        for found in kinds.values()
        if not any("cell_type" in each.path for each in found)
    ]
    return fitting[0][0] if fitting else error


def _describe(error: ValidationError) -> str:
    if error.validator == "required":
        absent = [name for name in error.validator_value if name not in error.instance]
        return f"the notebook format must have {absent} here."
    part = f"`{error.path[-1]}` here" if error.path else "what stands here"
    return f"the notebook format can't have {part}; its rule is `{error.validator}`."


def _check_ids(content: _Cell, where: str) -> Iterator[Problem]:
    ids = Counter(cell.get("id") for cell in content.get("cells", ()))
    repeated = sorted(str(name) for name, times in ids.items() if name and times > 1)
    if repeated:
        what = f"each cell must have an id of its own; {repeated} stand twice."
        yield Problem(what, where, "Give the copied cells new ids.")


def _check_kernel(metadata: _Cell, where: str) -> Iterator[Problem]:
    spec = metadata.get("kernelspec")
    language = spec.get("language", "python") if spec else None
    name = spec.get("name") if spec else None
    if name != "python3" or language != "python":
        found = f"not {name!r} in {language!r}" if spec else "and none is named"
        what = f"the kernel must be python3 in Python, {found}."
        yield Problem(what, f"{where}, kernelspec", "Choose the kernel Python 3.")


def _list_code(cells: list[_Cell]) -> Iterator[tuple[int, _Cell]]:
    """Give the code cells with their place in the notebook, from 1."""
    for number, cell in enumerate(cells, start=1):
        if cell["cell_type"] == "code":
            yield number, cell


def _join(cell: _Cell) -> str:
    return "".join(cell["source"])


def _check_parameters(cells: list[_Cell], study: str, where: str) -> Iterator[Problem]:
    tags = {
        number: cell["metadata"].get("tags", []) for number, cell in _list_code(cells)
    }
    injected = [number for number, own in tags.items() if _INJECTED in own]
    if injected:
        what = f"a notebook must be as written; cell {injected[0]} was put in by a run."
        yield Problem(what, where, _RESTORE)
    tagged = [number for number, own in tags.items() if _TAG in own]
    if len(tagged) != 1:
        what = f"exactly one code cell must be tagged `{_TAG}`; {len(tagged)} are."
        yield Problem(what, where, "Tag the cell of literals after the title.")
        return
    place = f"{where}, cell {tagged[0]}"
    yield from _check_names(_join(cells[tagged[0] - 1]), study, place)


def _check_names(code: str, study: str, where: str) -> Iterator[Problem]:
    tree = _parse(code)
    if tree is None:
        return  # told with the other code cells
    given: list[str] = []
    for line in tree.body:
        if isinstance(line, ast.AnnAssign | ast.Assign):
            given += [part.id for part in ast.walk(line) if _is_set(part)]
        if not _is_literal(line):
            what = "the parameters cell must hold lines like `name: type = literal`."
            place = f"{where}, line {line.lineno}"
            yield Problem(what, place, "Compute in a later cell.")
    wanted = [*load_study(study).Parameters.model_fields, *_COMMON]
    yield from _compare(given, wanted, where)


def _is_set(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _is_literal(line: ast.stmt) -> bool:
    """Say whether a line sets one name, with its type, to a literal."""
    if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name):
        return False
    try:
        ast.literal_eval(line.value or ast.Name("missing"))
    except ValueError:
        return False
    return True


def _compare(given: list[str], wanted: list[str], where: str) -> Iterator[Problem]:
    remedy = f"The study's parameters are {wanted}."
    absent = [name for name in wanted if name not in given]
    if absent:
        yield Problem(f"the parameters cell must set {absent}.", where, remedy)
    unknown = [name for name in given if name not in wanted]
    if unknown:
        what = f"the parameters cell can't set {unknown}: the study has none of it."
        yield Problem(what, where, remedy)
    repeated = sorted({name for name in given if given.count(name) > 1})
    if repeated:
        what = f"the parameters cell must set {repeated} once."
        yield Problem(what, where, "Keep one line of each.")


def _check_code(code: str, study: str, where: str) -> Iterator[Problem]:
    tree = _parse(code)
    if tree is None:
        what = "a code cell must be Python."
        yield Problem(what, where, "Correct it, or restore the notebook.")
        return
    for node in ast.walk(tree):
        yield from _check_import(node, where)
        yield from _check_step(node, study, where)


def _parse(code: str) -> ast.Module | None:
    """Parse a cell as IPython would, its magic lines turned into calls."""
    try:
        plain = TransformerManager().transform_cell(code)  # type: ignore[no-untyped-call]
        flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        tree = compile(plain, "cell", "exec", flags)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return tree if isinstance(tree, ast.Module) else None


def _check_import(node: ast.AST, where: str) -> Iterator[Problem]:
    if isinstance(node, ast.Import):
        wanted = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        wanted = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        return
    for name in wanted:
        if not _can_be_imported(name):
            what = f"`{name}` must be there to be imported, and is not."
            yield Problem(what, where, "Correct the name, or add its package.")


def _can_be_imported(name: str) -> bool:
    """Say whether a name of ours is there, or the package of any other name."""
    package, _, _ = name.partition(".")
    if package != __name__.partition(".")[0]:
        return find_spec(package) is not None
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def _check_step(node: ast.AST, study: str, where: str) -> Iterator[Problem]:
    """Find a call of a step, `study.step`, that the study does not have."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return
    if node.value.id == "study" and not hasattr(load_study(study), node.attr):
        what = f"`study.{node.attr}` must be a step of the study; it has none so named."
        remedy = f"Its steps are named in analysis.studies.{study}."
        yield Problem(what, f"{where}, line {node.lineno}", remedy)
