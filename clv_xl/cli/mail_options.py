"""Options of `clv-xl mail`: whether, through which server and in whose name mail goes."""

from pathlib import Path
from typing import Any

import click

from clv_xl.cli.option_types import Number

_OPTIONS = (
    click.option(
        "--outbox",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder for the messages, unless they are sent  [default: outbox]",
    ),
    click.option("--send", is_flag=True, help="Send the messages."),
    click.option(
        "--from", "sender", metavar="ADDRESS", help="Whose mail it is: a@b.lv or 'Name <a@b.lv>'."
    ),
    click.option("--contact", default="", help="Whom readers may ask  [default: the sender]"),
    click.option("--smtp", metavar="URL", help="The server: smtp://[user@]host[:port]."),
    click.option(
        "--tls",
        type=click.Choice(["starttls", "tls", "none"]),
        default="starttls",
        show_default=True,
        help="Encryption; none: to this machine alone.",
    ),
    click.option(
        "--timeout",
        type=Number(at_least=1, at_most=3600),
        default=600.0,
        show_default=True,
        help="Seconds that the server may take to confirm a message.",
    ),
    click.option(
        "--microsoft365",
        metavar="CLIENT",
        help="Send through Microsoft 365: the client id of the registered application.",
    ),
    click.option(
        "--tenant", default="organizations", show_default=True, help="Tenant of Microsoft 365."
    ),
    click.option("--outlook", is_flag=True, help="Leave drafts in Outlook (Windows) to be sent."),
    click.option(
        "--allow-domain",
        multiple=True,
        metavar="DOMAIN",
        help="Domain that may be written to; may repeat  [default: every domain]",
    ),
    click.option(
        "--max", "most", type=click.IntRange(min=0), help="Refuse to send more messages than this."
    ),
    click.option(
        "--if-changed", is_flag=True, help="Leave out whose data are those of the last message."
    ),
    click.option("--correct", is_flag=True, help="Send a correction to whom other data were sent."),
    click.option(
        "--retry-unknown", is_flag=True, help="Send again what may or may not have arrived."
    ),
    click.option(
        "--to-self", default="", metavar="ADDRESS", help="A trial: every message goes there."
    ),
    click.option(
        "--password-env",
        metavar="VARIABLE",
        help="Environment variable with the password that encrypts the workbooks.",
    ),
    click.option(
        "--cap",
        type=Number(at_least=0.1, at_most=100),
        default=7.0,
        show_default=True,
        help="Most megabytes of an attachment; above it the customers are left out.",
    ),
)


def mail_options(command: Any) -> Any:  # noqa: ANN401 - click's decorators have no types
    """Add the options of mail to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
