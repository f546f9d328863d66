"""The two files of xlwings Lite: the main file, and the packages that it needs."""

import re
from dataclasses import dataclass
from textwrap import dedent

from clv_xl import __version__
from clv_xl.errors import InvalidArgumentError
from clv_xl.excel.lite.single_file import closed_entries, single_file

REQUIREMENTS = "requirements.txt"
"""The name that Lite gives to the list of packages."""
_PUBLISHED = f"clv-xl=={__version__}"
_WHEEL = re.compile(r"https?://\S+/clv_xl-[^/\s]+-py3-none-any\.whl")


@dataclass(frozen=True, slots=True)
class LiteFiles:
    """What is pasted or imported into the editor of xlwings Lite."""

    main: str
    requirements: str


def lite_files(wheel: str | None = None) -> LiteFiles:
    """Return the files for all functions, with scripts; they need the package itself.

    Parameters
    ----------
    wheel
        Address of a wheel of this package; None: the package index has it.

    Raises
    ------
    InvalidArgumentError
        If the address is none of a wheel for every system.
    """
    if wheel is not None and not _WHEEL.fullmatch(wheel):
        raise InvalidArgumentError(
            "wheel", wheel, f"an address such as https://…/clv_xl-{__version__}-py3-none-any.whl"
        )
    package = wheel or _PUBLISHED
    return LiteFiles(main=_MAIN.format(package=package), requirements=_lines("xlwings", package))


def single_lite_files() -> LiteFiles:
    """Return the files for the closed formulas alone; they need nothing of ours."""
    names = "\n".join(f"    {entry.excel_name}" for entry in closed_entries())
    introduction = _SINGLE.format(version=__version__, names=names.strip())
    return LiteFiles(
        main=single_file(introduction), requirements=_lines("xlwings", "numpy", "pandas")
    )


def _lines(*packages: str) -> str:
    return "".join(f"{package}\n" for package in packages)


_MAIN = dedent('''\
    """The worksheet functions CLV_… and four scripts, for xlwings Lite.

    Paste this into main.py of the xlwings Lite editor, and the lines of requirements.txt into
    requirements.txt there; then choose Restart in its menu. The functions come from the package
    {package},
    which brings numpy, pandas and scipy.

    The scripts write sheets of plain values: they take the table Orders of this workbook, or
    another with a column of customers, dates and amounts. What needs files or another workbook is
    not to be had here: a dashboard, its refresh in place, and a frozen copy (clv-xl on the command
    line, and the tab CLV of desktop Excel, have them).
    """

    import xlwings as xw
    from xlwings import script

    from clv_xl.excel.lite import scripts
    from clv_xl.excel.udfs import *  # noqa: F403 - this makes the functions known


    @script(name="CLV: refresh report")
    def clv_refresh_report(book: xw.Book):
        """Work out the sheet CLV report from the orders anew; the inputs entered there stay."""
        scripts.refresh_report(book)


    @script(name="CLV: check data")
    def clv_check_data(book: xw.Book):
        """Judge the orders on the sheet CLV data check: what can be used, what not, and why."""
        scripts.check_data(book)


    @script(name="CLV: functions")
    def clv_show_functions(book: xw.Book):
        """List every function with its arguments and an example on the sheet CLV functions."""
        scripts.show_functions(book)


    @script(name="CLV: check install")
    def clv_check_install(book: xw.Book):
        """Tell which versions are at work."""
        scripts.check_install(book)
    ''')
_SINGLE = dedent("""\
    Closed formulas of clv_xl {version} for xlwings Lite, in one file that needs numpy and pandas.

    Copyright the clv_xl authors, BSD 3-Clause. Written by `clv-xl lite --single-file` from the
    sources of the package: change nothing here, write it anew. Paste it into main.py of the xlwings
    Lite editor, and the lines of requirements.txt into requirements.txt there; then choose Restart
    in its menu.

    The functions:

    {names}

    Those that read orders or fit models need the package: `clv-xl lite` without --single-file.
    """)
