"""`clv-xl mail`: each recipient gets the report of its own segments, once."""

import json
import re
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from clv_xl.cli.console_tables import show_table
from clv_xl.cli.dashboard import report_options
from clv_xl.cli.flags import FlagGroup
from clv_xl.cli.mail_options import mail_options
from clv_xl.cli.option_types import SOURCE
from clv_xl.cli.source_options import source_options
from clv_xl.errors import InvalidArgumentError

_AGE = re.compile(r"([1-9][0-9]{0,4})([dwmy])", re.ASCII)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_LEDGER = click.option(
    "--ledger",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of the ledger  [default: in this user's folder for data]",
)


class _MailGroup(FlagGroup):
    """What is no command of the group is a file of recipients: `mail FILE` is `mail run FILE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command in front where it is left out."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_MailGroup, invoke_without_command=True)
@click.pass_context
def mail(ctx: click.Context) -> None:
    """Mail each recipient the report of its own segments, once a period.

    `clv-xl mail RECIPIENTS --source ORDERS` is short for `clv-xl mail run RECIPIENTS …`, whose
    --help lists every option.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@mail.command()
@click.argument("recipients", type=SOURCE)
@click.option("--source", type=SOURCE, required=True, help="The orders: CSV, .xlsx, Parquet.")
@source_options
@report_options
@_LEDGER
@mail_options
def run(**options: Any) -> int:  # noqa: ANN401 - many options
    """Write a message for each of RECIPIENTS into the outbox; with --send, send it.

    RECIPIENTS is a CSV or sheet with the columns email and segment, and perhaps name, layout and
    detail. Exit 0: all sent, or nothing to send; 1: something did not go.
    """
    from clv_xl.cli.mail_run import run_mail  # noqa: PLC0415 - pandas is slow to import

    return run_mail(options)


@mail.command()
@_LEDGER
@click.option("--period", help="Only this one, as the log names it: 2026, 2026-Q1, 2026-03.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
def log(*, ledger: Path | None, period: str | None, as_json: bool) -> None:
    """Show who was sent what, and what the server answered."""
    from clv_xl.delivery.ledger import Ledger  # noqa: PLC0415 - numpy is slow to import
    from clv_xl.delivery.ledger_file import LedgerHeldError, usual_ledger  # noqa: PLC0415
    from clv_xl.delivery.preview import LOG_WHOLE, logged_rows, nothing_logged  # noqa: PLC0415
    from clv_xl.delivery.report_period import period_name  # noqa: PLC0415
    from clv_xl.workbooks.templates import load_texts  # noqa: PLC0415

    wanted = None if period is None else period_name(period)
    with Ledger(ledger or usual_ledger(), make=False) as opened:
        with suppress(LedgerHeldError), opened.held(datetime.now(UTC)):
            pass  # what a run that died was sending is unknown, and is shown so
        every = opened.deliveries()
    found = [one for one in every if wanted in {None, one.period}]
    if as_json:
        rows = [asdict(one) for one in found]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False, default=datetime.isoformat))
    elif found:
        shown = logged_rows(found, load_texts())
        show_table(shown.head, shown.rows, whole=LOG_WHOLE)
    else:
        click.echo(nothing_logged(wanted, every, load_texts()))


@mail.command()
@_LEDGER
@click.option("--older-than", required=True, metavar="AGE", help="Such as 90d, 12w, 6m, 2y.")
@click.option("--force", is_flag=True, help="Also of the newest period of a report.")
def purge(*, ledger: Path | None, older_than: str, force: bool) -> None:
    """Forget old deliveries. A period that is forgotten can be sent again.

    Those of the newest period of each report stay, so that it is not sent twice.
    """
    from clv_xl.delivery.ledger import Ledger  # noqa: PLC0415 - numpy is slow to import
    from clv_xl.delivery.ledger_file import usual_ledger  # noqa: PLC0415

    now = datetime.now(UTC)
    before = now - _age(older_than)
    with Ledger(ledger or usual_ledger(), make=False) as opened, opened.held(now):
        done = opened.purge(before, also_newest=force)
    click.echo(f"{done.forgotten:,} deliveries forgotten; their periods can be sent again")
    if done.kept:
        click.echo(f"{done.kept:,} old ones of the newest period stay; --force forgets them too")


@mail.command("sign-in")
@click.argument("address")
@click.option("--microsoft365", required=True, metavar="CLIENT", help="The client id.")
@click.option("--tenant", default="organizations", show_default=True, help="The tenant.")
def sign_in(*, address: str, microsoft365: str, tenant: str) -> None:
    """Sign in to Microsoft 365 as ADDRESS, once, in a browser on any device.

    The refresh token stays in the system's keyring.
    """
    from clv_xl.delivery.microsoft365 import Application, sign_in  # noqa: PLC0415 - slow to import

    who = sign_in(Application(microsoft365, tenant), address, click.echo)
    click.echo(f"{who} is signed in: send with --microsoft365 {microsoft365}")


def _age(text: str) -> timedelta:
    found = _AGE.fullmatch(text)
    if found is None:
        raise InvalidArgumentError(
            "older_than", text, "a number of at least 1 with d, w, m or y, such as 90d"
        )
    return timedelta(days=int(found[1]) * _DAYS[found[2]])
