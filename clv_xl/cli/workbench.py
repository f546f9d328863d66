"""`clv-xl workbench`: a workbook that shows every function at work."""

from pathlib import Path

import click

from clv_xl.cli.output_files import OVERWRITE, check_output, keep_changed


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("clv_workbench.xlsx"),
    show_default=True,
    help="The workbook.",
)
@OVERWRITE
def workbench(output: Path, *, overwrite: bool) -> None:
    """Write a workbook that shows every function at work, with what each should give.

    To learn the functions by changing their inputs, and to see that they give in your
    spreadsheet program what they should.
    """
    from clv_xl.excel.workbench.write import write_workbench  # noqa: PLC0415 - slow to import

    check_output("--output", output, endings=(".xlsx",), inputs=())
    keep_changed(output, overwrite=overwrite)
    written = write_workbench(output)
    functions = sum(1 for _ in written.shown())
    click.echo(f"{output.resolve()}")
    click.echo(f"  {functions} functions on {len(written.blocks)} sheets; begin with Start")
