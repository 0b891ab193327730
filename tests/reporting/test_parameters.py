from types import SimpleNamespace

import pytest
from pydantic import BaseModel, ConfigDict, Field

from analysis.errors import BadInputError
from analysis.reporting import parameters
from analysis.reporting.parameters import read_settings


class ToyParameters(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    quarter: str
    n_lags: int = Field(4, ge=1, le=12, description="Lags, in quarters.")
    share: float = Field(0.5, ge=0, le=1, description="Core share, from 0 to 1.")


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(parameters, "STUDIES", ("toy",))
    monkeypatch.setattr(
        parameters, "load_study", lambda name: SimpleNamespace(Parameters=ToyParameters)
    )
    (tmp_path / "params").mkdir()
    return tmp_path


def write(project, text, name="2026Q3"):
    (project / "params" / f"{name}.yml").write_text(text, "utf-8")


def complaints(project, text, **asked):
    write(project, text)
    with pytest.raises(BadInputError, match=r".") as raised:
        read_settings(project, "2026Q3", **asked)
    return [str(problem) for problem in raised.value.problems]


def test_a_file_with_nothing_but_a_source_gives_every_default(project):
    write(project, "quarter: 2026Q3\nsource: synthetic\n")
    settings = read_settings(project, "2026Q3")
    assert settings.source == "synthetic"
    assert settings.studies["toy"] == ToyParameters(quarter="2026Q3")


def test_a_section_overrides_a_default(project):
    write(project, "source: synthetic\ntoy:\n  n_lags: 6\n")
    assert read_settings(project, "2026Q3").studies["toy"].n_lags == 6


def test_a_quarter_without_a_file_runs_from_a_source_that_is_named(project):
    assert read_settings(project, "2020Q1", "berka").source == "berka"


def test_every_mistake_is_told_at_once_with_its_line(project):
    text = (
        "quarter: 2026Q2\n"
        "source: synthetic\n"
        "tyo: {}\n"
        "toy:\n"
        "  n_lags: 99\n"
        "  share: half\n"
        "  n_lag: 3\n"
    )
    told = complaints(project, text)
    assert len(told) == 5
    assert any("line 3, column 1: `tyo` must be one of" in line for line in told)
    assert any("line 1, column 1: `quarter` must be '2026Q3'" in line for line in told)
    assert any("line 5, column 3: `n_lags` can't be 99" in line for line in told)
    assert any("line 6, column 3: `share` can't be 'half'" in line for line in told)
    assert any("line 7, column 3: `n_lag` is no parameter" in line for line in told)


def test_a_remedy_names_meaning_and_default(project):
    (told,) = complaints(project, "source: s\ntoy:\n  n_lags: 0\n")
    assert told.endswith("Its meaning: Lags, in quarters. Its default: 4.")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("source: s\nsource: t\n", "`source` must be set once"),
        ("source: s\ntoy: 3\n", "`toy` must be a section"),
        ("source: s\ntoy:\n  quarter: 2026Q3\n", "must stand at the top"),
        ("source: 3\n", "`source` must be the name of a source"),
        ("- source\n", "must hold 'name: value' lines"),
        ("source: [\n", "must be YAML in UTF-8"),
        ("", "must have a source of data"),
        ("source: s\ntoy:\n  n_lags: true\n", "can't be True"),
        ("source: s\ntoy:\n  n_lags: '4'\n", "can't be '4'"),
        ("source: s\ntoy:\n  n_lags: .nan\n", "can't be nan"),
    ],
)
def test_a_broken_file_says_what_is_wrong(project, text, complaint):
    assert any(complaint in line for line in complaints(project, text))


def test_a_file_that_is_not_utf_8_is_refused(project):
    (project / "params/2026Q3.yml").write_bytes("source: 合成".encode("gb18030"))
    with pytest.raises(BadInputError, match="must be YAML in UTF-8"):
        read_settings(project, "2026Q3")


def test_another_source_than_the_files_is_refused(project):
    (told,) = complaints(project, "source: synthetic\n", source="berka")
    assert "'synthetic', but --source asks for 'berka'" in told


@pytest.mark.parametrize("quarter", ["2026Q5", "latest", "../2026Q3"])
def test_a_quarter_must_be_one(project, quarter):
    with pytest.raises(BadInputError, match="must be written like '2026Q3'"):
        read_settings(project, quarter)
