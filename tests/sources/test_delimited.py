"""Delimited text: encodings, delimiters, preambles, footers and ragged rows."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clv_xl.errors import DataError, InvalidArgumentError, SourceError
from clv_xl.sources.columns import ColumnMapping
from clv_xl.sources.delimited import found_delimiter
from clv_xl.sources.delimited_body import _read_with_arrow, _read_with_pandas
from clv_xl.sources.order_files import OrdersRead, read_orders
from clv_xl.sources.vocabulary import ORDER_WORDS, HeaderWords
from tests.sources.conftest import Writer

_LOG = "customer_id,date,amount,city\n007,2024-01-05,12.50,Kraków\n8,2024-02-06,7.25,Łódź\n"


def _same_orders(read: OrdersRead) -> bool:
    return (
        read.columns.customer.tolist() == ["007", "8"]
        and [str(day) for day in read.columns.day] == ["2024-01-05", "2024-02-06"]
        and read.columns.amount is not None
        and read.columns.amount.tolist() == [12.5, 7.25]
    )


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1250"]
)
def test_the_encoding_is_found(write: Writer, encoding: str) -> None:
    mapping = ColumnMapping(segments=("city",))
    read = read_orders(write("orders.csv", _LOG.encode(encoding)), mapping)
    assert _same_orders(read)
    assert read.columns.segments["city"].tolist() == ["Kraków", "Łódź"]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1252", ["Müller Straße", "Société Générale", "Español Año", "Häagen Übung"]),
        ("cp1256", ["محمد علي الكريم", "شركة النور للتجارة", "فاطمة الزهراء", "عبد الرحمن"]),
        ("cp1257", ["Jānis Bērziņš", "Rīga Šķūnis ģimene", "Žemaičių Čiurlionis", "Kęstutis Ūsas"]),
        ("cp1251", ["Иван Петров", "Анна Кузнецова", "Общество Ромашка", "Сергей Иванов"]),
    ],
)
def test_the_encoding_of_a_windows_export_is_found_and_said(
    write: Writer, encoding: str, names: list[str]
) -> None:
    rows = "".join(f"{n};2024-01-{n + 10};5,00;{name}\r\n" for n, name in enumerate(names))
    path = write("orders.csv", f"id;date;total;client\r\n{rows}".encode(encoding))
    read = read_orders(path, ColumnMapping(customer="id", name="client"))
    assert read.columns.name is not None
    assert read.columns.name.tolist() == names
    assert f"Encoding found: {encoding.replace('cp', 'windows-')}." in map(str, read.notes)


def test_a_said_encoding_is_used_or_refused(write: Writer) -> None:
    path = write("orders.csv", _LOG.encode("cp1250"))
    mapping = ColumnMapping(segments=("city",), encoding="cp1250")
    assert read_orders(path, mapping).columns.segments["city"].tolist() == ["Kraków", "Łódź"]
    with pytest.raises(SourceError, match="not written in utf-8"):
        read_orders(path, ColumnMapping(encoding="utf-8"))
    with pytest.raises(SourceError, match="utf-99 is no known encoding"):
        read_orders(path, ColumnMapping(encoding="utf-99"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(write: Writer, delimiter: str) -> None:
    assert _same_orders(read_orders(write("orders.txt", _LOG.replace(",", delimiter))))


@pytest.mark.parametrize(("mark", "name"), [("\t", "tab"), (";", "semicolon"), ("|", "pipe")])
def test_blanks_in_headers_and_before_a_time_cut_no_column(
    write: Writer, mark: str, name: str
) -> None:
    lines = ["Customer|Order date|Amount", *["C1|2024-01-31 10:00|5"] * 9]

    read = read_orders(write("orders.txt", "\n".join(lines).replace("|", mark)))

    assert [str(day) for day in read.columns.day] == ["2024-01-31"] * 9
    assert any(f"Delimiter found: {name}" in str(note) for note in read.notes)


def test_a_tab_file_whose_headers_nobody_knows_is_not_cut_at_blanks(write: Writer) -> None:
    lines = ["Key Customer\tOrdered on\tNet Total", *["Ann Lee\t2024-01-31\t5"] * 9]

    with pytest.raises(DataError, match="it has Key Customer, Ordered on, Net Total"):
        read_orders(write("orders.tsv", "\n".join(lines)))


def test_decimal_commas_do_not_hide_that_white_space_sets_columns_apart(write: Writer) -> None:
    lines = ["customer date amount", *[f"c{n} 2024-01-31 {n},50" for n in range(9)]]

    read = read_orders(write("orders.txt", "\n".join(lines)))

    assert read.columns.amount is not None
    assert read.columns.amount.sum() == 40.5


def test_white_space_sets_columns_apart(write: Writer) -> None:
    read = read_orders(write("orders.txt", "\n" + _LOG.replace(",", "   ")))
    assert _same_orders(read)
    assert "Delimiter found: white space." in map(str, read.notes)


@pytest.mark.parametrize("line", ["sep=;\n", '"sep=;"\r\n', "SEP=;\n"])
def test_a_line_that_names_the_delimiter_is_obeyed(write: Writer, line: str) -> None:
    read = read_orders(write("orders.csv", line + _LOG.replace(",", ";")))
    assert _same_orders(read)
    assert read.columns.first_row == 3


@pytest.mark.parametrize(("said", "sign"), [("tab", "\t"), (r"\t", "\t"), (";", ";"), ("^", "^")])
def test_a_said_delimiter_is_used(write: Writer, said: str, sign: str) -> None:
    path = write("orders.csv", _LOG.replace(",", sign))
    assert _same_orders(read_orders(path, ColumnMapping(delimiter=said)))


def test_a_delimiter_of_two_characters_is_refused(write: Writer) -> None:
    with pytest.raises(InvalidArgumentError, match="one character"):
        read_orders(write("orders.csv", _LOG), ColumnMapping(delimiter="::"))


def test_a_delimiter_inside_quotes_is_text(write: Writer) -> None:
    log = (
        'customer;date;total;name\n1;2024-01-05;"1.234,50";"Doe; ""J"", Ltd"\n2;2024-01-06;7,25;x\n'
    )
    read = read_orders(write("orders.csv", log), ColumnMapping(keep=("name",)))
    assert read.columns.amount is not None
    assert read.columns.amount.tolist() == [1234.5, 7.25]
    assert read.columns.kept["name"].tolist() == ['Doe; "J", Ltd', "x"]


def test_decimal_commas_do_not_pass_for_the_delimiter() -> None:
    words = HeaderWords(ORDER_WORDS)
    assert found_delimiter("1;2024-01-05;3,50\n2;2024-01-06;4,50\n", words) == ";"


def test_lines_above_the_header_are_skipped_and_said(write: Writer) -> None:
    preamble = "Shop report\nPeriod: 2024-01-01, 2024-12-31\n\n"
    read = read_orders(write("orders.csv", preamble + _LOG))
    assert _same_orders(read)
    assert "2 lines above the header skipped." in map(str, read.notes)
    assert read.columns.first_row == 5


def test_totals_and_notes_below_the_orders_are_a_footer(write: Writer) -> None:
    footer = (
        '\nGrand Total,,19.75,\n"Confidential Information, Do Not Distribute"\nCopyright 2024\n'
    )
    read = read_orders(write("orders.csv", _LOG + footer))
    assert read.rows_read == 5
    assert read.columns.dropped["footer"].tolist() == [False, False, True, True, True]
    assert list(read.columns.dropped) == ["footer"]


def test_a_bad_row_inside_the_log_is_no_footer(write: Writer) -> None:
    log = "customer,date,amount\n1,soon,5\n2,2024-01-06,x\n3,2024-01-07,7\n4,2024-01-08,8\n5,,9\n"
    read = read_orders(write("orders.csv", log))
    assert {reason: rows.sum() for reason, rows in read.columns.dropped.items()} == {
        "date_not_readable": 1,
        "amount_not_a_number": 1,
    }
    assert np.isnat(read.columns.day[4])


def test_blank_rows_between_orders_are_no_rows(write: Writer) -> None:
    log = "customer,date,amount\n\n1,2024-01-05,5\n,,\n  , ,\n2,2024-01-06,x\n\n3,2024-01-07,7\n\n"
    read = read_orders(write("orders.csv", log))
    assert read.rows_read == 3
    assert read.columns.dropped["amount_not_a_number"].tolist() == [False, True, False]


def test_short_rows_end_in_blanks(write: Writer) -> None:
    log = "customer,date,amount,city\n1,2024-01-05,5\n2,2024-01-06,6,Rome\n3,2024-01-07\n"
    read = read_orders(write("orders.csv", log), ColumnMapping(segments=("city",)))
    assert read.columns.segments["city"].tolist() == ["", "Rome", ""]
    assert read.columns.amount is not None
    np.testing.assert_array_equal(read.columns.amount, [5, 6, np.nan])


@pytest.mark.parametrize("extra", ["9", "9,9", "9,9,9,9,9,9,9,9"])
@pytest.mark.parametrize("place", [0, 1])
def test_rows_with_too_many_fields_are_dropped_and_counted(
    write: Writer, extra: str, place: int
) -> None:
    rows = ["1,2024-01-05,5", "2,2024-01-06,6", "3,2024-01-07,7"]
    rows[place] = f"{rows[place]},{extra}"
    read = read_orders(write("orders.csv", "\n".join(["customer,date,amount", *rows])))
    assert read.rows_read == 3
    assert np.flatnonzero(read.columns.dropped["too_many_fields"]).tolist() == [place]


def test_a_delimiter_at_the_end_of_every_line_is_no_column(write: Writer) -> None:
    read = read_orders(
        write("orders.csv", "customer,date,amount\n1,2024-01-05,5,\n2,2024-01-06,6,\n")
    )
    assert read.rows_read == 2
    assert not read.columns.dropped


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(write: Writer, ending: str) -> None:
    assert _same_orders(read_orders(write("orders.csv", _LOG.replace("\n", ending))))


def test_a_quotation_mark_that_never_ends_is_refused(write: Writer) -> None:
    with pytest.raises(SourceError, match="quotation mark that never ends"):
        read_orders(write("orders.csv", _LOG + '9,2024-03-01,"5\n10,2024-03-02,6,x\n'))


def test_a_name_of_forty_thousand_letters_survives(write: Writer) -> None:
    log = f"customer,date,amount,city\n1,2024-01-05,5,{'x' * 40_000}\n"
    read = read_orders(write("orders.csv", log), ColumnMapping(keep=("city",)))
    assert len(read.columns.kept["city"].iloc[0]) == 40_000


cells = st.text(
    st.characters(codec="utf-8", exclude_characters='"\r\n,\x00', exclude_categories=["Cs"]),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50)
@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=10))
def test_both_readers_of_delimited_text_read_the_same(rows: list[tuple[str, str, str]]) -> None:
    body = "".join(f"x{a},{b},{c}\n" for a, b, c in rows)
    fast = _read_with_arrow(body, ",", 3)
    slow = _read_with_pandas("a.csv", body, ",", 3)
    assert fast is not None
    assert fast.to_numpy().tolist() == slow.iloc[:, :3].to_numpy().tolist()


def test_equal_rows_are_marked_after_the_first(write: Writer) -> None:
    row = "1,2024-01-05,5,a\n"
    log = f"customer,date,amount,note\n{row}{row}1,2024-01-05,5,b\n2,2024-01-05,5,a\n{row}"
    read = read_orders(write("orders.csv", log))
    assert read.columns.duplicate is not None
    assert read.columns.duplicate.tolist() == [False, True, False, False, True]


def test_the_file_is_known_by_its_fingerprint(write: Writer) -> None:
    read = read_orders(write("orders.csv", "customer,date,amount\n1,2024-01-05,5\n"))
    assert len(read.sha256) == 64


def test_future_dates_are_refused_unless_as_of_is_set(write: Writer) -> None:
    path: Path = write("orders.csv", "customer,date,amount\n1,2024-01-05,5\n2,2062-01-03,6\n")
    with pytest.raises(DataError) as refused:
        read_orders(path, today=date(2024, 6, 1))
    assert str(refused.value) == (
        "orders.csv has 1 order dated after today (first: row 3, 2062-01-03); correct them or set "
        "--as-of, which leaves out what comes after it"
    )
    assert read_orders(path, today=date(2024, 6, 1), as_of=date(2024, 5, 1)).rows_read == 2
    assert read_orders(path).rows_read == 2
