"""Kill a run of a quarter at random moments: what is published must always be whole.

A project of its own is made in a temporary folder, with a bank of 3,000 customers. Its
quarter is published once. Then, again and again, a parameter is changed, the run is
started and killed after a random time, and everything it had started must be gone; the
published quarter must be the old one or the new one, every file of it as its record
says; and the next run must finish what was begun.

Run by `python benchmarks/kill_anywhere.py [--kills 100] [--seed 1]`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from analysis.reporting.fingerprints import hash_file
from analysis.synthetic import make_bank

ROOT = Path(__file__).parents[1]
QUARTERBOOK = Path(sys.executable).with_name("quarterbook")
QUARTER = "2026Q3"


def main() -> None:
    """Kill, look, finish; count what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place:
        root = make_project(Path(place))
        longest = run(root)
        old = read_run(root)
        for number in range(asked.kills):
            change_params(root, number)
            kill_after(root, chance.uniform(0.0, 1.05 * longest))
            new = read_run(root)
            found["old kept" if new == old else "new published"] += 1
            if number % 10 == 9:  # finishing each would take hours: every tenth
                run(root)
                new = read_run(root)
                found["finished by the next run"] += 1
            old = new
    for what, n in found.items():
        print(f"{what}: {n}")
    print(f"{asked.kills} kills, seed {asked.seed}: every published quarter was whole")


def make_project(folder: Path) -> Path:
    """Lay out a project of its own."""
    root = folder / "project"
    (root / "params" / "sources").mkdir(parents=True)
    shutil.copy(ROOT / "params/sources/synthetic.yml", root / "params/sources")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    make_bank(root / ".bank", customers=3_000)
    change_params(root, -1)
    return root


def change_params(root: Path, number: int) -> None:
    """Change what one study reads, so that it must run again."""
    text = f"source: synthetic\nsatisfaction_drivers:\n  seed: {1000 + number}\n"
    (root / "params" / f"{QUARTER}.yml").write_text(text, "utf-8")


def run(root: Path) -> float:
    """Run to the end; give the seconds."""
    start = time.monotonic()
    subprocess.run([QUARTERBOOK, "report", QUARTER, "--quiet"], cwd=root, check=True)
    return time.monotonic() - start


def kill_after(root: Path, seconds: float) -> None:
    """Start a run, kill it, and see that nothing of it goes on."""
    process = subprocess.Popen(
        [QUARTERBOOK, "report", QUARTER, "--quiet"],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    end = time.monotonic() + 10
    while left := list_processes(root):
        if time.monotonic() > end:
            message = f"Processes {left} go on after the kill."
            raise RuntimeError(message)
        time.sleep(0.1)


def list_processes(root: Path) -> list[int]:
    """List the processes that work in a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            is_here = (path / "cwd").readlink().is_relative_to(root)
        except OSError:
            continue  # it has ended since, or is not ours
        if is_here and int(path.name) != os.getpid():
            found.append(int(path.name))
    return found


def read_run(root: Path) -> str:
    """Give the number of the published run; every file must be as its record says."""
    folder = root / "outputs" / QUARTER
    record = json.loads((folder / "run.json").read_text("utf-8"))
    files = dict(record["files"])
    for study in record["studies"]:
        files |= study["files"]
    wrong = [name for name in files if hash_file(folder / name) != files[name]]
    if wrong or not (folder / "index.html").is_file():
        message = f"The published quarter is not whole: {wrong}."
        raise RuntimeError(message)
    return str(record["run"])


if __name__ == "__main__":
    main()
