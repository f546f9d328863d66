"""The process in which one contender is measured: nothing else has run in it.

It writes one line of JSON: CPU seconds of each run, peak memory, and figures of what was found.
"""

import argparse
import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from benchmarks.task import Answering

BRIEF_SECONDS, RUNS_OF_A_BRIEF_ONE = 0.1, 3  # so many times the runs, to even out the clock
MOST_SECONDS = 180.0
"""No further run begins that would last longer than this in all."""
BYTES_PER_MAXRSS = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Measure the contender that the arguments name."""
    arguments = _arguments()
    warnings.simplefilter("ignore")  # the peers' own
    module, name = arguments.contender.split(":")
    contender = getattr(import_module(f"benchmarks.{module}"), name)
    timed = contender(arguments.size, arguments.folder)
    if arguments.whole_process:
        result = timed()
        seconds = [cpu_seconds()]
    else:
        seconds, result = repeated(timed, arguments.runs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_MAXRSS
    figures = timed.figures(result) if isinstance(timed, Answering) else {}
    print(json.dumps({"cpu_seconds": seconds, "peak_bytes": peak, "figures": figures}))


def repeated(timed: Callable[[], object], runs: int) -> tuple[list[float], object]:
    """Return the CPU seconds of a first run and of `runs` further ones, and the last result.

    Each result is kept until the next one is there, as it is by a user who works with it.
    """
    first, result = _run(timed)
    seconds = [first]
    wanted = runs * RUNS_OF_A_BRIEF_ONE if first < BRIEF_SECONDS else runs
    while len(seconds) <= wanted and sum(seconds) + min(seconds) < MOST_SECONDS:
        taken, result = _run(timed)
        seconds.append(taken)
    return seconds, result


def cpu_seconds() -> float:
    """Return the CPU time of this process and of those it started, such as a compiler."""
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + started.ru_utime + started.ru_stime


def _run(timed: Callable[[], object]) -> tuple[float, object]:
    start = cpu_seconds()
    result = timed()
    return cpu_seconds() - start, result


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contender")
    parser.add_argument("size", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--whole-process", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
