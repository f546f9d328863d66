"""The results as a markdown table."""

from collections.abc import Iterable, Sequence

from benchmarks.measuring import Measurement, Result

HEADERS = ("task", "clv_xl", "peer", "ratio", "target", "met?", "peak memory, clv_xl", "peer's")
UNKNOWN = "–"
MEBIBYTE = 2**20


def table(results: Iterable[Result], *, quick: bool) -> list[str]:
    """Return the lines of the table; targets are for the full sizes and not judged otherwise."""
    rows = [_row(result, quick=quick) for result in results]
    return [_line(HEADERS), _line(["---"] * len(HEADERS)), *map(_line, rows)]


def _row(result: Result, *, quick: bool) -> Sequence[str]:
    task, ours, theirs = result.task, result.ours, result.theirs
    peer = UNKNOWN
    if result.peer is not None:
        peer = f"{result.peer.name}: {_seconds(theirs, 'not installed')}"
    return (
        task.title.format(size=task.quick_size if quick else task.size),
        _seconds(ours, "no data"),
        peer,
        f"{theirs.cpu_seconds / ours.cpu_seconds:.3g}×" if ours and theirs else UNKNOWN,
        str(task.target or UNKNOWN),
        "not judged" if quick else _verdict(result),
        _memory(ours),
        _memory(theirs),
    )


def _verdict(result: Result) -> str:
    if result.task.target is None or result.ours is None:
        return UNKNOWN
    theirs = result.theirs.cpu_seconds if result.theirs else None
    met = result.task.target.is_met(result.ours.cpu_seconds, theirs)
    return UNKNOWN if met is None else "yes" if met else "no"


def _seconds(measurement: Measurement | None, lacking: str) -> str:
    if measurement is None:
        return lacking
    seconds = measurement.cpu_seconds
    return f"{seconds:.3g} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def _memory(measurement: Measurement | None) -> str:
    return UNKNOWN if measurement is None else f"{measurement.peak_bytes / MEBIBYTE:,.0f} MiB"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
