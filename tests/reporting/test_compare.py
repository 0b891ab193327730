"""Two runs beside each other, from made-up records; no notebook is run for it."""

import json
import sys
from dataclasses import replace

import pytest
from rich.console import Console

from analysis.errors import BadInputError
from analysis.presentation.findings import Finding
from analysis.presentation.show import bundle, media_type
from analysis.reporting import command
from analysis.reporting.comparison.choice import choose_runs
from analysis.reporting.comparison.inputs import InputChange
from analysis.reporting.comparison.printing import print_comparison
from analysis.reporting.comparison.records import read_record
from analysis.reporting.comparison.runs import compare_runs, write_document
from analysis.units import Unit

SHARE = Finding(
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
    importance=0.9,
)
PROFIT = replace(
    SHARE,
    key="profit",
    verdict="exact",
    unit=Unit.MONEY,
    currency="CNY",
    measure="Profit of Gold",
    estimate=720_000.0,
    lower=None,
    upper=None,
    importance=0.5,
)
OPEN = replace(
    SHARE,
    key="open",
    headline="Nothing can be said",
    verdict="not identified",
    reason="Too few moves.",
    **dict.fromkeys(("estimate", "lower", "upper")),
)
BALANCES = {
    "rows": 900,
    "quarter_rows": 300,
    "first": "2025-01-31",
    "last": "2026-06-30",
    "customers": 100,
    "studies": ["pricing"],
}
PARAMS = {"hurdle_rate_pct": 12.0, "seed": 1, "quarter": "2026Q2", "language": "en"}


def keep(finding):
    return bundle(finding)[media_type("finding")]


def make_study(findings, *, name="pricing", status="completed", **values):
    kept = [keep(finding) for finding in findings]
    study = {"name": name, "status": status, "reason": "", "parameters": PARAMS}
    return study | {"findings": kept} | values


def make_record(quarter="2026Q2", run="aaaa1111", findings=(SHARE, PROFIT), **values):
    record = {
        "quarter": quarter,
        "run": run,
        "language": "en",
        "edition": "management",
        "source": {
            "name": "toy",
            "title": "Toy bank",
            "fingerprint": "d" * 64,
            "tables": {"balances": BALANCES},
        },
        "code": {"commit": "abc", "fingerprint": "c" * 64},
        "versions": {"duckdb": "1.5.6"},
        "params": {},
        "studies": [make_study(findings)],
    }
    return record | values


def write(path, record):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    return path


@pytest.fixture
def lay(tmp_path):
    """Give a function that compares two made-up records."""

    def compare(before, after):
        records = [
            read_record(write(tmp_path / f"{number}.json", record))
            for number, record in enumerate((before, after))
        ]
        return compare_runs(*records, labels=("before", "after"))

    return compare


def fates(comparison):
    return {each.key: each.fate for each in comparison.findings}


def with_tables(record, **tables):
    return record | {"source": record["source"] | {"tables": tables}}


def test_two_quarters_are_compared_finding_by_finding(lay):
    # 60 ± 2 and 65 ± 2: 5 > sqrt(2² + 2²) = 2.83
    risen = replace(SHARE, estimate=65.0, lower=63.0, upper=67.0)
    richer = replace(PROFIT, estimate=735_000.0)
    compared = lay(make_record(), make_record("2026Q3", findings=(richer, risen)))
    assert compared.relation == "next quarter"
    share, profit = compared.findings
    assert (share.key, share.fate, share.rule) == (
        "share",
        "up",
        "interval of the difference",
    )
    assert share.change == pytest.approx(5.0)
    assert share.change_lower == pytest.approx(5 - 8**0.5)
    assert (profit.key, profit.fate, profit.change) == ("profit", "differs", 15_000.0)
    assert profit.change_lower is None
    assert compared.explanations == ()


def test_findings_that_only_one_run_has_are_told(lay):
    new = replace(SHARE, key="new")
    compared = lay(
        make_record(findings=(SHARE, PROFIT, OPEN, replace(OPEN, key="solved"))),
        make_record("2026Q3", findings=(SHARE, new, replace(OPEN, key="profit"), OPEN)),
    )
    assert fates(compared) == {
        "share": "steady",
        "new": "only after",
        "profit": "lost",
        "open": "open",
        "solved": "only before",
    }


def test_the_summary_that_repeats_the_others_is_left_out(lay):
    summary = make_study([replace(SHARE, key="repeated")], name="quarterly_summary")
    record = make_record()
    record["studies"].append(summary)
    assert set(fates(lay(record, record))) == {"share", "profit"}


def test_another_quarter_of_another_source_is_no_restatement(lay):
    other = make_record()
    other["source"] = {"name": "other"}
    assert lay(make_record(), other).relation == "other quarter"
    assert lay(make_record(), make_record("2026Q4")).relation == "other quarter"
    assert lay(make_record(), make_record(run="bbbb2222")).relation == "restatement"


def test_two_languages_are_compared_by_keys(lay):
    chinese = replace(
        SHARE, headline="储户分享65%", measure="储户分享", **move_ends(5.0)
    )
    compared = lay(
        make_record(), make_record("2026Q3", findings=(chinese,), language="zh")
    )
    assert fates(compared) == {"share": "up", "profit": "only before"}
    assert InputChange("language", "", "en", "zh") in compared.inputs


def move_ends(by):
    return {name: getattr(SHARE, name) + by for name in ("estimate", "lower", "upper")}


def test_everything_that_differs_in_the_making_is_listed(lay):
    after = make_record(run="bbbb2222", edition="restricted", reviewer="Wang Fang")
    after["source"] = after["source"] | {"fingerprint": "e" * 64}
    after["code"] = {"commit": "def", "fingerprint": "f" * 64}
    after["versions"] = {"duckdb": "2.0.0", "numpy": "2"}
    after["params"] = {"pricing": {"hurdle_rate_pct": 9.0}}
    changed = PARAMS | {"hurdle_rate_pct": 9.0, "seed": 2, "quarter": "2026Q3"}
    after["studies"] = [make_study([SHARE], parameters=changed)]
    assert lay(make_record(), after).inputs == (
        InputChange("data", "fingerprint", "d" * 12, "e" * 12),
        InputChange("code", "fingerprint", "c" * 12, "f" * 12),
        InputChange("code", "commit", "abc", "def"),
        InputChange("edition", "", "management", "restricted"),
        InputChange("reviewer", "", "absent", "Wang Fang"),
        InputChange("param", "pricing.hurdle_rate_pct", "12.0", "9.0"),
        InputChange("default", "pricing.seed", "1", "2"),
        InputChange("version", "duckdb", "1.5.6", "2.0.0"),
        InputChange("version", "numpy", "absent", "2"),
    )


def test_parameters_of_a_study_that_left_are_no_change_of_parameters(lay):
    after = make_record("2026Q3")
    after["studies"] = [
        make_study([], status="left out", reason="No rates.", parameters={})
    ]
    compared = lay(make_record(), after)
    assert compared.inputs == ()
    (left,) = compared.studies
    assert (left.study, left.before, left.after) == ("pricing", "completed", "left out")
    assert left.reason == "No rates."


def test_a_study_that_appeared_is_told_and_one_that_stays_away_is_not(lay):
    away = make_study([], name="survey", status="left out", reason="No survey.")
    before, after = make_record(), make_record("2026Q3")
    before["studies"] = [away]
    after["studies"] = [*after["studies"], away]
    (appeared,) = lay(before, after).studies
    assert (appeared.study, appeared.before) == ("pricing", "absent")


def test_a_table_that_shrank_says_in_what(lay):
    # 300 to 290 rows in the quarter, 100 to 99 customers; history from a month later
    shrunk = BALANCES | {
        "quarter_rows": 290,
        "customers": 99,
        "first": "2025-02-28",
        "last": "2026-09-30",
        "rows": 1100,
    }
    compared = lay(
        with_tables(make_record(), balances=BALANCES, ledger={"rows": 5}),
        with_tables(make_record("2026Q3"), balances=shrunk, events={"rows": 7}),
    )
    losses = {each.table: each.losses for each in compared.tables}
    assert losses == {
        "balances": ("rows of the quarter", "customers", "begins later"),
        "events": (),
        "ledger": ("gone",),
    }


def test_records_of_an_earlier_version_have_no_tables_to_compare(lay):
    before = make_record()
    del before["params"], before["source"]["tables"]
    compared = lay(before, make_record("2026Q3"))
    assert compared.tables is None
    assert "does not tell them" in show(compared)


def restate(**values):
    """Give a restatement whose share lies outside the 58 to 62 published before."""
    findings = (replace(SHARE, **move_ends(3.0)), PROFIT)
    return make_record(run="bbbb2222", findings=findings) | values


def test_a_restatement_is_explained_by_what_its_study_uses(lay):
    after = restate(params={"pricing": {"seed": 2}})
    after["studies"][0]["parameters"] = PARAMS | {"seed": 2}
    other = {"rows": 5, "studies": ["survey"]}
    after = with_tables(after, balances=BALANCES, answers=other)
    after["source"]["fingerprint"] = "e" * 64
    compared = lay(make_record(), after)
    share, profit = compared.findings
    assert (share.fate, share.rule) == ("up", "outside the earlier interval")
    assert profit.fate == "steady"
    (explanation,) = compared.explanations
    assert (explanation.study, explanation.n_moved) == ("pricing", 1)
    # the new table is the survey's: it explains nothing here
    assert explanation.causes == (
        "param seed (1 to 2)",
        "data (values: none of its tables has other rows or customers)",
    )


def test_a_table_with_other_rows_explains_a_restatement_by_its_name(lay):
    after = with_tables(restate(), balances=BALANCES | {"rows": 901})
    after["source"]["fingerprint"] = "e" * 64
    after["versions"] = {"duckdb": "2.0.0"}
    (explanation,) = lay(make_record(), after).explanations
    assert explanation.causes == ("data (rows of balances)", "version (duckdb)")


def test_a_restatement_that_nothing_explains_is_called_so(lay):
    compared = lay(make_record(), restate(language="zh"))
    (explanation,) = compared.explanations
    assert explanation.causes == ()
    assert "no input that it uses differs" in show(compared)


def show(comparison, *, width=100, everything=False):
    console = Console(width=width, highlight=False, force_terminal=False)
    with console.capture() as captured:
        print_comparison(comparison, console, everything=everything)
    return captured.get()


@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_line_is_longer_than_the_console_and_no_number_is_cut(lay, width):
    findings = (replace(SHARE, **move_ends(9.0)), replace(PROFIT, estimate=-12_345_678))
    compared = lay(make_record(), make_record("2026Q3", findings=findings))
    text = show(compared, width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    # 9 ± sqrt(8) = 6.17 to 11.83
    for written in ("69.0%", "67.0% to 71.0%", "+9.00 pp", "6.17", "11.83", "(d)"):
        assert written in text
    assert "CNY" in text
    assert "−12.3" in text


def test_what_did_not_move_is_printed_only_when_asked_for(lay):
    compared = lay(make_record(), make_record("2026Q3"))
    assert "Share that savers keep" not in show(compared)
    assert "Clearly moved: 0 of 2 findings." in show(compared)
    assert "The same in every table." in show(compared)
    assert "no clear change" in show(compared, everything=True)
    assert "balances" in show(compared, everything=True)


def test_a_long_path_heads_no_column(tmp_path):
    path = write(tmp_path / "run.json", make_record())
    compared = compare_runs(
        read_record(path), read_record(path), labels=(str(path), "2026Q2")
    )
    assert show(compared, width=400, everything=True).count(str(path)) == 1


def test_markup_in_a_record_is_printed_as_it_stands(lay):
    after = replace(SHARE, measure="[bold]x[/nope]", key="new")
    compared = lay(make_record(), make_record("2026Q3", findings=(after,)))
    assert "[bold]x[/nope]" in show(compared, width=140)


def test_the_document_for_machines_is_strict_json(lay):
    compared = lay(
        make_record(), make_record("2026Q3", findings=(replace(SHARE, key="x"), OPEN))
    )
    document = json.loads(write_document(compared), parse_constant=pytest.fail)
    assert document["relation"] == "next quarter"
    assert document["tables"][0]["before"]["first"] == "2025-01-31"
    assert document["findings"][0]["after"]["unit"] == "%"
    assert write_document(compared) == write_document(compared)


@pytest.fixture
def outputs(tmp_path):
    folder = tmp_path / "outputs"
    write(folder / "2026Q1" / "run.json", make_record("2026Q1", "1111aaaa"))
    write(folder / "2026Q2" / "run.json", make_record("2026Q2", "2222aaaa"))
    other = make_record("2026Q3", "3333aaaa") | {"source": {"name": "other"}}
    write(folder / "2026Q3" / "run.json", other)
    for run in ("4444aaaa", "4444abbb"):
        path = folder / "history" / "2026Q2" / f"{run}.json"
        write(path, make_record("2026Q2", run))
    return folder


def label(outputs, *texts):
    before, after = choose_runs(outputs, texts[0], texts[1] if texts[1:] else None)
    return before.label, after.label


def test_runs_are_named_by_quarter_by_number_or_by_path(outputs):
    path = str(outputs / "2026Q1" / "run.json")
    assert label(outputs, path, "2026Q2@4444ab") == (path, "2026Q2@4444abbb")
    assert label(outputs, "2026Q2@2222", "2026Q2") == ("2026Q2@2222aaaa", "2026Q2")


def test_a_quarter_alone_is_held_against_its_latest_earlier_run(outputs):
    before, after = label(outputs, "2026Q2")
    assert before in {"2026Q2@4444aaaa", "2026Q2@4444abbb"}
    assert after == "2026Q2"


def test_a_quarter_published_once_is_held_against_the_one_before(outputs):
    write(outputs / "2026Q4" / "run.json", make_record("2026Q4", "5555aaaa"))
    # 2026Q3 is of another source
    assert label(outputs, "2026Q4") == ("2026Q2", "2026Q4")


@pytest.mark.parametrize(
    ("texts", "complaint"),
    [
        (["2025Q1", "2026Q2"], "there is 2026Q1, 2026Q2, 2026Q2@"),
        (["2026Q5"], "compared alone must be a quarter"),
        (["2026Q1"], "must have an earlier run or a quarter before it"),
        (["2026Q3"], "must have an earlier run or a quarter before it"),
        (["2026Q2@44", "2026Q2"], "must be the beginning of one run"),
        (["2026Q2@99", "2026Q2"], "must begin with '99'"),
        (["2026Q2@", "2026Q2"], "must be the beginning of one run"),
        (["nowhere/run.json", "2026Q2"], "must be there"),
    ],
)
def test_a_run_that_is_not_there_names_those_that_are(outputs, texts, complaint):
    with pytest.raises(BadInputError, match=complaint) as caught:
        label(outputs, *texts)
    assert "2026Q2@4444aaaa" in str(caught.value)


def test_both_mistakes_are_told_at_once(outputs):
    with pytest.raises(BadInputError) as caught:
        label(outputs, "2025Q1", "2025Q2")
    assert [problem.where for problem in caught.value.problems] == ["2025Q1", "2025Q2"]


def test_a_folder_without_quarters_says_that_there_is_nothing(tmp_path):
    with pytest.raises(BadInputError, match="there is nothing yet"):
        label(tmp_path / "none", "2026Q2")


def break_number(value):
    record = make_record()
    record["studies"][0]["findings"][0]["estimate"] = value
    return record


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "must be JSON"),
        (b"\xff\xfe", "must be JSON"),
        ("[]", "mistake at its top"),
        ("{}", "mistake at studies"),
        (json.dumps(break_number(float("nan"))), "'share' must be finite, not nan"),
        (json.dumps(break_number(float("inf"))), "'share' must be finite, not inf"),
        (json.dumps(break_number("much")), "findings.0.estimate"),
        (json.dumps(break_number(70.0)), "must lie in its interval"),
        (json.dumps(break_number(None)), "must have a finite estimate"),
        (json.dumps(make_record("2026Q7")), "written like '2026Q3'"),
        (json.dumps(make_record() | {"studies": [{"findings": [3]}]}), "studies.0"),
    ],
)
def test_a_broken_record_is_named_with_its_mistakes(tmp_path, content, complaint):
    path = tmp_path / "run.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadInputError, match=complaint) as caught:
        read_record(path)
    assert all(str(path) == problem.where for problem in caught.value.problems)


def test_a_nan_that_is_no_estimate_moves_nothing(lay):
    # the quarter before could not be computed anew
    after = replace(SHARE, previous=float("nan"), change=None)
    compared = lay(make_record(), make_record("2026Q3", findings=(after,)))
    assert fates(compared)["share"] == "steady"
    json.loads(write_document(compared), parse_constant=pytest.fail)


def call(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["quarterbook", "compare", *arguments])
    with pytest.raises(SystemExit) as ended:
        command.main()
    return ended.value.code, capsys.readouterr()


def test_the_command_ends_with_0_whether_or_not_something_moved(
    outputs, monkeypatch, capsys
):
    place = ("--outputs", str(outputs))
    code, written = call(monkeypatch, capsys, "2026Q1", "2026Q2", *place)
    assert code == 0
    assert "2026Q2, beside the quarter before, 2026Q1" in written.out
    moved = make_record("2026Q4", findings=(replace(SHARE, **move_ends(9.0)),))
    write(outputs / "2026Q4" / "run.json", moved)
    code, written = call(monkeypatch, capsys, "2026Q4", "--json", *place)
    assert code == 0
    assert json.loads(written.out)["findings"][0]["fate"] == "up"


def test_the_command_ends_with_2_on_bad_input_and_shows_no_trace(
    outputs, monkeypatch, capsys
):
    code, written = call(
        monkeypatch, capsys, "2026Q2@9", "2026Q8", "--outputs", str(outputs)
    )
    assert code == 2
    assert written.out == ""
    assert "2 to mend" in written.err
    assert "Traceback" not in written.err
