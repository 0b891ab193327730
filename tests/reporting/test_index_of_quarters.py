"""What moved between published quarters, and the page that says so."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from analysis.errors import BadInputError
from analysis.presentation.findings import Finding
from analysis.presentation.show import bundle, media_type
from analysis.quarter import Quarter
from analysis.reporting.pages.catalogue import PAGE, write_catalogue
from analysis.reporting.pages.changes import compare_quarters
from analysis.reporting.pages.recorded_findings import restore_finding
from analysis.units import Unit

BEFORE = Finding(
    key="share",
    requirement="B1",
    headline="Savers keep 60%",
    sentence="It is 60%.",
    action="Price at 60%.",
    verdict="measured",
    unit=Unit.PERCENT,
    nobs=120,
    period="2026Q2",
    source="rates",
    measure="Share that savers keep",
    estimate=60.0,
    lower=58.0,
    upper=62.0,
    change="no clear change",
)
OPEN = replace(
    BEFORE,
    verdict="not identified",
    reason="Too few moves.",
    estimate=None,
    lower=None,
    upper=None,
    change=None,
)
COUNT = replace(BEFORE, verdict="exact", lower=None, upper=None)


def move(finding, by, **changes):
    ends = {
        name: getattr(finding, name) + by
        for name in ("estimate", "lower", "upper")
        if getattr(finding, name) is not None
    }
    return replace(finding, **ends, **changes)


def test_a_sentence_gives_both_values_and_both_quarters():
    days = {"earlier": Quarter(2026, 2), "later": Quarter(2026, 3)}
    key = ("study", "share")
    told = {
        "up": compare_quarters({key: BEFORE}, {key: move(BEFORE, 9.0)}, **days),
        "lost": compare_quarters({key: BEFORE}, {key: OPEN}, **days),
    }
    assert told["up"].changes[0].sentence == (
        "Savers keep 60%. Up from 60.0% (58.0% to 62.0%) in 2026Q2 "
        "to 69.0% (67.0% to 71.0%) in 2026Q3."
    )
    assert told["lost"].changes[0].sentence == (
        "Savers keep 60%. No longer identified in 2026Q3; "
        "it was 60.0% (58.0% to 62.0%) in 2026Q2."
    )


def test_only_findings_of_both_quarters_are_compared_the_weightiest_first():
    light, heavy = replace(BEFORE, importance=0.1), replace(BEFORE, importance=0.9)
    before = {("a", "x"): light, ("a", "y"): heavy, ("a", "gone"): heavy}
    after = {key: move(finding, 9.0) for key, finding in before.items()}
    after[("b", "new")] = after.pop(("a", "gone"))
    compared = compare_quarters(
        before, after, earlier=Quarter(2026, 2), later=Quarter(2026, 3)
    )
    assert compared.n_compared == 2
    assert [change.key[1] for change in compared.changes] == ["y", "x"]


def test_a_finding_comes_back_from_its_record_as_it_was():
    for finding in (BEFORE, OPEN, COUNT):
        kept = bundle(finding)[media_type("finding")]
        assert restore_finding(json.loads(json.dumps(kept))) == finding
        assert restore_finding(kept | {"of_a_later_version": 1}) == finding


def test_a_finding_of_an_earlier_run_is_measured_by_its_headline():
    kept = bundle(BEFORE)[media_type("finding")]
    earlier = {name: value for name, value in kept.items() if name != "measure"}
    assert restore_finding(earlier).measure == "Savers keep 60%"


def publish(outputs, quarter, finding, *, source="toy", language="en"):
    study = {
        "name": "segment_profitability",
        "status": "completed",
        "reason": "",
        "files": {},
        "findings": [bundle(finding)[media_type("finding")]],
    }
    record = {
        "quarter": quarter,
        "run": "0a1b2c3d",
        "language": language,
        "source": {"name": source, "title": f"Bank {source}"},
        "studies": [study],
    }
    folder = outputs / quarter
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(record), "utf-8")


def test_the_page_lists_quarters_newest_first_and_sources_side_by_side(tmp_path):
    publish(tmp_path, "2026Q1", BEFORE, source="other")
    publish(tmp_path, "2026Q2", BEFORE)
    publish(tmp_path, "2026Q3", move(BEFORE, 9.0))
    publish(tmp_path, "2026Q4", move(BEFORE, 9.0))
    publish(tmp_path, "2026Q4-incomplete", OPEN)
    page = write_catalogue(tmp_path).read_text("utf-8")
    order = [page.index(f'href="{day}/index.html">{day}') for day in _DAYS]
    assert order == sorted(order)
    assert "Nothing moved beyond its interval since 2026Q3, of 1 findings." in page
    assert "Moved since 2026Q2: 1 of 1 findings." in page
    assert "segment_profitability.html#finding-share" in page
    assert page.count("The first quarter published from this source.") == 2
    assert "incomplete/" not in page


_DAYS = ("2026Q4", "2026Q3", "2026Q2", "2026Q1")


def test_the_page_is_a_function_of_the_records_in_the_newest_language(tmp_path):
    publish(tmp_path, "2026Q2", BEFORE)
    publish(tmp_path, "2026Q3", BEFORE, language="zh")
    first = write_catalogue(tmp_path).read_bytes()
    assert b'<html lang="zh-Hans">' in first
    assert "2026年第3季度".encode() in first
    assert write_catalogue(tmp_path).read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "2026Q2",
        "2026Q3",
        PAGE,
    ]


def test_a_folder_without_quarters_gets_a_page_that_says_so(tmp_path):
    page = write_catalogue(tmp_path).read_text("utf-8")
    assert "No quarter has been published yet." in page


def test_a_record_that_is_no_json_is_named(tmp_path):
    publish(tmp_path, "2026Q3", BEFORE)
    (tmp_path / "2026Q3" / "run.json").write_text("{")
    with pytest.raises(BadInputError, match=r"2026Q3.*must be JSON"):
        write_catalogue(tmp_path)
