"""How orders were read and reported, as one line of text that a workbook keeps.

The line is what would stand on the command line, such as ``--segment channel --date-order dmy``:
a reader understands it, may change it, and a refresh follows it. Rates, costs and the horizon are
cells of their own. Of a file only its name is kept, never its folder: workbooks are mailed.
"""

import math
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from clv_xl.errors import InvalidArgumentError, SourceError

Kind = Literal["text", "texts", "flag", "number", "file"]
Given: TypeAlias = "str | float | bool | Path | tuple[str, ...] | None"
"""What an option may hold."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its flag, what it takes, what it is when it is left out."""

    flag: str
    kind: Kind = "text"
    usual: Given = None
    choices: tuple[str, ...] = ()


_CONTRACTS = ("auto", "week", "month", "quarter", "year", "no")

OPTIONS: Mapping[str, Option] = MappingProxyType(
    {
        "customer": Option("--customer"),
        "date": Option("--date"),
        "amount": Option("--amount"),
        "order": Option("--order"),
        "name": Option("--name"),
        "status": Option("--status"),
        "quantity": Option("--quantity"),
        "unit_price": Option("--unit-price"),
        "currency_column": Option("--currency-column"),
        "segment": Option("--segment", "texts", ()),
        "keep": Option("--keep", "texts", ()),
        "no_header": Option("--no-header", "flag", usual=False),
        "sheet": Option("--sheet"),
        "table": Option("--table"),
        "delimiter": Option("--delimiter"),
        "encoding": Option("--encoding"),
        "date_order": Option("--date-order", choices=("dmy", "mdy", "ymd")),
        "as_of": Option("--as-of"),
        "refunds": Option("--refunds", "text", "net", ("net", "drop", "refuse")),
        "zero": Option("--zero", "text", "keep", ("keep", "drop")),
        "status_keep": Option("--status-keep", "texts", ()),
        "drop_duplicates": Option("--drop-duplicates", "flag", usual=False),
        "history_complete": Option("--history-complete", "flag", usual=False),
        "currency": Option("--currency"),
        "tax_rate": Option("--amounts-include-tax", "number"),
        "spend": Option("--spend", "file"),
        "period": Option("--period"),
        "model": Option("--model", "text", "mbg_nbd", ("mbg_nbd", "bg_nbd", "pareto_nbd")),
        "contract": Option("--contract", "text", "auto", _CONTRACTS),
        "segment_by": Option("--segment-by", "text", "latest", ("latest", "first")),
        "title": Option("--title"),
        "layout": Option("--layout", "file", "executive"),
        "paper": Option("--paper", "text", "a4", ("a4", "letter")),
        "gate": Option("--gate", "number", 60.0),
    }
)
"""Every option of ``clv-xl dashboard`` that a refresh repeats, by its name."""
_BY_FLAG = {option.flag: name for name, option in OPTIONS.items()}


def usual_options() -> dict[str, Any]:
    """Return every option as it is when it is left out."""
    return {name: option.usual for name, option in OPTIONS.items()}


def recorded(options: Mapping[str, Any]) -> str:
    """Return the options that are not left out, as one line.

    Examples
    --------
    >>> recorded(usual_options() | {"segment": ("sales channel",), "tax_rate": 0.2})
    "--segment 'sales channel' --amounts-include-tax 0.2"
    """
    return shlex.join(word for name in OPTIONS for word in _words(name, options[name]))


def _words(name: str, value: Given) -> Iterator[str]:
    option = OPTIONS[name]
    if option.kind == "file" and isinstance(value, (str, Path)):
        value = Path(value).name
    if value is None or value == option.usual:
        return
    for one in value if isinstance(value, tuple) else (value,):
        yield option.flag
        if option.kind != "flag":
            yield f"{one:.15g}" if isinstance(one, float) else str(one)


def options_from(line: str) -> dict[str, Any]:
    """Return the options that a line records, the others as usual.

    Raises
    ------
    ClvError
        If the line is none that `recorded` could have written.

    Examples
    --------
    >>> options_from("--date-order dmy --segment channel")["segment"]
    ('channel',)
    """
    try:
        words = iter(shlex.split(line))
    except ValueError:
        raise SourceError(f"the options {line} have a quotation mark that is not closed") from None
    found = usual_options()
    for flag in words:
        if flag not in _BY_FLAG:
            raise SourceError(f"the options {line} hold {flag}, which is no option of a report")
        name = _BY_FLAG[flag]
        option = OPTIONS[name]
        if option.kind == "flag":
            found[name] = True
            continue
        word = next(words, None)
        if word is None:
            raise SourceError(f"the options {line} end with {flag}, which needs a value")
        found[name] = _read(option, name, word, found[name])
    return found


def _read(option: Option, name: str, word: str, before: tuple[str, ...] | None) -> Given:
    if option.choices and word not in option.choices:
        raise InvalidArgumentError(name, word, f"one of {', '.join(option.choices)}")
    readers: dict[str, Callable[[], Given]] = {
        "texts": lambda: (*(before or ()), word),
        "number": lambda: _number(name, word),
        "file": lambda: Path(word) if option.usual is None else word,
    }
    return readers.get(option.kind, lambda: word)()


def _number(name: str, word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidArgumentError(name, word, "a number")
    return number
