"""Runs each contender in a process of its own, on one core."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.task import Entry, Task

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"), "1"
)
CHECKOUT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """CPU seconds of a task, and the peak memory of the process that did it, in bytes."""

    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A task as done by clv_xl and by one peer; None is one who could not be measured."""

    task: Task
    peer: Entry | None
    ours: Measurement | None
    theirs: Measurement | None


class ContenderError(Exception):
    """A contender failed; the message is what its process said last."""


def results_of(task: Task, folder: Path, *, quick: bool) -> list[Result]:
    """Measure clv_xl and every peer at a task."""
    size = task.quick_size if quick else task.size
    ours = measured(task.ours, size, folder)
    if not task.peers:
        return [Result(task=task, peer=None, ours=ours, theirs=None)]
    return [
        Result(task=task, peer=peer, ours=ours, theirs=measured(peer, size, folder))
        for peer in task.peers
    ]


def measured(entry: Entry, size: int, folder: Path) -> Measurement | None:
    """Measure one contender; None where what it needs is not installed."""
    if not is_installed(entry.needs):
        return None
    if entry.file_made_by is not None:
        _run(entry.file_made_by, size, folder, "--whole-process")
    done = int(size * entry.share)
    options = ("--whole-process",) if entry.whole_process else ()
    figures = json.loads(_run(entry.contender, done, folder, *options))
    return Measurement(
        cpu_seconds=figures["cpu_seconds"] * size / done, peak_bytes=figures["peak_bytes"]
    )


def is_installed(distribution: str) -> bool:
    """Tell whether a distribution is installed; the checkout itself always is."""
    if distribution == "clv-xl":
        return True
    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True


def _run(contender: str, size: int, folder: Path, *options: str) -> str:
    """Run a contender in a new process, and return the last line it wrote."""
    command = [sys.executable, "-m", "benchmarks.child", contender, str(size), str(folder)]
    done = subprocess.run(
        [*command, *options],
        cwd=CHECKOUT,
        env=os.environ | ONE_THREAD,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["nothing was said"]
        raise ContenderError(f"{contender}: {said[-1]}")
    return done.stdout.strip().splitlines()[-1]
