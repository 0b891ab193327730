"""The rules in force come from one place, and a wrong file says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import BadInputError
from analysis.presentation.disclosure import (
    DEFAULT_RULES,
    RULES_VARIABLE,
    RuleSet,
    current_rules,
    cut_into_points,
    is_suppressed,
    read_rules,
    release,
    release_public,
)


def write_rules(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "rules.yml"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def test_defaults_are_those_that_acro_publishes() -> None:
    # acro, default.yaml: safe_threshold 10, safe_nk_n 2, safe_nk_k 0.9,
    # safe_pratio_p 0.1.
    wanted = RuleSet(
        DEFAULT_RULES.version,
        minimum_count=10,
        dominance_n=2,
        dominance_percent=90,
        p_percent=10,
    )
    assert wanted == DEFAULT_RULES


def test_without_a_file_the_defaults_are_in_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(RULES_VARIABLE, raising=False)
    assert current_rules() is DEFAULT_RULES


def test_a_file_replaces_the_rules_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_rules(tmp_path, "version: bank-3\nminimum_count: 20\n")
    monkeypatch.setenv(RULES_VARIABLE, str(path))
    assert current_rules() == RuleSet("bank-3", minimum_count=20)
    rows = pd.DataFrame({"customers": [19, 20]})
    released = release(rows, count="customers")
    assert [is_suppressed(cell) for cell in released.rows["customers"]] == [True, False]
    assert released.version == "bank-3"
    assert release_public(rows, reason="posted rates").version == "bank-3"
    assert cut_into_points(45) == (22, 45)


def test_no_parameter_is_printed_with_a_release() -> None:
    released = release(pd.DataFrame({"customers": [19, 20]}), count="customers")
    assert released.version == "standard-1"
    assert not any(digit in released.version for digit in ("10", "90"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("minimum_count: 20\n", "`version` must name this rule set"),
        ("version: standard-1\np_percent: 5\n", "`version` must name this rule set"),
        ("version: x\nminimum: 20\n", "'minimum' is no rule"),
        ("version: x\nminimum_count: 9\n", "`minimum_count` must be a whole number"),
        ("version: x\nminimum_count: 12.0\n", "`minimum_count` must be a whole number"),
        ("version: x\ndominance_n: 3\n", "`dominance_n` must be 1 or 2, not 3"),
        ("version: x\np_percent: 0\n", "`p_percent` must be a percentage above 0"),
        ("version: x\np_percent: true\n", "`p_percent` must be a percentage above 0"),
        ("version: 3\n", "`version` must be a name, not 3"),
        ("- version\n", "must hold a mapping, not list"),
        ("version: [\n", "must be YAML in UTF-8, line 2, column 1"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(BadInputError, match=problem):
        read_rules(write_rules(tmp_path, text))


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(BadInputError, match=r"minimum_count.*\n.*p_percent"):
        RuleSet("x", minimum_count=1, p_percent=-1)


def test_a_file_open_to_everybody_is_refused(tmp_path: Path) -> None:
    path = write_rules(tmp_path, "version: x\n", mode=0o644)
    with pytest.raises(BadInputError, match="closed to other users"):
        read_rules(path)


def test_a_missing_file_is_refused_by_name_only(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"^Rule file none.yml: .*No such file"):
        read_rules(tmp_path / "none.yml")
