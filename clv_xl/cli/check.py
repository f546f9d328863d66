"""`clv-xl check`: how far these orders can be trusted."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clv_xl.cli.dashboard import GATE
from clv_xl.cli.option_types import SCORE, SOURCE
from clv_xl.cli.source_options import read_source, source_options

if TYPE_CHECKING:
    from clv_xl.customers.quality import Quality
    from clv_xl.reports.texts import Texts
    from clv_xl.sources.source_read import SourceRead


@click.command()
@click.argument("source", type=SOURCE)
@source_options
@click.option("--gate", type=SCORE, default=GATE, show_default=True, help="Least score, 0 to 100.")
def check(source: Path, gate: float, **options: Any) -> int:  # noqa: ANN401 - many options
    """Judge the data quality of SOURCE; exit 1 where its score is below the gate."""
    from clv_xl.customers.quality import assess, passes  # noqa: PLC0415 - pandas is slow to import
    from clv_xl.workbooks.templates import load_texts  # noqa: PLC0415

    read = read_source(source, options)
    quality, texts = assess(read.log), load_texts()
    said = {"file": source.name, "score": quality.score, "gate": gate}
    click.echo(texts.say("console.check.score", **said))
    for line in _account(read, quality, texts):
        click.echo(f"  {line}")
    return 0 if passes(quality.score, gate) else 1


def _account(read: "SourceRead", quality: "Quality", texts: "Texts") -> Iterator[str]:
    """Return what was read, left out, found and inferred, a line each."""
    from clv_xl.customers.drop_reasons import reason_said  # noqa: PLC0415

    yield texts.say("console.check.rows", read=quality.rows_read, kept=quality.rows_kept)
    for reason, rows in quality.dropped.items():
        if rows:
            yield texts.say("console.check.left_out", rows=rows, reason=reason_said(reason))
    counts = {"customers": read.log.n_customers, "orders": read.log.n_orders}
    yield texts.say("console.check.customers", **counts)
    notes = [*read.read.notes, *read.log.cleaning.notes.values()]
    found = [(f.severity, f.remark) for f in quality.findings if not f.key.startswith("dropped_")]
    for severity, remark in [*found, *(("info", note) for note in notes)]:
        kind = texts.say(f"severity.{severity}")
        yield texts.say("console.check.finding", severity=kind, remark=remark)
