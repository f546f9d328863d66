import subprocess
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.child import repeated
from benchmarks.interpreters import Interpreters
from benchmarks.measuring import CHECKOUT, Measurement, Result
from benchmarks.results_table import likelihood_table, table
from benchmarks.task import Entry, Target, Task
from benchmarks.tasks import TASKS

HEADER = "| task | clv_xl | peer | ratio | target | met? |"
TASK = Task(
    name="rows",
    title="{size:,} rows",
    size=1_000,
    quick_size=10,
    ours=Entry(name="clv_xl", contender="ours:rows"),
    peers=(Entry(name="peer", contender="peers:rows"),),
    target=Target(times_as_fast=8),
)


def measurement(seconds: float, first: float | None = None, **figures: float) -> Measurement:
    return Measurement(
        cpu_seconds=seconds,
        first_seconds=first or seconds,
        peak_bytes=100 * 2**20,
        figures={name.replace("_", "-"): figure for name, figure in figures.items()},
    )


def test_the_command_prints_a_table_and_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "table.md"

    assert main(["--quick", "--only", "big-table", "-o", str(file)]) == 0

    printed = capsys.readouterr().out
    assert printed == file.read_text(encoding="utf-8")
    header, line, *rows = printed.splitlines()[:4]
    assert header.startswith(HEADER)
    assert set(line) <= set("|- ")
    for row, peer in zip(rows, ("XlsxWriter", "openpyxl"), strict=True):
        assert row.startswith("| Excel table of 2,000 rows and 15 columns with formats |")
        assert f"| {peer}" in row
        assert "| not judged |" in row


def test_the_models_are_measured_against_lifetimes(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("lifetimes", exc_type=ImportError)

    assert main(["--quick", "--only", "summary"]) == 0
    assert "| lifetimes: " in capsys.readouterr().out


def test_a_contender_that_fails_is_named_with_what_it_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Task(
        name="broken", title="", size=1, quick_size=1, ours=Entry(name="x", contender="task:absent")
    )
    monkeypatch.setattr("benchmarks.__main__.TASKS", (broken,))

    assert main([]) == 1
    assert "broken failed: task:absent: AttributeError" in capsys.readouterr().out


def test_an_unknown_task_is_refused_with_the_names_there_are() -> None:
    command = [sys.executable, "-m", "benchmarks", "--only", "nothing"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert all(task.name in done.stderr for task in TASKS)


@pytest.mark.parametrize(("theirs", "verdict"), [(8.5, "yes"), (7.5, "no")])
def test_the_verdict_is_that_of_the_ratio(theirs: float, verdict: str) -> None:
    result = Result(task=TASK, peer=TASK.peers[0], ours=measurement(1), theirs=measurement(theirs))
    judged = f"peer: {theirs} s | {theirs}× | ≥ 8× | {verdict}"
    assert table([result], quick=False)[2] == f"| 1,000 rows | 1 s | {judged} | 100 MiB | 100 MiB |"


def test_without_the_peer_nothing_is_judged() -> None:
    result = Result(task=TASK, peer=TASK.peers[0], ours=measurement(0.002), theirs=None)
    assert table([result], quick=False)[2] == (
        "| 1,000 rows | 2 ms | peer: not installed | – | ≥ 8× | – | 100 MiB | – |"
    )


def test_a_target_in_seconds_needs_no_peer() -> None:
    assert Target(seconds=5).is_met(4.9, None)
    assert not Target(seconds=5).is_met(5.1, None)
    assert str(Target(seconds=5)) == "≤ 5 s"
    assert str(Target(times_as_fast=1)) == "less CPU"


def test_a_short_run_is_repeated() -> None:
    runs = count(1)
    seconds, last = repeated(lambda: next(runs), 5)
    assert last == len(seconds) == 16  # brief, so three times as often


def test_a_run_of_minutes_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 170.0])
    monkeypatch.setattr("benchmarks.child.cpu_seconds", lambda: next(clock))
    assert repeated(lambda: "found", 5) == ([170.0], "found")


def test_a_first_run_that_compiles_is_shown() -> None:
    theirs = measurement(3, first=39)
    result = Result(task=TASK, peer=TASK.peers[0], ours=measurement(1), theirs=theirs)
    assert "| peer: 3 s (first run 39 s) | 3× |" in table([result], quick=False)[2]


def test_only_the_first_peer_is_judged_by() -> None:
    task = replace(TASK, peers=(Entry(name="other", contender="other:rows"), *TASK.peers))
    result = Result(task=task, peer=TASK.peers[0], ours=measurement(1), theirs=measurement(9))
    assert "| peer: 9 s | 9× | – | – |" in table([result], quick=False)[2]


def test_the_likelihoods_reached_stand_side_by_side() -> None:
    ours, theirs = (measurement(1, log_likelihood=at) for at in (-9594.974, -9594.98))
    fitted = Result(task=TASK, peer=TASK.peers[0], ours=ours, theirs=theirs)
    plain = Result(task=TASK, peer=TASK.peers[0], ours=measurement(1), theirs=measurement(1))

    assert likelihood_table([fitted, plain], quick=False)[2:] == [
        "| 1,000 rows | −9,594.9740 | peer: −9,594.9800 | 0.006 |"
    ]
    assert likelihood_table([plain], quick=False) == []


def test_the_command_fails_where_contenders_find_something_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = measurement(1, purchases=10.0), measurement(1, purchases=11.0)
    result = Result(task=TASK, peer=TASK.peers[0], ours=ours, theirs=theirs)
    monkeypatch.setattr("benchmarks.__main__.TASKS", (TASK,))
    monkeypatch.setattr("benchmarks.__main__.results_of", lambda *_, **__: [result])

    assert main([]) == 1
    assert "rows: purchases is 10 by clv_xl, 11 by peer" in capsys.readouterr().out


def test_who_is_not_installed_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.__main__.TASKS", ())
    monkeypatch.setattr(Interpreters, "version", lambda *_: None)

    assert main([]) == 0
    printed = capsys.readouterr().out
    for peer in ("lifetimes", "clvkit", "PyMC-Marketing"):
        assert f"\n{peer} is not installed" in printed


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_every_contender_is_there(task: Task) -> None:
    for entry in (task.ours, *task.peers):
        for contender in filter(None, (entry.contender, entry.file_made_by)):
            module, function = contender.split(":")
            source = (CHECKOUT / "benchmarks" / f"{module}.py").read_text(encoding="utf-8")
            assert f"\ndef {function}(" in source
