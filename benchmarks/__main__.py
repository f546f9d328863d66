"""The command: measures every task and prints the table."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from tempfile import TemporaryDirectory

from benchmarks.measuring import ContenderError, Result, is_installed, results_of
from benchmarks.results_table import table
from benchmarks.tasks import TASKS

PEERS = ("lifetimes", "XlsxWriter", "openpyxl")
WITHOUT_LIFETIMES = (
    "lifetimes is not installed, so there is no CDNOW log and no peer for the models: "
    "`pip install -e .[peers]` installs it."
)
NOTE = (
    "CPU seconds on one core, each in a process of its own; the median of several runs after a "
    "first one where a run is short. The command line counts from the start of its process, "
    "imports included. Memory is the peak of that process, its data and imports included."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what the arguments ask for, and print it."""
    arguments = _arguments(argv)
    chosen = [task for task in TASKS if arguments.only in {None, task.name}]
    results: list[Result] = []
    failures: list[str] = []
    with TemporaryDirectory() as folder:
        for task in chosen:
            print(f"{task.name} …", file=sys.stderr, flush=True)
            try:
                results += results_of(task, Path(folder), quick=arguments.quick)
            except ContenderError as failed:
                failures.append(f"{task.name} failed: {failed}")
    lines = [*table(results, quick=arguments.quick), "", NOTE, "", _versions()]
    lines += [line for failure in failures for line in ("", failure)]
    if not is_installed("lifetimes"):
        lines += ["", WITHOUT_LIFETIMES]
    text = "\n".join(lines)
    print(text)
    if arguments.output is not None:
        arguments.output.write_text(f"{text}\n", encoding="utf-8")
    return 1 if failures else 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [task.name for task in TASKS]
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--only", choices=names, metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument("-o", "--output", type=Path, help="also write the table to this file")
    return parser.parse_args(argv)


def _versions() -> str:
    names = ("numpy", "pandas", "scipy", *filter(is_installed, PEERS))
    return ", ".join([f"Python {python_version()}", *(f"{name} {version(name)}" for name in names)])


if __name__ == "__main__":
    sys.exit(main())
