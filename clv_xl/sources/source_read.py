"""A source read as its options say: the orders validated, with the account of how they were read.

The options are those of the command line, by name; a workbook records them, and a refresh repeats
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from clv_xl.customers.orders import DEFAULT_RULES, OrderLog, OrderRules, validate_orders
from clv_xl.errors import InvalidArgumentError
from clv_xl.remarks import Remark
from clv_xl.sources.columns import ColumnMapping, ColumnName
from clv_xl.sources.order_files import OrdersRead, orders_in, read_orders
from clv_xl.sources.raw_table import RawTable

_ROLES = ("customer", "date", "amount", "order", "name", "status", "quantity", "unit_price")


@dataclass(frozen=True, slots=True)
class SourceRead:
    """A validated order log with the account of how it was read; `policies` judged its rows."""

    log: OrderLog
    read: OrdersRead
    rules: dict[str, str | Remark]
    policies: OrderRules = DEFAULT_RULES


def read_source(source: Path | RawTable, options: Mapping[str, Any]) -> SourceRead:
    """Read and validate orders.

    Parameters
    ----------
    source
        A file, or a table that is read already.
    options
        The options of the command line that say how to read, by name.

    Raises
    ------
    ClvError
        If the source cannot be read as the options say: one sentence.
    """
    as_of = _day("as_of", options["as_of"])
    today = datetime.now().astimezone().date()
    mapping = column_mapping(options)
    if isinstance(source, RawTable):
        read = orders_in(source, mapping, today=today, as_of=as_of)
    else:
        read = read_orders(source, mapping, today=today, as_of=as_of)
    if options["status_keep"] and read.columns.status is None and read.columns.cancelled is None:
        expected = "left out where no column is a status (name one with --status)"
        raise InvalidArgumentError("status_keep", ", ".join(options["status_keep"]), expected)
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
    return SourceRead(validate_orders(read.columns, rules), read, rules_in_words(options), rules)


def column_mapping(options: Mapping[str, Any]) -> ColumnMapping:
    """Return what the options say of the columns and the form of a source."""
    numbered = options["no_header"]
    named: dict[str, Any] = {
        role: _column(role, options[role], numbered=numbered) for role in _ROLES
    }
    return ColumnMapping(
        **named,
        currency=_column("currency_column", options["currency_column"], numbered=numbered),
        segments=_columns("segment", options["segment"], numbered=numbered),
        keep=_columns("keep", options["keep"], numbered=numbered),
        sheet=options["sheet"],
        table=options["table"],
        delimiter=_delimiter(options["delimiter"]),
        encoding=options["encoding"],
        date_order=options["date_order"],
        no_header=numbered,
    )


def _columns(option: str, names: tuple[str, ...], *, numbered: bool) -> tuple[ColumnName, ...]:
    return tuple(_named(option, name, numbered=numbered) for name in names)


def _column(option: str, name: str | None, *, numbered: bool) -> ColumnName | None:
    return None if name is None else _named(option, name, numbered=numbered)


def _named(option: str, name: str, *, numbered: bool) -> ColumnName:
    if not numbered:
        return name
    if not name.isdecimal() or int(name) < 1:
        raise InvalidArgumentError(option, name, "a column number from 1 with --no-header")
    return int(name)


def _delimiter(name: str | None) -> str | None:
    return {"tab": "\t", "space": " ", "\\t": "\t"}.get(name or "", name)


def rules_in_words(options: Mapping[str, Any]) -> dict[str, str | Remark]:
    """Return the policies for the Assumptions sheet: values of an option as they are typed."""
    yes, no = Remark("remark.rule.yes"), Remark("remark.rule.no")
    none = Remark("remark.rule.none")
    return {
        "refunds": options["refunds"],
        "zero": options["zero"],
        "status_keep": ", ".join(options["status_keep"]) or none,
        "date_order": options["date_order"] or Remark("remark.rule.as_found"),
        "drop_duplicates": yes if options["drop_duplicates"] else no,
        "history_complete": yes if options["history_complete"] else no,
        "tax_rate": none if options["tax_rate"] is None else f"{options['tax_rate']:g}",
    }


def _day(option: str, text: str | None) -> date | None:
    """Return the date of an option, or say how to write one."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidArgumentError(option, text, "a date such as 2024-12-31") from None
