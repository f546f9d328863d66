"""`clv-xl libreoffice`: the extension that brings the functions into LibreOffice Calc."""

from pathlib import Path

import click

from clv_xl.cli.output_files import check_output
from clv_xl.workbooks.safe_file import replacing


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("clv_xl.oxt"),
    show_default=True,
    help="The extension.",
)
def libreoffice(output: Path) -> None:
    """Build the extension that brings the functions into LibreOffice Calc.

    It carries clv_xl itself; LibreOffice's own Python (3.11 or newer) needs numpy, pandas and
    scipy beside it, and a cell says so where they are missing.
    """
    check_output("--output", output, endings=(".oxt",), inputs=())
    from clv_xl.excel.libreoffice.build import write_extension  # noqa: PLC0415 - pandas is slow

    with replacing(output) as target:
        write_extension(target)
    click.echo(f"{output.resolve()}")
    click.echo(
        "  Add it in LibreOffice (Tools, Extensions, Add) or by `unopkg add`, and start it anew.\n"
        "  LibreOffice's own Python needs numpy, pandas and scipy: docs/excel.md tells how."
    )
