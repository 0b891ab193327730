"""Killed at any line: what is published is a whole quarter, the old one or the new."""

import json
import os
import shutil
import signal
import sys

import pytest

from analysis.presentation.disclosure.register import (
    Release,
    add_release,
    read_register,
)
from analysis.quarter import Quarter
from analysis.reporting import publish
from analysis.reporting.durable import write_whole
from analysis.reporting.running.execution import Record
from analysis.reporting.running.kept import Shelf
from analysis.reporting.running.keys import Key

QUARTER = Quarter.parse("2026Q3")
KEY = Key("n1", {}, {}, {}, {})
PROJECT = os.sep + "analysis" + os.sep


def fill(folder, word):
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("index.html", "a.html", "b.pdf"):
        (folder / name).write_text(word)
    (folder / "run.json").write_text(json.dumps({"run": word}))


def read(folder):
    return {(folder / n).read_text() for n in ("index.html", "a.html", "b.pdf")}


def run_quarter(outputs):
    with publish.stage(outputs, QUARTER) as staging:
        fill(staging, "new")
        publish.publish(staging, outputs, QUARTER)


def kill_at(n_lines, work):
    """Run work in a process that is killed at a line of ours; say whether it ended."""
    pid = os.fork()
    if pid == 0:
        left = n_lines

        def count(frame, event, _):
            nonlocal left
            if event == "line" and PROJECT in frame.f_code.co_filename:
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return count

        sys.settrace(count)
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    assert status in (0, signal.SIGKILL)
    return status == 0


def kill_at_every_line(prepare, work, check):
    for n_lines in range(2_000):
        prepare()
        ended = kill_at(n_lines, work)
        check(ended)
        if ended:
            return n_lines
    raise AssertionError("the work must end")


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_run_killed_anywhere_leaves_a_whole_quarter(
    tmp_path, monkeypatch, can_exchange
):
    if not can_exchange:
        monkeypatch.setattr(publish, "exchange", lambda one, other: False)
    published = tmp_path / "2026Q3"
    seen = set()

    def prepare():
        fill(published, "old")

    def check(ended):
        if not can_exchange:
            publish.recover(tmp_path, QUARTER)  # what the next run does first
        (word,) = read(published)
        assert (word == "new") >= ended
        seen.add(word)
        run_quarter(tmp_path)
        assert read(published) == {"new"}
        left = {path.name for path in tmp_path.iterdir()}
        assert left == {"2026Q3", "history"}

    assert kill_at_every_line(prepare, lambda: run_quarter(tmp_path), check) > 50
    assert seen == {"old", "new"}


def test_a_first_run_killed_anywhere_publishes_nothing_or_all(tmp_path):
    published = tmp_path / "2026Q3"

    def prepare():
        shutil.rmtree(published, ignore_errors=True)

    def check(ended):
        assert published.exists() >= ended
        assert not published.exists() or read(published) == {"new"}

    kill_at_every_line(prepare, lambda: run_quarter(tmp_path), check)


def test_a_result_whose_keeping_is_killed_is_whole_or_not_there(tmp_path):
    shelf = Shelf(tmp_path / "kept")
    record = Record(b"{}" * 1000, {"list.csv": b"x"})

    def check(ended):
        assert shelf.find("study", KEY) in ((record,) if ended else (record, None))

    def prepare():
        shelf.clear([])

    kill_at_every_line(prepare, lambda: shelf.keep("study", KEY, record), check)


def test_the_register_and_other_single_files_are_the_old_or_the_new(tmp_path):
    register, page = tmp_path / "register.json", tmp_path / "index.html"
    old, new = (Release("2026Q3", "toy", run, {"a/b/c": 20}) for run in ("1", "2"))

    def prepare():
        register.unlink(missing_ok=True)
        add_release(register, old)
        page.write_bytes(b"old")

    def work():
        add_release(register, new)
        write_whole(page, b"new")

    def check(ended):
        assert [each.run for each in read_register(register)] in (["1"], ["1", "2"])
        assert page.read_bytes() in ((b"new",) if ended else (b"old", b"new"))

    kill_at_every_line(prepare, work, check)
