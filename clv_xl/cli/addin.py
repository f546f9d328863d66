"""`clv-xl addin`: the add-in for desktop Excel, built, installed and removed."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clv_xl.cli.output_files import check_output
from clv_xl.errors import SourceError

if TYPE_CHECKING:
    from clv_xl.excel.addin.installation import Step
    from clv_xl.excel.addin.places import Places

_DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")


@click.group(invoke_without_command=True)
@click.pass_context
def addin(ctx: click.Context) -> None:
    """Build, install or remove the add-in for desktop Excel.

    It brings the tab CLV and, on Windows, the worksheet functions. `clv-xl doctor` checks it.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@addin.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write, NAME.xlam.",
)
@click.option(
    "--platform",
    type=click.Choice(["windows", "mac"]),
    help="Where Excel runs; on a Mac the add-in has the tab only.  [default: this machine, "
    "else windows]",
)
def build(output: Path, platform: str | None) -> None:
    """Write the add-in to a file, made from the installed xlwings."""
    from clv_xl.excel.addin.build import ENDING, write_addin  # noqa: PLC0415 - slow to import
    from clv_xl.excel.addin.places import Platform, platform_of  # noqa: PLC0415

    check_output("--output", output, endings=(ENDING,), inputs=())
    asked = platform_of(sys.platform) or Platform.WINDOWS if platform is None else platform
    write_addin(output, Platform(asked))
    click.echo(f"{output}: the add-in for Excel on {Platform(asked).value}")
    click.echo("  to hand out or look into; clv-xl addin install makes its own, where Excel runs")


@addin.command()
@_DRY_RUN
def install(*, dry_run: bool) -> None:
    """Put the add-in where Excel loads it at its start, and tell it of this Python."""
    from clv_xl.excel.addin.build import build_addin  # noqa: PLC0415 - slow to import
    from clv_xl.excel.addin.installation import (  # noqa: PLC0415
        carry_out,
        installation,
        without_console,
    )

    where = _places_here()
    interpreter = without_console(sys.executable, where.platform, os.path.exists)
    steps = installation(where, build_addin(where.platform), interpreter)
    if not dry_run:
        carry_out(where, steps)
    _tell(steps, dry_run=dry_run)
    if not dry_run:
        click.echo("Start Excel again; clv-xl doctor checks that everything fits.")


@addin.command()
@_DRY_RUN
def remove(*, dry_run: bool) -> None:
    """Take the add-in and its setting away; what others wrote stays."""
    from clv_xl.excel.addin.installation import carry_out, removal  # noqa: PLC0415 - slow to import

    where = _places_here()
    steps = removal(where)
    if not dry_run:
        carry_out(where, steps)
    _tell(steps, dry_run=dry_run)
    if not steps:
        click.echo("nothing to remove: the add-in is not installed")


def _tell(steps: "tuple[Step, ...]", *, dry_run: bool) -> None:
    wrote, deleted = ("would write", "would delete") if dry_run else ("wrote", "deleted")
    for step in steps:
        click.echo(f"{deleted if step.content is None else wrote} {step.path}  ({step.purpose})")


def _places_here() -> "Places":
    """Return the user's files, or say what to do where desktop Excel does not run."""
    from clv_xl.excel.addin.places import places, platform_of  # noqa: PLC0415 - slow to import

    platform = platform_of(sys.platform)
    if platform is None:
        raise SourceError(
            f"desktop Excel does not run on {sys.platform}: build the file with clv-xl addin build "
            "-o clv_xl.xlam and run clv-xl addin install where Excel runs; for LibreOffice use "
            "clv-xl libreoffice"
        )
    return places(platform, Path.home(), os.environ)
