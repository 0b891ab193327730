"""Spark and the embedded engine agree: tables, checks, and every panel of the studies.

A cluster of two worker processes is started on this machine. A new panel is one line
in `PANELS`.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.data.checks import CheckResult, check_tables
from analysis.data.contract import CONTRACT
from analysis.data.opening import Source, open_source
from analysis.data.sources import Tables
from analysis.data.table_reports import describe_table
from analysis.errors import BadInputError
from analysis.quarter import Quarter
from analysis.reporting.privacy.bank_keys import find_key_columns, find_keys
from analysis.studies import deposit_rate_elasticity as elasticity
from analysis.studies import satisfaction_drivers as satisfaction
from analysis.studies import segment_profitability as profitability
from analysis.studies.deposit_rate_elasticity.dynamics.repricing import (
    measure_repricing,
)

QUARTER = Quarter(2026, 3)
MASTER = "local-cluster[2,1,512]"
SETTINGS = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "768m",
    "spark.executor.memory": "512m",
    # Few rows: what makes large data fast costs more than it gives.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
}
TABLES = sorted(
    {
        table
        for study in (elasticity, satisfaction, profitability)
        for table in (*study.TABLES, *study.OPTIONAL_TABLES)
    },
    key=list(CONTRACT).index,
)
pytestmark = [
    pytest.mark.extended,
    pytest.mark.skipif(
        find_spec("pyspark") is None,
        reason="pyspark is not installed; `make spark` installs it",
    ),
    pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java here"),
    # Spark leaves the socket over which it sends each result to the collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]


class Bank:
    """One source, with what several panels are built from."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.source = open_source(name)
        self.tables = Tables(self.source, QUARTER, tuple(TABLES))

    @cached_property
    def history(self) -> Any:
        return elasticity.build_rate_history(self.tables, RATES)

    @cached_property
    def priced(self) -> Any:
        return profitability.price_balances(self.tables, PROFIT)

    @cached_property
    def cost(self) -> Any:
        return profitability.cost_service(self.tables, PROFIT)

    @cached_property
    def account(self) -> Any:
        return profitability.build_customer_profit(
            self.tables, self.priced, self.cost, PROFIT
        )

    @cached_property
    def segments(self) -> Any:
        return profitability.sum_segments(self.account, self.cost, self.tables, PROFIT)

    def find_keys(self) -> Any:
        customers = self.source.read("customers").customer_id.to_pyarrow().to_pylist()
        columns = find_key_columns(self.source)
        found = find_keys(self.source, columns, [*customers[:9], "X9999999"])
        return {"columns": columns, "found": sorted(key for _, key in found)}


CHECKED = ("customers", "posted_rates", "survey_answers", "ledger")
"""Tables of the good bank whose checks are laid side by side; an extract's are all."""
RATES = elasticity.Parameters(quarter=str(QUARTER))
PROFIT = profitability.Parameters(quarter=str(QUARTER))
ANSWERS = satisfaction.Parameters(quarter=str(QUARTER))
PANELS: dict[str, Callable[[Bank], Any]] = {
    "posted-and-market-rates": lambda bank: bank.history,
    "competitors": lambda bank: elasticity.compare_with_competitors(
        bank.tables, bank.history
    ),
    "balance-panel": lambda bank: elasticity.build_balance_panel(
        bank.tables, bank.history, RATES
    ),
    "repricing": lambda bank: measure_repricing(bank.tables, bank.history),
    "matured": lambda bank: elasticity.gather_maturities(
        bank.tables, bank.history, RATES
    ),
    "survey": lambda bank: satisfaction.read_survey(bank.tables, ANSWERS),
    "priced-balances": lambda bank: bank.priced,
    "cost-to-serve": lambda bank: bank.cost,
    "customer-profit": lambda bank: bank.account,
    "customers-drawn": lambda bank: profitability.draw_customers(bank.account, PROFIT),
    "segment-profit": lambda bank: bank.segments,
    "deposit-margins": lambda bank: profitability.measure_deposit_margins(
        bank.priced, bank.tables, PROFIT
    ),
    "ledger-tie": lambda bank: profitability.tie_to_ledger(
        bank.account, bank.cost, bank.tables, PROFIT
    ),
    "customers-to-keep": lambda bank: profitability.list_customers_to_keep(
        bank.account, PROFIT
    ),
    "high-tiers-losing": lambda bank: profitability.list_high_tier_losing(
        bank.segments, PROFIT
    ),
    "customer-lives": lambda bank: profitability.trace_lives(
        bank.account, bank.tables, PROFIT
    ),
    "joining-cohorts": lambda bank: profitability.follow_cohorts(bank.tables, PROFIT),
    "customer-activity": lambda bank: profitability.score_activity(bank.tables, PROFIT),
    "keys-of-the-bank": lambda bank: bank.find_keys(),
}


@pytest.fixture(scope="module")
def root(bank_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with one bank and one extract, each on both engines."""
    root = tmp_path_factory.mktemp("cluster")
    home = root / "spark"
    home.mkdir()
    for part in ("bin", "jars"):
        (home / part).symlink_to(Path(find_spec("pyspark").origin).parent / part)
    (root / "params/sources").mkdir(parents=True)
    for name, mapping in (("bank", BANK), ("extract", EXTRACT)):
        folder = bank_folder if name == "bank" else root / "data"
        _write_source(root, name, "parquet", str(folder), mapping)
        spark = {"master": MASTER, "settings": SETTINGS}
        _write_source(root, name, "spark", str(folder), mapping, spark)
    _write_extract(root / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        # Workers leave their files below SPARK_HOME, and meet on the loopback only.
        patch.setenv("SPARK_HOME", str(home))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        yield root
        _stop_spark()


def _write_source(
    root: Path,
    name: str,
    kind: str,
    location: str,
    mapping: Mapping[str, Any],
    spark: Mapping[str, Any] | None = None,
) -> None:
    keys = {**COMMON, "kind": kind, "location": location, **mapping}
    text = yaml.safe_dump({**keys, **({"spark": spark} if spark else {})})
    (root / f"params/sources/{name}_{kind}.yml").write_text(text)


def _stop_spark() -> None:
    from pyspark import SparkContext

    context = SparkContext._active_spark_context
    if context is not None:
        context.stop()
        SparkContext._gateway.shutdown()
        SparkContext._gateway.proc.stdin.close()
        SparkContext._gateway.proc.wait(60)
        SparkContext._gateway = SparkContext._jvm = None


COMMON = {
    "title": "A bank",
    "attribution": "Nobody",
    "currency": "CNY",
    "period": "month",
}
BANK = {"layout": "contract"}
EXTRACT = {
    "csv": {"decimal": ",", "thousands": "."},
    "tables": {
        "customers": {
            "table": "kunde.parquet",
            "join": [
                {
                    "name": "ort",
                    "table": "ort.parquet",
                    "match": {"ort": "nr"},
                    "where": [{"column": "nr", "op": "<", "value": 30}],
                }
            ],
            "columns": {
                "customer_id": "nr",
                "region": "ort.name",
                "birth_year": {"from": "geburt", "pattern": r"^\D*(\d{4})"},
                "is_digital": "app",
                "open_date": "seit",
            },
        },
        "accounts": {
            "table": "konto*.parquet",
            "where": [{"column": "art", "op": "not in", "value": ["weg"]}],
            "columns": {
                "account_id": {"row_number": True},
                "customer_id": "kunde",
                "product": "art",
                "side": {"from": "art", "codes": {"giro": "deposit", "kredit": "loan"}},
                "tenor_months": {"from": "monate", "scale": 3},
                "open_date": {"from": "von", "date_format": "%d.%m.%Y"},
            },
        },
        "transactions": {
            "table": "buchung",
            "columns": {
                "transaction_id": "nr",
                "account_id": "konto",
                "date": {"from": "tag", "date_format": "%y%m%d"},
                "amount_minor": {"from": "betrag", "unit": "major"},
                "kind": {
                    "from": "art",
                    "codes": {
                        "E": "deposit",
                        "A": "withdrawal",
                        "Z": "interest",
                        "G": "fee",
                    },
                    "missing": ["-"],
                },
            },
        },
        "market_rates": {
            "table": "zins.parquet",
            "average": True,
            "columns": {
                "period": {
                    "from": "quartal",
                    "date_format": "quarter",
                    "period_end": "quarter",
                },
                "series": {"constant": "market"},
                "tenor_months": {"constant": 3},
                "rate": {"from": "satz", "unit": "percent"},
            },
        },
        "survey_waves": {
            "rows": [
                {"wave": "a", "period": "2026-09-30", "invited": 7},
                {"wave": "b", "period": "2026-09-30", "invited": None},
            ]
        },
        "survey_responses": {
            "table": "umfrage.parquet",
            "distinct": True,
            "columns": {"wave": {"constant": "a"}, "respondent_id": "wer"},
        },
        "survey_answers": {
            "table": "umfrage.parquet",
            "unpivot": {"columns": ["q1", "q2"]},
            "columns": {
                "wave": {"constant": "a"},
                "respondent_id": "wer",
                "item": "item",
                "score": "score",
            },
        },
    },
}


def _write_extract(folder: Path) -> None:
    """Write what banks extract: other types, other words, and some nonsense."""
    frames = {
        "kunde": {
            "nr": [1.0, 2.0, 3.0, None],
            "ort": [10, 20, 30, 10],
            "geburt": ["*1970", "etwa 1981", "?", None],
            "app": ["yes", "F", "1", "maybe"],
            "seit": ["2020-1-5", "2020/01/06", "2020-02-30", "2020"],
        },
        "ort": {"nr": [10, 20, 30], "name": [" Nord ", "Süd", "West"]},
        "konto1": {
            "kunde": [1, 1, 2],
            "art": ["giro", "kredit", "weg"],
            "monate": ["4", "1e1", "12d"],
            "von": ["1.2.2026", "01.02.2026", "30.02.2026"],
        },
        "konto2": {
            "kunde": [2, 3],
            "art": ["giro", "sonst"],
            "monate": ["0,5", "_"],
            "von": ["02.02.26", "2026-02-03"],
        },
        "buchung/1": {
            "nr": [1, 2, 3, 4, 5],
            "konto": [1, 1, 1, 2, 2],
            "tag": ["260211", "260220", "260228", "260301", "260315"],
            "betrag": ["1.000,005", "-250,5", "3", "-500", "Infinity"],
            "art": ["E", "A", "Z", "A", "-"],
        },
        "buchung/2": {
            "nr": [6, 7, 8, 5],
            "konto": [2, 1, 1, 9],
            "tag": ["260702", "690704", "680705", "x"],
            "betrag": ["20,25", "-1,1", " 7 ", "5 EUR"],
            "art": ["E", "G", "E", "Q"],
        },
        "zins": {
            "quartal": ["2026Q1", "2026 Q1", "2026-2", "2026Q5"],
            "satz": [1.5, 1.75, np.nan, 2.0],
        },
        "umfrage": {
            "wer": ["u", "v", "v", "w"],
            "q1": [9, 7, 7, None],
            "q2": ["8", "", "", "so so"],
        },
    }
    for name, columns in frames.items():
        target = folder / f"{name}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame(columns).to_parquet(target)


@pytest.fixture(scope="module")
def embedded(root: Path) -> Bank:
    return Bank("bank_parquet")


@pytest.fixture(scope="module")
def cluster(root: Path) -> Bank:
    return Bank("bank_spark")


@pytest.fixture(scope="module")
def extracts(root: Path) -> tuple[Source, Source]:
    return open_source("extract_parquet"), open_source("extract_spark")


def test_the_cluster_has_two_workers(cluster: Bank) -> None:
    session = cluster.source.reader.connection.session
    assert session.sparkContext.master == MASTER
    assert session.range(0, 8, 1, 8).count() == 8
    known = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size()
    assert known == 1 + 2  # the driver is counted too


@pytest.mark.parametrize("name", list(CONTRACT))
def test_both_engines_read_the_same_table(
    embedded: Bank, cluster: Bank, name: str
) -> None:
    if name not in embedded.source:
        pytest.skip("the synthetic bank does not keep it")
    _require_same(*(bank.source.read(name, QUARTER) for bank in (embedded, cluster)))


@pytest.mark.parametrize("name", [*EXTRACT["tables"]])
def test_both_engines_convert_the_same_extract(
    extracts: tuple[Source, Source], name: str
) -> None:
    _require_same(*(source.inspect(name) for source in extracts))


@pytest.mark.parametrize("name", ["balances", "customer_income", "customer_periods"])
def test_both_engines_derive_the_same_table(
    extracts: tuple[Source, Source], name: str
) -> None:
    _require_same(*(source.read(name, QUARTER) for source in extracts))


def test_both_engines_find_the_same_in_the_checks_of_a_good_bank(
    embedded: Bank, cluster: Bank
) -> None:
    known, found = (_check(bank.source, CHECKED) for bank in (embedded, cluster))
    assert found == known
    assert not _list_failed(known)


def test_both_engines_name_the_same_mistakes_of_an_extract(
    extracts: tuple[Source, Source],
) -> None:
    known, found = (_check(each, tuple(each.entries)) for each in extracts)
    assert found == known
    assert {"types", "references", "unique key"} <= _list_failed(known)


def _check(
    source: Source, names: tuple[str, ...]
) -> tuple[tuple[Any, ...], tuple[CheckResult, ...]]:
    tables = tuple(describe_table(source, name) for name in names)
    return tables, check_tables(source, names, QUARTER)


def _list_failed(checked: tuple[Any, tuple[CheckResult, ...]]) -> set[str]:
    return {each.name for each in checked[1] if not each.passed}


def test_a_database_of_the_catalogue_is_read_like_a_folder(
    root: Path, extracts: tuple[Source, Source]
) -> None:
    session = extracts[1].reader.connection.session
    session.sql("create database core")
    session.sql(
        f"create table core.ort using parquet location '{root}/data/ort.parquet'"
    )
    entry = {"table": "ort", "columns": {"customer_id": "nr", "region": "name"}}
    spark = {"master": MASTER, "settings": SETTINGS, "reads": "database"}
    _write_source(
        root, "lake", "spark", "core", {"tables": {"customers": entry}}, spark
    )
    rows = open_source("lake_spark").read("customers").order_by("customer_id")
    assert rows.region.to_pyarrow().to_pylist() == ["Nord", "Süd", "West"]


@pytest.mark.parametrize("reads", ["folder", "database"])
def test_nothing_at_the_location_is_told_with_how_to_get_it(
    root: Path, cluster: Bank, reads: str
) -> None:
    spark = {"master": MASTER, "settings": SETTINGS, "reads": reads}
    obtain = {"obtain": "Ask the lake's keeper."}
    _write_source(root, "absent", "spark", "nowhere", {**BANK, **obtain}, spark)
    with pytest.raises(BadInputError, match=r"at `nowhere`; nothing.*lake's keeper"):
        open_source("absent_spark")


def test_files_that_are_no_parquet_are_named_and_not_shown(
    root: Path, cluster: Bank
) -> None:
    (root / "broken").mkdir()
    (root / "broken" / "ledger.parquet").write_text("period,line\nsecret,secret\n")
    spark = {"master": MASTER, "settings": SETTINGS}
    _write_source(root, "broken", "spark", str(root / "broken"), BANK, spark)
    with pytest.raises(BadInputError, match="readable as Parquet") as caught:
        open_source("broken_spark")
    assert "ledger.parquet" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("panel", list(PANELS))
def test_both_engines_build_the_same_panel(
    embedded: Bank, cluster: Bank, panel: str
) -> None:
    left, right = (PANELS[panel](bank) for bank in (embedded, cluster))
    _require_same(left, right)


def _require_same(left: Any, right: Any) -> None:
    known, found = dict(_list_parts(left)), dict(_list_parts(right))
    assert list(known) == list(found)
    assert known
    for name, part in known.items():
        if isinstance(part, pd.DataFrame):
            _require_same_rows(part, found[name], name)
        elif isinstance(part, float | np.ndarray):
            np.testing.assert_allclose(found[name], part, rtol=1e-9, err_msg=name)
        else:
            assert found[name] == part, name


def _list_parts(result: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """List tables and numbers of a result; tables of a result within are its own."""
    if isinstance(result, Tables | Source):
        return
    if isinstance(result, ibis.Table):
        result = result.to_pandas()
    if dataclasses.is_dataclass(result):
        result = {f.name: getattr(result, f.name) for f in dataclasses.fields(result)}
    if isinstance(result, Mapping):
        for key, value in result.items():
            if not (name and isinstance(value, ibis.Table)):
                yield from _list_parts(value, f"{name}.{key}")
    else:
        yield name, result


def _require_same_rows(left: pd.DataFrame, right: pd.DataFrame, name: str) -> None:
    pd.testing.assert_series_equal(left.dtypes, right.dtypes, obj=f"types of {name}")
    is_list = set(left.dtypes) == {np.dtype("object")}
    left, right = (frame.infer_objects() for frame in (left, right))
    exact = [column for column in left if not pd.api.types.is_float_dtype(left[column])]
    ordered = [
        frame.sort_values([*exact, *frame.columns.difference(exact)], ignore_index=True)
        for frame in (left, right)
    ]
    # What cancels to nothing differs by a billionth of what was added up.
    size = float(left.drop(columns=exact).abs().max().max()) if len(left) else 0.0
    atol = 1e-9 * size if np.isfinite(size) else 0.0
    if is_list:  # its amounts are rounded to the cent, which a billionth can tip
        atol = max(atol, 0.0101)
    pd.testing.assert_frame_equal(
        *ordered, check_exact=False, rtol=1e-9, atol=atol, obj=name
    )
    pd.testing.assert_frame_equal(*(frame[exact] for frame in ordered), obj=name)
