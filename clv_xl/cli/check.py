"""`clv-xl check`: how far these orders can be trusted."""

from pathlib import Path
from typing import Any

import click

from clv_xl.cli.dashboard import GATE
from clv_xl.cli.option_types import SCORE, SOURCE
from clv_xl.cli.source_options import read_source, source_options


@click.command()
@click.argument("source", type=SOURCE)
@source_options
@click.option("--gate", type=SCORE, default=GATE, show_default=True, help="Least score, 0 to 100.")
def check(source: Path, gate: float, **options: Any) -> int:  # noqa: ANN401 - many options
    """Judge the data quality of SOURCE; exit 1 where its score is below the gate."""
    from clv_xl.customers.quality import assess, passes  # noqa: PLC0415 - pandas is slow to import

    read = read_source(source, options)
    quality = assess(read.log)
    click.echo(f"{source.name}: {quality.score:g} of 100 (gate {gate:g})")
    click.echo(f"  rows read {quality.rows_read:,} · kept {quality.rows_kept:,}")
    for reason, rows in quality.dropped.items():
        if rows:
            click.echo(f"  left out {rows:,}: {reason.replace('_', ' ')}")
    click.echo(f"  customers {read.log.n_customers:,} · orders {read.log.n_orders:,}")
    for finding in quality.findings:
        if not finding.key.startswith("dropped_"):
            click.echo(f"  {finding.severity}: {finding.sentence}")
    for note in (*read.read.notes, *read.log.cleaning.notes.values()):
        click.echo(f"  note: {note}")
    return 0 if passes(quality.score, gate) else 1
