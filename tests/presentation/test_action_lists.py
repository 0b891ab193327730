"""A list of customers: a count for everybody, names for named persons only."""

import csv
import datetime
import json
import stat

import pandas as pd
import pytest

from analysis.presentation.action_lists import KEY_VARIABLE, LISTS_VARIABLE, ActionList
from analysis.presentation.show import show
from analysis.presentation.tables import DisplayColumn
from analysis.units import Unit

IDS = [f"C{n:07}" for n in range(12)]


def make_list(n=None, **changes):
    rows = pd.DataFrame(
        {
            "customer_id": IDS,
            "loss": [-12345.678 * (place + 1) for place in range(len(IDS))],
            "tier": ["=cmd|' /C calc'!A0", *["Gold"] * 11],
            "branch": ["North"] * 12,
            "since": [datetime.date(2019, 5, 17)] * 12,
        }
    )
    columns = (
        DisplayColumn("loss", "Loss", Unit.MONEY),
        DisplayColumn("tier", "Tier"),
        DisplayColumn("branch", "Branch"),
        DisplayColumn("since", "Since"),
    )
    values = {
        "key": "losses",
        "title": "Customers who cost more than they bring",
        "rows": rows,
        "columns": columns,
        "source": "balances",
        "quarter": "2026Q3",
        "n": len(IDS) if n is None else n,
    }
    return ActionList(**{**values, **changes})


@pytest.fixture
def shown(monkeypatch):
    """Give a function that shows a list and returns the outputs."""

    def _show(listed):
        outputs = []
        monkeypatch.setattr(
            "analysis.presentation.show.publish_display_data", outputs.append
        )
        show(listed)
        return outputs

    return _show


@pytest.fixture
def restricted(monkeypatch, tmp_path):
    monkeypatch.setenv(LISTS_VARIABLE, str(tmp_path / "lists"))
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "key"))
    return tmp_path


@pytest.mark.parametrize(
    ("n", "told"),
    [
        (1234, "A list of 1,234 customers to act on is in the restricted edition."),
        (9, "A list of fewer than 10 customers to act on is in the restricted"),
        (0, "No customer is on the list"),
    ],
)
def test_everybody_sees_the_number_and_nothing_else(shown, monkeypatch, n, told):
    monkeypatch.delenv(LISTS_VARIABLE, raising=False)
    outputs = shown(make_list(n))
    assert len(outputs) == 1
    assert told in outputs[0]["text/plain"]
    assert "losses" not in json.dumps(outputs)
    assert not any(each in json.dumps(outputs) for each in [*IDS, "Gold", "North"])


def test_named_persons_see_pseudonyms_rounded_amounts_and_one_attribute(
    shown, restricted
):
    note, table = shown(make_list())
    assert "12 customers are on this list; lists/losses.csv names them." in str(note)
    content = table["application/vnd.quarterbook.table+json"]
    labels = [column["label"] for column in content["columns"]]
    assert labels == ["Pseudonym", "Loss", "Tier"]
    assert content["rows"][0][1] == "\N{MINUS SIGN}12,300"
    assert all(len(row[0]) == 8 for row in content["rows"])
    assert not any(each in json.dumps([note, table]) for each in IDS)


def test_the_file_names_customers_runs_no_formula_and_is_for_its_owner(
    shown, restricted
):
    shown(make_list())
    path = restricted / "lists" / "losses.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as lines:
        head, *rows = csv.reader(lines)
    assert head[:2] == ["pseudonym", "customer_id"]
    assert [row[1] for row in rows] == IDS
    assert rows[0][3] == "'=cmd|' /C calc'!A0"
    assert rows[0][2] == "-12345.678"
    assert len({row[0] for row in rows}) == len(IDS)


def test_the_same_key_gives_the_same_file_and_another_quarter_other_names(
    shown, restricted
):
    path = restricted / "lists" / "losses.csv"
    shown(make_list())
    first = path.read_bytes()
    shown(make_list())
    assert path.read_bytes() == first
    shown(make_list(quarter="2026Q4"))
    assert path.read_bytes() != first


def test_a_list_without_keys_or_with_a_path_for_a_name_is_refused():
    with pytest.raises(ValueError, match=r"must have columns \['customer_id'\]"):
        make_list(rows=make_list().rows.drop(columns="customer_id"))
    with pytest.raises(ValueError, match="small letters, digits and underscores"):
        make_list(key="../losses")
