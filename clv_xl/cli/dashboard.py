"""`clv-xl dashboard`: an order log becomes a dashboard workbook."""

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clv_xl.cli.option_types import CONTRACT, MODEL, NUMBER, SCORE, SEGMENT_BY, SOURCE
from clv_xl.cli.output_files import OVERWRITE, check_output, keep_changed
from clv_xl.cli.progress import steps
from clv_xl.cli.source_options import read_source, source_options
from clv_xl.errors import DataError

if TYPE_CHECKING:
    from clv_xl.reports.assumptions import Assumptions
    from clv_xl.reports.report import Report
    from clv_xl.sources.source_read import SourceRead

GATE = 60.0

_REPORT_OPTIONS = (
    click.option("--margin-rate", type=NUMBER, help="Contribution as a share of revenue, 0 to 1."),
    click.option(
        "--discount-rate", type=NUMBER, default=0.10, show_default=True, help="Effective, a year."
    ),
    click.option("--horizon", type=int, default=12, show_default=True, help="Months ahead, to 60."),
    click.option("--cac", type=NUMBER, help="Acquisition cost of a new customer."),
    click.option(
        "--spend",
        type=SOURCE,
        help="File of acquisition spend by month, and by segment where it has that column.",
    ),
    click.option("--target-ratio", type=NUMBER, default=3.0, show_default=True, help="CLV:CAC."),
    click.option("--activity-window", type=int, help="Days after an order a customer is active."),
    click.option(
        "--period",
        help="month, quarter, year, 2024, 2024-Q2, 2024-05 or FROM..TO (default: last 12 months).",
    ),
    MODEL,
    CONTRACT,
    SEGMENT_BY,
    click.option("--title", help="Title on the cover."),
    click.option("--layout", default="executive", show_default=True, help="Name or .toml file."),
    click.option(
        "--paper",
        type=click.Choice(["a4", "letter"]),
        default="a4",
        show_default=True,
        help="Paper to print on.",
    ),
    click.option(
        "--gate", type=SCORE, default=GATE, show_default=True, help="Least quality score, 0 to 100."
    ),
)
_JSON = click.option(
    "--json", "json_file", type=click.Path(path_type=Path), help="Figures as JSON."
)


def report_options(command: Any) -> Any:  # noqa: ANN401 - click's decorators have no types
    """Add the options of a report to a command."""
    for option in reversed(_REPORT_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument("source", type=SOURCE)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The .xlsx.")
@source_options
@report_options
@_JSON
@OVERWRITE
def dashboard(source: Path, output: Path, **options: Any) -> None:  # noqa: ANN401 - many options
    """Write a dashboard workbook from the orders in SOURCE (CSV, text, .xlsx, Parquet).

    Columns are found by their headers; name them where that fails.
    """
    check_outputs(output, options, source)
    with steps("Reading orders", "Fitting models", "Writing workbook") as begin:
        begin()
        read = read_source(source, options)
        begin()
        report = report_of(read, source, options)
        begin()
        write_outputs(report, output, options)
    click.echo(f"{output}")
    for line in headline(report):
        click.echo(line)


def check_outputs(output: Path, options: dict[str, Any], source: Path) -> None:
    """Refuse outputs that cannot be meant, before the work begins."""
    inputs = [source, options["spend"], Path(options["layout"])]
    check_output("--output", output, endings=(".xlsx",), inputs=inputs)
    keep_changed(output, overwrite=options["overwrite"])
    check_output("--json", options["json_file"], inputs=[*inputs, output])


def report_of(read: "SourceRead", source: Path, options: dict[str, Any]) -> "Report":
    """Return the report of a source, or say that its data are below the gate."""
    from clv_xl.reports.build import build_report  # noqa: PLC0415 - scipy is slow to import
    from clv_xl.workbooks.templates import load_texts  # noqa: PLC0415

    report = build_report(read.log, assumptions_from(read, source, options), load_texts())
    refuse_poor(report.value("fact_quality_score"), source, options)
    return report


def refuse_poor(score: float, source: Path, options: dict[str, Any]) -> None:
    """Refuse a source whose score for data quality is below the gate."""
    gate = options["gate"]
    if score < gate:
        raise DataError(
            f"{source.name} scores {score:.0f} of 100 for data quality, below the gate of "
            f"{gate:g}: see clv-xl check {source.name}, or set --gate 0 to go on"
        )


def assumptions_from(read: "SourceRead", source: Path, options: dict[str, Any]) -> "Assumptions":
    """Return what the options say of a report on the orders in a file."""
    from clv_xl.sources.recorded_options import recorded  # noqa: PLC0415 - pandas is slow to import
    from clv_xl.sources.report_inputs import assumptions_of, spend_of  # noqa: PLC0415

    return replace(
        assumptions_of(read, options, spend_of(read, options["spend"], options["date_order"])),
        margin_rate=options["margin_rate"],
        annual_discount_rate=options["discount_rate"],
        horizon_months=options["horizon"],
        cac=options["cac"],
        target_ratio=options["target_ratio"],
        activity_window_days=options["activity_window"],
        source=source.name,
        options=recorded(options),
    )


def write_outputs(report: "Report", output: Path, options: dict[str, Any]) -> None:
    """Write the workbook and, where asked for, the figures: both, or neither."""
    from clv_xl.workbooks.safe_file import replacing  # noqa: PLC0415
    from clv_xl.workbooks.templates import load_layout, load_texts  # noqa: PLC0415
    from clv_xl.workbooks.write import write_workbook  # noqa: PLC0415

    with ExitStack() as complete:
        if options["json_file"]:
            text = json.dumps(dict(report.record), indent=2, ensure_ascii=False, allow_nan=False)
            complete.enter_context(replacing(options["json_file"])).write(f"{text}\n".encode())
        write_workbook(
            report, load_layout(options["layout"]), load_texts(), output, paper=options["paper"]
        )


def headline(report: "Report") -> list[str]:
    """Return three figures in words, each with its basis."""
    from clv_xl.workbooks.templates import load_texts  # noqa: PLC0415

    say, record = load_texts().say, report.record
    basis = say(f"basis.{record['basis']}")
    counts = {name: record[name] for name in ("customers", "orders", "revenue")}
    lines = [say("console.figures.totals", **counts, currency=record["currency"] or "").rstrip()]
    for key, name in (("new_customer", "new_customer_value"), ("existing", "predicted_total")):
        worth = say("console.figures.unknown")
        if record[name] is not None:
            worth = say("console.figures.amount", amount=record[name])
        known = {"months": record["horizon_months"], "basis": basis, "worth": worth}
        lines.append(say(f"console.figures.{key}", **known))
    return [f"  {line}" for line in lines]
