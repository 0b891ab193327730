"""Time the compressed estimator of deposit-rate responses beside the usual packages.

Each measurement has a process of its own, with its peak memory. Accounts are written as
Parquet by the embedded engine, in the form in which the study lays accounts out: 60
months, 150 pricing cells, accounts that open, close and have holes. All estimate the
response to the posted rate with effects of account and month, clustered by pricing
cell, with and without the treasury's credit as instrument.

Run with `python benchmarks/elasticity_scale.py --rows 1 10 100` (millions of
account-months); a hundred million need some 3 GB of disk and a few minutes.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

MILLION = 1_000_000
MONTHS = 60
REGIONS = [f"R{number:02d}" for number in range(30)]
TIERS = ["basic", "gold", "private", "silver", "young"]
SAMPLE = 1_000
"""Accounts that a package with a dummy for each can carry."""
ACCOUNTS_AT_A_TIME = 200_000
KEPT_SHARE = 0.792
"""Months of an account with a row, of all: it opens, closes and has holes."""
RESPONSE = 0.12
BEFORE = "2021-09-01"
MEASURES = {
    1: ("ours", "pyfixest", "linearmodels PanelOLS", "linearmodels AbsorbingLS"),
    10: ("ours", "pyfixest"),
    100: ("ours",),
}
"""What is measured, by millions of account-months."""
BESIDE = {"pyfixest": "ours", "statsmodels, sample": "ours, sample"}
"""Which of ours another package's numbers are held against."""
HEADING = (
    f"{'':26}{'rows':>12}{'groups':>11}{'data s':>8}{'OLS s':>8}{'IV s':>8}"
    f"{'all s':>8}{'core s':>8}{'GiB':>6}   OLS (error)   IV (error)"
)
SMALL = ("ours, sample", "statsmodels, sample")
"""What is measured on a sample of accounts, beside one million."""


def main() -> None:
    """Print the comparison, or, in a process of its own, one measurement."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, help="Keep what is written here.")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.folder, given.threads)))
        return
    with tempfile.TemporaryDirectory(prefix="elasticity-") as place:
        for millions in given.rows:
            compare(given.folder or Path(place), millions, given.threads)


def compare(folder: Path, millions: int, threads: int) -> None:
    """Write accounts, measure each estimator in a process of its own, and print."""
    target = folder / f"{millions}"
    if not (target / "accounts.done").exists():
        target.mkdir(parents=True, exist_ok=True)
        run_apart(f"write {millions}", target, threads)
    size = sum(file.stat().st_size for file in target.glob("accounts_*"))
    print(f"\n{millions} million account-months, {size / 1e9:.2f} GB as Parquet")
    print(HEADING)
    names = MEASURES.get(millions, ("ours",)) + (SMALL if millions == 1 else ())
    results = {}
    for name in names:
        results[name] = run_apart(name, target, threads)
        print_result(name, results[name])
    for name, base in BESIDE.items():
        if name in results:
            print_distance(name, results[name], results[base])


def run_apart(name: str, folder: Path, threads: int) -> dict[str, Any]:
    """Call this file in a fresh process, and read what it prints."""
    command = [sys.executable, __file__, "--measure", name, "--folder", str(folder)]
    done = subprocess.run(
        [*command, "--threads", str(threads)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": str(threads)},
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def print_result(name: str, found: dict[str, Any]) -> None:
    """Print seconds, memory and estimates with their errors."""
    parts = [found.get(part) for part in ("data_s", "ols_s", "iv_s")]
    seconds = "".join(f"{'-' if s is None else f'{s:.2f}':>8}" for s in parts)
    total = sum(part or 0.0 for part in parts)
    pairs = (found.get("ols"), found.get("iv"))
    numbers = [f"{pair[0]:.6f} ({pair[1]:.6f})" if pair else "-" for pair in pairs]
    print(
        f"{name:26}{found['nobs']:12,}{found.get('groups', 0):11,}{seconds}"
        f"{total:8.2f}{found['cores_s']:8.1f}{found['gib']:6.2f}   "
        f"{'   '.join(numbers)}",
        flush=True,
    )
    if "note" in found:
        print(f"{'':26}{found['note']}")


def print_distance(name: str, found: dict[str, Any], ours: dict[str, Any]) -> None:
    """Print how another package's numbers differ from ours, and what it costs more."""
    fits = [fit for fit in ("ols", "iv") if found.get(fit)]
    far = max(abs(found[fit][0] - ours[fit][0]) for fit in fits)
    errors = max(abs(found[fit][1] / ours[fit][1] - 1) for fit in fits)
    parts = ("data_s", *(f"{fit}_s" for fit in fits))
    seconds = [sum(each[part] for part in parts) for each in (found, ours)]
    print(
        f"{name} beside ours: estimates differ by {far:.1e}, errors by a share of "
        f"{errors:.1e}; {seconds[0] / seconds[1]:.1f} times as long, "
        f"{found['gib'] / ours['gib']:.1f} times the memory"
    )


def measure(name: str, folder: Path, threads: int) -> dict[str, Any]:
    """Do one measurement in this process."""
    if name.startswith("write"):
        return write_accounts(folder, int(name.split()[1]) * MILLION, threads)
    is_sample = name.endswith(", sample")
    calls: dict[str, Callable[..., dict[str, Any]]] = {
        "ours": fit_ours,
        "pyfixest": fit_pyfixest,
        "linearmodels PanelOLS": fit_panel_ols,
        "linearmodels AbsorbingLS": fit_absorbing,
        "statsmodels": fit_statsmodels,
    }
    found = calls[name.removesuffix(", sample")](folder, threads, is_sample)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cores = used.ru_utime + used.ru_stime
    return found | {"gib": used.ru_maxrss / 2**20, "cores_s": cores}


# --- accounts ------------------------------------------------------------------------


def write_accounts(folder: Path, rows: int, threads: int) -> dict[str, Any]:
    """Write accounts by month, some at a time, and the prices of their cells."""
    import duckdb

    prices = draw_prices()
    prices.to_parquet(folder / "prices.parquet")
    engine = duckdb.connect()
    engine.execute(f"set threads = {threads}; set preserve_insertion_order = false")
    engine.register("prices", prices)
    last = int(rows / MONTHS / KEPT_SHARE)
    for first in range(0, last, ACCOUNTS_AT_A_TIME):
        end = min(first + ACCOUNTS_AT_A_TIME, last)
        file = folder / f"accounts_{first:010d}.parquet"
        engine.execute(f"copy ({write_query(first, end)}) to '{file}' (format parquet)")
    (folder / "accounts.done").touch()
    return {"accounts": last}


def draw_prices() -> Any:
    """Draw posted rates that follow the treasury's credit and answer demand."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(1)
    shape = (len(TIERS), len(REGIONS), MONTHS)
    demand, credit, own = np.zeros(shape), np.zeros(shape[1:]), np.zeros(shape)
    for month in range(1, MONTHS):
        shocks = [
            rng.normal(0, size, s[:-1])
            for size, s in zip(
                (0.02, 0.08, 0.05), (shape, shape[1:], shape), strict=True
            )
        ]
        demand[..., month] = 0.85 * demand[..., month - 1] + shocks[0]
        credit[..., month] = 0.9 * credit[..., month - 1] + shocks[1]
        own[..., month] = 0.8 * own[..., month - 1] + shocks[2]
    posted = 1.5 + 0.6 * credit + own - 2.0 * demand
    tier, region, month = (index.ravel() for index in np.indices(shape))
    return pd.DataFrame(
        {
            "tier": np.array(TIERS)[tier],
            "region": np.array(REGIONS)[region],
            "month": month,
            "rate_pct": posted.ravel(),
            "funding_pct": np.broadcast_to(credit, shape).ravel(),
            "demand": demand.ravel(),
        }
    )


def write_query(first: int, end: int) -> str:
    """Write the query of some accounts: when each is there, and its balances.

    Accounts open in one of 8 months and close in one of 8; one in eight has a hole
    of two months, at one of four times. Every number follows from a hash.
    """
    return f"""
    with accounts as (
        select i, (hash(i) % 30)::int as region, (hash(i + 1) % 5)::int as tier,
            case when hash(i + 2) % 2 = 0 then 0 else 4 * (hash(i + 3) % 8) end opens,
            case when hash(i + 4) % 2 = 0 then {MONTHS}
                else {MONTHS} - 4 * (hash(i + 5) % 8) end as closes,
            case when hash(i + 6) % 8 = 0 then 24 + 2 * (hash(i + 7) % 4)
                else {MONTHS} end as hole,
            9 + (hash(i + 8) % 4000) / 1000 - 2 as level
        from (select 16 * unnest(range({first}, {end})) as i)
    ), listed as (
        select *, {TIERS}[tier + 1] as tier_name, {REGIONS}[region + 1] as region_name,
            unnest(range({MONTHS})) as m
        from accounts
    )
    select printf('A%09d', l.i // 16) as account_id, 'term' as product,
        12 as tenor_months, tier_name as tier, region_name as region,
        tier_name as segment,
        last_day(date '{BEFORE}' + to_months(m::int)) as period,
        exp(level + {RESPONSE} * rate_pct + demand
            + ((hash(l.i + 1000003 * m) % 2001) / 1000 - 1) * 0.3) as balance,
        case when m % 3 = 2 then rate_pct / 400 * 0.9 else 0.0 end as credited_share
    from listed l join prices p on p.tier = tier_name and p.region = region_name
        and p.month = m
    where m >= opens and m < closes and m not in (hole, hole + 1)
    """


# --- estimators ----------------------------------------------------------------------


def connect(threads: int) -> Any:
    """Connect to the engine as the study does, but with as many threads as asked."""
    import ibis

    from analysis.data.files import settle

    scratch = tempfile.mkdtemp(prefix="elasticity-spill-")
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    engine = ibis.duckdb.connect(temp_directory=scratch, memory_limit="3GB")
    settle(engine)
    engine.raw_sql(f"SET threads = {threads}")
    engine.raw_sql("SET preserve_insertion_order = false")
    return engine


def read_rows(engine: Any, folder: Path, is_sample: bool) -> Any:
    """Give the accounts as the study lays them out."""
    rows = engine.read_parquet(str(folder / "accounts_*.parquet"))
    if is_sample:
        rows = rows.filter(rows["account_id"] < f"A{SAMPLE:09d}")
    return rows


def read_prices(folder: Path) -> Any:
    """Give the price list as the study does; no other product, no coming changes."""
    import pandas as pd

    prices = pd.read_parquet(folder / "prices.parquet")
    days = pd.date_range("2021-09-30", periods=MONTHS, freq="ME")
    blank = ("lead_pct", "funding_lead_pct", "wedge_pct", "wedge_lead_pct")
    sisters = ("sister_pct", "sister_funding_pct")
    return prices.assign(
        product="term",
        tenor_months=12,
        period=days[prices["month"]],
        **dict.fromkeys((*blank, *sisters), float("nan")),
    )


def fit_ours(folder: Path, threads: int, is_sample: bool) -> dict[str, Any]:
    """Compress inside the engine and estimate, by the study's own code."""
    from analysis.statistics.instrumental_effects import estimate_instrumented_effects
    from analysis.statistics.panel_effects import estimate_panel_effects
    from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
        read_groups,
    )

    engine, prices = connect(threads), read_prices(folder)
    start = perf_counter()
    groups = read_groups(read_rows(engine, folder, is_sample), prices, 1)
    read = perf_counter()
    shared = {"effects": ["group", "market"], "cluster": "cell"}
    ols = estimate_panel_effects(groups, regressors=["rate_pct"], **shared).iloc[0]
    fitted = perf_counter()
    iv = estimate_instrumented_effects(
        groups, endogenous=["rate_pct"], instruments=["funding_pct"], **shared
    ).effects.iloc[0]
    return {
        "nobs": int(ols["nobs"]),
        "groups": len(groups),
        "data_s": read - start,
        "ols_s": fitted - read,
        "iv_s": perf_counter() - fitted,
        "ols": [ols["estimate"], ols["std_error"]],
        "iv": [iv["estimate"], iv["std_error"]],
    }


def read_micro(folder: Path, threads: int, is_sample: bool) -> tuple[Any, float]:
    """Read single accounts as numbers only: the least that a package can be given."""
    start = perf_counter()
    engine, prices = connect(threads), read_prices(folder)
    engine.con.register("prices", prices)
    engine.create_view("accounts", read_rows(engine, folder, is_sample))
    rows = engine.con.sql("""
        select substr(account_id, 2)::int as account,
            ln(balance) + sum(ln(1 - credited_share)) over (
                partition by account_id order by a.period) as outcome,
            (12 * year(a.period) + month(a.period))::int * 5
                + list_position(['basic', 'gold', 'private', 'silver', 'young'], a.tier)
                as market,
            p.rate_pct, p.funding_pct,
            substr(a.region, 2)::int * 5
                + list_position(['basic', 'gold', 'private', 'silver', 'young'], a.tier)
                as cell
        from accounts a
        join prices p on p.tier = a.tier and p.region = a.region and p.period = a.period
    """).df()
    return rows, perf_counter() - start


def fit_pyfixest(folder: Path, threads: int, is_sample: bool) -> dict[str, Any]:
    """Estimate on single accounts by pyfixest, OLS and with the instrument."""
    import pyfixest

    rows, seconds = read_micro(folder, threads, is_sample)
    shared = {
        "data": rows,
        "vcov": {"CRV1": "cell"},
        "demeaner": pyfixest.MapDemeaner(fixef_tol=1e-12),
        "copy_data": False,
        "store_data": False,
        "lean": True,
    }
    found: dict[str, Any] = {"nobs": len(rows), "data_s": seconds}
    formulas = {
        "ols": "outcome ~ rate_pct | account + market",
        "iv": "outcome ~ 1 | account + market | rate_pct ~ funding_pct",
    }
    for name, formula in formulas.items():
        start = perf_counter()
        fit = pyfixest.feols(formula, **shared)
        found[f"{name}_s"] = perf_counter() - start
        found[name] = [float(fit.coef().iloc[-1]), float(fit.se().iloc[-1])]
    return found


def fit_panel_ols(folder: Path, threads: int, is_sample: bool) -> dict[str, Any]:
    """Estimate on single accounts by linearmodels' panel estimator, OLS only."""
    from linearmodels.panel import PanelOLS

    rows, seconds = read_micro(folder, threads, is_sample)
    start = perf_counter()
    rows = rows.assign(moment=rows["market"] // 5)
    indexed = rows.set_index(["account", "moment"])
    fit = PanelOLS(
        indexed["outcome"],
        indexed[["rate_pct"]],
        entity_effects=True,
        other_effects=indexed[["market"]],
    ).fit(cov_type="clustered", clusters=indexed[["cell"]])
    return tell_ols(rows, seconds, start, fit.params.iloc[0], fit.std_errors.iloc[0])


def fit_absorbing(folder: Path, threads: int, is_sample: bool) -> dict[str, Any]:
    """Estimate on single accounts by linearmodels' absorbing estimator, OLS only."""
    from linearmodels.iv.absorbing import AbsorbingLS

    rows, seconds = read_micro(folder, threads, is_sample)
    start = perf_counter()
    absorbed = rows[["account", "market"]].astype("category")
    model = AbsorbingLS(rows["outcome"], rows[["rate_pct"]], absorb=absorbed)
    fit = model.fit(cov_type="clustered", clusters=rows["cell"])
    return tell_ols(rows, seconds, start, fit.params.iloc[0], fit.std_errors.iloc[0])


def fit_statsmodels(folder: Path, threads: int, is_sample: bool) -> dict[str, Any]:
    """Estimate with a dummy for each account and moment: on a sample, or not at all."""
    import pandas as pd
    import statsmodels.api as sm

    rows, seconds = read_micro(folder, threads, is_sample)
    start = perf_counter()
    dummies = [
        pd.get_dummies(rows[name], prefix=name, dtype=float).iloc[:, first:]
        # Accounts of a tier add up to its months, so its first month is left out.
        for first, name in ((0, "account"), (len(TIERS), "market"))
    ]
    regressors = pd.concat([rows[["rate_pct"]], *dummies], axis=1)
    fit = sm.OLS(rows["outcome"], regressors).fit(
        cov_type="cluster", cov_kwds={"groups": rows["cell"]}
    )
    whole = connect(threads).read_parquet(str(folder / "accounts_*.parquet"))
    n_rows, n_accounts = (
        whole.aggregate(rows=whole.count(), accounts=whole["account_id"].nunique())
        .to_pandas()
        .iloc[0]
    )
    table = n_rows * (n_accounts + len(TIERS) * MONTHS) * 8 / 1e9
    note = (
        f"all {n_rows:,} rows: a table of {n_accounts + len(TIERS) * MONTHS:,} "
        f"columns of dummies would hold {table:,.0f} GB"
    )
    estimate, error = fit.params["rate_pct"], fit.bse["rate_pct"]
    return tell_ols(rows, seconds, start, estimate, error) | {"note": note}


def tell_ols(
    rows: Any, seconds: float, start: float, estimate: float, error: float
) -> dict[str, Any]:
    """Lay out what was found without an instrument."""
    return {
        "nobs": len(rows),
        "data_s": seconds,
        "ols_s": perf_counter() - start,
        "ols": [float(estimate), float(error)],
    }


if __name__ == "__main__":
    main()
