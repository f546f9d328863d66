"""`clv-xl functions` and `clv-xl call`: the worksheet functions without a worksheet."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from clv_xl.arrays import Cell
    from clv_xl.catalogue import CatalogueEntry

_WIDTH = 96
_WIDTH_OF_A_FILE = 160


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="A list of objects, for other programs.")
def functions(name: str | None, *, as_json: bool) -> None:
    """List every function, or tell all about the function NAME."""
    from clv_xl.catalogue import CATALOGUE, find_entry  # noqa: PLC0415 - pandas is slow to import

    entries = CATALOGUE if name is None else (find_entry(name),)
    if as_json:
        records = [_record(entry) for entry in entries]
        click.echo(json.dumps(records, indent=2, ensure_ascii=False, allow_nan=False))
    elif name is None:
        _list(entries)
    else:
        _tell(entries[0])


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARG]...")
def call(name: str, arguments: tuple[str, ...]) -> None:
    """Work out the function NAME and print its value, a table as CSV.

    An ARG is a number, a text, "" where it is left out, or a range: @FILE.csv:column, with
    several columns @FILE.csv:column,column for a table.

        clv-xl call CLV_DISCOUNTED 100 0.8 0.1 "" renewal

        clv-xl call CLV_NPS @answers.csv:score
    """
    from clv_xl.catalogue import find_entry  # noqa: PLC0415 - pandas is slow to import
    from clv_xl.cli.call_arguments import called  # noqa: PLC0415

    entry = find_entry(name)
    entry.check_count(arguments)
    click.echo(printed(entry, called(entry, arguments)), nl=False)


def printed(entry: "CatalogueEntry", result: "Cell") -> str:
    """Return a result as text at full precision: a value on a line, rows and tables as CSV."""
    import numpy as np  # noqa: PLC0415 - slow to import
    import pandas as pd  # noqa: PLC0415

    if isinstance(result, np.ndarray):
        result = pd.Series(result, name=entry.excel_name.removeprefix("CLV_").lower())
    if isinstance(result, pd.Series):
        result = result.to_frame()
    if isinstance(result, pd.DataFrame):
        return result.to_csv(index=False, lineterminator="\n")
    if isinstance(result, bool):
        return f"{result}\n".upper()
    if isinstance(result, float):
        return "\n" if np.isnan(result) else f"{float(result)!r}\n"
    return f"{result}\n"


def _record(entry: "CatalogueEntry") -> dict[str, Any]:
    arguments = [
        {
            "name": p.name,
            "kind": p.kind.value,
            "required": p.required,
            "default": p.default,
            "description": p.description,
        }
        for p in entry.parameters
    ]
    return {
        "name": entry.excel_name,
        "category": entry.category.value,
        "summary": entry.summary,
        "signature": entry.signature,
        "arguments": arguments,
        "result": entry.result,
        "formula": entry.formula,
        "example": entry.example,
        "source": entry.source,
    }


def _list(entries: "Sequence[CatalogueEntry]") -> None:
    from rich.console import Console  # noqa: PLC0415 - slow to import
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("function", no_wrap=True)
    table.add_column("what you get")
    category = None
    for entry in entries:
        if entry.category is not category:
            category = entry.category
            table.add_row(f"\n[bold]{category}[/bold]", "")
        table.add_row(entry.excel_name, entry.summary)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_A_FILE
    console.print(table)
    click.echo("\nclv-xl functions NAME tells all about one of them.")


def _tell(entry: "CatalogueEntry") -> None:
    from clv_xl.reference_page import default_text, takes  # noqa: PLC0415 - slow to import

    click.echo(f"{entry.signature}\n\n{entry.summary}\n")
    for p in entry.parameters:
        standing = "required" if p.required else f"default {default_text(p) or 'none'}"
        line = f"{p.name} ({takes(p)}, {standing}): {p.description}"
        click.echo(click.wrap_text(line, _WIDTH, "  ", "      "))
    told = {"Result": entry.result, "Formula": entry.formula, "Source": entry.source}
    for title, text in told.items():
        if text:
            click.echo(click.wrap_text(f"{title}: {text}", _WIDTH, "", "    "))
    click.echo(f"\nExample, as a worksheet writes it: {entry.example}\n")
    click.echo(printed(entry, entry.example_result), nl=False)
