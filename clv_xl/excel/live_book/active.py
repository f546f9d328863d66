"""Which of the workbooks that are open in Excel a button is about."""

from clv_xl.errors import SourceError
from clv_xl.excel.live_book.book import LiveBook


def active_book() -> LiveBook:
    """Return the workbook that was active in the Excel whose button was pressed.

    The add-in presses no button without one. Where several Excels run, each has an active workbook.

    Raises
    ------
    SourceError
        If no Excel is running.
    """
    import xlwings  # noqa: PLC0415 - slow to import, and not there on every host

    try:
        book = xlwings.Book.caller()
    except Exception:  # noqa: BLE001 - xlwings has no better one to say: no button of Excel's
        if xlwings.apps.active is None:
            raise SourceError("no Excel is running: open the workbook in Excel") from None
        book = xlwings.books.active
    return LiveBook(book)
