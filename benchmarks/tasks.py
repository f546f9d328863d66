"""The tasks that are measured, in the order of the table."""

from benchmarks.task import Entry, Target, Task

CDNOW_CUSTOMERS, CDNOW_SAMPLE = 23_570, 2_357
MILLION, FULL_SHEET = 1_000_000, 1_048_575


def _ours(contender: str, needs: str = "clv-xl") -> Entry:
    return Entry(name="clv_xl", contender=contender, needs=needs)


def _lifetimes(contender: str) -> Entry:
    return Entry(name="lifetimes", contender=contender, needs="lifetimes")


TASKS = (
    Task(
        name="bg-nbd",
        title="BG/NBD fit, CDNOW, {size:,} customers",
        size=CDNOW_CUSTOMERS,
        quick_size=CDNOW_SAMPLE,
        ours=_ours("purchase_models:bg_nbd_on_cdnow", "lifetimes"),
        peers=(_lifetimes("purchase_models_by_lifetimes:bg_nbd_on_cdnow"),),
        target=Target(times_as_fast=15),
    ),
    Task(
        name="bg-nbd-million",
        title="BG/NBD fit, {size:,} simulated customers",
        size=MILLION,
        quick_size=20_000,
        ours=_ours("purchase_models:bg_nbd_on_simulated"),
        peers=(_lifetimes("purchase_models_by_lifetimes:bg_nbd_on_simulated"),),
        target=Target(times_as_fast=30),
    ),
    *(
        Task(
            name=f"pareto-nbd-{name}",
            title="Pareto/NBD fit, CDNOW, {size:,} customers",
            size=size,
            quick_size=CDNOW_SAMPLE,
            ours=_ours("purchase_models:pareto_nbd_on_cdnow", "lifetimes"),
            peers=(_lifetimes("purchase_models_by_lifetimes:pareto_nbd_on_cdnow"),),
            target=Target(times_as_fast=times),
        )
        for name, size, times in (("sample", CDNOW_SAMPLE, 5), ("all", CDNOW_CUSTOMERS, 12))
    ),
    Task(
        name="summary",
        title="order log → customer summary, CDNOW, {size:,} customers with text ids",
        size=CDNOW_CUSTOMERS,
        quick_size=CDNOW_SAMPLE,
        ours=_ours("order_logs:summary_of_cdnow", "lifetimes"),
        peers=(_lifetimes("order_logs_by_lifetimes:summary_of_cdnow"),),
        target=Target(times_as_fast=8),
    ),
    Task(
        name="summary-by-date",
        title="the same log, sorted by date instead of by customer",
        size=CDNOW_CUSTOMERS,
        quick_size=CDNOW_SAMPLE,
        ours=_ours("order_logs:summary_of_cdnow_by_date", "lifetimes"),
        peers=(_lifetimes("order_logs_by_lifetimes:summary_of_cdnow_by_date"),),
    ),
    Task(
        name="full-sheet",
        title="{size:,} orders in memory → summary, BG/NBD fit, expected purchases, P(alive)",
        size=FULL_SHEET,
        quick_size=30_000,
        ours=_ours("order_logs:full_sheet"),
        peers=(_lifetimes("order_logs_by_lifetimes:full_sheet"),),
        target=Target(seconds=1),
    ),
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
        size=CDNOW_CUSTOMERS,
        quick_size=CDNOW_CUSTOMERS,
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
            ours=_ours(f"sheet_values:{kind}"),
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
        ours=_ours("sheet_values:predicted"),
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
        name="gamma-gamma",
        title="Gamma-Gamma fit, repeat buyers among {size:,} CDNOW customers",
        size=CDNOW_CUSTOMERS,
        quick_size=CDNOW_SAMPLE,
        ours=_ours("purchase_models:gamma_gamma_on_cdnow", "lifetimes"),
        peers=(_lifetimes("purchase_models_by_lifetimes:gamma_gamma_on_cdnow"),),
    ),
    Task(
        name="expected-purchases",
        title="expected purchases of {size:,} customers",
        size=MILLION,
        quick_size=20_000,
        ours=_ours("purchase_models:expected_purchases"),
        peers=(_lifetimes("purchase_models_by_lifetimes:expected_purchases"),),
    ),
    Task(
        name="big-table",
        title="Excel table of {size:,} rows and 15 columns with formats",
        size=100_000,
        quick_size=2_000,
        ours=_ours("big_tables:spliced"),
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
