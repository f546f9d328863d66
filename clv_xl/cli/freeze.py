"""`clv-xl freeze`: a copy of a workbook that needs no add-in and reaches nothing outside."""

from pathlib import Path

import click

from clv_xl.cli.option_types import SOURCE
from clv_xl.cli.output_files import check_output


@click.command()
@click.argument("workbook", type=SOURCE)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The .xlsx.")
def freeze(workbook: Path, output: Path) -> None:
    """Write a copy of WORKBOOK with values in the place of every CLV function.

    Links to other files, data connections, macros and the names of persons go; formulas of the
    spreadsheet program stay live.
    """
    from clv_xl.workbooks.freeze import freeze  # noqa: PLC0415 - numpy is slow to import
    from clv_xl.workbooks.package import read_workbook_file  # noqa: PLC0415
    from clv_xl.workbooks.safe_file import replacing  # noqa: PLC0415

    check_output("--output", output, endings=(".xlsx",), inputs=[workbook])
    frozen = freeze(read_workbook_file(workbook), workbook.name)
    with replacing(output) as target:
        target.write(frozen.data)
    click.echo(f"{output}")
    for line in frozen.told:
        click.echo(f"  {line}")
