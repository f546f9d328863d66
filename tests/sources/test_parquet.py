"""Parquet: typed columns arrive as they were."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from clv_xl.errors import DataError
from clv_xl.sources.order_files import read_orders

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


def test_typed_columns_are_read(tmp_path: Path) -> None:
    table = pa.table(
        {
            "customer_id": pa.array([1.0, None, 2.5]),
            "order_id": pa.array([2**60, 2, 3]),
            "date": pa.array([date(2024, 1, 5), None, date(2024, 2, 6)]),
            "amount": pa.array([Decimal("1.250"), Decimal("2.500"), None]),
        }
    )
    parquet.write_table(table, tmp_path / "orders.parquet")
    read = read_orders(tmp_path / "orders.parquet")
    assert read.columns.customer.tolist() == ["1", "", "2.5"]
    assert read.columns.order_id is not None
    assert read.columns.order_id.tolist() == [str(2**60), "2", "3"]
    assert [str(day) for day in read.columns.day] == ["2024-01-05", "NaT", "2024-02-06"]
    assert read.columns.amount is not None
    np.testing.assert_array_equal(read.columns.amount, [1.25, 2.5, np.nan])


def test_ids_that_blanks_made_floats_are_ids_again(tmp_path: Path) -> None:
    moments = [datetime(2024, 1, 5, 22, 30, tzinfo=UTC)] * 2
    table = pa.table(
        {
            "customer_id": pa.array([1.0, None]),
            "date": pa.array(moments, pa.timestamp("us", "Asia/Tehran")),
            "amount": pa.array([1.234, 2.345]),
            "note": pa.array([["a"], None]),
        }
    )
    parquet.write_table(table, tmp_path / "orders.parquet")
    read = read_orders(tmp_path / "orders.parquet")
    assert read.columns.customer.tolist() == ["1", ""]
    assert [str(day) for day in read.columns.day] == ["2024-01-06", "2024-01-06"]
    assert read.columns.amount is not None
    assert read.columns.amount.tolist() == [1.234, 2.345]


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    table = pa.table({"customer": pa.array([], pa.string()), "date": pa.array([], pa.string())})
    parquet.write_table(table, tmp_path / "orders.parquet")
    with pytest.raises(DataError, match="no rows"):
        read_orders(tmp_path / "orders.parquet")
