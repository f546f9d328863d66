"""Texts from the data stay texts in everything that leaves, whatever they look like."""

import io
import re
from functools import cache
from html import unescape
from zipfile import ZipFile

import openpyxl
import pytest

from clv_xl.delivery.attachment import Attachment
from clv_xl.delivery.audience import Detail
from tests.delivery.shops import Row, Shop, orders_of, shop

HOSTILE = (
    '=HYPERLINK("http://evil.example","x")',
    "＝1+1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=1>',
    "+SUM(A1)",
    "-2+3",
    "@SUM(1)",
    "]]><f>1</f>",
    "a\u202ecod.exe",
    "'; DROP TABLE x; --",
    "{0} %s $(id)",
)


@cache
def hostile() -> Shop:
    rows: list[Row] = []
    for number, text in enumerate(HOSTILE):
        for who, day, amount, *_ in orders_of(text, f"H{number:02d}", 24):
            rows.append((f"{text} {who}", day, amount, text, f"{text} NAMED", f"{text} CALLED"))
    return shop(rows, title=f"{HOSTILE[0]} {HOSTILE[3]}")


def sent(*segments: str, detail: Detail = Detail.FULL) -> Attachment:
    return hostile().attachment(*segments, detail=detail)


@pytest.mark.parametrize("segments", [(), *[(text,) for text in HOSTILE]])
def test_no_text_becomes_a_formula_or_a_link(segments: tuple[str, ...]) -> None:
    data = sent(*segments).data
    book = openpyxl.load_workbook(io.BytesIO(data))

    formulas = [
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]

    assert formulas
    quiet = [re.sub(r'"(?:[^"]|"")*"', '""', formula) for formula in formulas]
    assert not any(re.search(r"HYPERLINK|SUM\(A1\)|2\+3|＝", text) for text in quiet)
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)


def test_every_text_is_found_again_as_it_was() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sent().data))

    customers = book["Customers"]
    headers = [cell.value for cell in customers[1]]
    labels = {row[headers.index("channel")].value for row in customers.iter_rows(min_row=2)}
    kinds = {cell.data_type for row in customers.iter_rows(min_row=2, max_col=3) for cell in row}

    assert labels == set(HOSTILE)
    assert kinds == {"s"}
    assert book["Segments"]["B4"].value == "channel"


def test_titles_and_properties_hold_the_text_and_no_markup() -> None:
    data = sent().data
    with ZipFile(io.BytesIO(data)) as package:
        core = package.read("docProps/core.xml").decode()
        parts = {name: package.read(name).decode() for name in package.namelist()}

    title = re.search(r"<dc:title>(.*?)</dc:title>", core)
    assert title is not None
    assert unescape(title[1]) == f"{HOSTILE[0]} {HOSTILE[3]}"
    for name, text in parts.items():
        assert "<script" not in text, name
        assert "<img" not in text, name


@pytest.mark.parametrize("text", HOSTILE)
def test_the_file_name_is_safe(text: str) -> None:
    name = sent(text, detail=Detail.NONE).file_name

    assert not set(name) & set('<>:"/\\|?*\u202e')
    assert name.endswith(".xlsx")


@pytest.mark.parametrize("detail", [Detail.NONE, Detail.MASKED])
def test_masks_hold_for_texts_of_every_kind(detail: Detail) -> None:
    with ZipFile(io.BytesIO(sent(detail=detail).data)) as package:
        text = unescape("\n".join(package.read(name).decode() for name in package.namelist()))

    assert not re.search(r"idH\d\d\d\d\d", text)
    assert "NAMED" not in text
    assert "CALLED" not in text
