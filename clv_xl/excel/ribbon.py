"""The functions behind the buttons of the ribbon: each takes the workbook that is active in Excel.

The add-in runs them by name, without arguments. What they do stands in `clv_xl.excel.actions`,
for any workbook.
"""


def refresh_report() -> None:
    """Compute the dashboard in the active workbook anew, in place."""
    _run("refresh_report")


def new_dashboard() -> None:
    """Make a dashboard of the orders in the active workbook, and open it."""
    _run("new_dashboard")


def check_data() -> None:
    """Add a sheet to the active workbook that says how far its orders can be trusted."""
    _run("check_data")


def freeze_copy() -> None:
    """Write a copy of the active workbook that needs no add-in, beside it."""
    _run("freeze_copy")


def email_report() -> None:
    """Mail the recipients in the active workbook the report of their own segments."""
    _run("email_report")


def show_functions() -> None:
    """Add a sheet with all worksheet functions to the active workbook."""
    _run("show_functions")


def check_install() -> None:
    """Say whether Python, xlwings and the add-in fit together."""
    _run("check_install")


def _run(action: str) -> None:
    from clv_xl.excel.actions.perform import perform  # noqa: PLC0415 - pandas is slow to import
    from clv_xl.excel.live_book.active import active_book  # noqa: PLC0415 - so is xlwings

    perform(action, active_book())
