"""Tables on the terminal; in a file or a pipe a row is a line, however long."""

import shutil
import sys
from collections.abc import Iterable, Sequence

_UNBOUNDED = 100_000


def show_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table to standard output.

    Parameters
    ----------
    head
        What stands above the columns.
    rows
        The cells, as plain text.
    """
    from rich.console import Console  # noqa: PLC0415 - slow to import
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in head:
        table.add_column(Text(title), overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # what is in data is no markup
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _UNBOUNDED
    Console(file=sys.stdout, width=width, highlight=False).print(table)
