"""The process in which one contender is measured: nothing else has run in it.

It writes one line of JSON: CPU seconds and peak memory.
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

RUNS = ((0.1, 15), (2.0, 5), (15.0, 3))
"""A first run below so many seconds is followed by so many more, of which the median counts."""
BYTES_PER_MAXRSS = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Measure the contender that the arguments name."""
    arguments = _arguments()
    warnings.simplefilter("ignore")  # the peers' own
    module, name = arguments.contender.split(":")
    contender = getattr(import_module(f"benchmarks.{module}"), name)
    timed = contender(arguments.size, arguments.folder)
    if arguments.whole_process:
        timed()
        seconds = time.process_time()
    else:
        seconds = typical_seconds(timed)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_MAXRSS
    print(json.dumps({"cpu_seconds": seconds, "peak_bytes": peak}))


def typical_seconds(timed: Callable[[], object]) -> float:
    """Return the CPU seconds of a run: the median of several, where one is not too long.

    Each result is kept until the next one is there, as it is by a user who works with it.
    """
    first, result = _run(timed)
    runs = next((runs for below, runs in RUNS if first < below), 0)
    seconds = []
    for _ in range(runs):
        taken, result = _run(timed)
        seconds.append(taken)
    del result
    return sorted(seconds)[runs // 2] if seconds else first


def _run(timed: Callable[[], object]) -> tuple[float, object]:
    start = time.process_time()
    result = timed()
    return time.process_time() - start, result


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contender")
    parser.add_argument("size", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--whole-process", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
