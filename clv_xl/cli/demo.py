"""`clv-xl demo`: a simulated shop whose truth is known, through the whole main path."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clv_xl.cli.dashboard import (
    check_outputs,
    dashboard,
    headline,
    report_of,
    write_outputs,
)
from clv_xl.cli.output_files import OVERWRITE
from clv_xl.cli.progress import steps
from clv_xl.cli.source_options import read_source
from clv_xl.errors import SourceError

if TYPE_CHECKING:
    import pandas as pd

    from clv_xl.models.simulated_shop import SimulatedShop
    from clv_xl.reports.report import Report

SEED = 2024
_SEGMENTS = ("channel", "country")


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("clv_demo.xlsx"),
    show_default=True,
    help="The workbook.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to keep the shop's orders.csv and spend.csv in, to try `dashboard` on.",
)
@OVERWRITE
def demo(output: Path, data: Path | None, *, overwrite: bool) -> None:
    """Simulate a shop, write its dashboard, and hold the forecast against the known truth."""
    from clv_xl.models.simulated_shop import simulate_shop  # noqa: PLC0415 - numpy is slow to import

    with (
        steps("Simulating a shop", "Reading orders", "Fitting models", "Writing workbook") as begin,
        tempfile.TemporaryDirectory() as scratch,
    ):
        begin()
        shop = simulate_shop(seed=SEED)
        folder = data or Path(scratch)
        orders, spend = folder / "orders.csv", folder / "spend.csv"
        options = _options(orders, spend, output, shop.margin_rate) | {"overwrite": overwrite}
        check_outputs(output, options, orders)
        _keep({orders: shop.orders, spend: shop.spend})
        begin()
        read = read_source(orders, options)
        begin()
        report = report_of(read, orders, options)
        begin()
        write_outputs(report, output, options)
    click.echo(f"{output.resolve()}")
    for line in [*headline(report), *_truth(shop, report)]:
        click.echo(line)


def _keep(tables: "dict[Path, pd.DataFrame]") -> None:
    """Write the shop's files; a file of another content is somebody's own and stays."""
    texts = {path: table.to_csv(index=False).encode() for path, table in tables.items()}
    for path, text in texts.items():
        if path.exists() and path.read_bytes() != text:
            raise SourceError(f"{path} is there already: name another folder with --data")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def _options(orders: Path, spend: Path, output: Path, margin_rate: float) -> dict[str, Any]:
    """Return the options of `dashboard` as this shop's analyst would give them."""
    from clv_xl.workbooks.templates import load_texts  # noqa: PLC0415 - numpy is slow to import

    title = load_texts().say("cover.demo_title")
    segments = [word for name in _SEGMENTS for word in ("--segment", name)]
    given = ["--spend", str(spend), "--margin-rate", str(margin_rate), "--title", title]
    words = [str(orders), "-o", str(output), *segments, *given]
    with dashboard.make_context("dashboard", words) as context:
        return dict(context.params)


def _truth(shop: "SimulatedShop", report: "Report") -> list[str]:
    """Return recovered against true value: expected of the existing, and of a new customer."""
    from clv_xl.workbooks.templates import load_texts  # noqa: PLC0415

    record, truth = report.record, shop.truth
    rate, days = record["annual_discount_rate"], record["horizon_months"] * 365.25 / 12
    pairs = {
        "existing": (record["predicted_total"], truth.residual_spend(days, rate)),
        "new_customer": (record["new_customer_value"], truth.new_customer_spend(days, rate)),
    }
    lines = []
    for key, (found, spend) in pairs.items():
        true = shop.margin_rate * spend
        said = {"found": found, "true": true, "error": 100 * (found / true - 1)}
        lines.append(f"  {load_texts().say(f'console.truth.{key}', **said)}")
    return lines
