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
    if not single_file:
        click.echo(f"  clv-xl itself comes from {wheel or 'PyPI'}; --wheel names another address,")
        click.echo("  --single-file does without it, with the closed formulas alone")


def _write(main: Path, requirements: Path, files: "LiteFiles") -> None:
    """Write both files or neither; what is somebody's own stays."""
    from clv_xl.workbooks.safe_file import replacing  # noqa: PLC0415

    for path, is_ours in ((main, _is_main_file), (requirements, _is_ours)):
        if path.exists() and not is_ours(path.read_text("utf-8", errors="replace")):
            raise SourceError(
                f"{path} is there already, and not of clv-xl: name a main file in another folder "
                "with --output"
            )
    with ExitStack() as complete:
        complete.enter_context(replacing(main)).write(files.main.encode())
        complete.enter_context(replacing(requirements)).write(files.requirements.encode())


def _is_main_file(text: str) -> bool:
    """Return whether a main file is one that this command has written."""
    about, _, _ = text.removeprefix('"""').partition('"""')
    return text.startswith('"""') and "xlwings Lite" in about and "clv" in about.lower()


def _is_ours(text: str) -> bool:
    """Return whether a list of packages is one that this command has written."""
    packages = text.split()
    return packages[:1] == ["xlwings"] and len(packages) in {2, 3}
