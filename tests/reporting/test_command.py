"""What the command line says when the program itself fails."""

import errno
import stat

import pytest

from analysis.reporting import command

SAID = "customer C0001234 of 110101199003070011 is twice"


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "params" / "sources").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fail():
    raise RuntimeError(SAID)


def fail_silently():
    raise KeyError


def fill_the_disk():
    raise OSError(errno.ENOSPC, "No space left on device", "/data/C0001234")


@pytest.fixture
def crash(project, monkeypatch, capsys):
    monkeypatch.setattr(command, "application", fail)
    with pytest.raises(SystemExit) as ended:
        command.main()
    return ended.value.code, capsys.readouterr().err


def test_a_crash_names_its_class_and_no_data(crash):
    code, written = crash
    said = " ".join(written.split())
    assert code == 1
    assert "The program failed: RuntimeError: customer C0•••••• of 11••••" in said
    assert "C0001234" not in said
    assert "Traceback" not in said


def test_the_full_trace_is_kept_for_the_owner_only(crash, project):
    kept = project / "restricted" / "failures" / "program.txt"
    assert SAID in kept.read_text("utf-8")
    assert "Traceback" in kept.read_text("utf-8")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE((project / "restricted").stat().st_mode) == 0o700
    assert "program.txt" in crash[1].replace("\n", "")


def test_a_crash_outside_a_project_still_ends_in_a_sentence(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "application", fail)
    with pytest.raises(SystemExit):
        command.main()
    assert "The program failed" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_crash_without_a_message_is_named_by_its_class(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "application", fail_silently)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        command.main()
    assert "The program failed: KeyError" in capsys.readouterr().err


def test_a_full_disk_is_told_with_the_way_out(project, monkeypatch, capsys):
    monkeypatch.setattr(command, "application", fill_the_disk)
    with pytest.raises(SystemExit) as ended:
        command.main()
    said = " ".join(capsys.readouterr().err.split())
    assert ended.value.code == 1
    assert "The disk is full. What was published is untouched" in said
    assert "C0001234" not in said
