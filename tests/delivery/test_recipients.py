from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.delivery.addresses import UnusableAddressError, address, has_control_characters
from clv_xl.delivery.audience import Audience, Detail
from clv_xl.delivery.recipients import Recipient, RecipientsError, read_recipients
from clv_xl.delivery.segment_names import named_segments
from clv_xl.errors import ClvError, DataError, InvalidArgumentError, SourceError
from clv_xl.sources.open_tables import open_table
from clv_xl.sources.vocabulary import RECIPIENT_WORDS, HeaderWords

KNOWN = ("Rome", "web", "Ōsaka", "(none)")


def written(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def read(path: Path, **more: object) -> tuple[Recipient, ...]:
    return read_recipients(path, **{"layout": "executive", "known_segments": KNOWN, **more})  # type: ignore[arg-type] # as the tests give them


def problems(path: Path, **more: object) -> list[str]:
    with pytest.raises(RecipientsError) as caught:
        read(path, **more)
    return [str(problem) for problem in caught.value.problems]


def test_a_row_becomes_a_recipient(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "email,name,segment,layout,detail",
        "Ann.B@Shop.LV,Ann Bērziņa, web ; Rome;web,,masked",
        "bob@bücher.lv,,*,executive,",
    )

    ann, bob = read(path)

    assert ann == Recipient(
        "Ann.B@shop.lv",
        "Ann Bērziņa",
        Audience(("Rome", "web"), "executive", Detail.MASKED),
        2,
    )
    assert bob == Recipient("bob@xn--bcher-kva.lv", "", Audience((), "executive", Detail.NONE), 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_forms_of_text_and_spellings_of_headers_are_found(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    lines = (
        delimiter.join([" E-Mail ", "NAME", "Segment ", "Detail"]),
        delimiter.join(["zoë@x.lv".replace("ë", "e"), "Zoë", '"web;Rome"', "FULL"]),
    )
    (found,) = read(written(tmp_path, *lines, encoding=encoding))

    assert found.email == "zoe@x.lv"
    assert found.name == "Zoë"
    assert found.audience == Audience(("Rome", "web"), "executive", Detail.FULL)


def test_a_sheet_of_a_workbook_is_found_by_its_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["order", "amount"])  # type: ignore[union-attr] # a new workbook has a sheet
    book.active.append(["A1", 5])  # type: ignore[union-attr] # likewise
    sheet = book.create_sheet("Recipients")
    sheet.append(["Email", "Segment"])
    sheet.append(["ann@x.lv", "web"])
    book.save(tmp_path / "book.xlsx")

    (found,) = read(tmp_path / "book.xlsx")

    assert found.email == "ann@x.lv"


def test_a_table_that_is_open_already_is_read_alike() -> None:
    records: list[list[str | None]] = [
        ["email", "segment"],
        ["ann@x.lv", "*"],
        [None, None],
        ["bob@x.lv", "web"],
    ]
    table = open_table(records, "the sheet Recipients", HeaderWords(RECIPIENT_WORDS))

    found = read_recipients(table, layout="executive", known_segments=KNOWN)

    assert [(one.email, one.row) for one in found] == [("ann@x.lv", 2), ("bob@x.lv", 4)]


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "email,name,segment,layout,detail",
        "ann@x.lv,Ann,,,",
        "bob@x.lv,Bob,wbe,,",
        "no address,Cid,web,,",
        "ANN@X.LV,Ann again,web,,",
        "dee@other.lv,Dee,web,,",
        "eve@x.lv,Eve,web,portrait,",
        "fay@x.lv,Fay,web,,everything",
        '"gus\n@x.lv",Gus,web,,',
        '"hal@x.lv","Hal\r\nBcc: evil@y.lv",web,,',
        "ian@x.lv,Ian,*;web,,",
        "joe@x.lv,Joe,web,,,surplus",
    )

    found = problems(path, allowed_domains=["X.lv"])

    expected = [
        ("row 2", "segment is blank"),
        ("row 3", "no segment wbe: did you mean web?"),
        ("row 4", "no address is no e-mail address"),
        ("row 5", "ANN@X.LV stands in row 2 already"),
        ("row 6", "dee@other.lv is not in a domain that is allowed, which are x.lv"),
        ("row 7", "no layout portrait; there are"),
        ("row 8", "detail everything must be none, masked, full or blank"),
        ("row 9", r"email gus\n@x.lv has a line end"),
        ("row 1", r"name Hal\r\nBcc: evil@y.lv has a line end"),
        ("row 1", "has * beside names"),
        ("row 1", "more fields than the header"),
    ]
    assert len(found) == len(expected)
    for said, (row, text) in zip(found, expected, strict=True):
        assert said.startswith(row)
        assert text in said


def test_of_many_problems_two_hundred_are_spelled_out_and_the_others_counted(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "email,segment", *(f"wrong{n},web" for n in range(210)))

    with pytest.raises(RecipientsError) as caught:
        read(path)

    assert len(caught.value.problems) == 210
    assert str(caught.value).count("\n  row") == 200
    assert str(caught.value).startswith("people.csv has 210 problems; nothing is built")
    assert str(caught.value).endswith("and 10 more")


def test_one_mailbox_in_two_spellings_is_doubled(tmp_path: Path) -> None:
    path = written(
        tmp_path, "email,segment", "a@bücher.lv,web", "A@XN--bcher-kva.LV,Rome", "a@BÜCHER.lv,*"
    )

    assert [said[:5] for said in problems(path)] == ["row 3", "row 4"]


def test_without_a_segment_column_in_the_orders_only_the_asterisk_is_left(tmp_path: Path) -> None:
    path = written(tmp_path, "email,segment", "a@x.lv,*", "b@x.lv,web")

    (said,) = problems(path, known_segments=())

    assert said.startswith("row 3")
    assert "--segment" in said
    assert "*" in said


def test_segments_are_not_compared_where_none_are_given(tmp_path: Path) -> None:
    path = written(tmp_path, "email,segment", "a@x.lv,whatever")

    assert read(path, known_segments=None)[0].audience.segments == ("whatever",)


def test_a_segment_with_a_semicolon_in_its_name_can_be_named(tmp_path: Path) -> None:
    path = written(
        tmp_path, "email,segment", "a@x.lv,Pens ; Ink;web", "b@x.lv,Pens;Ink", "c@x.lv,Pens;web"
    )

    known = {"known_segments": ("Pens; Ink", "web", "Pens")}
    one, other, apart = read(path.with_name(path.name), **known)

    assert one.audience.segments == ("Pens; Ink", "web")
    assert other.audience.segments == ("Pens; Ink",)
    assert apart.audience.segments == ("Pens", "web")


def test_a_name_that_could_be_several_segments_is_not_guessed(tmp_path: Path) -> None:
    known = {"known_segments": ("A;B", "A", "B")}
    doubtful = written(tmp_path, "email,segment", "a@x.lv,A;B")

    (said,) = problems(doubtful, **known)
    assert said == (
        'row 2: A;B is one segment, and "A";"B" are segments too: write it in quotation marks, '
        '"A;B" for the one or "A";"B" for the others'
    )

    path = written(
        tmp_path, "email;segment", 'a@x.lv;"""A;B"""', 'b@x.lv;"""A"";""B"""', 'c@x.lv;"B;A"'
    )
    assert [one.audience.segments for one in read(path, **known)] == [
        ("A;B",),
        ("A", "B"),
        ("A", "B"),
    ]


@given(st.lists(st.text('ab;" ', min_size=1, max_size=5).map(str.strip).filter(bool), min_size=1))
def test_every_segment_of_the_orders_can_be_named_in_quotation_marks(names: list[str]) -> None:
    cell = ";".join('"' + name.replace('"', '""') + '"' for name in names)

    assert named_segments(cell, set(names)) == names


def test_a_segment_of_the_orders_can_be_named_whatever_signs_it_holds(tmp_path: Path) -> None:
    path = written(tmp_path, "email,segment", "a@x.lv,Zero\u202eTXT", "b@x.lv,Nil\u202eTXT")

    (said,) = problems(path, known_segments=("Zero\u202eTXT",))

    assert said.startswith("row 3: the segment Nil")


def test_the_fields_of_a_list_with_semicolons_are_explained_with_semicolons(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "email;segment", "a@x.lv;web ; Rome")

    (said,) = problems(path)

    assert said.startswith("row 2: it has more fields than the header: fields are set apart by ;")
    assert "comma" not in said


def test_a_layout_that_is_almost_one_is_suggested(tmp_path: Path) -> None:
    path = written(tmp_path, "email,segment,layout", "a@x.lv,web,Executive")

    (said,) = problems(path)

    assert said.endswith("(did you mean executive?)")


def test_a_segment_that_differs_by_case_is_suggested_and_not_guessed(tmp_path: Path) -> None:
    (said,) = problems(written(tmp_path, "email,segment", "a@x.lv,WEB"))

    assert said == "row 2: there is no segment WEB: did you mean web?"


def test_a_list_without_addresses_or_segments_says_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no segment column; it has email, team: .*email and"):
        read(written(tmp_path, "email,team", "a@x.lv,web"))


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
@pytest.mark.parametrize("rows", [60_000, 1_000_000, 3_000_000])
def test_a_file_of_orders_is_refused_before_it_is_read_cell_by_cell(
    tmp_path: Path, rows: int, end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"email,segment" + end + (b"a@x.lv,web" + end) * rows)
    monkeypatch.setattr("clv_xl.delivery.recipient_table.read_table", pytest.fail)

    with pytest.raises(SourceError, match=r"is no list of recipients: .*at most 10,000"):
        read(path)


def test_a_workbook_of_orders_is_refused_before_it_is_read_cell_by_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "orders.xlsx"
    book = openpyxl.Workbook()
    book.active["B90000"] = 1  # type: ignore[index] # a new workbook has a sheet
    book.save(path)
    monkeypatch.setattr("clv_xl.delivery.recipient_table.read_table", pytest.fail)

    with pytest.raises(SourceError, match=r"90,000 rows, and at most 10,000"):
        read(path)


def test_what_is_no_file_or_a_damaged_one_is_said_in_a_sentence(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.xlsx"
    damaged.write_bytes(b"PK\x03\x04 and no more")

    for path in (tmp_path, tmp_path / "absent.csv", damaged):
        with pytest.raises(SourceError, match=path.name):
            read(path)


def test_ten_thousand_recipients_are_read_and_one_more_is_refused(tmp_path: Path) -> None:
    people = [f"p{n}@x.lv,web" for n in range(10_001)]

    assert len(read(written(tmp_path, "email,segment", *people[:-1]))) == 10_000
    with pytest.raises(ClvError, match=r"10,001 rows"):
        read(written(tmp_path, "email,segment", *people))


def test_an_allowed_domain_that_is_none_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "email,segment", "a@x.lv,web")

    with pytest.raises(InvalidArgumentError, match="allow_domain"):
        read(path, allowed_domains=["not a domain"])


@pytest.mark.parametrize(
    "text",
    ["", "@", "a", "a@", "@x.lv", "a@b", "a b@x.lv", "a@x..lv", "a@x.lv.", "Ann <a@x.lv>",
     "a@x_y.lv", "a@x.lv, b@x.lv", "a;b@x.lv", "a@[127.0.0.1]", '"a b"@x.lv', "ä@x.lv",
     "a@x.lv\n", "a@\u202ex.lv", "a@127.0.0.1", "b@localhost", f"{'a' * 65}@x.lv"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UnusableAddressError):
        address(text)


def test_what_is_wrong_with_an_address_is_said() -> None:
    with pytest.raises(UnusableAddressError, match="has 70 letters before the @, more than the 64"):
        address(f"{'a' * 70}@x.lv")
    with pytest.raises(UnusableAddressError, match="is the number of a machine, and no domain"):
        address("a@127.0.0.1")
    assert address(f"{'a' * 64}@x.lv")


@pytest.mark.parametrize("domain", ["mail.local", "shop.test", "x.co.uk", "3com.com"])
def test_domains_within_a_house_are_addresses(domain: str) -> None:
    assert address(f"a.b+c@{domain.upper()}") == f"a.b+c@{domain}"


@given(st.text(max_size=30), st.sampled_from("\r\n\t\0\x1b\x85\u2028\u202e"), st.text(max_size=30))
def test_no_control_character_passes_wherever_it_stands(one: str, sign: str, other: str) -> None:
    assert has_control_characters(one + sign + other)


@given(st.text(min_size=1, max_size=40))
def test_an_address_that_is_accepted_is_one_line_of_ascii_and_stays_as_it_is(text: str) -> None:
    try:
        found = address(f"{text}@x.lv")
    except UnusableAddressError:
        return
    assert found.isascii()
    assert found.isprintable()
    assert " " not in found
    assert address(found) == found
