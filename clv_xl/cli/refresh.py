"""`clv-xl refresh`: a dashboard workbook is computed anew, and stays the user's."""

from datetime import datetime
from pathlib import Path

import click

from clv_xl.cli.dashboard import headline
from clv_xl.cli.option_types import SOURCE
from clv_xl.cli.output_files import check_output
from clv_xl.cli.progress import steps

_ENDINGS = (".xlsx", ".xlsm")


@click.command()
@click.argument("workbook", type=SOURCE)
@click.option(
    "--source",
    type=SOURCE,
    help="File of orders (default: the one that WORKBOOK was made of, beside it).",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write there, and leave WORKBOOK as it is.",
)
def refresh(workbook: Path, source: Path | None, output: Path | None) -> None:
    """Compute the dashboard in WORKBOOK anew, with newer orders, and rewrite it in place.

    Your own sheets, notes, formats, inputs and formulas stay. Orders are taken from a table named
    Orders in the workbook where there is one.
    """
    check_output("--output", output, endings=_ENDINGS, inputs=[source])
    with steps("Reading workbook", "Reading orders", "Fitting models", "Writing") as begin:
        begin()
        from clv_xl.excel.file_book.book import FileBook  # noqa: PLC0415 - pandas is slow to import
        from clv_xl.excel.refreshing.refresh import refresh  # noqa: PLC0415

        book = FileBook.at(workbook, output)
        book.shown = lambda text: begin() if text is not None else None
        done = refresh(book, now=datetime.now().astimezone(), source=source)
    click.echo(f"{output or workbook}")
    click.echo(f"  orders from {done.source}")
    for line in [*headline(done.report), *(f"  {note}" for note in done.told)]:
        click.echo(line)
