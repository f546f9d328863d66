"""`clv-xl lite`: the files of xlwings Lite."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clv_xl.cli.output_files import check_output
from clv_xl.errors import SourceError

if TYPE_CHECKING:
    from clv_xl.excel.lite.main_file import LiteFiles


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("main.py"),
    show_default=True,
    help="The main file; requirements.txt is written beside it.",
)
@click.option(
    "--wheel",
    metavar="ADDRESS",
    help="Where a wheel of clv_xl lies on the web, if it is not to come from PyPI.",
)
@click.option(
    "--single-file",
    is_flag=True,
    help="The closed formulas alone, in one file that needs no package of ours.",
)
def lite(output: Path, wheel: str | None, *, single_file: bool) -> None:
    """Write what xlwings Lite needs: Excel on Windows, on a Mac and on the web, without Python."""
    from clv_xl.excel.lite.main_file import (  # noqa: PLC0415 - slow to import
        REQUIREMENTS,
        lite_files,
        single_lite_files,
    )

    if single_file and wheel is not None:
        raise click.UsageError("--single-file needs no --wheel: give one of them")
    check_output("--output", output, endings=(".py",), inputs=())
    files = single_lite_files() if single_file else lite_files(wheel)
    requirements = output.with_name(REQUIREMENTS)
    _write(output, requirements, files)
    click.echo(f"{output.resolve()}\n{requirements.resolve()}")
    click.echo("  paste both into the editor of xlwings Lite, then restart it")


def _write(main: Path, requirements: Path, files: "LiteFiles") -> None:
    """Write both files or neither; a list of packages that is somebody's own stays."""
    from clv_xl.workbooks.safe_file import replacing  # noqa: PLC0415

    if requirements.exists() and not _is_ours(requirements.read_text("utf-8", errors="replace")):
        raise SourceError(
            f"{requirements} is there already: name a main file in another folder with --output"
        )
    with ExitStack() as complete:
        complete.enter_context(replacing(main)).write(files.main.encode())
        complete.enter_context(replacing(requirements)).write(files.requirements.encode())


def _is_ours(text: str) -> bool:
    """Return whether a list of packages is one that this command has written."""
    packages = text.split()
    return packages[:1] == ["xlwings"] and len(packages) in {2, 3}
