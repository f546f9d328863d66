"""Tables on the terminal; in a file or a pipe a row is a line, however long."""

import io
import shutil
import sys
from collections.abc import Collection, Iterable, Sequence
from typing import Any

_UNBOUNDED = 100_000
_GAP, _NARROWEST = 2, 12
"""Letters between columns, and those that one whose cells may be folded needs to be readable."""


def show_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], whole: Collection[int] = ()
) -> None:
    """Print a table to standard output.

    Where a terminal is too narrow for it, each row becomes a few lines.

    Parameters
    ----------
    head
        What stands above the columns.
    rows
        The cells, as plain text.
    whole
        Columns whose cells are never broken, such as addresses and dates.
    """
    cells = [tuple(row) for row in rows]
    if not sys.stdout.isatty():
        sys.stdout.write(_as_lines(head, cells))
        return
    width = shutil.get_terminal_size().columns
    if _needed(head, cells, whole) <= width:
        _console(sys.stdout, width).print(_table(head, cells, whole))
    else:
        _show_apart(head, cells, whole, width)


def _console(file: Any, width: int) -> Any:  # noqa: ANN401 - rich is slow to import
    from rich.console import Console  # noqa: PLC0415

    return Console(file=file, width=width, highlight=False)


def _table(head: Sequence[str], cells: Sequence[Sequence[str]], whole: Collection[int]) -> Any:  # noqa: ANN401 - likewise
    from rich.table import Table  # noqa: PLC0415 - slow to import
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, title in enumerate(head):
        table.add_column(Text(title), overflow="fold", no_wrap=number in whole)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))  # what is in data is no markup
    return table


def _as_lines(head: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """Return a table for a file: a row a line, without blanks at its end."""
    page = io.StringIO()
    _console(page, _UNBOUNDED).print(_table(head, cells, ()))
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())


def _needed(head: Sequence[str], cells: Sequence[Sequence[str]], whole: Collection[int]) -> int:
    """Return how wide a terminal has to be for a table that can be read."""
    from rich.cells import cell_len  # noqa: PLC0415 - slow to import

    widths = [max(cell_len(cell) for cell in column) for column in zip(head, *cells, strict=True)]
    least = [
        width if number in whole else min(width, _NARROWEST) for number, width in enumerate(widths)
    ]
    return sum(least) + _GAP * (len(least) - 1)


def _show_apart(
    head: Sequence[str], cells: Sequence[Sequence[str]], whole: Collection[int], width: int
) -> None:
    """Print each row as a line of what is never broken, and the rest below it."""
    from rich.padding import Padding  # noqa: PLC0415 - slow to import
    from rich.text import Text  # noqa: PLC0415

    console = _console(sys.stdout, width)
    for row in cells:
        first = "  ".join(row[number] for number in sorted(whole))
        console.print(Text(first, style="bold"), soft_wrap=True)
        rest = [
            f"{title}: {cell}"
            for number, (title, cell) in enumerate(zip(head, row, strict=True))
            if cell and number not in whole
        ]
        console.print(Padding(Text("; ".join(rest), overflow="fold"), (0, 0, 0, 2)))
