"""pyproject.toml, the lock, environment.yml and what is installed agree."""

import re
import tomllib
from importlib.metadata import requires, version
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = {
    name: (ROOT / name).read_text("utf-8")
    for name in ("requirements.lock", "requirements-spark.lock")
}
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)


def _direct_pins() -> dict[str, str]:
    project = PROJECT["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return dict(PIN.match(line).groups() for line in lines)


def _locked(lock: str = "requirements.lock") -> dict[str, set[str]]:
    locked: dict[str, set[str]] = {}
    for name, pinned in PIN.findall(LOCKS[lock]):
        locked.setdefault(name, set()).add(pinned)
    return locked


@pytest.mark.parametrize("name", sorted(_direct_pins()))
def test_lock_and_machine_have_the_version_that_the_project_pins(name):
    pinned = _direct_pins()[name]
    assert _locked()[name] == {pinned}
    assert version(name) == pinned


def test_the_lock_of_spark_holds_what_the_extra_pins_and_nothing_of_the_main_lock():
    (line,) = PROJECT["project"]["optional-dependencies"]["spark"]
    name, pinned = PIN.fullmatch(line).groups()
    locked = _locked("requirements-spark.lock")
    assert locked[name] == {pinned}
    assert locked.keys().isdisjoint(_locked())


def test_ibis_says_that_its_backend_runs_on_the_pinned_spark():
    (pinned,) = _locked("requirements-spark.lock")["pyspark"]
    wanted = [Requirement(line) for line in requires("ibis-framework")]
    (spark,) = [each for each in wanted if each.name == "pyspark"]
    assert pinned in spark.specifier


def test_every_dependency_of_the_project_is_pinned():
    project = PROJECT["project"]
    extras = project["optional-dependencies"].values()
    lines = [*project["dependencies"], *chain.from_iterable(extras)]
    assert [line for line in lines if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock):
    blocks = re.split(r"^(?=[A-Za-z0-9])", LOCKS[lock], flags=re.MULTILINE)
    assert [b.split()[0] for b in blocks if b.strip() and "--hash=" not in b] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_names_no_host(lock):
    assert re.search(r"https?://|index-url|find-links", LOCKS[lock]) is None


def test_conda_users_get_the_lock_itself():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    pip_lines = environment["dependencies"][-1]["pip"]
    assert pip_lines == ["--requirement requirements.lock"]
    python = environment["dependencies"][0]
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert python == f"python={oldest}"
