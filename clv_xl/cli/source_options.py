"""Options that say how to read a source, shared by every command that reads one."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clv_xl.cli.option_types import NUMBER
from clv_xl.errors import MissingColumnError, SourceError
from clv_xl.workbooks.own_files import is_dashboard

if TYPE_CHECKING:
    from clv_xl.sources.source_read import SourceRead

Command = Callable[..., Any]

_COLUMN = "its header, or with --no-header its number"
_OPTIONS = (
    click.option("--customer", metavar="COLUMN", help=f"Column of the customer: {_COLUMN}."),
    click.option("--date", metavar="COLUMN", help="Column of the order date."),
    click.option("--amount", metavar="COLUMN", help="Column of the amount."),
    click.option("--order", metavar="COLUMN", help="Column of the order id; its rows are lines."),
    click.option("--name", metavar="COLUMN", help="Column of the customer's name."),
    click.option("--status", metavar="COLUMN", help="Column of the order status."),
    click.option("--quantity", metavar="COLUMN", help="Column of the quantity."),
    click.option("--unit-price", metavar="COLUMN", help="Column of the price of one piece."),
    click.option("--currency-column", metavar="COLUMN", help="Column of the currency."),
    click.option("--segment", metavar="COLUMN", multiple=True, help="Segment column; may repeat."),
    click.option(
        "--keep", metavar="COLUMN", multiple=True, help="Column to carry along; may repeat."
    ),
    click.option(
        "--no-header", is_flag=True, help="The first row is data; name columns by number."
    ),
    click.option("--sheet", help="Sheet of a workbook (default: the first that fits)."),
    click.option("--table", help="Excel table of a workbook."),
    click.option("--delimiter", help="Delimiter of a text file (default: found); 'tab', 'space'."),
    click.option("--encoding", help="Encoding of a text file (default: found)."),
    click.option(
        "--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="Order of day and month."
    ),
    click.option("--as-of", metavar="DATE", help="Day to look from (default: the last order)."),
    click.option(
        "--refunds",
        type=click.Choice(["net", "drop", "refuse"]),
        default="net",
        show_default=True,
        help="What negative amounts do.",
    ),
    click.option(
        "--zero",
        type=click.Choice(["keep", "drop"]),
        default="keep",
        show_default=True,
        help="What orders of amount zero do.",
    ),
    click.option(
        "--status-keep", multiple=True, metavar="STATUS", help="Status to keep that is left out."
    ),
    click.option("--drop-duplicates", is_flag=True, help="Leave out rows equal to an earlier one."),
    click.option(
        "--history-complete", is_flag=True, help="The log has every customer's first order."
    ),
    click.option("--currency", metavar="CODE", help="Currency, where no column names it."),
    click.option(
        "--amounts-include-tax",
        "tax_rate",
        type=NUMBER,
        metavar="RATE",
        help="Tax in the amounts, to be divided out: 0.20 is 20 %.",
    ),
)


def source_options(command: Command) -> Command:
    """Add the options of a source to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_source(path: Path, options: dict[str, Any]) -> "SourceRead":
    """Read and validate the orders in a file; `options` are those of `source_options`."""
    from clv_xl.sources.source_read import read_source  # noqa: PLC0415 - pandas is slow to import

    try:
        return read_source(path, options)
    except MissingColumnError:
        if not is_dashboard(path):
            raise
        raise SourceError(
            f"{path.name} is a dashboard, not a list of orders: renew it with clv-xl refresh "
            f"{path.name}, or name the file of its orders"
        ) from None
