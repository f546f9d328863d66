"""The plan of the workbench becomes a workbook."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import xlsxwriter

from clv_xl.excel.workbench.function_sheets import write_function_sheet
from clv_xl.excel.workbench.pages import DATA, EXPECTED, START, Page
from clv_xl.excel.workbench.plan import Workbench, plan_workbench
from clv_xl.excel.workbench.result_cells import ResultCells
from clv_xl.excel.workbench.start_sheet import write_start
from clv_xl.excel.workbench.stored_sheets import write_data, write_expected
from clv_xl.workbooks import styles as look
from clv_xl.workbooks.big_tables import finish
from clv_xl.workbooks.own_files import CREATED
from clv_xl.workbooks.safe_file import replacing
from clv_xl.workbooks.styles import Styles
from clv_xl.workbooks.templates import load_texts

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CALCULATED_BY = 191_029
"""The calculation engine of Excel 2019 and later: none of them calculates anew on opening.

Where the functions are missing, that would put #NAME? in the place of the stored results.
"""
_ABOUT = {
    "Value": "What a customer is worth, from a few figures or from the orders.",
    "Rates": "One rate, another period.",
    "Retention": "Who stays, who comes back, and when.",
    "Acquisition": "What a new customer costs, and whether that pays.",
    "Orders and customers": "The orders, reduced to customers, segments and classes.",
    "Sentiment": "What customers say of us.",
    "Prediction": "What customers will do: models fitted to the orders.",
    "Help": "What is wrong, what there is, and which version answers.",
}


def write_workbench(path: Path) -> Workbench:
    """Write the workbench to an ``.xlsx`` file, and return what is in it.

    Parameters
    ----------
    path
        The file; it is replaced only when the new one is complete.
    """
    workbench = plan_workbench()
    skeleton = BytesIO()
    results = _write(workbench, skeleton)
    with ZipFile(skeleton) as archive:
        renewed = {
            part: cells.typed(archive.read(part).decode()) for part, cells in results.items()
        }
    with replacing(path) as target:
        finish(skeleton, target, renewed)
    return workbench


def _write(workbench: Workbench, skeleton: BytesIO) -> dict[str, ResultCells]:
    """Write all sheets, and return the cells of results by the part of the file."""
    with xlsxwriter.Workbook(skeleton, _OPTIONS) as book:
        book.set_properties({"created": CREATED, "title": "Every function of clv_xl at work"})
        book.set_size(20000, 12000)
        book.set_calc_mode("auto", _CALCULATED_BY)
        book.calc_on_load = False
        styles = Styles(book, load_texts())
        names = [START, DATA, *workbench.blocks, EXPECTED]
        pages = {name: Page(book.add_worksheet(name), styles) for name in names}
        places = write_expected(pages[EXPECTED], workbench.shown())
        write_start(pages[START], workbench)
        write_data(pages[DATA], workbench.tables)
        results = {}
        for name, blocks in workbench.blocks.items():
            pages[name].titled(name, _ABOUT[name], tab=look.BLUE)
            part = f"xl/worksheets/sheet{names.index(name) + 1}.xml"
            results[part] = write_function_sheet(pages[name], blocks, places)
    return results
