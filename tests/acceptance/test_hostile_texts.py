"""Texts from the data stay texts, whatever they look like, on every sheet."""

from pathlib import Path

import pandas as pd
import pytest
from openpyxl.cell import Cell, MergedCell

from tests.acceptance.command import done
from tests.acceptance.shops import FIRST, MARGIN, Shop, frame, labelled, spend_by
from tests.acceptance.test_workbooks_hold import faults, made
from tests.proof import office

HOSTILE = [
    *("=1+1", "+x", "-x", "@x", "\tled", "＝1", "＋1", "－1", "＠x", "{=1}", '=CMD|"/C calc"!A0'),
    *('"double"', "it's", "'led", "<&>", "&amp;", "]]>", "<f>1</f>", "a]b#@'", "[x]", "%d", "{0}"),
    *("😀 emoji", "e\u0301", "\u202eabc", "a\u2028b", "a\nb", "_x000D_", "a\x01b\x0bc", "\ufffe"),
    *("http://example.com", "mailto:a@b.c", "1e5", "00012", "TRUE", "#N/A", "#REF!", "12/03/2024"),
    *("*", "?", "~", "~*", "a*", ">5", "<5", "<>", "=5", "=", "5", "Total", "(none)", "x" * 32_000),
]
NO_IDS = {"a*", "'led"}
"""A masked name, and a text whose apostrophe spreadsheets take for their own."""
UNPRINTABLE = {"a\x01b\x0bc": "a_x0001_b_x000B_c", "\ufffe": "_xFFFE_"}
WILD = ["*", "?", "~", "~*", "~~", "a*", "a?", "ab", "abc", ">5", "<5", "=5", "<>", "=", "5", " "]
LONG = "a very long header " * 20


def hostile() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for number, text in enumerate(HOSTILE):
        for k in range(2):
            buyer = f"plain {number}-{k}" if k or text in NO_IDS else text
            rows += [
                (buyer, FIRST.replace(month=1 + k + n), 12.5 + number, text, text, text)
                for n in range(1 + k * 2)
            ]
    return frame(rows, ("customer", "date", "amount", "name", "group", "note"))


def with_headers(*headers: str) -> pd.DataFrame:
    """Return orders with columns of these names, all holding the same labels."""
    orders = labelled(["a", "b", "c"])
    for header in headers:
        orders[header] = orders["group"]
    return orders.drop(columns="group")


SHOPS = {
    "texts that look like formulas, errors and markup": Shop(
        hostile,
        ("--segment", "group", "--keep", "note", *MARGIN, "--title", "=1+1 <&> 😀 \x01 'x'"),
    ),
    "segments that look like wildcards and conditions": Shop(
        lambda: labelled(WILD), ("--segment", "group", *MARGIN), lambda: spend_by(WILD[:-1])
    ),
    "segments that differ by case only": Shop(
        lambda: labelled(["web", "Web", "WEB", "wEB"]),
        ("--segment", "group", *MARGIN),
        lambda: spend_by(["web", "Web", "WEB", "other"]),
    ),
    "headers of our own and of formulas": Shop(
        lambda: with_headers("ID", "Name", "Revenue", "[x]#'@", "=1+1", "Segment", LONG),
        (
            *("--customer", "customer", "--amount", "amount", "--segment", "=1+1"),
            *("--segment", LONG, "--keep", "ID", "--keep", "Revenue", "--keep", "[x]#'@"),
            *("--keep", "Segment", "--keep", "customer"),
        ),
    ),
    "headers that differ by case only": Shop(
        lambda: with_headers("Group", "GROUP"), ("--segment", "Group", "--segment", "GROUP")
    ),
    "more segments than a chart can show": Shop(
        lambda: labelled([f"segment {n}" for n in range(120)]), ("--segment", "group", *MARGIN)
    ),
}


@pytest.mark.parametrize("kind", SHOPS)
def test_the_workbook_holds_with(kind: str, tmp_path: Path) -> None:
    workbook, figures = made(SHOPS[kind], tmp_path)
    assert faults(workbook) == []
    orders = SHOPS[kind].orders()
    assert figures["customers"] == orders["customer"].str.strip().nunique()
    assert figures["revenue"] == pytest.approx(orders["amount"].sum())


def test_a_text_from_the_data_is_never_a_formula(tmp_path: Path) -> None:
    workbook, _ = made(SHOPS["texts that look like formulas, errors and markup"], tmp_path)
    book = office.opened(workbook)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    formulas = {str(cell.value) for cell in cells if cell.data_type == "f"}
    assert formulas.isdisjoint(HOSTILE)
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    for text in HOSTILE:
        assert UNPRINTABLE.get(text, text.strip()) in texts
    customers = [[cell.value for cell in row] for row in book["Customers"].iter_rows(min_row=2)]
    assert not [cell for row in book["Customers"].iter_rows() for cell in row if is_live(cell)]
    assert {row[0] for row in customers} >= {"=1+1", "00012", "1e5", "#N/A", "TRUE", "5"}


def is_live(cell: Cell | MergedCell) -> bool:
    """Say whether a cell would do more than show its text."""
    return cell.data_type in {"f", "e"} or cell.hyperlink is not None


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_summary_keeps_every_text_as_it_is(form: str, tmp_path: Path) -> None:
    shop = SHOPS["texts that look like formulas, errors and markup"]
    orders = shop.words(tmp_path)[1]
    output = tmp_path / f"customers.{form}"
    done("summary", orders, "-o", output, "--keep", "note", "--customer", "customer")
    if form == "xlsx":
        cells = list(office.opened(output)["Customers"].iter_rows(min_row=2))
        assert not [cell for row in cells for cell in row if is_live(cell)]
        kept = {str(row[0].value) for row in cells}
    elif form == "csv":
        kept = set(pd.read_csv(output, dtype=str, keep_default_na=False)["customer"])
    else:
        kept = set(pd.read_parquet(output)["customer"])
    shown = UNPRINTABLE if form == "xlsx" else {}
    if form == "csv":  # a CSV file has no text cells: an apostrophe keeps formulas from running
        assert not [text for text in kept if text.lstrip()[:1] in set("=+@＝＋＠")]
        kept = {text.removeprefix("'") for text in kept}
    assert kept >= {shown.get(text, text.strip()) for text in HOSTILE if text not in NO_IDS}
