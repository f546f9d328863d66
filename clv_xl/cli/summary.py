"""`clv-xl summary`: a row a customer, for other programs."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clv_xl.cli.option_types import MODEL, SEGMENT_BY, SOURCE
from clv_xl.cli.output_files import OVERWRITE, check_output, keep_changed
from clv_xl.cli.progress import steps
from clv_xl.cli.source_options import read_source, source_options

if TYPE_CHECKING:
    import pandas as pd

    from clv_xl.sources.source_read import SourceRead

_FORMS = (".csv", ".xlsx", ".parquet")


@click.command()
@click.argument("source", type=SOURCE)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help=".csv, .xlsx, .parquet."
)
@source_options
@MODEL
@SEGMENT_BY
@OVERWRITE
def summary(source: Path, output: Path, **options: Any) -> None:  # noqa: ANN401 - many options
    """Write one row a customer: orders, recency, segment, tier, overdue, expected orders."""
    from clv_xl.workbooks.templates import load_texts  # noqa: PLC0415 - numpy is slow to import

    check_output("--output", output, endings=_FORMS, inputs=[source])
    keep_changed(output, overwrite=options["overwrite"])
    with steps("Reading orders", "Fitting models", "Writing") as begin:
        begin()
        read = read_source(source, options)
        begin()
        frame = _customers(read, options)
        begin()
        _write(frame, output)
    click.echo(f"{output}")
    size = {"customers": len(frame), "columns": len(frame.columns)}
    said = load_texts().say("console.summary.size", **size)
    click.echo(f"  {said}")


def _customers(read: "SourceRead", options: dict[str, Any]) -> "pd.DataFrame":
    from clv_xl.reports.assumptions import Assumptions  # noqa: PLC0415 - scipy is slow to import
    from clv_xl.reports.customer_list import customer_list  # noqa: PLC0415
    from clv_xl.workbooks.templates import load_texts  # noqa: PLC0415

    assumptions = Assumptions(
        model=options["model"],
        segment_by=options["segment_by"],
        segment_columns=tuple(read.log.segments),
    )
    return customer_list(read.log, assumptions, load_texts())


def _write(frame: "pd.DataFrame", output: Path) -> None:
    from clv_xl.workbooks.customer_file import disarmed, write_customer_workbook  # noqa: PLC0415
    from clv_xl.workbooks.safe_file import replacing  # noqa: PLC0415
    from clv_xl.workbooks.templates import load_texts  # noqa: PLC0415

    form = output.suffix.lower()
    with replacing(output) as target:
        if form == ".csv":
            safe, count = disarmed(frame)
            target.write(safe.to_csv(index=False, date_format="%Y-%m-%d").encode("utf-8-sig"))
            if count:
                said = load_texts().say("console.summary.disarmed", count=count)
                click.echo(f"  {said}")
        elif form == ".parquet":
            buffer = BytesIO()
            frame.to_parquet(buffer, index=False)
            target.write(buffer.getvalue())
        else:
            write_customer_workbook(frame, target)
