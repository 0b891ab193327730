"""Processes that are forked from a warm parent, and die with the one that asked."""

import subprocess
import sys
import time
from multiprocessing import forkserver
from pathlib import Path

import pytest

from analysis.reporting.running.isolation import (
    CAN_FORK,
    ProcessDiedError,
    call_isolated,
)
from analysis.reporting.running.warm_parent import MODULES

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="forking is not safe here")

# Asks for a process that sleeps, and tells its number.
ORPHAN = """
from analysis.reporting.running.isolation import call_isolated
SLEEP = (
    "open({target!r}, 'w').write(str(__import__('os').getpid()) + ' ' + "
    "str(__import__('os').getppid())), __import__('time').sleep(600)"
)
if __name__ == "__main__":
    call_isolated(eval, SLEEP)
"""


# The processes can't import this file: they evaluate.
MISSING = f"[name for name in {MODULES} if name not in __import__('sys').modules]"
COMPUTE = "(__import__('numpy').ones((300, 300)) @ ([1.0] * 300)).sum()"
QUERY = "__import__('duckdb').sql('select sum(range) from range(100000)').fetchone()[0]"
ENVIRONMENT = (
    "[__import__('os').environ.get(n) for n in ('PYTHONHASHSEED', 'OMP_NUM_THREADS')]"
)
SIGNALS = "__import__('signal').getsignal(2) is __import__('signal').SIG_IGN"
DEATH = "__import__('os').kill(__import__('os').getpid(), 9)"


def test_the_parent_is_warm():
    # A warm parent whose import fails would stay cold in silence.
    assert call_isolated(eval, MISSING) == []


@pytest.mark.parametrize(
    ("work", "answer"), [(COMPUTE, 300 * 300), (QUERY, 4999950000)]
)
def test_no_fork_hangs_on_what_libraries_had_started(work, answer):
    # Allocators start threads at import; linear algebra and engines must not mind.
    assert [call_isolated(eval, work) for _ in range(5)] == [answer] * 5


def test_every_process_has_one_numerical_thread_and_the_same_hashes():
    assert call_isolated(eval, ENVIRONMENT) == ["0", "1"]
    assert call_isolated(hash, "a word") == call_isolated(hash, "a word")


def test_a_key_stroke_that_stops_the_caller_is_left_to_the_caller():
    assert call_isolated(eval, SIGNALS)


def test_a_fork_imports_nothing_again():
    # A fork that ran the caller's main module again would pay for its imports.
    assert call_isolated(eval, "__import__('time').process_time()") < 0.5


def test_an_exception_reaches_the_caller():
    with pytest.raises(KeyError, match="no such branch"):
        call_isolated(eval, "{}['no such branch']")


def test_a_process_that_dies_takes_no_other_with_it():
    with pytest.raises(ProcessDiedError, match="-9"):
        call_isolated(eval, DEATH)
    assert call_isolated(eval, MISSING) == []


def test_a_killed_caller_leaves_no_process(tmp_path):
    target = tmp_path / "pids"
    script = ORPHAN.format(target=str(target))
    (tmp_path / "orphan.py").write_text(script, "utf-8")
    caller = subprocess.Popen([sys.executable, tmp_path / "orphan.py"])
    _wait_for(target.exists)
    _wait_for(lambda: len(target.read_text("utf-8").split()) == 2)
    pids = [int(pid) for pid in target.read_text("utf-8").split()]
    assert all(map(_runs, pids))
    caller.kill()
    caller.wait()
    _wait_for(lambda: not any(map(_runs, pids)))


def test_the_warm_parent_serves_until_its_caller_ends():
    call_isolated(eval, MISSING)
    assert _runs(forkserver._forkserver._forkserver_pid)


def _wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def _runs(pid):
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text("utf-8")
    except FileNotFoundError:
        return False
