import io
from dataclasses import replace
from email.message import EmailMessage
from functools import cache

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from clv_xl.delivery.attachment import (
    AttachmentError,
    Packing,
    encoded_size,
)
from clv_xl.delivery.audience import Audience, Detail, own_orders
from clv_xl.delivery.planned import Planned
from clv_xl.errors import DataError
from clv_xl.reports.build import build_report
from tests.delivery.shops import (
    SALT,
    SOURCE,
    SPEND,
    Row,
    Shop,
    orders_of,
    shop,
    spend_by,
    texts,
    unzipped,
)

WEB = orders_of("web", "QW", 40, cents="11")
ROME = orders_of("Rome", "ZR", 25, cents="7717")
TINY = orders_of("Tiny", "XT", 3, cents="9391")


@cache
def house() -> Shop:
    mixed = [row for pair in zip(WEB, [*ROME, *ROME[:0]], strict=False) for row in pair]
    rest = [row for row in [*WEB, *ROME] if row not in mixed]
    return shop([*mixed, *rest, *TINY], spend=spend_by(["web", "Rome", "Tiny"]))


@pytest.mark.parametrize("detail", Detail)
def test_no_part_of_a_workbook_holds_a_value_of_another_segment(detail: Detail) -> None:
    sent = house().attachment("web", detail=detail)

    text = unzipped(sent.data)

    for foreign in ("ZR0", "XT0", "Rome", "Tiny", ".7717", ".9391", "1070.25", "2070.25"):
        assert foreign not in text, foreign
    assert "web" in text
    assert "70.25" in text


def test_full_detail_shows_customers_as_the_dashboard_does() -> None:
    text = unzipped(house().attachment("web", detail=Detail.FULL).data)

    assert {"idQW000", "Name QW039", "+371 QW007"} <= set(_texts(text))


def test_the_list_of_customers_is_that_of_the_dashboard() -> None:
    of_dashboard = build_report(house().read.log, house().assumptions, texts())

    sent = house().attachment(detail=Detail.FULL).report

    headers = {
        name: [column.header for column in report.tables["Customers"].columns]
        for name, report in (("sent", sent), ("dashboard", of_dashboard))
    }
    assert headers["sent"] == headers["dashboard"]
    for column in of_dashboard.tables["Customers"].columns:
        if column.header != "channel":  # there a small segment is merged
            found = sent.tables["Customers"].column(column.key)
            np.testing.assert_array_equal(found.values, column.values, column.key)


def test_no_sentence_leads_to_a_sheet_that_is_not_there() -> None:
    shown = unzipped(house().attachment(detail=Detail.FULL).data)

    assert "in the last year (At risk)" in shown
    assert "(At risk)" not in unzipped(house().attachment().data)


@pytest.mark.parametrize("segments", [(), ("web",)])
def test_masked_detail_has_pseudonyms_in_the_place_of_every_customer(segments: tuple[str]) -> None:
    sent = house().attachment(*segments, detail=Detail.MASKED)

    text = unzipped(sent.data)

    assert "QW0" not in text
    assert "ZR0" not in text
    assert "•••" in text
    named = [cell.value for cell in _sheet(sent.data, "Customers")["A"][1:]]
    assert len(set(named)) == len(named) == sent.report.value("fact_customers")
    assert all(str(name).startswith("C-") for name in named)


@pytest.mark.parametrize("segments", [(), ("web",)])
def test_without_detail_no_list_of_customers_is_there(segments: tuple[str]) -> None:
    sent = house().attachment(*segments)

    book = openpyxl.load_workbook(io.BytesIO(sent.data))

    assert {"Customers", "At risk"}.isdisjoint(book.sheetnames)
    assert {"Customers", "AtRisk"}.isdisjoint(sent.report.tables)
    assert "QW0" not in unzipped(sent.data)
    assert ">C-" not in unzipped(sent.data)
    assert any("left out" in told for told in sent.told)


def test_the_figures_do_not_depend_on_what_is_listed() -> None:
    found = {
        detail: dict(house().attachment("web", detail=detail).report.record) for detail in Detail
    }

    assert found[Detail.NONE] == found[Detail.MASKED]
    withheld = {
        key for key, value in found[Detail.FULL].items() if found[Detail.NONE][key] != value
    }
    assert withheld == {"value_at_risk", "notes"}  # two customers are at risk


def test_who_sees_everything_sees_small_segments_by_their_names() -> None:
    labels = house().attachment(detail=Detail.FULL).report.tables["Segments"].column("segment")

    assert list(labels.values) == ["web", "Rome", "Tiny"]


def test_a_segment_of_few_customers_is_merged_in_what_others_get() -> None:
    sent = house().attachment(detail=Detail.MASKED)

    text = unzipped(sent.data)

    assert "Tiny" not in text
    assert "XT0" not in text
    assert "Rome and small segments" in text
    labels = list(sent.report.tables["Segments"].column("segment").values)
    customers = list(sent.report.tables["Segments"].column("customers").values)
    assert dict(zip(labels, customers, strict=True)) == {"web": 40, "Rome and small segments": 28}


def test_figures_of_fewer_than_five_customers_go_to_nobody_but_those_who_see_customers() -> None:
    for detail in (Detail.NONE, Detail.MASKED):
        with pytest.raises(AttachmentError, match=r"Tiny has fewer than 5 customers.*detail full"):
            house().attachment("Tiny", detail=detail)

    assert "idXT000" in unzipped(house().attachment("Tiny", detail=Detail.FULL).data)


@pytest.mark.parametrize("detail", Detail)
@pytest.mark.parametrize("segments", [(), ("web",), ("Rome", "web")])
def test_nothing_is_said_of_the_source(segments: tuple[str], detail: Detail) -> None:
    text = unzipped(house().attachment(*segments, detail=detail).data)

    assert SOURCE not in text
    assert SPEND not in text
    assert house().assumptions.source_hash not in text
    assert "--segment" not in text


def test_the_name_of_the_source_is_shown_where_it_was_planned() -> None:
    text = unzipped(house().attachment("web", planned=Planned(source=SOURCE)).data)

    assert SOURCE in text
    assert SPEND not in text


def test_the_same_input_gives_the_same_bytes() -> None:
    one, other = (house().attachment("web", detail=Detail.MASKED) for _ in range(2))

    assert one.data == other.data
    assert one.sha256 == other.sha256


def test_another_salt_gives_other_pseudonyms_and_the_same_figures() -> None:
    one = house().attachment("web", detail=Detail.MASKED)
    other = house().attachment("web", detail=Detail.MASKED, salt=SALT[::-1])

    assert one.report.record == other.report.record
    names = [{c.value for c in _sheet(sent.data, "Customers")["A"][1:]} for sent in (one, other)]
    assert names[0].isdisjoint(names[1])


_foreign = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.integers(0, 700),
        st.integers(-5_000, 90_000),
        st.sampled_from(["Rome", "Tiny", "", "Web", "webb"]),
        st.sampled_from(["idQW001", "idQW039"]) | st.integers(0, 30).map(lambda n: f"idF{n}"),
    ),
    max_size=25,
)


@settings(max_examples=10)
@given(_foreign)
def test_whatever_the_rows_of_other_segments_are_the_bytes_stay_the_same(
    foreign: list[tuple[int, int, int, str, str]],
) -> None:
    rows: list[Row] = list(WEB)
    for place, day, cents, segment, who in foreign:
        date = f"{2022 + day // 366}-{1 + day % 12:02d}-{1 + day % 28:02d}"
        row = (who, date, f"{cents / 100:.2f}", segment, f"N {who}", f"+371 9{place}")
        rows.insert(place, row)

    among = shop(rows)

    for detail in (Detail.MASKED, Detail.FULL):
        assert among.attachment("web", detail=detail).data == web_alone(detail)


@cache
def web_alone(detail: Detail) -> bytes:
    return shop(WEB).attachment("web", detail=detail).data


def test_the_as_of_day_of_the_whole_stays() -> None:
    early = [row for row in WEB if str(row[1]) < "2023-03-01"]
    late = shop([*early, *ROME], options={"as_of": None})
    audience = Audience(("web",), "executive", Detail.NONE)

    own = own_orders(late.read, audience)

    assert own.as_of == late.read.log.as_of
    assert own.last_day < own.as_of


def test_an_unlabelled_line_belongs_to_the_segment_of_its_order() -> None:
    headers = ("customer", "date", "amount", "channel", "order")
    days = [f"2023-0{month}-11" for month in range(1, 7)]
    rows: list[Row] = []
    for number, day in enumerate(days):
        rows += [
            (f"c{number}", day, "10.00", "web", f"o{number}"),
            (f"c{number}", day, "5.00", "", f"o{number}"),
            (f"d{number}", day, "70.00", "", f"p{number}"),
            (f"d{number}", day, "80.00", "", ""),
            (f"e{number}", day, "3.00", "", f"q{number}"),
            (f"e{number}", day, "4.00", "web", f"q{number}"),
        ]
    lines = shop(rows, headers, {"keep": ()})
    own = own_orders(lines.read, Audience(("web",), "executive", Detail.NONE))

    assert own.amount.tolist() == [15.0, 7.0] * 6
    assert not {"d0", "d5"} & set(own.customer_ids)


def test_a_segment_needs_a_segment_column() -> None:
    plain = shop(WEB, options={"segment": ()})

    with pytest.raises(DataError, match="--segment"):
        plain.attachment("web")


def test_spend_that_is_not_divided_by_segment_is_left_out_and_said_to_be() -> None:
    whole = replace(spend_by(["web"]), by_segment=None, segments=None)
    sent = shop([*WEB, *ROME], spend=whole).attachment("web")

    assert "Spend" not in sent.report.tables
    assert "70.25" not in unzipped(sent.data)
    assert any("spend" in told for told in sent.told)


def test_above_the_cap_the_list_of_customers_is_left_out_and_the_mail_says_so() -> None:
    full = house().attachment("web", detail=Detail.FULL)
    cap = encoded_size(len(full.data)) - 1

    sent = house().attachment("web", detail=Detail.FULL, packing=Packing(cap=cap))

    assert encoded_size(len(sent.data)) <= cap
    assert "Customers" not in openpyxl.load_workbook(io.BytesIO(sent.data)).sheetnames
    assert any("list of customers is left out" in told for told in sent.told)


def test_a_workbook_above_the_cap_even_so_is_an_error_that_names_the_audience() -> None:
    with pytest.raises(AttachmentError, match=r"web .*0\.1 MB.*more than the 0\.0 MB"):
        house().attachment("web", packing=Packing(cap=30_000))


def test_the_size_is_that_of_the_lines_a_mail_carries() -> None:
    for length in (1, 56, 57, 58, 1000, 99_999):
        message = EmailMessage()
        message.set_content(bytes(length), maintype="application", subtype="zip")
        carried = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))

        assert encoded_size(length) == len(carried.partition(b"\r\n\r\n")[2])


def test_the_file_name_has_the_title_the_scope_and_the_period() -> None:
    named = replace(house().assumptions, title="Kundenwert ✓ Ü/..\\x")
    sent = Shop(house().read, named).attachment("web", packing=Packing(period="2023-Q4"))

    assert sent.file_name == "Kundenwert ✓ Ü----x - web - 2023-Q4.xlsx"


def _texts(text: str) -> list[str]:
    return text.replace("<", ">").split(">")


def _sheet(data: bytes, name: str) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data))[name]


def test_every_part_of_the_orders_has_the_period_of_the_whole() -> None:
    late = [(row[0], str(row[1]).replace("2022", "2023"), *row[2:]) for row in ROME]
    some = shop([*WEB, *late], options={"as_of": "2024-01-31"})

    found = {
        name: [some.attachment(name).report.value(f"src_period_{end}") for end in ("from", "to")]
        for name in ("web", "Rome")
    }

    assert all(str(row[1]) >= "2023" for row in late)
    assert found["web"] == found["Rome"]
    assert "2023-02-01--2024-01-31" in some.attachment("Rome").file_name


@pytest.mark.parametrize("detail", Detail)
def test_a_part_that_begins_after_the_period_has_a_report_too(detail: Detail) -> None:
    late = [(row[0], str(row[1]).replace("2022", "2023"), *row[2:]) for row in ROME]
    some = shop([*WEB, *late], options={"as_of": "2024-01-31"}, period="2022-Q2")

    sent = some.attachment("Rome", detail=detail)

    assert sent.report.value("fact_revenue") == 0
    assert "src_previous_from" not in sent.report.figures


def test_the_reader_is_told_of_the_password() -> None:
    told = house().attachment("web", password="open sesame").told  # noqa: S106 - of a test

    assert any("password" in sentence for sentence in told)
    assert not any("sesame" in sentence for sentence in told)
    assert not any("password" in sentence for sentence in house().attachment("web").told)
