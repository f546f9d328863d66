"""Runs each contender in a process of its own, on one core."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.interpreters import Interpreters
from benchmarks.task import Entry, Task

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "ARROW_NUM_THREADS",
        "NUMBA_NUM_THREADS",
    ),
    "1",
)
CHECKOUT = Path(__file__).parent.parent
RUNS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What the process of one contender took, and figures of what it found.

    Attributes
    ----------
    cpu_seconds
        The median of several runs after a first one.
    first_seconds
        The first run, which may have compiled something.
    peak_bytes
        The peak memory of the process.
    figures
        What it found; by these contenders are compared.
    """

    cpu_seconds: float
    first_seconds: float
    peak_bytes: int
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A task as done by clv_xl and by one peer; None is one who could not be measured."""

    task: Task
    peer: Entry | None
    ours: Measurement | None
    theirs: Measurement | None

    def disagreements(self) -> list[str]:
        """Say where the two did not find the same, so that their times tell nothing."""
        if self.peer is None or self.ours is None or self.theirs is None:
            return []
        ours, theirs = self.ours.figures, self.theirs.figures
        return [
            f"{self.task.name}: {name} is {ours[name]:.10g} by clv_xl, "
            f"{theirs[name]:.10g} by {self.peer.name}"
            for name in ours.keys() & theirs.keys()
            if abs(ours[name] - theirs[name])
            > self.task.agreement * max(abs(ours[name]), abs(theirs[name]))
        ]


class ContenderError(Exception):
    """A contender failed; the message is what its process said last."""


def results_of(
    task: Task, folder: Path, interpreters: Interpreters, *, quick: bool
) -> list[Result]:
    """Measure clv_xl and every peer at a task."""
    size, runs = (task.quick_size, 1) if quick else (task.size, RUNS)

    def taken(entry: Entry) -> Measurement | None:
        return measured(entry, size, folder, interpreters, runs)

    ours = taken(task.ours)
    if not task.peers:
        return [Result(task=task, peer=None, ours=ours, theirs=None)]
    return [Result(task=task, peer=peer, ours=ours, theirs=taken(peer)) for peer in task.peers]


def measured(
    entry: Entry, size: int, folder: Path, interpreters: Interpreters, runs: int = RUNS
) -> Measurement | None:
    """Measure one contender; None where what it needs is not installed."""
    if not interpreters.has(entry.needs):
        return None
    python, done = interpreters.python(entry.needs), int(size * entry.share)
    processes = []
    for _ in range(runs if entry.whole_process else 1):
        if entry.file_made_by is not None:  # each time: a refresh changes it
            _run(python, entry.file_made_by, size, folder, "--whole-process")
        options = ("--whole-process",) if entry.whole_process else ("--runs", str(runs))
        processes.append(_run(python, entry.contender, done, folder, *options))
    seconds = [taken for process in processes for taken in process["cpu_seconds"]]
    # A whole process is a first run each time, as it is for who types the command.
    counted = seconds if entry.whole_process else seconds[1:] or seconds
    return Measurement(
        cpu_seconds=median(counted) * size / done,
        first_seconds=seconds[0] * size / done,
        peak_bytes=max(process["peak_bytes"] for process in processes),
        figures=processes[0]["figures"],
    )


def _run(python: str, contender: str, size: int, folder: Path, *options: str) -> dict[str, Any]:
    """Run a contender in a new process, and return what the last line it wrote says."""
    command = [python, "-m", "benchmarks.child", contender, str(size), str(folder)]
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
    taken: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return taken
