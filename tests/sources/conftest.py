"""What the tests of the readers share: files written on the spot, and columns of text."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest

from clv_xl.sources.values import ColumnText

Writer: TypeAlias = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write a file of this name and content, and return where it lies."""

    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def column(*cells: str, header: str = "Total", numbers: list[bool] | None = None) -> ColumnText:
    """Return a column of text as the readers hand it on."""
    return ColumnText(
        text=pd.Series(list(cells), dtype=str),
        header=header,
        source="orders.csv",
        rows=np.arange(2, 2 + len(cells), dtype=np.int64),
        numbers=None if numbers is None else np.array(numbers),
    )
