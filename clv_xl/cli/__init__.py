"""The command line, `clv-xl`: each command is a module of this room.

Exit codes: 0 done, 1 the data are below the quality gate (``check``) or something does not fit
(``doctor``), 2 bad input, told in one sentence on stderr.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from clv_xl import __version__
from clv_xl.cli.flags import FlagGroup
from clv_xl.errors import ClvError

_COMMANDS = {
    "demo": "clv_xl.cli.demo:demo",
    "dashboard": "clv_xl.cli.dashboard:dashboard",
    "refresh": "clv_xl.cli.refresh:refresh",
    "mail": "clv_xl.cli.mail:mail",
    "freeze": "clv_xl.cli.freeze:freeze",
    "summary": "clv_xl.cli.summary:summary",
    "check": "clv_xl.cli.check:check",
    "functions": "clv_xl.cli.functions:functions",
    "call": "clv_xl.cli.functions:call",
    "addin": "clv_xl.cli.addin:addin",
    "libreoffice": "clv_xl.cli.libreoffice:libreoffice",
    "doctor": "clv_xl.cli.doctor:doctor",
    "workbench": "clv_xl.cli.workbench:workbench",
    "lite": "clv_xl.cli.lite:lite",
}
_BAD_INPUT, _OUR_FAULT, _INTERRUPTED = 2, 3, 130


class _LazyGroup(FlagGroup):
    """Commands are imported when they run: help and errors need no pandas."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="clv-xl")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Put customer lifetime value into the spreadsheet.

    Start with `clv-xl demo`, then `clv-xl dashboard YOUR_ORDERS.csv -o dashboard.xlsx`.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; users see sentences, never a traceback."""
    try:
        result = cli.main(args=argv, prog_name="clv-xl", standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code
    except SystemExit:
        return 0  # click and rich end so where the reader of the output has seen enough
    except (Exception, KeyboardInterrupt) as fault:
        if os.environ.get("CLV_XL_DEBUG"):
            raise
        sentence, code = _told(fault)
        click.echo(f"clv-xl: {sentence}", err=True)
        return code
    return result if isinstance(result, int) else 0


def _told(fault: BaseException) -> tuple[str, int]:
    """Return what went wrong as one sentence, and the exit code it means."""
    if isinstance(fault, click.Abort | KeyboardInterrupt):
        return "interrupted", _INTERRUPTED
    if isinstance(fault, click.ClickException):
        return _usage_told(fault), _BAD_INPUT
    if isinstance(fault, ClvError):
        return _clv_told(fault), _BAD_INPUT
    if isinstance(fault, OSError) and fault.strerror:
        where = f"{fault.filename}: " if fault.filename else ""
        return f"{where}{fault.strerror}", _BAD_INPUT
    kind = type(fault).__name__
    where = "CLV_XL_DEBUG=1 shows where"
    return f"an error of clv_xl itself ({kind}: {fault}); {where}", _OUR_FAULT


def _clv_told(fault: ClvError) -> str:
    """Return the sentence in one line; an error with several problems has a line for each."""
    lines = str(fault).split("\n") if hasattr(fault, "problems") else [str(fault)]
    return "\n  ".join(" ".join(line.split()) for line in lines)


def _usage_told(fault: click.ClickException) -> str:
    """Return what is wrong with the words of the command, and where to look it up."""
    sentence = " ".join(fault.format_message().split())
    ctx = fault.ctx if isinstance(fault, click.UsageError) else None
    return sentence if ctx is None else f"{sentence.rstrip('.')} (see {ctx.command_path} --help)"


def run() -> None:
    """Run as the installed command."""
    sys.exit(main())
