"""The buttons of the ribbon tab: read by the add-in's builder and by what runs behind them."""

from dataclasses import dataclass

TAB = "CLV"
"""What the tab is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button: what it looks like, and which action it runs."""

    action: str
    """The function of `clv_xl.excel.ribbon`, without arguments."""
    label: str
    group: str
    icon: str
    """A built-in picture of Office, by its `imageMso` name."""
    screentip: str
    """What it does, in a few words."""
    supertip: str
    """What it reads, what it changes, and what stays."""


BUTTONS: tuple[Button, ...] = (
    Button(
        action="refresh_report",
        label="Refresh report",
        group="Report",
        icon="RefreshAll",
        screentip="Work out this dashboard anew",
        supertip="Reads the orders again, from this workbook or from the file it was made of, and "
        "rewrites the figures in place. Your own sheets, notes, formats and inputs stay.",
    ),
    Button(
        action="new_dashboard",
        label="New dashboard",
        group="Report",
        icon="ChartInsert",
        screentip="Make a dashboard of these orders",
        supertip="Takes the order table of the active sheet and opens a new workbook with the "
        "dashboard. The active workbook is not changed.",
    ),
    Button(
        action="email_report",
        label="Email report",
        group="Report",
        icon="EnvelopesAndLabelsDialog",
        screentip="Mail each recipient the report of its own segments",
        supertip="Reads the sheet Recipients (email, segment, and perhaps name, layout, detail), "
        "shows who would get what, and asks. Without mail settings of your own it writes the "
        "messages into a folder. This workbook is not changed.",
    ),
    Button(
        action="check_data",
        label="Check data",
        group="Data",
        icon="DataValidation",
        screentip="Judge the orders of the active sheet",
        supertip="Tells how far the orders can be trusted, what was left out and why, on a "
        "sheet of its own.",
    ),
    Button(
        action="freeze_copy",
        label="Freeze a copy",
        group="Data",
        icon="FileSaveAs",
        screentip="Save a copy that needs no add-in",
        supertip="Saves a copy beside this workbook with values in the place of every CLV "
        "function, without links and macros. This workbook is not changed.",
    ),
    Button(
        action="show_functions",
        label="Functions",
        group="Help",
        icon="FunctionWizard",
        screentip="List every CLV function",
        supertip="Adds a sheet with each function, its arguments and an example.",
    ),
    Button(
        action="check_install",
        label="Check install",
        group="Help",
        icon="AddInManager",
        screentip="See whether everything fits together",
        supertip="Compares Python, xlwings, this add-in and their settings, and says what to do "
        "where something is wrong.",
    ),
)
