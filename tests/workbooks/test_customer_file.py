from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from clv_xl.errors import DataError
from clv_xl.reports.customer_list import customer_list
from clv_xl.workbooks.customer_file import write_customer_workbook
from tests.proof.rules import violations
from tests.reports.inputs import inputs, texts


def written(frame: pd.DataFrame) -> bytes:
    target = BytesIO()
    write_customer_workbook(frame, target)
    return target.getvalue()


def sheet_of(frame: pd.DataFrame) -> Worksheet:
    return openpyxl.load_workbook(BytesIO(written(frame)))["Customers"]


def values(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return [tuple(cell.value for cell in row) for row in sheet_of(frame).iter_rows()]


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    given = inputs("full")
    return customer_list(given.log, given.assumptions, texts())


def test_the_list_of_a_shop_is_one_table_with_every_customer(
    customers: pd.DataFrame, tmp_path: Path
) -> None:
    sheet = sheet_of(customers)

    (table,) = sheet.tables.values()
    assert table.displayName == "Customers"
    assert sheet.dimensions == table.ref
    assert sheet.max_row == len(customers) + 1
    assert [cell.value for cell in sheet[1]] == customers.columns.tolist()
    assert sheet.freeze_panes == "B2"
    (tmp_path / "customers.xlsx").write_bytes(written(customers))
    assert violations(tmp_path / "customers.xlsx") == []


def test_what_goes_in_comes_out() -> None:
    frame = pd.DataFrame(
        {
            "customer": ["a", "=1+1", " b ", ""],
            "since": pd.to_datetime(["2024-02-29", "NaT", "1999-12-31", "2024-01-01"]),
            "orders": [1, 2, 3, 2**40],
            "revenue": [0.1, np.nan, -5.0, 1e300],
        }
    )

    assert values(frame)[1:] == [
        ("a", datetime(2024, 2, 29), 1, 0.1),  # noqa: DTZ001 - a day has no zone
        ("=1+1", None, 2, None),
        (" b ", datetime(1999, 12, 31), 3, -5.0),  # noqa: DTZ001
        (None, datetime(2024, 1, 1), 2**40, 1e300),  # noqa: DTZ001
    ]


def test_a_text_is_never_a_formula() -> None:
    texts_of_data = ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", "http://a.b", "{=1}"]

    sheet = sheet_of(pd.DataFrame({"customer": texts_of_data}))

    assert [cell.value for (cell,) in sheet.iter_rows(min_row=2)] == texts_of_data
    assert {cell.data_type for (cell,) in sheet.iter_rows(min_row=2)} == {"s"}
    assert not any(cell.hyperlink for (cell,) in sheet.iter_rows())


def test_the_same_list_gives_the_same_bytes(customers: pd.DataFrame) -> None:
    assert written(customers) == written(customers.copy())


def test_a_text_longer_than_a_cell_is_refused_and_nothing_is_written() -> None:
    target = BytesIO()

    with pytest.raises(DataError, match="40,000 characters"):
        write_customer_workbook(pd.DataFrame({"customer": ["x" * 40_000]}), target)

    assert target.getvalue() == b""


def test_a_header_that_looks_like_a_formula_or_a_link_stays_a_text(tmp_path: Path) -> None:
    frame = pd.DataFrame({"=1+1": ["a"], "http://a.b": ["b"], "[#this]'": [1.0]})

    assert values(frame)[0] == ("=1+1", "http://a.b", "[#this]'")
    (tmp_path / "customers.xlsx").write_bytes(written(frame))
    assert violations(tmp_path / "customers.xlsx") == []
