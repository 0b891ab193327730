"""Score the response of balances to the posted rate against banks whose truth is known.

Run ``python benchmarks/elasticity_truth.py --banks 40``: each bank has a seed of its
own, is made in a temporary folder, estimated as the report does, and deleted. The table
holds, by segment of the product that is priced apart from demand: how often the 95 %
interval covers the truth, bias, root mean squared error, and the mean standard error
over the spread of the estimates (1 when errors are honest). Below it stands how often
each product was refused.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from analysis.data.sources import read_tables
from analysis.studies import deposit_rate_elasticity as study
from analysis.synthetic import make_bank

QUARTER = "2026Q3"


def score_bank(seed: int, customers: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimate one bank: estimates beside the truth, and grades."""
    parameters = study.Parameters(quarter=QUARTER)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "bank"
        make_bank(folder, customers=customers, seed=seed)
        os.environ["QUARTERBOOK_BANK"] = str(folder)
        tables = read_tables(
            study.TABLES,
            quarter=QUARTER,
            source="synthetic",
            optional=study.OPTIONAL_TABLES,
        )
        history = study.build_rate_history(tables, parameters)
        panel = study.build_balance_panel(tables, history, parameters)
        responses = study.estimate_responses(panel)
        verdicts = study.judge_responses(panel, responses, parameters)
        truth = pd.read_parquet(folder / "truth" / "elasticities.parquet")
    planted = truth[truth["pricing"] == "wedge"].drop_duplicates(["product", "tier"])
    planted = planted.rename(columns={"tier": "segment"})
    scored = responses.segments.merge(planted, on=["product", "segment"])
    return scored.assign(seed=seed), verdicts.segments.assign(seed=seed)


def summarise(rows: pd.DataFrame) -> pd.Series:
    """Score the estimates of one segment over all banks."""
    error = rows["estimate"] - 100 * rows["beta"]
    covered = (error.abs() <= (rows["upper"] - rows["estimate"])).mean()
    return pd.Series(
        {
            "banks": len(rows),
            "truth": 100 * rows["beta"].mean(),
            "coverage_pct": 100 * covered,
            "bias": error.mean(),
            "rmse": (error**2).mean() ** 0.5,
            "se_over_sd": rows["std_error"].mean() / error.std(),
        }
    )


def main() -> None:
    """Print one line a segment and one a product."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--banks", type=int, default=40)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--first-seed", type=int, default=1_001)
    asked = parser.parse_args()
    seeds = range(asked.first_seed, asked.first_seed + asked.banks)
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        futures = [pool.submit(score_bank, seed, asked.customers) for seed in seeds]
        results = [future.result() for future in futures]
    scored = pd.concat([estimates for estimates, _ in results])
    graded = pd.concat([grades for _, grades in results])
    table = pd.DataFrame(
        {name: summarise(rows) for name, rows in scored.groupby("segment", sort=False)}
    ).T
    print(table.round(2).to_string())
    refused = graded.assign(refused=graded["grade"] == "D")
    print(100 * refused.groupby("product")["refused"].mean().round(3))


if __name__ == "__main__":
    main()
