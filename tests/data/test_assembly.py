"""Rows are kept, looked up, turned, united and averaged as the mapping file says."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis.data.row_origin import FILE, ROW

TEXT = """id,n,day,flag,kind
1,10,2026-01-01,true,a
2,5,2026-02-01,false, b
3,,2026-03-01,,
"""


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ({"column": "kind", "op": "=", "value": "b"}, ["2"]),
        ({"column": "kind", "op": "!=", "value": "b"}, ["1", "3"]),
        ({"column": "kind", "op": "in", "value": ["a", "b"]}, ["1", "2"]),
        ({"column": "kind", "op": "not in", "value": ["a"]}, ["2", "3"]),
        ({"column": "id", "op": "in", "value": [1, 3]}, ["1", "3"]),
        ({"column": "kind", "op": "missing"}, ["3"]),
        ({"column": "kind", "op": "given"}, ["1", "2"]),
        ({"column": "n", "op": "<", "value": 10}, ["2"]),
        ({"column": "n", "op": "<=", "value": 10}, ["1", "2"]),
        ({"column": "n", "op": ">", "value": 5.5}, ["1"]),
        ({"column": "n", "op": ">=", "value": 5}, ["1", "2"]),
        ({"column": "flag", "op": "=", "value": True}, ["1"]),
        ({"column": "day", "op": ">=", "value": "2026-02-01"}, ["2", "3"]),
    ],
)
def test_a_condition_keeps_its_rows(
    project: Any, condition: dict[str, Any], kept: list[str]
) -> None:
    project.write_text("data/c.csv", TEXT)
    entry = {"table": "c.csv", "where": [condition], "columns": {"customer_id": "id"}}
    project.write_source(tables={"customers": entry})
    customers = project.open().read("customers").order_by("customer_id")
    assert customers.customer_id.to_pyarrow().to_pylist() == kept


def test_a_condition_on_numbers_of_a_parquet_file_keeps_its_rows(project: Any) -> None:
    frame = pd.DataFrame({"id": [1, 2, 3], "state": [7, 8, 9]})
    project.write_parquet("c.parquet", frame)
    condition = {"column": "state", "op": "in", "value": [7, 9]}
    columns = {"customer_id": "id"}
    entry = {"table": "c.parquet", "where": [condition], "columns": columns}
    project.write_source(tables={"customers": entry})
    customers = project.open().read("customers").order_by("customer_id")
    assert customers.customer_id.to_pyarrow().to_pylist() == ["1", "3"]


def test_a_condition_on_a_day_compares_days(project: Any) -> None:
    project.write_text("data/c.csv", TEXT)
    project.write_text(
        "params/sources/bank.yml",
        """
title: A bank
attribution: Nobody
currency: CNY
period: month
kind: csv
location: data
tables:
  customers:
    table: c.csv
    where: [{column: day, op: "<", value: 2026-02-01}]
    columns: {customer_id: id}
""",
    )
    customers = project.open().read("customers")
    assert customers.customer_id.to_pyarrow().to_pylist() == ["1"]


@pytest.mark.parametrize(
    ("required", "expected"),
    [(False, [("1", "north"), ("2", None)]), (True, [("1", "north")])],
)
def test_another_file_is_looked_up(
    project: Any, required: bool, expected: list[tuple[str, str | None]]
) -> None:
    project.write_text("data/c.csv", "id,town\n1,10\n2,20\n")
    project.write_text("data/towns.csv", "id,region,kind\n10,north,t\n20,south,x\n")
    join = {
        "name": "town",
        "table": "towns.csv",
        "match": {"town": "id"},
        "where": [{"column": "kind", "op": "=", "value": "t"}],
        "required": required,
    }
    columns = {"customer_id": "id", "region": "town.region"}
    entry = {"table": "c.csv", "join": [join], "columns": columns}
    project.write_source(tables={"customers": entry})
    rows = project.open().read("customers").order_by("customer_id").to_pyarrow()
    assert [(r["customer_id"], r["region"]) for r in rows.to_pylist()] == expected


def test_a_wide_survey_becomes_long_and_unanswered_items_have_no_row(
    project: Any,
) -> None:
    project.write_text("data/s.csv", "who,q1,q2,q3\na,9,,7\nb,x,0,\n")
    entry = {
        "table": "s.csv",
        "unpivot": {"columns": ["q1", "q2", "q3"], "name": "asked", "value": "said"},
        "columns": {
            "wave": {"constant": "w"},
            "respondent_id": "who",
            "item": "asked",
            "score": "said",
        },
    }
    project.write_source(tables={"survey_answers": entry})
    built = project.open().build("survey_answers").order_by("respondent_id", "item")
    rows = built.to_pyarrow().to_pylist()
    found = [(r["respondent_id"], r["item"], r["score"], r[ROW]) for r in rows]
    # "x" is no number: the row stays, so that the checks can name it.
    assert found == [
        ("a", "q1", 9.0, 2),
        ("a", "q3", 7.0, 2),
        ("b", "q1", None, 3),
        ("b", "q2", 0.0, 3),
    ]


def test_columns_of_unlike_types_can_be_turned(project: Any) -> None:
    frame = pd.DataFrame({"who": ["a"], "q1": [9], "q2": ["8"]})
    project.write_parquet("s.parquet", frame)
    entry = {
        "table": "s.parquet",
        "unpivot": {"columns": ["q1", "q2"]},
        "columns": {
            "wave": {"constant": "w"},
            "respondent_id": "who",
            "item": "item",
            "score": "score",
        },
    }
    project.write_source(tables={"survey_answers": entry})
    answers = project.open().read("survey_answers").order_by("item")
    assert answers.score.to_pyarrow().to_pylist() == [9.0, 8.0]


def test_rows_can_stand_in_the_mapping_file(project: Any) -> None:
    items = [
        {
            "item": f"q{i}",
            "role": "driver",
            "scale_minimum": 0,
            "scale_maximum": 10,
            "label_en": f"Question {i}",
        }
        for i in (1, 2)
    ]
    project.write_source(tables={"survey_items": {"rows": items}})
    built = project.open().build("survey_items").order_by("item").to_pyarrow()
    rows = built.to_pylist()
    assert [row["scale_maximum"] for row in rows] == [10.0, 10.0]
    assert rows[0]["label_zh"] is None
    assert [row[ROW] for row in rows] == [1, 2]
    assert rows[0][FILE] == "rows in the mapping file"


def test_several_origins_are_put_under_each_other(project: Any) -> None:
    project.write_text("data/a.csv", "id\n1\n")
    project.write_text("data/b.csv", "key\n2\n")
    entries = [
        {
            "table": f"{name}.csv",
            "columns": {"customer_id": column, "branch": {"constant": name}},
        }
        for name, column in (("a", "id"), ("b", "key"))
    ]
    project.write_source(tables={"customers": entries})
    rows = project.open().read("customers").order_by("customer_id").to_pyarrow()
    assert rows["branch"].to_pylist() == ["a", "b"]


def test_equal_rows_count_once_where_asked(project: Any) -> None:
    project.write_text("data/c.csv", "id,q\n1,a\n1,b\n2,c\n")
    entry = {"table": "c.csv", "distinct": True, "columns": {"customer_id": "id"}}
    project.write_source(tables={"customers": entry})
    built = project.open().build("customers").order_by("customer_id").to_pyarrow()
    assert built["customer_id"].to_pylist() == ["1", "2"]
    assert built[ROW].to_pylist() == [2, 4]


def test_a_monthly_rate_is_averaged_over_the_quarter(project: Any) -> None:
    text = "date,rate\n2026-01-01,1\n2026-02-01,2\n2026-03-01,6\n2026-04-01,9\n"
    project.write_text("data/r.csv", text)
    entry = {
        "table": "r.csv",
        "average": True,
        "columns": {
            "period": {"from": "date", "period_end": "quarter"},
            "series": {"constant": "policy"},
            "tenor_months": {"constant": 0},
            "rate": {"from": "rate", "unit": "percent"},
        },
    }
    project.write_source(period="quarter", tables={"market_rates": entry})
    rates = project.open().read("market_rates").order_by("period")
    # (1 + 2 + 6) / 3 = 3 percent.
    assert rates.rate.to_pyarrow().to_pylist() == pytest.approx([0.03, 0.09])


def test_rows_of_a_file_can_be_numbered(project: Any) -> None:
    project.write_text("data/c.csv", "region\nx\ny\n")
    entry = {"table": "c.csv", "columns": {"customer_id": {"row_number": True}}}
    project.write_source(tables={"customers": entry})
    customers = project.open().read("customers").order_by("customer_id")
    assert customers.customer_id.to_pyarrow().to_pylist() == ["2", "3"]
