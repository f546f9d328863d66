"""How the time of a fit grows with the customers, by clv_xl and its peers."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contenders import CLVKIT, LIFETIMES, PYMC, ours, peers
from benchmarks.interpreters import Interpreters
from benchmarks.measuring import ContenderError, measured
from benchmarks.results_table import UNKNOWN, markdown, shown_seconds
from benchmarks.task import Entry

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
QUICK_SIZES = (500, 1_000)
LONGEST_SECONDS = 60.0
RUNS = 5
NOTE = (
    "CPU seconds of a fit to simulated customers, on one core, each in a process of its own; the "
    "median of five runs after a first one. – is a peer who, growing in proportion from the size "
    "before, would take longer than a minute."
)

_BG_NBD, _PARETO_NBD = "BG/NBD", "Pareto/NBD"
_CONTENDERS = {
    _BG_NBD: ("purchase_models:bg_nbd_on_simulated", (LIFETIMES, CLVKIT, PYMC)),
    _PARETO_NBD: ("purchase_models:pareto_nbd_on_simulated", (LIFETIMES,)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The seconds of one contender's fit of one model, by the number of customers."""

    model: str
    entry: Entry
    seconds: Mapping[int, float] = field(default_factory=dict)


def curves() -> list[Curve]:
    """Return the curves to be measured, nothing measured yet."""
    return [
        Curve(model=model, entry=entry)
        for model, (contender, names) in _CONTENDERS.items()
        for entry in (ours(contender), *peers(contender, *names))
    ]


def measured_curves(
    folder: Path, interpreters: Interpreters, sizes: Sequence[int]
) -> tuple[list[Curve], list[str]]:
    """Return the curves of those who are installed, and a sentence on each who failed."""
    grown, failures = [], []
    for curve in curves():
        if not interpreters.has(curve.entry.needs):
            continue
        print(f"{curve.model} by {curve.entry.name} …", file=sys.stderr, flush=True)
        seconds: dict[int, float] = {}
        try:
            _measure(curve.entry, folder, interpreters, sizes, seconds)
        except ContenderError as failed:
            failures.append(f"{curve.model} by {curve.entry.name} failed: {failed}")
        grown.append(Curve(model=curve.model, entry=curve.entry, seconds=seconds))
    return grown, failures


def _measure(
    entry: Entry,
    folder: Path,
    interpreters: Interpreters,
    sizes: Sequence[int],
    seconds: dict[int, float],
) -> None:
    """Add the seconds at each size, as far as they stay below the longest."""
    last = None
    for size in sizes:
        if last is not None and seconds[last] * size / last > LONGEST_SECONDS:
            return
        taken = measured(entry, size, folder, interpreters, RUNS)
        if taken is None:
            return
        seconds[size], last = taken.cpu_seconds, size


def tables(grown: Sequence[Curve], sizes: Sequence[int]) -> list[str]:
    """Return a table per model: a row a size, a column a contender."""
    lines: list[str] = []
    for model in dict.fromkeys(curve.model for curve in grown):
        of_model = [curve for curve in grown if curve.model == model]
        headers = [f"{model} fit, customers", *(curve.entry.name for curve in of_model)]
        rows = [[f"{size:,}", *(_cell(curve, size) for curve in of_model)] for size in sizes]
        lines += [*([""] if lines else []), *markdown(headers, rows)]
    return lines


def _cell(curve: Curve, size: int) -> str:
    return shown_seconds(curve.seconds[size]) if size in curve.seconds else UNKNOWN
