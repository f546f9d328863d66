"""Everything clv_xl raises on purpose: one tree, each error one clear sentence.

Hosts translate these: the command line prints the sentence and exits with 2, a worksheet cell shows
it behind ``#CLV!``. Nothing below a host returns a magic value for a failure.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

CELL_MARK = "#CLV!"
"""What a sentence of ours begins with in a worksheet cell."""


MOST_LISTED = 12
"""Names in a sentence; the others are counted."""
_LONGEST_NAME = 60
_first_row = ContextVar("first_row", default=1)


@contextmanager
def rows_counted_from(first: int) -> Iterator[None]:
    """Count rows in sentences from `first`: 2 where a header has been taken off."""
    before = _first_row.set(first)
    try:
        yield
    finally:
        _first_row.reset(before)


def row_number(position: int) -> int:
    """Return the row that a sentence names for the value at a position, the first being 0.

    Examples
    --------
    >>> row_number(0)
    1
    >>> with rows_counted_from(2):
    ...     row_number(0)
    2
    """
    return _first_row.get() + int(position)


class ClvError(Exception):
    """Base of every error that the user can mend."""

    @property
    def cell_text(self) -> str:
        """The sentence as a worksheet cell shows it."""
        return f"{CELL_MARK} {self}"


class InvalidArgumentError(ClvError, ValueError):
    """One argument is outside the values it may take.

    Examples
    --------
    >>> print(InvalidArgumentError("retention", 80, "at least 0 and below 1", hint="0.80"))
    retention must be at least 0 and below 1, got 80 (did you mean 0.80?)
    """

    def __init__(
        self, argument: str, value: object, expected: str, *, hint: str | None = None
    ) -> None:
        """Say which argument, what was expected, what it held, and what was probably meant."""
        self.argument = argument
        mend = f" (did you mean {hint}?)" if hint else ""
        super().__init__(f"{argument} must be {expected}, got {value}{mend}")


class CallError(ClvError):
    """A function was called by a name, or with a number of arguments, that it does not have."""


class DataError(ClvError):
    """The data cannot be used as they are: what is wrong, where, and what to do."""


class MissingColumnError(DataError):
    """A table lacks a column that the calculation needs.

    Examples
    --------
    >>> print(MissingColumnError("orders.csv", "customer", ["date", "amount", "sku"]))
    orders.csv has no customer column; it has date, amount, sku: name one with --customer
    """

    def __init__(self, source: str, role: str, present: Sequence[str]) -> None:
        """Name the source, the role that is missing, and the columns that are there."""
        super().__init__(
            f"{source} has no {role} column; it has {listed(present)}: name one with --{role}"
        )


class AmbiguousColumnError(DataError):
    """Two columns could play one role, and the reader must not guess."""

    def __init__(self, source: str, role: str, candidates: Sequence[str]) -> None:
        """Name the role and every candidate."""
        super().__init__(
            f"{source} has several columns that could be the {role}: {listed(candidates)}: "
            f"choose one with --{role}"
        )


class SourceError(ClvError):
    """A file cannot be read or written: what it is, and what to do."""


def counted(count: int, one: str, several: str = "") -> str:
    """Return a count with its word, in agreement; `several` where it takes more than an s.

    Examples
    --------
    >>> counted(1, "row"), counted(2_000, "row"), counted(2, "row holds", "rows hold")
    ('1 row', '2,000 rows', '2 rows hold')
    """
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def shortened(name: str) -> str:
    """Return a name cut off where a sentence could not be read any more."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def listed(names: Iterable[str], limit: int = MOST_LISTED) -> str:
    """Join names for a sentence, cut off after `limit`.

    Examples
    --------
    >>> listed(["date", "amount"])
    'date, amount'
    >>> listed(["a", "b", "c", "d"], limit=2)
    'a, b and 2 more'
    """
    every = [shortened(name) for name in names]
    if not every:
        return "none"
    if len(every) <= limit:
        return ", ".join(every)
    return f"{', '.join(every[:limit])} and {len(every) - limit} more"
