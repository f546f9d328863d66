"""The pattern workbook in Excel: opened unseen when formats are taken from it, and closed again."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any


class Model:
    """A workbook whose formats are copied into another one.

    Parameters
    ----------
    book
        The workbook that gets the formats, as xlwings knows it.
    data
        The bytes of the pattern.
    """

    def __init__(self, book: Any, data: bytes) -> None:
        """Open nothing yet: mostly no format is needed."""
        self._book = book
        self._data = data
        self._open: Any = None
        self._path: Path | None = None

    def opened(self) -> Any:
        """Return the pattern as xlwings knows it."""
        if self._open is None:
            handle, name = tempfile.mkstemp(suffix=".xlsx")
            self._path = Path(name)
            with os.fdopen(handle, "wb") as target:
                target.write(self._data)
            books = self._book.app.books
            self._open = books.open(name, read_only=True, update_links=False)
            self._book.activate()
        return self._open

    def close(self) -> None:
        """Close the pattern, and take its file away."""
        with suppress(Exception):  # a pattern that stays open does no harm
            if self._open is not None:
                self._open.close()
            if self._path is not None:
                self._path.unlink(missing_ok=True)
        self._open = None
