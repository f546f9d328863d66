"""The CDNOW logs, whose figures are published."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from clv_xl.errors import DataError
from clv_xl.sources.columns import ColumnMapping
from clv_xl.sources.order_files import read_orders

_FOUND = find_spec("lifetimes")
pytestmark = pytest.mark.skipif(_FOUND is None, reason="lifetimes, which brings CDNOW, is missing")


def _log(name: str) -> Path:
    assert _FOUND is not None
    assert _FOUND.origin is not None
    return Path(_FOUND.origin).parent / "datasets" / name


def test_the_whole_log_is_read_without_a_word() -> None:
    read = read_orders(_log("CDNOW_master.txt"))
    columns = read.columns
    assert columns.amount is not None
    assert read.rows_read == 69_659
    assert columns.customer.nunique() == 23_570
    assert round(float(columns.amount.sum()), 2) == 2_500_315.63
    assert int((columns.amount == 0).sum()) == 80
    assert (str(columns.day.min()), str(columns.day.max())) == ("1997-01-01", "1998-06-30")
    assert columns.customer.iloc[0] == "00001"
    assert not columns.dropped
    assert columns.duplicate is not None
    assert int(columns.duplicate.sum()) == 255


def test_the_sample_is_read_by_column_numbers() -> None:
    mapping = ColumnMapping(no_header=True, customer="2", date="3", amount="5")
    read = read_orders(_log("CDNOW_sample.txt"), mapping)
    assert read.rows_read == 6_919
    assert read.columns.customer.nunique() == 2_357
    assert read.columns.first_row == 1


def test_the_sample_without_a_word_says_how_to_read_it() -> None:
    with pytest.raises(DataError, match=r"seems to have no header.*--no-header"):
        read_orders(_log("CDNOW_sample.txt"))


def test_a_log_of_other_columns_says_what_is_missing() -> None:
    with pytest.raises(DataError, match="has no amount column; it has date, id"):
        read_orders(_log("example_transactions.csv"))
