"""What `clv-xl mail RECIPIENTS` does: reads, plans, builds, then writes or sends."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from clv_xl.cli.console_tables import show_table
from clv_xl.cli.dashboard import assumptions_from, refuse_poor
from clv_xl.cli.output_files import check_output
from clv_xl.cli.progress import counting
from clv_xl.cli.source_options import read_source
from clv_xl.customers.quality import assess
from clv_xl.delivery.addresses import UnusableAddressError, domain_of, domains
from clv_xl.delivery.attachment import Packing
from clv_xl.delivery.audience import known_segments
from clv_xl.delivery.header_text import header_text
from clv_xl.delivery.ledger import Ledger, State
from clv_xl.delivery.ledger_file import usual_ledger
from clv_xl.delivery.message import Sender
from clv_xl.delivery.outbox import Outbox
from clv_xl.delivery.plan import Mailing, Wishes
from clv_xl.delivery.preview import RECIPIENT_WHOLE, counts, sent_rows, written_rows
from clv_xl.delivery.recipients import read_recipients
from clv_xl.delivery.report_period import former_periods, ledger_period, not_over
from clv_xl.delivery.run import carry_out, write_outbox
from clv_xl.delivery.run_results import Run
from clv_xl.delivery.settings import Way, mail_address, sender_of
from clv_xl.errors import InvalidArgumentError
from clv_xl.reports.texts import Texts
from clv_xl.workbooks.templates import load_layout, load_texts

OUTBOX = Path("outbox")
NOBODY = "clv-xl@localhost"
"""Whose mail an outbox holds where no sender is named: it cannot be answered."""
_MEGABYTE = 1_000_000
_ONE_LINE = ("title", "contact", "sender", "to_self", "smtp", "microsoft365", "tenant", "currency")
"""Options whose words come near a header."""
_ALL_WENT, _SOME_NOT, _NOTHING_WENT = 0, 1, 2


def run_mail(options: dict[str, Any]) -> int:
    """Write or send the messages, show what became of them, and return the exit code.

    Parameters
    ----------
    options
        Those of the command, by name.
    """
    if options["send"] and options["outbox"]:
        raise click.UsageError("--outbox is for messages that are not sent: leave it or --send out")
    for name in _ONE_LINE:
        header_text(name, options[name] or "")
    path: Path = options["ledger"] or usual_ledger()
    sender, wishes = _sender(options), _wishes(options)
    inputs = [options["source"], options["recipients"], options["spend"]]
    check_output("--ledger", options["ledger"], inputs=inputs)
    with counting() as step:
        transport = None
        if options["send"]:
            transport = _way(options).transport(sender.address, lambda said: step(said, 0, 0))
        step("Reading orders", 0, 1)
        mailing = _mailing(options, sender)
        with Ledger(path) as ledger:
            if transport is not None:
                done = carry_out(mailing, wishes, transport, ledger, step)
            else:
                outbox = Outbox(options["outbox"] or OUTBOX, mailing.period, mailing.report_names())
                done = write_outbox(mailing, wishes, outbox, ledger, step)
    early = not_over(options["period"], mailing.read.log)
    if early:
        click.echo(f"clv-xl: {early}", err=True)
    tell = _tell_sent if options["send"] else _tell_written
    return tell(done, options, mailing.texts)


def _sender(options: dict[str, Any]) -> Sender:
    """Return whose mail it is, from `a@b.lv` or `Name <a@b.lv>`."""
    said: str | None = options["sender"]
    if said is None:
        if options["send"]:
            raise click.UsageError("--send needs --from: say whose mail it is")
        return Sender(NOBODY, contact=options["contact"])
    return sender_of(said, options["contact"])


def _way(options: dict[str, Any]) -> Way:
    names = ("smtp", "tls", "timeout", "microsoft365", "tenant", "outlook")
    way = Way(**{name: options[name] for name in names if options[name]})
    if len(way.chosen) != 1:
        said = " and ".join(f"--{name}" for name in way.chosen) or "none"
        raise click.UsageError(f"--send needs one of --smtp, --microsoft365, --outlook, got {said}")
    return way


def _wishes(options: dict[str, Any]) -> Wishes:
    trial = options["to_self"]
    if trial:
        trial = mail_address(trial, "to_self")
        if not _allowed(trial, options["allow_domain"]):
            raise InvalidArgumentError(
                "to_self", trial, "in a domain that --allow-domain allows, as every address is"
            )
    return Wishes(
        correct=options["correct"],
        if_changed=options["if_changed"],
        retry_unknown=options["retry_unknown"],
        to_self=trial,
        most=options["most"],
    )


def _allowed(email: str, names: tuple[str, ...]) -> bool:
    try:
        return not names or domain_of(email) in domains(names)
    except UnusableAddressError as fault:
        raise InvalidArgumentError(
            "allow_domain", ", ".join(names), f"a domain such as example.org: {fault}"
        ) from None


def _mailing(options: dict[str, Any], sender: Sender) -> Mailing:
    """Read everything, and refuse what is wrong with it."""
    password = _password(options["password_env"])
    load_layout(options["layout"])
    source: Path = options["source"]
    read = read_source(source, options)
    recipients = read_recipients(
        options["recipients"],
        layout=options["layout"],
        allowed_domains=options["allow_domain"],
        known_segments=known_segments(read.log),
    )
    refuse_poor(assess(read.log).score, source, options)
    period = ledger_period(options["period"], read.log)
    said = period if options["period"] else ""
    return Mailing(
        read=read,
        assumptions=replace(assumptions_from(read, source, options), options=""),
        period=period,
        former_periods=former_periods(options["period"], read.log),
        recipients=recipients,
        sender=sender,
        texts=load_texts(),
        packing=Packing(options["paper"], int(options["cap"] * _MEGABYTE), said),
        password=password,
    )


def _password(variable: str | None) -> str | None:
    """Return the password of the workbooks; on the command line every user would see it."""
    if variable is None:
        return None
    password = os.environ.get(variable, "")
    if not password:
        raise InvalidArgumentError(
            "password_env", variable, "an environment variable that holds the password"
        )
    return password


def _tell_written(run: Run, options: dict[str, Any], texts: Texts) -> int:
    shown = written_rows(run, texts)
    show_table(shown.head, shown.rows, whole=RECIPIENT_WHOLE)
    written, folder = run.count(State.SENT), options["outbox"] or OUTBOX
    said = {"count": written, "folder": folder, "skipped": run.count(None)}
    click.echo(texts.say("console.mail.written", **said))
    return _code(run)


def _tell_sent(run: Run, _: dict[str, Any], texts: Texts) -> int:
    shown = sent_rows(run, texts)
    show_table(shown.head, shown.rows, whole=RECIPIENT_WHOLE)
    click.echo(counts(run, texts))
    return _code(run)


def _code(run: Run) -> int:
    """Return the exit code; what ended the run before its end is told on stderr."""
    if run.stopped:
        click.echo(f"clv-xl: {run.stopped}", err=True)
    if run.complete:
        return _ALL_WENT
    went = run.count(State.SENT, State.UNKNOWN)
    return _NOTHING_WENT if run.stopped and not went else _SOME_NOT
