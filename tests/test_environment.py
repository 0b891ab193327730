"""pyproject.toml, the lock, environment.yml and what is installed agree."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)


def _direct_pins() -> dict[str, str]:
    project = PROJECT["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return dict(PIN.match(line).groups() for line in lines)


def _locked() -> dict[str, set[str]]:
    locked: dict[str, set[str]] = {}
    for name, pinned in PIN.findall(LOCK):
        locked.setdefault(name, set()).add(pinned)
    return locked


@pytest.mark.parametrize("name", sorted(_direct_pins()))
def test_lock_and_machine_have_the_version_that_the_project_pins(name):
    pinned = _direct_pins()[name]
    assert _locked()[name] == {pinned}
    assert version(name) == pinned


def test_every_dependency_of_the_project_is_pinned():
    project = PROJECT["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert [line for line in lines if not PIN.fullmatch(line)] == []


def test_every_locked_package_has_a_hash():
    blocks = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.MULTILINE)
    assert [b.split()[0] for b in blocks if b.strip() and "--hash=" not in b] == []


def test_the_lock_names_no_host():
    assert re.search(r"https?://|index-url|find-links", LOCK) is None


def test_conda_users_get_the_lock_itself():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    pip_lines = environment["dependencies"][-1]["pip"]
    assert pip_lines == ["--requirement requirements.lock"]
    python = environment["dependencies"][0]
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert python == f"python={oldest}"
