"""The command: measures every task and prints the table, or the growth with the customers."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from platform import python_version
from tempfile import TemporaryDirectory

from benchmarks import growth, growth_plot
from benchmarks.interpreters import Interpreters
from benchmarks.measuring import ContenderError, Result, results_of
from benchmarks.results_table import likelihood_table, table
from benchmarks.tasks import TASKS

LIBRARIES = ("numpy", "pandas", "scipy")
PEERS = ("lifetimes", "clvkit", "pymc-marketing", "XlsxWriter", "openpyxl")
WITHOUT = {
    "lifetimes": "lifetimes is not installed, so there is no CDNOW log and no peer for the models: "
    "`pip install -e .[peers]` installs it.",
    "clvkit": "clvkit is not installed, so it was not measured: `pip install -e .[peers]` "
    "installs it.",
    "pymc-marketing": "PyMC-Marketing is not installed, so it was not measured: install it, or "
    "name the Python of an environment that has it, lifetimes and the libraries of clv_xl: "
    "`--python-of pymc-marketing=PYTHON`.",
}
NOTE = (
    "CPU seconds on one core, each in a process of its own; the median of five runs after a first "
    "one (fifteen where a run is brief, fewer where three minutes are not enough), and of five "
    "processes where a whole process is measured: that counts from its start, imports included. "
    "Memory is the peak of the process, its data and imports included."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what the arguments ask for, and print it."""
    arguments = _arguments(argv)
    interpreters = Interpreters(dict(arguments.python_of))
    with TemporaryDirectory() as folder:
        measure = _tasks_measured if arguments.plot is None else _growth_measured
        lines, failures = measure(arguments, Path(folder), interpreters)
    lines += [line for failure in failures for line in ("", failure)]
    lines += ["", _versions(interpreters)]
    for peer, sentence in WITHOUT.items():
        lines += [] if interpreters.has(peer) else ["", sentence]
    text = "\n".join(lines)
    print(text)
    if arguments.output is not None:
        arguments.output.write_text(f"{text}\n", encoding="utf-8")
    return 1 if failures else 0


def _tasks_measured(
    arguments: argparse.Namespace, folder: Path, interpreters: Interpreters
) -> tuple[list[str], list[str]]:
    quick: bool = arguments.quick
    results: list[Result] = []
    failures: list[str] = []
    for task in TASKS:
        if arguments.only not in {None, task.name}:
            continue
        print(f"{task.name} …", file=sys.stderr, flush=True)
        try:
            found = results_of(task, folder, interpreters, quick=quick)
        except ContenderError as failed:
            failures.append(f"{task.name} failed: {failed}")
            continue
        results += found
        failures += [sentence for result in found for sentence in result.disagreements()]
    likelihoods = likelihood_table(results, quick=quick)
    lines = [*table(results, quick=quick), *(["", *likelihoods] if likelihoods else [])]
    return [*lines, "", NOTE], failures


def _growth_measured(
    arguments: argparse.Namespace, folder: Path, interpreters: Interpreters
) -> tuple[list[str], list[str]]:
    sizes = growth.QUICK_SIZES if arguments.quick else growth.SIZES
    grown, failures = growth.measured_curves(folder, interpreters, sizes)
    growth_plot.write(grown, arguments.plot)
    return [*growth.tables(grown, sizes), "", growth.NOTE], failures


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [task.name for task in TASKS]
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--only", choices=names, metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument("-o", "--output", type=Path, help="also write the table to this file")
    parser.add_argument(
        "--plot",
        type=Path,
        metavar="FILE",
        help="instead, draw the time of the fits against the customers (.svg or .png)",
    )
    parser.add_argument(
        "--python-of",
        action="append",
        type=_named_python,
        default=[],
        metavar="PEER=PYTHON",
        help="the Python of an environment that a peer is installed in, for example "
        "pymc-marketing=../pymc/bin/python; may be given several times",
    )
    return parser.parse_args(argv)


def _named_python(text: str) -> tuple[str, str]:
    peer, equals, python = text.partition("=")
    if peer not in PEERS or not equals or not Path(python).is_file():
        raise argparse.ArgumentTypeError(
            f"{text!r} is not PEER=PYTHON: PEER one of {', '.join(PEERS)}, PYTHON a file that is "
            "there"
        )
    return peer, str(Path(python).absolute())


def _versions(interpreters: Interpreters) -> str:
    named = ((name, interpreters.version(name)) for name in (*LIBRARIES, *PEERS))
    found = [f"{name} {version}" for name, version in named if version is not None]
    return ", ".join([f"Python {python_version()}", *found])


if __name__ == "__main__":
    sys.exit(main())
