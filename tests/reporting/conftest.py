"""Pages for the tests that look at them in a browser, and the browser."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.presentation.charts import Chart, draw_bars
from analysis.presentation.digest import Digest, DigestEntry
from analysis.presentation.disclosure import SUPPRESSED, release_public
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.show import bundle, media_type
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.reporting.pages.catalogue import write_catalogue
from analysis.reporting.pages.document import read_document
from analysis.reporting.pages.index import write_index
from analysis.reporting.pages.webpage import render_document
from analysis.reporting.record import StudyRecord
from analysis.units import Unit
from analysis.wording import speak

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> {{7*7}} "
    "[link](javascript:alert(3)) \" ' </style><iframe src=//example.org>"
)
"""What a customer could have typed where a bank expects a name."""

_TITLE = (
    "# Deposit-rate elasticity\n\n**Question.** How much reaches savers?\n"
    "**Used for** the pricing round. **Owner** Treasury research."
)
_METHOD = (
    "## Method 方法\n\nThe share is $\\beta$ and\n\n$$\\theta = \\frac{\\beta}{2}$$\n\n"
    "- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 存款 |\n\n"
    f"[paper](https://example.org/paper) {HOSTILE}\n\n```python\nx = 1\n```"
)


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with every kind of page, in both languages."""
    folder = tmp_path_factory.mktemp("pages")
    for language in ("en", "zh"):
        with speak(language):
            _write_pages(folder / language, language)
    return folder


def make_finding(headline: str = "储户分享62%", **changes: object) -> Finding:
    """Make a finding of a quarter."""
    values: dict[str, object] = {
        "key": "long_run",
        "requirement": "B1",
        "sentence": "It is 62% (55% to 69%).",
        "action": "Price at 60%.",
        "verdict": "measured",
        "unit": Unit.PERCENT,
        "nobs": 120,
        "period": "2026Q3",
        "source": "rates",
        "measure": "Share of profit made by the top 20%",
        "estimate": 62.0,
        "lower": 55.0,
        "upper": 69.0,
        "previous": 50.0,
        "change": "rose",
        "importance": 0.9,
    }
    return Finding(headline=headline, **{**values, **changes})


def _write_pages(folder: Path, language: str) -> None:
    findings = list(_make_findings())
    before = [findings[1], replace(findings[2], estimate=5e6)]
    for quarter, own in (("2026Q2", before), ("2026Q3", findings)):
        place = folder / quarter
        place.mkdir(parents=True)
        run, records = _make_run(quarter, language, own)
        studies = [
            {"findings": [_keep(f) for f in own], "name": record.name}
            | {"status": record.status, "reason": record.reason, "files": {}}
            for record in records
        ]
        (place / "run.json").write_text(json.dumps(run | {"studies": studies}))
    write_index(folder / "2026Q3" / "index.html", run, records)
    write_catalogue(folder)
    notebook = _make_notebook(language, findings)
    page = render_document(read_document(notebook))
    (folder / "report.html").write_text(page, "utf-8")


def _make_run(
    quarter: str, language: str, findings: list[Finding]
) -> tuple[dict[str, object], list[StudyRecord]]:
    run = {
        "quarter": quarter,
        "run": "0a1b2c3d",
        "language": language,
        "source": {"name": "toy", "title": "Toy bank 银行", "attribution": HOSTILE},
        "code": {"commit": "unknown"},
        "files": {"tables.xlsx": "0"},
        "tables": {"tables/deposit_rate_elasticity/01-table.csv": HOSTILE},
    }
    name = "deposit_rate_elasticity"
    files = {f"{name}.html": "0", f"{name}.pdf": "0"}
    kept = tuple(map(_keep, findings))
    records = [
        StudyRecord(name, "存款利率弹性", "completed", "", {}, kept, files),
        StudyRecord("segment_profitability", "B", "failed", HOSTILE, {}, (), {}),
        StudyRecord("satisfaction_drivers", "C", "left out", "No survey.", {}, (), {}),
    ]
    return run, records


def _keep(finding: Finding) -> dict[str, object]:
    kept: dict[str, object] = bundle(finding)[media_type("finding")]
    return kept


def _make_findings():
    yield make_finding()
    yield make_finding(
        "Nothing can be said of " + HOSTILE,
        key=HOSTILE,
        verdict="not identified",
        reason="Too few moves.",
        **dict.fromkeys(("estimate", "lower", "upper", "previous", "change")),
    )
    yield make_finding(
        f"Deposits are CNY 4.5 million {HOSTILE}",
        key="deposits",
        verdict="exact",
        unit=Unit.MONEY,
        currency="CNY",
        measure=f"Deposits {HOSTILE}",
        estimate=4.5e6,
        previous=5e6,
        change="fell",
        lower=None,
        upper=None,
    )


def _make_notebook(language: str, findings: list[Finding]):
    entries = [DigestEntry(finding, "x", HOSTILE) for finding in findings]
    failed = new_output("error", ename="ValueError", evalue=HOSTILE, traceback=[])
    printed = new_output("stream", name="stdout", text=HOSTILE)
    warned = new_output("stream", name="stderr", text=HOSTILE)
    shown = (*findings, _draw_chart(), _make_table(), _make_wide_table())
    cells = [
        new_markdown_cell(_TITLE),
        new_code_cell('source = "toy"', metadata={"tags": ["parameters"]}),
        new_code_cell(f"first = {HOSTILE!r}"),
        new_markdown_cell("## Which segment keeps most?"),
        *(new_code_cell("show(x)", outputs=[_show(item)]) for item in shown),
        new_code_cell("show(y)", outputs=[_show(Note(HOSTILE))]),
        new_code_cell("show(z)", outputs=[_show(Digest(tuple(entries)))]),
        new_code_cell("print(1)", outputs=[printed, warned]),
        new_markdown_cell("## Checks"),
        new_code_cell("show(t)", outputs=[_show(_make_table(90, "Shares again"))]),
        new_markdown_cell(_METHOD),
        new_code_cell("1/0", outputs=[failed]),
    ]
    notebook = new_notebook(cells=cells)
    notebook.metadata["quarterbook"] = {
        "quarter": "2026Q3",
        "language": language,
        "source_title": HOSTILE,
        "run": "0a1b2c3d",
    }
    return notebook


def _show(item):
    return new_output("display_data", data=bundle(item))


def _draw_chart() -> Chart:
    rows = pd.DataFrame({"tier": ["Gold", "Basic", HOSTILE], "value": [3.0, -1.0, 2.0]})
    released = release_public(rows, reason="invented numbers")
    return Chart(
        drawing=draw_bars(released, label="tier", value="value", unit="%"),
        title="Gold keeps most",
        subtitle="Percent",
        source="rates",
        nobs=3,
        alt="Three bars",
    )


def _make_table(n_rows: int = 5, title: str = "Shares by tier") -> DisplayTable:
    names = ["金卡", HOSTILE, "Basic", "Silver", *map(str, range(n_rows - 4))]
    values = [3.0, SUPPRESSED, 1_200.0, None, *range(n_rows - 4)]
    rows = pd.DataFrame(
        {"tier": [*names, "Total"], "share": [*values, 1_217.0]}, dtype=object
    )
    columns = (
        DisplayColumn("tier", "Tier"),
        DisplayColumn("share", "Share", Unit.PERCENT),
    )
    return DisplayTable(
        title=title,
        released=release_public(rows, reason="invented numbers"),
        columns=columns,
        source="rates",
        total_row=True,
    )


def _make_wide_table() -> DisplayTable:
    names = [f"column_{n}" for n in range(9)]
    rows = pd.DataFrame({name: [1e6 * n, 2e6, 3e6] for n, name in enumerate(names)})
    rows.insert(0, "segment", ["Retail", "Private", "Small business"])
    heads = [DisplayColumn(name, f"Amount of {name}", Unit.COUNT) for name in names]
    return DisplayTable(
        title="Amounts by segment",
        released=release_public(rows, reason="invented numbers"),
        columns=(DisplayColumn("segment", "Segment"), *heads),
        source="ledger",
    )
