"""What a run tells: JSON lines that a scheduler reads, sentences for a person."""

import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console

from analysis.errors import Problem
from analysis.reporting.journal import ConsoleJournal, JsonJournal
from analysis.reporting.quarter_run import QuarterRun
from analysis.reporting.running.execution import Outcome
from analysis.reporting.running.failures import Failure
from analysis.reporting.running.keys import Key
from analysis.reporting.running.work import Work

KEY = Key("n", {}, {}, {}, {})
WORK = (Work("drivers", KEY, "data changed: survey_answers"), Work("segments", KEY, ""))
FAILURE = Failure(
    "Cell 6 failed: ValueError: no rate of C0••••••",
    'cell 6 of 7, under "Where?", line 2',
    "analysis/studies/x.py, line 9, in rank",
    "C0001234",
)
OUTCOMES = (Outcome("drivers", "failed", 1.234, FAILURE), Outcome("b", "completed", 1))
TABLES = {
    "survey_answers": {
        "rows": 81234,
        "first": "2025Q1",
        "last": "2026Q3",
        "studies": ["drivers"],
    },
    "ledger": {"rows": 9, "first": None, "last": None, "studies": ["segments"]},
}
RUN = QuarterRun(Path("outputs/2026Q3-incomplete"), "0a1b2c3d", OUTCOMES, tables=TABLES)


def tell(journal):
    journal.checked()
    journal.planned(WORK, {"rates": "It has no rates."})
    journal.finished(OUTCOMES[0], kept=False)
    journal.kept_back(RUN)
    journal.refused([Problem("it must be.", "params, line 1", "Mend it.")])
    journal.stopped("The disk is full.", None)
    journal.published(Path("outputs/2026Q3"), "0a1b2c3d", unchanged=True)


@pytest.fixture
def events():
    stream = io.StringIO()
    tell(JsonJournal(stream))
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_line_is_an_event_with_its_time(events):
    assert [event["event"] for event in events] == [
        "checked",
        *["planned"] * 3,
        "finished",
        "kept back",
        "refused",
        "stopped",
        "published",
    ]
    times = [datetime.fromisoformat(event["time"]) for event in events]
    assert times == sorted(times)
    assert all(time.utcoffset().total_seconds() == 0 for time in times)


def test_the_plan_says_what_and_why(events):
    told = [(e["study"], e["action"], e["reason"]) for e in events[1:4]]
    assert told == [
        ("drivers", "run", "data changed: survey_answers"),
        ("segments", "keep", ""),
        ("rates", "leave out", "It has no rates."),
    ]


def test_a_failure_is_told_with_its_place_and_without_data(events):
    failed = events[4]
    assert failed["sentence"] == FAILURE.sentence
    assert failed["cell"] == FAILURE.cell
    assert failed["place"] == FAILURE.place
    assert "C0001234" not in json.dumps(events)
    assert events[5]["failed"] == ["drivers"]


def test_problems_keep_their_three_parts(events):
    told = {"what": "it must be.", "where": "params, line 1", "remedy": "Mend it."}
    assert events[6]["problems"] == [told]


def test_a_person_reads_where_it_failed_over_which_rows_and_how_to_go_on():
    console = Console(file=io.StringIO(), width=100)
    ConsoleJournal(console, quiet=True).kept_back(RUN)
    lines = console.file.getvalue().splitlines()
    assert lines == [
        "drivers",
        "  Cell 6 failed: ValueError: no rate of C0••••••",
        '  In cell 6 of 7, under "Where?", line 2',
        "  In analysis/studies/x.py, line 9, in rank",
        "  Read survey_answers: 81,234 rows, 2025Q1 to 2026Q3",
        "The quarter is not published; what was before is untouched.",
        "What was made is in outputs/2026Q3-incomplete.",
        "The same command runs again what failed, and only that.",
    ]


def test_a_quiet_journal_tells_only_what_is_wrong():
    console = Console(file=io.StringIO(), width=100)
    journal = ConsoleJournal(console, quiet=True)
    journal.planned(WORK, {})
    journal.finished(OUTCOMES[1], kept=True)
    journal.published(Path("outputs/2026Q3"), "0a1b2c3d", unchanged=True)
    assert console.file.getvalue() == ""


def test_a_person_reads_the_plan():
    console = Console(file=io.StringIO(), width=100)
    ConsoleJournal(console, quiet=False).planned(WORK, {"rates": "It has no rates."})
    rows = [line.split(maxsplit=2) for line in console.file.getvalue().splitlines()]
    assert ["drivers", "run", "data changed: survey_answers"] in [
        [part.strip() for part in row] for row in rows
    ]
    assert any(row[:2] == ["segments", "unchanged"] for row in rows)
