"""Which column plays which role: found, said, refused when it could be two."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import AmbiguousColumnError, DataError, MissingColumnError
from clv_xl.sources.columns import ColumnMapping
from clv_xl.sources.order_files import OrdersRead, read_orders
from clv_xl.sources.vocabulary import ORDER_WORDS, normalised
from tests.sources.conftest import Writer

_NOTHING_SAID = ColumnMapping()
_VALUES = {"date": "2024-01-05", "amount": "5.25"}


def _read(
    write: Writer, headers: Sequence[str], mapping: ColumnMapping = _NOTHING_SAID, **cells: str
) -> OrdersRead:
    """Read one order whose cells are their headers, unless given."""
    row = [cells.get(normalised(header), header) for header in headers]
    lines = ["|".join(headers), "|".join(row), "|".join(row)]
    return read_orders(write("orders.csv", "\n".join(lines)), mapping)


@pytest.mark.parametrize(
    ("headers", "roles"),
    [
        ("customer_id,date,monetary_value", "customer,date,amount"),  # lifetimes
        ("customer_id,date,number_of_cds,dollar_value", "customer,date,,amount"),
        ("Id,Date,Price", "customer,date,amount"),  # CLVTools
        ("customer_id,datetime,spend", "customer,date,amount"),
        ("CustomerID,InvoiceNo,InvoiceDate,Total", "customer,order,date,amount"),
        ("Customer Name,Order Date,Order ID,Sales", "customer,date,order,amount"),
        ("User ID,Created (UTC),Amount,Currency,Status", "customer,date,amount,currency,status"),
        ("\ufeffCUSTOMER-ID,order date,Order_Total", "customer,date,amount"),
        ("کد مشتری,تاریخ,مبلغ", "customer,date,amount"),
        ("كد مشتري,تاریخ‌ سفارش,مبلغ", "customer,date,amount"),
        ("member_id,day,value,updated_at", "customer,date,amount,"),
    ],
)
def test_the_columns_of_known_tools_are_found(write: Writer, headers: str, roles: str) -> None:
    names = headers.split(",")
    cells = {}
    for name, role in zip(names, roles.split(","), strict=True):
        if role in _VALUES:
            cells[normalised(name)] = _VALUES[role]
    read = _read(write, names, ColumnMapping(), **cells)
    expected = {
        role: name.removeprefix("\ufeff")
        for name, role in zip(names, roles.split(","), strict=True)
        if role
    }
    assert dict(read.mapping_used) == expected


def test_no_word_stands_for_two_required_roles() -> None:
    words = {
        role: {word for tier in ORDER_WORDS[role] for word in tier}
        for role in ("customer", "date", "amount", "order", "quantity", "unit_price", "status")
    }
    for role, own in words.items():
        for other, theirs in words.items():
            assert role == other or own.isdisjoint(theirs)


@given(st.sampled_from(["_", " ", "-", ".", "\u200c", "  "]), st.booleans())
def test_headers_are_compared_by_their_letters(joint: str, loud: bool) -> None:  # noqa: FBT001 - hypothesis draws it
    header = f"customer{joint}id"
    assert normalised(header.upper() if loud else header) == "customerid"


def test_two_columns_for_one_role_are_an_error_that_names_both(write: Writer) -> None:
    with pytest.raises(AmbiguousColumnError) as refused:
        _read(write, ["customer_id", "date", "Subtotal", "Total"])
    assert str(refused.value) == (
        "orders.csv has several columns that could be the amount: Subtotal, Total: choose one "
        "with --amount"
    )
    with pytest.raises(AmbiguousColumnError, match="the customer: email, customer_email"):
        _read(write, ["email", "customer_email", "date", "total"])
    with pytest.raises(AmbiguousColumnError, match="the date: created_at, paid_at"):
        _read(write, ["customer", "created_at", "paid_at", "total"])
    with pytest.raises(AmbiguousColumnError, match=r"Total \(column 3\), Total \(column 4\)"):
        _read(write, ["customer", "date", "Total", "Total"])
    with pytest.raises(DataError, match="the status: status, order_status: rename all but one"):
        _read(write, ["customer", "date", "total", "status", "order_status"])


def test_a_said_column_ends_the_doubt(write: Writer) -> None:
    read = _read(
        write, ["customer_id", "date", "Subtotal", "Total"], ColumnMapping(amount="total"),
        date="2024-01-05", total="5",
    )  # fmt: skip
    assert read.mapping_used["amount"] == "Total"


def test_an_id_is_preferred_to_an_address_and_an_address_to_a_name(write: Writer) -> None:
    cells = {"date": "2024-01-05", "total": "5"}
    headers = ["customer_id", "customer_name", "email", "date", "total"]
    read = _read(write, headers, ColumnMapping(), **cells)
    assert read.mapping_used["customer"] == "customer_id"
    assert read.mapping_used["name"] == "customer_name"
    assert "Customers are told apart by customer_id, not by customer_name, email." in map(
        str, read.notes
    )
    read = _read(write, headers[1:], ColumnMapping(), email=" Ada@X.com ", **cells)
    assert read.columns.customer.tolist() == ["ada@x.com"] * 2
    assert any("told apart by the e-mail address in email" in str(note) for note in read.notes)
    read = _read(write, ["customer_name", "date", "total"], ColumnMapping(), **cells)
    assert any("two people of one name count as one" in str(note) for note in read.notes)


def test_ids_keep_their_zeros_and_their_case(write: Writer) -> None:
    rows = "".join(f"{name},2024-01-05,5\n" for name in ("007", "7", "00Ab", "00aB", "'75008"))
    read = read_orders(write("orders.csv", f"customer,date,amount\n{rows}"))
    assert read.columns.customer.tolist() == ["007", "7", "00Ab", "00aB", "75008"]


@pytest.mark.parametrize("cell", ["1.23E+15", "1,23E+15", "1E+20", "9.87654e+18"])
def test_an_id_that_a_spreadsheet_rounded_is_refused(write: Writer, cell: str) -> None:
    log = f'customer,date,amount\n1,2024-01-05,5\n"{cell}",2024-01-05,5\n'
    with pytest.raises(DataError, match=r"\(row 3\): a spreadsheet has rounded the ids"):
        read_orders(write("orders.csv", log))


def test_a_missing_column_lists_what_is_there(write: Writer) -> None:
    with pytest.raises(MissingColumnError) as refused:
        _read(write, ["date", "amount", "sku"])
    assert str(refused.value) == (
        "orders.csv has no customer column; it has date, amount, sku: name one with --customer"
    )
    with pytest.raises(MissingColumnError, match="no amount column"):
        _read(write, ["customer", "date", "sku"])
    with pytest.raises(MissingColumnError, match="no date column"):
        _read(write, ["customer", "amount", "sku"])


def test_an_unknown_name_lists_the_headers_and_the_nearest(write: Writer) -> None:
    with pytest.raises(DataError) as refused:
        _read(write, ["client", "date", "amount"], ColumnMapping(customer="clint"))
    assert str(refused.value) == (
        "orders.csv has no column clint (--customer) (did you mean client?); it has client, date, "
        "amount"
    )
    with pytest.raises(DataError, match="--segment"):
        _read(write, ["client", "date", "amount"], ColumnMapping(segments=("country",)))


def test_said_names_find_a_header_in_any_language(write: Writer) -> None:
    mapping = ColumnMapping(customer="Kunde", date="Datum", amount="Betrag")
    read = _read(write, ["Kunde", "Datum", "Betrag"], mapping, datum="2024-01-05", betrag="5,50")
    assert read.columns.amount is not None
    assert read.columns.amount.tolist() == [5.5, 5.5]


def test_without_a_header_columns_are_numbers(write: Writer) -> None:
    path = write("orders.csv", "a,2024-01-05,5\nb,2024-01-06,6\n")
    read = read_orders(path, ColumnMapping(no_header=True, customer="1", date=2, amount=3))
    assert read.columns.customer.tolist() == ["a", "b"]
    assert dict(read.mapping_used) == {"customer": "1", "date": "2", "amount": "3"}
    with pytest.raises(DataError, match="--amount must be a column number from 1 to 3"):
        read_orders(path, ColumnMapping(no_header=True, customer="1", date=2, amount=4))
    with pytest.raises(DataError, match="give the number of the date column with --date"):
        read_orders(path, ColumnMapping(no_header=True, customer="1"))


def test_a_log_that_begins_with_data_is_told_how_to_be_read(write: Writer) -> None:
    with pytest.raises(DataError, match=r"seems to have no header.*--no-header"):
        read_orders(write("orders.csv", "a,2024-01-05,5\nb,2024-01-06,6\n"))


def test_quantity_and_unit_price_stand_in_for_an_amount(write: Writer) -> None:
    headers = ["customer", "date", "Quantity", "UnitPrice"]
    read = _read(
        write, headers, ColumnMapping(), date="2024-01-05", quantity="3", unitprice="1,234.50"
    )
    assert read.columns.amount is None
    assert read.columns.quantity is not None
    assert read.columns.unit_price is not None
    assert (read.columns.quantity[0], read.columns.unit_price[0]) == (3.0, 1234.5)


def test_a_bare_price_beside_a_quantity_is_a_question(write: Writer) -> None:
    with pytest.raises(DataError, match="has Price beside Quantity"):
        _read(write, ["Customer ID", "InvoiceDate", "Price", "Quantity"])


def test_segments_and_kept_columns_come_by_their_headers(write: Writer) -> None:
    headers = ["customer", "date", "amount", "Country", "Channel"]
    mapping = ColumnMapping(segments=("country", "Channel"), keep=("Country",))
    read = _read(write, headers, mapping, date="2024-01-05", amount="5", country=" DE ")
    assert {name: text.tolist() for name, text in read.columns.segments.items()} == {
        "Country": ["DE", "DE"],
        "Channel": ["Channel", "Channel"],
    }
    assert list(read.columns.kept) == ["Country"]
    assert read.mapping_used["segments"] == "Country, Channel"


def test_currencies_beside_amounts_become_the_currency(write: Writer) -> None:
    log = "customer,date,amount\n1,2024-01-05,$5.00\n2,2024-01-05,€7.00\n"
    read = read_orders(write("orders.csv", log))
    assert read.columns.currency is not None
    assert read.columns.currency.tolist() == ["$", "EUR"]


def test_blank_cells_of_a_continued_order_are_filled_from_its_first_line(write: Writer) -> None:
    log = (
        "order_id,customer,date,amount\n1,ann,2024-01-05,9\n1,,,\n1,,,\n2,bob,2024-01-06,7\n"
        ",,2024-01-07,1\n3,eve,2024-01-08,2\n"
    )
    read = read_orders(write("orders.csv", log))
    assert read.columns.customer.tolist() == ["ann", "ann", "ann", "bob", "", "eve"]
    assert [str(day) for day in read.columns.day[:3]] == ["2024-01-05"] * 3
    assert any("filled from the first line" in str(note) for note in read.notes)
