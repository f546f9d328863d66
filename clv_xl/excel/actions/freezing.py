"""A frozen copy of a workbook, beside it."""

from pathlib import Path

from clv_xl.errors import SourceError
from clv_xl.excel.actions.new_dashboards import free_path
from clv_xl.excel.book import Book
from clv_xl.workbooks.freeze import freeze
from clv_xl.workbooks.safe_file import replacing


def freeze_copy(book: Book) -> str:
    """Write a copy with values in the place of our functions, and say what was done.

    Parameters
    ----------
    book
        The workbook; it is not changed.
    """
    if book.folder is None:
        raise SourceError(
            f"{book.name} lies in no folder of this machine: save it in one, and the copy goes "
            "beside it"
        )
    book.progress("Writing the copy")
    frozen = freeze(book.data(), book.name)
    path = free_path(book.folder, f"{Path(book.name).stem} frozen")
    with replacing(path) as target:
        target.write(frozen.data)
    return " ".join([f"{path.name} is written.", *frozen.told])
