"""What a result depends on, and why a notebook must run again."""

from dataclasses import replace

import pytest

from analysis.reporting.running.keys import UNKNOWN, Key, explain_run

KEY = Key(
    notebook="n1",
    parameters={"hurdle_rate_pct": 11.0},
    inputs={"balances": "b1", "ledger": "l1"},
    modules={"studies/a.py": "a1", "units.py": "u1"},
    settings={"language": "en", "duckdb": "1.5.6"},
)


def test_the_same_parts_have_the_same_digest_in_any_order():
    turned = replace(KEY, inputs={"ledger": "l1", "balances": "b1"})
    assert turned.digest == KEY.digest


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"notebook": "n2"}, "notebook changed"),
        (
            {"parameters": {"hurdle_rate_pct": 12.0}},
            "params changed: hurdle_rate_pct 11.0 to 12.0",
        ),
        ({"inputs": {"balances": "b2", "ledger": "l1"}}, "data changed: balances"),
        ({"inputs": {"balances": "b1"}}, "data changed: ledger"),
        (
            {"modules": {"studies/a.py": "a2", "units.py": "u1", "new.py": "x"}},
            "code changed: new.py, studies/a.py",
        ),
        (
            {"modules": {name: "x" for name in "abcde"}},
            "code changed: a, b, c and 4 more",
        ),
        ({"settings": {"language": "zh", "duckdb": "1.5.6"}}, "language changed"),
    ],
    ids=["notebook", "params", "data", "table gone", "code", "much code", "language"],
)
def test_every_part_is_a_reason_of_its_own(changes, reason):
    now = replace(KEY, **changes)
    assert now.digest != KEY.digest
    assert explain_run(now, [KEY]) == reason


def test_the_nearest_of_the_kept_results_explains():
    far = replace(KEY, notebook="n0", inputs={}, settings={})
    near = replace(KEY, inputs={"balances": "b0", "ledger": "l1"})
    assert explain_run(KEY, [far, near]) == "data changed: balances"


def test_without_a_kept_result_a_notebook_is_new():
    assert explain_run(KEY, []) == "new"


def test_a_kept_result_that_does_not_hold_is_damaged():
    assert explain_run(KEY, [KEY]) == "its kept result is damaged"


def test_data_in_a_server_are_never_taken_as_unchanged():
    served = replace(KEY, inputs={"balances": UNKNOWN})
    assert not served.is_known
    assert explain_run(served, [served]) == "data in a server have no fingerprint"
