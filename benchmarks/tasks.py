"""The tasks that are measured, in the order of the table."""

from benchmarks.contenders import CLVKIT, LIFETIMES, ours, peers
from benchmarks.model_tasks import CDNOW, MODEL_TASKS, SAMPLE
from benchmarks.task import Entry, Target, Task

FULL_SHEET = 1_048_575

LOG_TASKS = (
    Task(
        name="summary",
        title="order log → customer summary, CDNOW, {size:,} customers with text ids",
        size=CDNOW,
        quick_size=SAMPLE,
        ours=ours("order_logs:summary_of_cdnow", LIFETIMES),
        peers=peers("order_logs:summary_of_cdnow", LIFETIMES, CLVKIT),
        target=Target(times_as_fast=8),
    ),
    Task(
        name="summary-by-date",
        title="the same log, sorted by date instead of by customer",
        size=CDNOW,
        quick_size=SAMPLE,
        ours=ours("order_logs:summary_of_cdnow_by_date", LIFETIMES),
        peers=peers("order_logs:summary_of_cdnow_by_date", LIFETIMES, CLVKIT),
    ),
    Task(
        name="summary-ten-million",
        title="order log → customer summary, {size:,} simulated orders, a fifth as many customers",
        size=10_000_000,
        quick_size=30_000,
        ours=ours("order_logs:summary_of_simulated"),
        peers=peers("order_logs:summary_of_simulated", LIFETIMES),
    ),
    Task(
        name="full-sheet",
        title="{size:,} orders in memory → summary, BG/NBD fit, expected purchases, P(alive)",
        size=FULL_SHEET,
        quick_size=30_000,
        ours=ours("order_logs:full_sheet"),
        peers=peers("order_logs:full_sheet", LIFETIMES),
        target=Target(seconds=1),
        agreement=1e-3,  # the two fits differ a little
    ),
)
EXCEL_TASKS = (
    Task(
        name="dashboard",
        title="CSV of {size:,} orders, a third as many customers → whole dashboard workbook; "
        "the peer writes its customer rows alone",
        size=300_000,
        quick_size=9_000,
        ours=Entry(
            name="clv_xl",
            contender="dashboards:dashboard",
            file_made_by="simulated:orders_file",
            whole_process=True,
        ),
        peers=(
            Entry(
                name="XlsxWriter",
                contender="customer_rows_by_xlsxwriter:written",
                file_made_by="customer_rows:rows_file",
            ),
        ),
        target=Target(times_as_fast=1),
    ),
    Task(
        name="dashboard-cdnow",
        title="CDNOW log of 69,659 orders → whole dashboard workbook",
        size=CDNOW,
        quick_size=CDNOW,
        ours=Entry(
            name="clv_xl",
            contender="dashboards:cdnow_dashboard",
            needs="lifetimes",
            whole_process=True,
        ),
        target=Target(seconds=5),
    ),
    *(
        Task(
            name=f"cells-{kind}",
            title=f"column of {{size:,}} {kind}, raw cells → array",
            size=100_000,
            quick_size=2_000,
            ours=ours(f"sheet_values:{kind}"),
            peers=(Entry(name="xlwings' converter", contender=f"sheet_values_by_xlwings:{kind}"),),
            target=Target(seconds=0.03),
        )
        for kind in ("numbers", "texts", "dates")
    ),
    Task(
        name="predict-sheet",
        title="CLV_PREDICT on {size:,} orders, raw cells → cells; the peer converts alone",
        size=FULL_SHEET,
        quick_size=30_000,
        ours=ours("sheet_values:predicted"),
        peers=(
            Entry(
                name="xlwings' converters",
                contender="sheet_values_by_xlwings:columns_and_table",
            ),
        ),
        target=Target(seconds=4),
    ),
    Task(
        name="refresh",
        title="dashboard of {size:,} orders, a third as many customers → refreshed in place after "
        "two months of new orders",
        size=100_000,
        quick_size=9_000,
        ours=Entry(
            name="clv_xl",
            contender="dashboards:refresh",
            file_made_by="earlier_dashboard:dashboard_file",
            whole_process=True,
        ),
        target=Target(seconds=5),
    ),
    Task(
        name="big-table",
        title="Excel table of {size:,} rows and 15 columns with formats",
        size=100_000,
        quick_size=2_000,
        ours=ours("big_tables:spliced"),
        peers=(
            Entry(name="XlsxWriter", contender="big_tables_by_xlsxwriter:written"),
            Entry(
                name="openpyxl, write-only, a fifth of the rows × 5",
                contender="big_tables_by_openpyxl:written",
                share=0.2,
            ),
        ),
    ),
)
TASKS = (*MODEL_TASKS, *LOG_TASKS, *EXCEL_TASKS)
