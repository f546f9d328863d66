"""The results as markdown tables."""

from collections.abc import Iterable, Sequence

from benchmarks.fits import LOG_LIKELIHOOD
from benchmarks.measuring import Measurement, Result
from benchmarks.task import Target

HEADERS = ("task", "clv_xl", "peer", "ratio", "target", "met?", "peak memory, clv_xl", "peer's")
LIKELIHOOD_HEADERS = ("fit", "log-likelihood, clv_xl", "peer's", "clv_xl's is higher by")
UNKNOWN = "–"
MEBIBYTE = 2**20
NOTABLE_START = 2.0
"""A first run that lasts so many times a later one is shown, where it lasts a second."""


def table(results: Iterable[Result], *, quick: bool) -> list[str]:
    """Return the lines of the table; targets are for the full sizes and not judged otherwise."""
    return markdown(HEADERS, [_row(result, quick=quick) for result in results])


def likelihood_table(results: Iterable[Result], *, quick: bool) -> list[str]:
    """Return the lines of a table of the log-likelihoods reached; none where nothing was fitted."""
    rows = [
        (
            _title(result, quick=quick),
            f"{ours:,.4f}".replace("-", "−"),
            f"{result.peer.name}: {theirs:,.4f}".replace(": -", ": −"),
            f"{ours - theirs:.2g}".replace("-", "−"),
        )
        for result in results
        if result.peer is not None
        and (ours := _likelihood(result.ours)) is not None
        and (theirs := _likelihood(result.theirs)) is not None
    ]
    return markdown(LIKELIHOOD_HEADERS, rows) if rows else []


def markdown(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a markdown table."""
    return [_line(headers), _line(["---"] * len(headers)), *map(_line, rows)]


def shown_seconds(seconds: float) -> str:
    """Return a time in seconds or milliseconds, three digits long."""
    return f"{seconds:.3g} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def _row(result: Result, *, quick: bool) -> Sequence[str]:
    task, ours, theirs = result.task, result.ours, result.theirs
    target = task.target if result.peer in {None, *task.peers[:1]} else None
    peer = UNKNOWN
    if result.peer is not None:
        peer = f"{result.peer.name}: {_seconds(theirs, 'not installed')}"
    return (
        _title(result, quick=quick),
        _seconds(ours, "no data"),
        peer,
        f"{theirs.cpu_seconds / ours.cpu_seconds:.3g}×" if ours and theirs else UNKNOWN,
        str(target or UNKNOWN),
        "not judged" if quick else _verdict(target, ours, theirs),
        _memory(ours),
        _memory(theirs),
    )


def _title(result: Result, *, quick: bool) -> str:
    task = result.task
    return task.title.format(size=task.quick_size if quick else task.size)


def _verdict(target: Target | None, ours: Measurement | None, theirs: Measurement | None) -> str:
    if target is None or ours is None:
        return UNKNOWN
    met = target.is_met(ours.cpu_seconds, theirs.cpu_seconds if theirs else None)
    return UNKNOWN if met is None else "yes" if met else "no"


def _seconds(measurement: Measurement | None, lacking: str) -> str:
    if measurement is None:
        return lacking
    usual, first = measurement.cpu_seconds, measurement.first_seconds
    if first >= 1 and first >= NOTABLE_START * usual:
        return f"{shown_seconds(usual)} (first run {shown_seconds(first)})"
    return shown_seconds(usual)


def _likelihood(measurement: Measurement | None) -> float | None:
    return None if measurement is None else measurement.figures.get(LOG_LIKELIHOOD)


def _memory(measurement: Measurement | None) -> str:
    return UNKNOWN if measurement is None else f"{measurement.peak_bytes / MEBIBYTE:,.0f} MiB"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
