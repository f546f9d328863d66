"""Spend files: periods by name or date, every row counted, none dropped in silence."""

import numpy as np
import pytest

from clv_xl.errors import DataError
from clv_xl.sources.periods_named import named_period
from clv_xl.sources.raw_table import TableOptions
from clv_xl.sources.spend import read_spend
from tests.sources.conftest import Writer


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023/2", "2023-02-01", "2023-02-28"),
        ("202412", "2024-12-01", "2024-12-31"),
        ("12/2024", "2024-12-01", "2024-12-31"),
        ("Feb 2024", "2024-02-01", "2024-02-29"),
        ("February-24", "2024-02-01", "2024-02-29"),
        ("2024 Feb", "2024-02-01", "2024-02-29"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("q4 2024", "2024-10-01", "2024-12-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-W01", "2024-01-01", "2024-01-07"),
        ("1403-01", "2024-03-20", "2024-04-19"),
        ("1402/12", "2024-02-20", "2024-03-19"),
    ],
)
def test_a_period_is_its_days(text: str, first: str, last: str) -> None:
    found = named_period(text)
    assert found is not None
    assert [str(day) for day in found] == [first, last]


@pytest.mark.parametrize("text", ["", "soon", "2024-13", "2024-Q5", "2024-W60", "45292", "13/2024"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert named_period(text) is None


def test_a_spend_file_is_read(write: Writer) -> None:
    log = (
        'Month,Channel,Spend,New customers,Clicks\n2024-01,Search,"1,200.50",10,99\n'
        "2024-01,Social,800,,50\n2024-02,Search,0,7,1\nTotal,,2000.50,17,150\n"
    )
    read = read_spend(write("spend.csv", log))
    assert read.first_day.astype(str).tolist() == ["2024-01-01", "2024-01-01", "2024-02-01"]
    assert read.last_day.astype(str).tolist() == ["2024-01-31", "2024-01-31", "2024-02-29"]
    assert read.spend.tolist() == [1200.5, 800.0, 0.0]
    assert read.new_customers is not None
    np.testing.assert_array_equal(read.new_customers, [10, np.nan, 7])
    assert {name: text.tolist() for name, text in read.segments.items()} == {
        "Channel": ["Search", "Social", "Search"]
    }
    assert "Totals below the periods left out (1)." in map(str, read.notes)
    assert dict(read.mapping_used) == {
        "period": "Month",
        "spend": "Spend",
        "new_customers": "New customers",
    }


@pytest.mark.parametrize(
    ("dates", "kind", "last"),
    [
        (["2024-01-01", "2024-02-01"], "months", "2024-01-31"),
        (["2024-01-03", "2024-01-10", "2024-01-24"], "weeks", "2024-01-09"),
        (["2024-01-03", "2024-01-04"], "days", "2024-01-03"),
    ],
)
def test_dates_stand_for_the_periods_they_begin(
    write: Writer, dates: list[str], kind: str, last: str
) -> None:
    log = "date,spend\n" + "".join(f"{day},10\n" for day in dates)
    read = read_spend(write("spend.csv", log))
    assert str(read.last_day[0]) == last
    assert any(f"taken for {kind}" in str(note) for note in read.notes)


@pytest.mark.parametrize(
    ("log", "complaint"),
    [
        ("month,spend\n2024-01,5\nsoon,6\n2024-03,7\n", r"'soon' \(row 3\).*no month"),
        ("month,spend\n2024-01,5\n2024-02,\n", r"'' \(row 3\) is no amount"),
        ("month,spend\n2024-01,5\n2024-02,-3\n", r"'-3' \(row 3\) is below 0"),
        ("month,clicks\n2024-01,5\n", "has no spend column; it has month, clicks"),
        ("month,spend,cost\n2024-01,5,6\n", "several columns that could be the spend: spend, cost"),
        ("month,spend,new customers\n2024-01,5,x\n", "holds text such as 'x'"),
    ],
)
def test_a_row_that_cannot_be_read_is_an_error(write: Writer, log: str, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        read_spend(write("spend.csv", log))


def test_the_form_of_the_file_may_be_said(write: Writer) -> None:
    path = write("spend.txt", "month^spend\n2024-01^5\n")
    assert read_spend(path, TableOptions(delimiter="^")).spend.tolist() == [5.0]
