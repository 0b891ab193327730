"""Time the profit study at millions of customers, and its account beside pandas.

Each measurement has a process of its own; banks of twelve months are made first, in
another. "Whole study" runs every code cell of the notebook, its charts and tables too,
and says what each section takes; only the checks of the data are left out, which a run
makes once for all its notebooks. The account alone is the profit of every customer in
two quarters. The pandas version is what an analyst would write: the same tables read
whole, merged and grouped into the same account: all lines, capital, economic and
marginal profit, segments. Profits must agree to 1e-6.

Core seconds are those of user and system, the imports of libraries left out; on a busy
machine they say more than the clock. Memory is the largest that a process had, and the
same above what it had when all libraries were imported: both ways need these.

Run with `python benchmarks/profit_scale.py --customers 200000 2000000`; two million
customers need some 1 GB of disk and a few minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

QUARTER = "2026Q3"
MONTHS = 12
BESIDE_PANDAS = 200_000
"""Most customers for which the account is also built in pandas."""
MEMORY = {"ours": "1GB", "whole study": "3GB", "pandas": ""}
"""What the engine may use; the rest of a process comes on top."""
LIBRARIES = (
    "pyarrow.parquet",
    "ibis.backends.duckdb",
    "analysis.presentation.show",
    "analysis.studies.segment_profitability",
)
"""What any way imports before the clock starts."""
NOTEBOOK = Path(__file__).parents[1] / "notebooks/segment_profitability.ipynb"
HEADING = (
    f"{'':14}{'customers':>12}{'seconds':>9}{'core s':>8}{'GiB':>7}"
    f"{'above imports':>15}   profit"
)
CHECKS = "Checks"
"""Section of the notebook that a run has done before."""


def main() -> None:
    """Print the comparison, or, in a process of its own, one measurement."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument(
        "--customers", type=int, nargs="+", default=[200_000, 2_000_000]
    )
    parser.add_argument("--folder", type=Path, help="Keep, or find, banks here.")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.folder)))
        return
    with tempfile.TemporaryDirectory(prefix="profit-") as place:
        for customers in given.customers:
            compare(given.folder or Path(place), customers)


def compare(folder: Path, customers: int) -> None:
    """Make a bank, measure each way in a process of its own, and print."""
    bank = folder / f"{customers}"
    if not (bank / "bank.json").exists():
        run_apart(f"bank {customers}", bank)
    print(f"\n{HEADING}")
    names = ["whole study", "ours"]
    names += ["pandas"] if customers <= BESIDE_PANDAS else []
    found = {}
    for name in names:
        found[name] = run_apart(name, bank)
        print_result(name, found[name])
    if "pandas" in found:
        print_distance(found["pandas"], found["ours"], bank)


def run_apart(name: str, bank: Path) -> dict[str, Any]:
    """Call this file in a fresh process, and read what it prints."""
    command = [sys.executable, __file__, "--measure", name, "--folder", str(bank)]
    limits = {"QUARTERBOOK_MEMORY": MEMORY.get(name, ""), "QUARTERBOOK_BANK": str(bank)}
    done = subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {key: value for key, value in limits.items() if value},
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def print_result(name: str, found: dict[str, Any]) -> None:
    """Print seconds, memory and the profit of all customers."""
    print(
        f"{name:14}{found['customers']:12,}{found['seconds']:9.1f}"
        f"{found['cores_s']:8.1f}{found['gib']:7.2f}{found['own_gib']:15.2f}"
        f"   {found['profit']:,.4f}",
        flush=True,
    )
    for step, seconds in found.get("steps", {}).items():
        print(f"   {step[:55]:55}{seconds:6.1f}")


def print_distance(pandas: dict[str, Any], ours: dict[str, Any], bank: Path) -> None:
    """Print how far the two accounts are apart, and what pandas costs more."""
    import pandas as pd

    ways = [
        pd.read_parquet(bank.parent / f"{bank.name}-{name}.parquet")
        .set_index(["quarter", "customer_id"])["profit"]
        .sort_index()
        for name in ("ours", "pandas")
    ]
    far = (ways[0] - ways[1]).abs().max()
    if not (ways[0].index.equals(ways[1].index) and far <= 1e-6):
        raise SystemExit(f"The two accounts must agree to 1e-6, not {far}.")
    print(
        f"pandas beside ours: {len(ways[0]):,} profits differ by {far:.1e} at most; "
        f"{pandas['seconds'] / ours['seconds']:.1f} times the seconds, "
        f"{pandas['cores_s'] / ours['cores_s']:.1f} times the core seconds, "
        f"{pandas['gib'] / ours['gib']:.1f} times the memory, "
        f"{pandas['own_gib'] / ours['own_gib']:.1f} times that above imports"
    )


def measure(name: str, bank: Path) -> dict[str, Any]:
    """Do one measurement in this process."""
    if name.startswith("bank"):
        return write_bank(int(name.split()[1]), bank)
    calls: dict[str, Callable[[Path], dict[str, Any]]] = {
        "ours": build_ours,
        "whole study": run_study,
        "pandas": build_pandas,
    }
    import_libraries()
    imported = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = perf_counter()
    before = count_core_seconds()
    found = calls[name](bank)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": perf_counter() - start,
        "cores_s": count_core_seconds() - before,
        "gib": used.ru_maxrss / 2**20,
        "own_gib": (used.ru_maxrss - imported) / 2**20,
    } | found


def import_libraries() -> None:
    """Import what any way needs, before the clock starts."""
    for name in LIBRARIES:
        import_module(name)


def count_core_seconds() -> float:
    """Count the seconds that cores worked for this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def write_bank(customers: int, bank: Path) -> dict[str, Any]:
    """Make the synthetic bank."""
    from analysis.synthetic import make_bank

    bank.parent.mkdir(parents=True, exist_ok=True)
    make_bank(bank, customers=customers, months=MONTHS)
    return {}


# --- ours ----------------------------------------------------------------------------


def read() -> tuple[Any, Any, Any]:
    """Open the bank as a report does."""
    from analysis.data.sources import read_tables
    from analysis.studies import segment_profitability as study

    parameters = study.Parameters(quarter=QUARTER)
    tables = read_tables(
        study.TABLES,
        quarter=QUARTER,
        source="synthetic",
        optional=study.OPTIONAL_TABLES,
    )
    return study, tables, parameters


def build_account(study: Any, tables: Any, parameters: Any) -> Any:
    """Build the account of every customer inside the engine."""
    priced = study.price_balances(tables, parameters)
    cost = study.cost_service(tables, parameters)
    return study.build_customer_profit(tables, priced, cost, parameters)


def build_ours(bank: Path) -> dict[str, Any]:
    """Build the account, and write its profits down."""
    study, tables, parameters = read()
    account = build_account(study, tables, parameters)
    rows = account.rows.select("quarter", "customer_id", "profit")
    rows.to_parquet(str(bank.parent / f"{bank.name}-ours.parquet"))
    return tell(rows)


def tell(rows: Any) -> dict[str, Any]:
    """Tell how many customers there are and what they make."""
    now = rows.filter(rows.quarter == QUARTER)
    sums = now.agg(customers=now.count(), profit=now.profit.sum()).to_pandas()
    return {
        "customers": int(sums["customers"].iloc[0]),
        "profit": float(sums["profit"].iloc[0]),
    }


def run_study(_: Path) -> dict[str, Any]:
    """Run every cell of the notebook, and say what each section takes."""
    steps: dict[str, float] = {}
    known: dict[str, Any] = {}
    for section, code in list_cells():
        before = count_core_seconds()
        with redirect_stdout(StringIO()):
            exec(compile(code, section, "exec"), known)
        spent = count_core_seconds() - before
        steps[section] = steps.get(section, 0.0) + spent
    if not (known["tie"].ties and known["tied"].n_tied == len(known["tied"].rows)):
        raise SystemExit("The account must tie to the ledger in every quarter.")
    return {"steps": steps} | tell(known["account"].rows)


def list_cells() -> Iterator[tuple[str, str]]:
    """Give the code cells of the notebook, each with the heading it stands under."""
    section = "Account"
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        is_english = "en" in cell["metadata"].get("tags", [])
        if cell["cell_type"] == "markdown" and is_english and text.startswith("## "):
            section = text.splitlines()[0].removeprefix("## ")
        if cell["cell_type"] == "code" and section != CHECKS:
            yield section, text


# --- pandas --------------------------------------------------------------------------


def build_pandas(bank: Path) -> dict[str, Any]:
    """Build the same account from the same files by merging and grouping frames."""
    import pandas as pd

    accounts = pd.read_parquet(bank / "accounts.parquet")
    margins = sum_margins(read_months(bank, "balances"), accounts, read_curves(bank))
    income = read_months(bank, "customer_income").pivot_table(
        index=["quarter", "customer_id"],
        columns="line",
        values="amount_minor",
        aggfunc="sum",
    )
    periods = read_months(bank, "customer_periods").sort_values("period")
    segment = periods.groupby(["quarter", "customer_id"])["tier"].last()
    account = (
        segment.rename("segment")
        .to_frame()
        .join(margins, how="outer")
        .join(income / 100, how="outer")
        .join(sum_cost(read_months(bank, "events"), bank), how="outer")
        .join(sum_losses(read_months(bank, "credit_risk"), accounts), how="outer")
    )
    full = add_results(account.fillna(dict.fromkeys(account.columns[1:], 0.0)))
    profit = full["profit"].reset_index()
    profit.to_parquet(bank.parent / f"{bank.name}-pandas.parquet")
    now = profit[profit["quarter"] == QUARTER]
    return {"customers": len(now), "profit": float(now["profit"].sum())}


def add_results(account: Any) -> Any:
    """Add tax, capital, and profit after each."""
    income = account["deposit_margin"] + account["loan_margin"] + account["fee"]
    before_tax = income + account["points"] + account["cost"] + account["loss"]
    yearly = 4 * (income + account["points"]).clip(lower=0)
    capital = account["credit_capital"] + 0.15 * yearly
    profit = before_tax * 0.75
    return account.assign(
        income=income,
        tax=-0.25 * before_tax,
        capital=capital,
        profit=profit,
        economic_profit=profit - 0.03 * capital,
        marginal_profit=profit - 0.75 * 0.75 * account["cost"],
    )


def read_months(bank: Path, name: str) -> Any:
    """Read a table, and keep the months of both quarters."""
    import pandas as pd

    rows = pd.read_parquet(bank / name)
    period = pd.to_datetime(rows["period"])
    quarter = period.dt.to_period("Q").astype(str)
    dated = rows.assign(period=period, quarter=quarter)
    return dated[dated["quarter"].isin(["2026Q2", QUARTER])]


def read_curves(bank: Path) -> Any:
    """Read the funding curve, a row a month, a column a term."""
    import pandas as pd

    rates = pd.read_parquet(bank / "market_rates.parquet")
    funding = rates[rates["series"] == "funding"]
    wide = funding.pivot_table(index="period", columns="tenor_months", values="rate")
    return wide.set_axis(pd.to_datetime(wide.index)).sort_index()


def sum_margins(balances: Any, accounts: Any, curves: Any) -> Any:
    """Sum the margins of deposits and loans over their transfer rates."""
    import numpy as np

    held = balances.merge(
        accounts[
            ["account_id", "customer_id", "side", "tenor_months", "transfer_rate"]
        ],
        on="account_id",
    )
    held = held[held["side"] != "investment"]
    days = held["period"].dt.days_in_month
    short, stable = {}, {}
    for day in held["period"].unique():
        seen = curves.loc[:day]
        ladder = np.mean(
            [np.interp(36, seen.columns, row) for row in seen.to_numpy()[-36:]]
        )
        short[day] = seen.iloc[-1, 0]
        stable[day] = 0.7 * ladder + 0.3 * short[day]
    is_loan = held["side"] == "loan"
    undated = held["period"].map(stable).where(~is_loan, held["period"].map(short))
    rate = held["transfer_rate"].where(held["tenor_months"] > 0, undated)
    funds = held["balance_average"] * days / 365 * rate
    interest = held["interest_minor"] / 100
    average = (
        held["balance_average"] * days / held["period"].dt.quarter.map({2: 91, 3: 92})
    )
    parts = held[["quarter", "customer_id"]].assign(
        deposit_margin=(funds - interest).where(~is_loan, 0.0),
        loan_margin=(interest - funds).where(is_loan, 0.0),
        funding_credit=funds.where(~is_loan, 0.0),
        funding_charge=-funds.where(is_loan, 0.0),
        received=interest.where(is_loan, 0.0),
        paid=-interest.where(~is_loan, 0.0),
        deposits=average.where(~is_loan, 0.0),
        loans=average.where(is_loan, 0.0),
    )
    return parts.groupby(["quarter", "customer_id"]).sum()


def sum_cost(events: Any, bank: Path) -> Any:
    """Charge each contact its minutes at the quarter's rate of its pool."""
    import pandas as pd

    times = pd.read_parquet(bank / "activity_times.parquet")
    pools = pd.read_parquet(bank / "cost_pools.parquet")
    quarter = pd.to_datetime(pools["period"]).dt.to_period("Q").astype(str)
    sums = pools.assign(quarter=quarter).groupby(["quarter", "cost_pool"])[
        ["amount_minor", "practical_minutes"]
    ]
    rates = sums.sum().eval("rate = amount_minor / 100 / practical_minutes")
    used = events.merge(times, on=["channel", "activity"]).merge(
        rates[["rate"]].reset_index(), on=["quarter", "cost_pool"]
    )
    cost = -used["count"] * used["minutes"] * used["rate"]
    return cost.groupby([used["quarter"], used["customer_id"]]).sum().rename("cost")


def sum_losses(risk: Any, accounts: Any) -> Any:
    """Sum what is expected to be lost on loans, booked each month in whole fen."""
    rated = risk.merge(accounts[["account_id", "customer_id"]], on="account_id")
    yearly = (
        rated["probability_of_default"]
        * rated["loss_given_default"]
        * rated["exposure_at_default"]
    )
    parts = rated[["quarter", "customer_id"]].assign(
        loss=-(yearly / 12 * 100).round() / 100,
        credit_capital=rated["capital_ratio"] * rated["exposure_at_default"] / 3,
    )
    return parts.groupby(["quarter", "customer_id"]).sum()


if __name__ == "__main__":
    main()
