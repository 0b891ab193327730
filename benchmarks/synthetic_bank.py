"""Measure seconds, peak memory and size of synthetic banks.

Run ``python benchmarks/synthetic_bank.py 20000 200000`` with any numbers of customers,
2,000 to 2,000,000; every bank has 36 months, is made in a process of its own and is
deleted afterwards.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from pathlib import Path

from analysis.synthetic import make_bank


def measure_bank(customers: int, results: multiprocessing.Queue) -> None:
    """Make one bank and put its seconds, peak memory, size and rows on the queue."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "bank"
        begin = time.perf_counter()
        summary = make_bank(folder, customers=customers)
        seconds = time.perf_counter() - begin
        size = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    results.put((seconds, memory, size, sum(summary.rows.values())))


def main() -> None:
    """Print one line for each size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("customers", type=int, nargs="*", default=[20_000, 200_000])
    sizes = parser.parse_args().customers
    context = multiprocessing.get_context("spawn")
    print(f"{os.cpu_count()} processors")
    print(
        f"{'customers':>10} {'seconds':>8} {'peak MB':>8} {'size MB':>8} {'rows':>12}"
    )
    for customers in sizes:
        results = context.Queue()
        child = context.Process(target=measure_bank, args=(customers, results))
        child.start()
        seconds, memory, size, rows = results.get()
        child.join()
        print(
            f"{customers:>10,} {seconds:>8.1f} {memory / 1e6:>8,.0f} "
            f"{size / 1e6:>8,.0f} {rows:>12,}"
        )


if __name__ == "__main__":
    main()
