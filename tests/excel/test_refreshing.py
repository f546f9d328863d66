"""Where orders and spend come from, and what happens to the user's cells when pieces move."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from clv_xl.excel.file_book.book import FileBook
from clv_xl.excel.refreshing.refresh import refresh
from tests.acceptance.command import done
from tests.excel.refreshed_shop import (
    EARLIER,
    FIRST_YEAR,
    LATER,
    OPTIONS,
    STAMP,
    Shop,
    parts,
    shop_in,
    tables_of,
)
from tests.excel.user_edits import Edits
from tests.proof import office, rules, sdk

NOW = datetime.fromisoformat("2025-03-04 05:06")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return shop_in(tmp_path, EARLIER)


def refreshed(shop: Shop) -> FileBook:
    book = FileBook.at(shop.workbook)
    refresh(book, now=NOW)
    return book


def value(shop: Shop, name: str) -> object:
    return office.named_value(office.opened(shop.workbook, values=True), name)


def with_orders(shop: Shop, orders: pd.DataFrame, name: str = "Orders") -> None:
    """Put a sheet with a table of orders into the dashboard."""
    edits = Edits(shop.workbook)
    edits.add_sheet("My orders", {})
    columns = ["customer_id", "order_date", "amount", "channel"]
    rows = [columns, *orders[columns].astype(str).to_numpy().tolist()]
    edits.fill("My orders", rows, numbers={2})
    edits.add_table("My orders", name, columns, len(orders))
    edits.save(shop.workbook)


def test_a_table_of_orders_in_the_workbook_is_read_rather_than_the_file(shop: Shop) -> None:
    with_orders(shop, EARLIER[EARLIER["customer_id"] < "C000100"])
    assert sdk.errors(shop.workbook) == []
    (shop.folder / "orders.csv").unlink()

    refreshed(shop)

    assert value(shop, "fact_customers") == 99
    assert value(shop, "src_file") == "dashboard.xlsx"
    assert value(shop, "src_table") == "Orders"
    assert sdk.errors(shop.workbook) == []
    assert rules.violations(shop.workbook) == []
    before = parts(shop.workbook)
    refreshed_again = FileBook.at(shop.workbook)
    refresh(refreshed_again, now=NOW.replace(hour=9))
    changed = [name for name, data in parts(shop.workbook).items() if before[name] != data]
    assert len(changed) == 1, "the fingerprint is that of the orders, not of the file around them"


def test_a_table_that_was_recorded_and_is_gone_is_said(shop: Shop) -> None:
    with_orders(shop, EARLIER)
    refreshed(shop)
    edits = Edits(shop.workbook)
    part = next(name for name, text in edits.parts.items() if 'displayName="Orders"' in text)
    edits.parts[part] = edits.parts[part].replace('="Orders"', '="Others"')
    edits.save(shop.workbook)
    with pytest.raises(Exception, match="has no table Orders of orders any more"):
        refreshed(shop)


def test_without_the_file_of_spend_the_spend_in_the_workbook_counts(shop: Shop) -> None:
    before = {name: value(shop, name) for name in ("calc_cac", "out_clv_cac_ratio")}
    segments = tables_of(shop.workbook)["Segments"]
    (shop.folder / "spend.csv").unlink()
    first = parts(shop.workbook)

    refreshed(shop)

    assert {name: value(shop, name) for name in before} == pytest.approx(before)
    assert tables_of(shop.workbook)["Segments"] == segments
    changed = {name for name, data in parts(shop.workbook).items() if first[name] != data}
    assert len(changed) <= 4, "the notes of how the file was read are gone, and little else"


def test_the_window_and_the_model_that_a_user_sets_are_used(shop: Shop) -> None:
    edits = Edits(shop.workbook)
    sheet, window = _cell(shop, "src_activity_window")
    edits.number(sheet, window, 77)
    edits.text(*_cell(shop, "src_options"), "--gate 0 --segment country --model bg_nbd")
    edits.save(shop.workbook)

    refreshed(shop)

    assert value(shop, "src_activity_window") == 77
    assert value(shop, "src_model") == "BG/NBD with Gamma-Gamma"
    fresh = shop.folder / "fresh.xlsx"
    words: list[str | Path] = ["dashboard", shop.folder / "orders.csv", "-o", fresh, "--gate", "0"]
    words += ["--margin-rate", "0.4", "--segment", "country", "--model", "bg_nbd"]
    done(*words, "--activity-window", "77")
    made = office.opened(fresh, values=True)
    for name in ("out_retention_rate", "out_clv", "out_predicted_total"):
        assert value(shop, name) == pytest.approx(office.named_value(made, name))


def test_the_window_is_never_estimated_anew(shop: Shop) -> None:
    before = value(shop, "src_activity_window")
    shop.keep(FIRST_YEAR)
    refreshed(shop)
    assert value(shop, "src_activity_window") == before


def test_what_is_typed_into_the_what_if_stays_and_is_worked_in(shop: Shop) -> None:
    edits = Edits(shop.workbook)
    edits.number(*_cell(shop, "in_change_retention"), 5)
    edits.put(*_cell(shop, "in_change_margin"), "")
    sheet, grid = _cell(shop, "calc_grid_row_heads")
    edits.number(sheet, grid, 0.42)
    edits.save(shop.workbook)
    shop.keep(LATER)

    refreshed(shop)

    book = office.opened(shop.workbook)
    assert office.named_value(book, "in_change_retention") == 5
    assert office.named_value(book, "in_change_margin") is None
    assert book[sheet][grid].value == 0.42
    assert office.differences(shop.workbook) == []


def test_the_time_of_the_refresh_is_the_one_that_is_given(shop: Shop) -> None:
    refreshed(shop)
    stamp = value(shop, STAMP)
    assert isinstance(stamp, datetime)
    assert abs(stamp - NOW).total_seconds() < 1


def test_references_of_the_user_follow_the_cells_that_move(tmp_path: Path) -> None:
    shop = shop_in(tmp_path, FIRST_YEAR)
    clv, pooled = _cell(shop, "out_clv"), _first_of(shop, "Curve")
    totals = _total_of(shop, "Segments")
    edits = Edits(shop.workbook)
    formulas = {
        "A1": f"'{clv[0]}'!{clv[1]}",
        "A2": f"SUM({pooled[0]}!E{pooled[1] + 1}:E{pooled[1] + 3})",
        "A3": f"Segments!E{totals}",
        "A4": f"{pooled[0]}!B{pooled[1]}",
    }
    edits.add_sheet("Mine", formulas)
    edits.text("Cohorts", "J200", "far below")
    edits.save(shop.workbook)
    shop.keep(LATER)

    refreshed(shop)

    book = office.recalculated(shop.workbook)
    moved, rows = office.opened(shop.workbook)["Mine"], _first_of(shop, "Curve")[1]
    assert rows > pooled[1], "the matrices above have grown"
    assert moved["A4"].value == f"={pooled[0]}!B{rows}"
    assert book["Mine"]["A4"].value == book["Cohorts"][f"B{rows}"].value
    assert book["Mine"]["A1"].value == office.named_value(book, "out_clv")
    assert book["Mine"]["A3"].value == book["Segments"][f"E{_total_of(shop, 'Segments')}"].value
    assert moved["A2"].value.startswith(f"=SUM(Cohorts!E{rows + 1}:E")
    texts = [c.value for row in office.opened(shop.workbook)["Cohorts"].iter_rows() for c in row]
    assert "far below" in texts


def test_a_sheet_may_be_renamed_and_rows_put_in(shop: Shop) -> None:
    edits = Edits(shop.workbook)
    edits.rename("Segments", "Our segments")
    edits.save(shop.workbook)
    shop.keep(LATER)

    refreshed(shop)

    assert "Our segments" in office.opened(shop.workbook).sheetnames
    assert sdk.errors(shop.workbook) == []
    assert rules.violations(shop.workbook) == []
    assert office.differences(shop.workbook) == []


def test_a_sheet_that_the_user_deleted_stays_away(shop: Shop) -> None:
    edits = Edits(shop.workbook)
    edits.delete_sheet("RFM")
    edits.save(shop.workbook)
    assert sdk.errors(shop.workbook) == []
    shop.keep(LATER)

    refreshed(shop)

    assert "RFM" not in office.opened(shop.workbook).sheetnames
    assert office.differences(shop.workbook) == []


def test_a_copy_saved_by_another_program_is_refreshed_as_well(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    saved = office.convert(shop.workbook, "xlsx", folder, name="xlsx:Calc MS Excel 2007 XML")
    saved.replace(shop.workbook)
    shop.keep(LATER)
    fresh = shop.fresh()

    refreshed(shop)

    ours, theirs = (office.opened(path, values=True) for path in (shop.workbook, fresh))
    for name in theirs.defined_names:
        if name.startswith(("out_", "calc_", "fact_", "prev_")) and "calc_c" not in name:
            reference = str(theirs.defined_names[name].attr_text)
            if ":" not in reference:
                assert office.same(
                    office.named_value(ours, name), office.named_value(theirs, name)
                ), name
    assert office.differences(shop.workbook) == []
    assert sdk.errors(shop.workbook) == []


def test_orders_of_options_are_kept(shop: Shop) -> None:
    assert OPTIONS[:2] == ("--gate", "0")
    options = str(value(shop, "src_options"))
    assert options == "--segment channel --spend spend.csv --gate 0"


def _cell(shop: Shop, name: str) -> tuple[str, str]:
    ((sheet, address),) = office.opened(shop.workbook).defined_names[name].destinations
    return sheet.replace("''", "'"), address.replace("$", "").split(":")[0]


def _first_of(shop: Shop, table: str) -> tuple[str, int]:
    book = office.opened(shop.workbook)
    sheet = next(s for s in book.worksheets if table in s.tables)
    reference = dict.__getitem__(sheet.tables, table).ref
    return sheet.title, int("".join(filter(str.isdigit, reference.split(":")[0])))


def _total_of(shop: Shop, table: str) -> int:
    reference = tables_of(shop.workbook)[table][0]
    return int("".join(filter(str.isdigit, reference.split(":")[1]))) + 1
