"""The big table of mixed columns that every writer of workbooks is given."""

from datetime import datetime
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

Kind: TypeAlias = Literal["text", "date", "number"]
Row: TypeAlias = list[str | float | datetime]
TEXT: Kind = "text"
DATE: Kind = "date"
NUMBER: Kind = "number"
KINDS = (*[TEXT] * 3, *[DATE] * 2, *[NUMBER] * 10)
COLUMNS = len(KINDS)
HEADERS = [f"Column {number}" for number in range(1, COLUMNS + 1)]
FORMATS = {"text": "General", "date": "yyyy-mm-dd", "number": "#,##0.00"}
TIERS, SEGMENTS = ("Platinum", "Gold", "Silver", "Bronze"), ("Champions", "Loyal", "At risk")


def frame(rows: int) -> pd.DataFrame:
    """Return texts (an id, two labels), two days, five whole numbers and five others a row."""
    random = np.random.default_rng(1)
    start = np.datetime64("2024-01-01")
    columns = [
        np.char.mod("C%07d", np.arange(rows)).astype(object),
        np.array(TIERS, dtype=object)[random.integers(0, len(TIERS), rows)],
        np.array(SEGMENTS, dtype=object)[random.integers(0, len(SEGMENTS), rows)],
        *(start + random.integers(0, 700, rows).astype("timedelta64[D]") for _ in range(2)),
        *(random.integers(0, 5000, rows) for _ in range(5)),
        *(np.round(random.gamma(2.0, 50.0, rows), 2) for _ in range(5)),
    ]
    return pd.DataFrame(dict(zip(HEADERS, columns, strict=True)))


def rows_of(size: int) -> list[Row]:
    """Return the table as rows of plain values, as a writer takes them."""
    data = frame(size)
    columns = [data[header].astype(object).tolist() for header in HEADERS]
    return [list(row) for row in zip(*columns, strict=True)]
