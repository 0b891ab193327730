"""Which modules count as the code of a notebook."""

from pathlib import Path

import pytest

from analysis.reporting.running.reach import fingerprint_catalogue, fingerprint_modules

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"


@pytest.fixture(scope="module", params=["segment_profitability", "quarterly_summary"])
def reached(request):
    return request.param, fingerprint_modules(NOTEBOOKS / f"{request.param}.ipynb")


def test_a_study_reaches_itself_and_the_ground_floor(reached):
    study, modules = reached
    assert any(name.startswith(f"studies/{study}") for name in modules)
    assert {"__init__.py", "units.py", "presentation/show.py"} <= set(modules)


def test_a_study_reaches_no_other_and_nothing_that_reports(reached):
    study, modules = reached
    others = [
        name
        for name in modules
        if name.startswith(("reporting/", "synthetic/"))
        or (name.startswith("studies/") and name.count("/") > 1 and study not in name)
    ]
    assert others == []


def test_modules_reached_by_way_of_others_count():
    modules = fingerprint_modules(NOTEBOOKS / "segment_profitability.ipynb")
    assert "statistics/concentration.py" in modules
    assert "presentation/disclosure/secondary.py" in modules


def test_only_a_translated_language_has_a_catalogue():
    assert fingerprint_catalogue("en") == ""
    assert len(fingerprint_catalogue("zh")) == 64
