"""Options that say how to read a source, shared by every command that reads one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clv_xl.cli.option_types import NUMBER

if TYPE_CHECKING:
    from clv_xl.customers.orders import OrderLog
    from clv_xl.sources.order_files import OrdersRead

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


@dataclass(frozen=True, slots=True)
class SourceRead:
    """A validated order log with the account of how it was read."""

    log: "OrderLog"
    read: "OrdersRead"
    rules: dict[str, str]


def read_source(path: Path, options: dict[str, Any]) -> SourceRead:
    """Read and validate the orders in a file; `options` are those of `source_options`."""
    from clv_xl.customers.orders import OrderRules, validate_orders  # noqa: PLC0415 - pandas is slow
    from clv_xl.sources.order_files import read_orders  # noqa: PLC0415

    as_of = day_from("--as-of", options["as_of"])
    today = datetime.now().astimezone().date()
    read = read_orders(path, _mapping(options), today=today, as_of=as_of)
    rules = OrderRules(
        as_of=as_of,
        refunds=options["refunds"],
        zero=options["zero"],
        status_keep=frozenset(s.strip().lower() for s in options["status_keep"]),
        drop_duplicates=options["drop_duplicates"],
        tax_rate=options["tax_rate"],
        currency=options["currency"] or None,
        history_complete=options["history_complete"],
    )
    return SourceRead(validate_orders(read.columns, rules), read, _said_rules(options))


def _mapping(options: dict[str, Any]) -> Any:  # noqa: ANN401 - its type is imported late
    from clv_xl.sources.columns import ColumnMapping  # noqa: PLC0415

    numbered = options["no_header"]
    roles = ("customer", "date", "amount", "order", "name", "status", "quantity", "unit_price")
    named = {role: _column(role, options[role], numbered=numbered) for role in roles}
    return ColumnMapping(
        **named,
        currency=_column("currency-column", options["currency_column"], numbered=numbered),
        segments=_columns("segment", options["segment"], numbered=numbered),
        keep=_columns("keep", options["keep"], numbered=numbered),
        sheet=options["sheet"],
        table=options["table"],
        delimiter=_delimiter(options["delimiter"]),
        encoding=options["encoding"],
        date_order=options["date_order"],
        no_header=numbered,
    )


def _columns(flag: str, names: tuple[str, ...], *, numbered: bool) -> tuple[str | int, ...]:
    return tuple(_named(flag, name, numbered=numbered) for name in names)


def _column(flag: str, name: str | None, *, numbered: bool) -> str | int | None:
    return None if name is None else _named(flag, name, numbered=numbered)


def _named(flag: str, name: str, *, numbered: bool) -> str | int:
    if not numbered:
        return name
    if not name.isdecimal() or int(name) < 1:
        raise click.UsageError(
            f"--{flag} must be a column number from 1 with --no-header, got {name}"
        )
    return int(name)


def _delimiter(name: str | None) -> str | None:
    return {"tab": "\t", "space": " ", "\\t": "\t"}.get(name or "", name)


def _said_rules(options: dict[str, Any]) -> dict[str, str]:
    """Return the policies in words, for the Assumptions sheet."""
    words = {True: "yes", False: "no"}
    return {
        "refunds": options["refunds"],
        "zero": options["zero"],
        "status_keep": ", ".join(options["status_keep"]) or "none",
        "date_order": options["date_order"] or "as the column shows",
        "drop_duplicates": words[options["drop_duplicates"]],
        "history_complete": words[options["history_complete"]],
        "tax_rate": "none" if options["tax_rate"] is None else f"{options['tax_rate']:g}",
    }


def day_from(flag: str, text: str | None) -> date | None:
    """Return the date of an option, or say how to write one."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{flag} must be a date such as 2024-12-31, got {text}") from None
