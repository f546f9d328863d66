"""`clv-xl refresh`: new figures in place, and whatever the user did to the workbook still there."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.cell import column_index_from_string, get_column_letter
from openpyxl.workbook import Workbook

from tests.acceptance.command import done, refused
from tests.excel.refreshed_shop import (
    EARLIER,
    FIRST_MONTH,
    FIRST_MONTHS,
    FIRST_YEAR,
    LATER,
    STAMP,
    SUBSCRIBED,
    Shop,
    allowed,
    charts_of,
    differing_cells,
    names_of,
    parts,
    rules_of,
    shop_in,
    tables_of,
)
from tests.excel.user_edits import Edits
from tests.proof import office, rules, sdk
from tests.ready_workbooks import FOLDER as READY_WORKBOOKS


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return shop_in(tmp_path, EARLIER)


def faults(path: Path) -> list[str]:
    found = [*sdk.errors(path), *rules.violations(path)]
    return found + [str(difference) for difference in office.differences(path)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (EARLIER, LATER),
        (LATER, EARLIER),
        (FIRST_YEAR, LATER),
        (LATER, FIRST_YEAR),
        (FIRST_MONTH, LATER),
        (LATER, FIRST_MONTH),
        (SUBSCRIBED, LATER),
        (LATER, SUBSCRIBED),
        (SUBSCRIBED.iloc[:900], SUBSCRIBED),
    ],
    ids=[
        *("later", "earlier", "much later", "much earlier", "from nothing", "to nothing"),
        *("out of a contract", "into a contract", "later under contract"),
    ],
)
def test_a_refreshed_workbook_is_the_one_that_would_be_made(
    before: pd.DataFrame, after: pd.DataFrame, tmp_path: Path
) -> None:
    shop = shop_in(tmp_path, before)
    shop.keep(after)
    fresh = shop.fresh()

    said = done("refresh", shop.workbook)

    assert "orders from orders.csv" in said
    assert set(differing_cells(shop.workbook, fresh)) <= allowed(fresh)
    assert names_of(shop.workbook) == names_of(fresh)
    assert tables_of(shop.workbook) == tables_of(fresh)
    assert rules_of(shop.workbook) == rules_of(fresh)
    assert charts_of(shop.workbook) == charts_of(fresh)
    assert faults(shop.workbook) == []


def _older(layout: str) -> str:
    """Return a layout as it might have been: other charts, columns, order and details."""
    layout = re.sub(r"\nparts = \d", "", layout)
    layout = re.sub(r"\n(?:largest_scale|print_\w+|pages_wide|repeat_columns) = .*", "", layout)
    layout = re.sub(r"48(?=[,\]])", "62", layout)
    block = r"\[\[sheets.blocks\]\]\n[^[]*"
    for chart in ("n_day", "tiers"):
        layout = re.sub(rf'{block}"{chart}"[^[]*', "", layout)
    start = re.search(rf'{block}\["calc_yearly[^[]*', layout)
    grid = re.search(rf'{block}"calc_grid"[^[]*', layout)
    assert start
    assert grid
    return layout.replace(start[0], "").replace(grid[0], grid[0] + start[0])


def test_a_dashboard_of_an_older_layout_is_refreshed_into_the_new_one(tmp_path: Path) -> None:
    shop = shop_in(tmp_path, EARLIER)
    new = (READY_WORKBOOKS / "executive.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    assert _older(new) != new
    own.write_text(_older(new), encoding="utf-8")
    shop.make("dashboard.xlsx", "--layout", str(own))
    shop.keep(LATER)
    own.write_text(new, encoding="utf-8")

    done("refresh", shop.workbook)

    fresh = shop.fresh("--layout", str(own))
    ours, theirs = (office.opened(path, values=True) for path in (shop.workbook, fresh))
    cells = names_of(fresh)
    figures = [n for n in cells if n.startswith(("out_", "calc_")) and ":" not in cells[n]]
    assert len(figures) > 40
    for figure in figures:
        one, other = (office.named_value(book, figure) for book in (ours, theirs))
        assert office.same(one, other), figure
    assert faults(shop.workbook) == []


def test_on_the_same_orders_only_the_time_changes(shop: Shop) -> None:
    before = parts(shop.workbook)

    done("refresh", shop.workbook)

    after = parts(shop.workbook)
    assert list(before) == list(after)
    (changed,) = [name for name in after if before[name] != after[name]]
    stamp = str(allowed(shop.workbook))
    (cell,) = re.findall(
        rb'<c r="(C\d+)" s="\d+"><v>[\d.]+</v></c>', _difference(before, after, changed)
    )
    assert f"Assumptions!{cell.decode()}" in stamp
    assert office.named_value(office.opened(shop.workbook), STAMP).date() >= date(2025, 1, 1)


def _difference(before: dict[str, bytes], after: dict[str, bytes], part: str) -> bytes:
    """Return what stands in a part now where it differs, from its first to its last byte."""
    one, other = before[part], after[part]
    start = next(n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    begin = other.rindex(b"<c ", 0, start)
    backwards = zip(reversed(one), reversed(other), strict=False)
    end = next(n for n, pair in enumerate(backwards) if pair[0] != pair[1])
    return other[begin : other.index(b">", len(other) - end - 1) + 1]


def cell_of(path: Path, name: str) -> tuple[str, str]:
    ((sheet, address),) = office.opened(path).defined_names[name].destinations
    return sheet.replace("''", "'"), address.replace("$", "").split(":")[0]


def at_risk(path: Path) -> list[list[object]]:
    """Return the rows of the customers at risk."""
    sheet = office.opened(path, values=True)["At risk"]
    reference = dict.__getitem__(sheet.tables, "AtRisk").ref
    return [[cell.value for cell in row] for row in sheet[reference][1:]]


def column_of(path: Path, table: str, header: str) -> str:
    """Return the letters of a table's column."""
    reference, headers = tables_of(path)[table]
    first = column_index_from_string(re.match("[A-Z]+", reference)[0])  # type: ignore[index]
    return get_column_letter(first + headers.index(header))


PINK = "FFFF00FF"


@pytest.fixture
def edited(shop: Shop) -> Shop:
    """Edit the dashboard as an analyst would."""
    edits = Edits(shop.workbook)
    margin = cell_of(shop.workbook, "in_margin_rate")
    edits.number(*margin, 0.55)
    edits.paint(*margin)
    edits.add_sheet("My plan", MY_PLAN)
    edits.note("Dashboard", {"R5": "ask finance", "B9": "for the board"})
    edits.paint("Segments", "E6")
    edits.formula("Segments", "AB6", "E6/SUM(E6:E9)")
    edits.formula("Cohorts", "AF7", "F7-F8")
    edits.text("Segments", "B1", "Our segments")
    rows = at_risk(shop.workbook)
    edits.widen_table("AtRisk", "My note", [f"note on {row[0]}" for row in rows])
    owner = column_of(shop.workbook, "AtRisk", "Owner")
    for number, row in enumerate(rows, start=5):
        edits.text("At risk", f"{owner}{number}", f"Bob for {row[0]}")
    edits.note(
        "At risk", {f"C{number}": f"on {row[0]}" for number, row in enumerate(rows, start=5)}
    )
    edits.text("At risk", f"B{len(rows) + 8}", "words below the table")
    edits.save(shop.workbook)
    assert sdk.errors(shop.workbook) == []
    return shop


MY_PLAN = {
    "A1": "out_clv*1000",
    "A2": "SUM(Segments[Customers])",
    "A3": "Assumptions!$C$11*2",
}
"""Formulas of the user's own."""


def test_sheets_notes_formats_inputs_and_formulas_of_the_user_stay(edited: Shop) -> None:
    edited.keep(LATER)

    done("refresh", edited.workbook)

    book = office.opened(edited.workbook)
    assert {place: book["My plan"][place].value for place in MY_PLAN} == {
        place: f"={formula}" for place, formula in MY_PLAN.items()
    }
    assert book["Segments"]["AB6"].value == "=E6/SUM(E6:E9)"
    assert book["Cohorts"]["AF7"].value == "=F7-F8"
    assert book["Dashboard"]["R5"].comment.text.endswith("ask finance")
    assert book["Dashboard"]["B9"].comment.text.endswith("for the board")
    assert book["Segments"]["B1"].value == "Our segments"
    assert book["Segments"]["E6"].fill.fgColor.rgb == PINK
    sheet, margin = cell_of(edited.workbook, "in_margin_rate")
    assert book[sheet][margin].value == 0.55
    assert book[sheet][margin].fill.fgColor.rgb == PINK
    assert "words below the table" in [cell.value for cell in book["At risk"]["B"]]


def test_the_new_figures_are_those_of_the_inputs_that_were_changed(edited: Shop) -> None:
    edited.keep(LATER)
    fresh = edited.fresh("--margin-rate", "0.55")

    done("refresh", edited.workbook)

    one, other = (office.opened(path, values=True) for path in (edited.workbook, fresh))
    for name in other.defined_names:
        if name.startswith(("out_", "calc_", "fact_", "prev_")) and ":" not in cell_reference(
            other, name
        ):
            values = office.named_value(one, name), office.named_value(other, name)
            assert office.same(*values), name
    theirs = {("My plan", place) for place in MY_PLAN} | {("Segments", "AB6"), ("Cohorts", "AF7")}
    wrong = {difference.cell for difference in office.differences(edited.workbook)}
    assert wrong == {f"{sheet}!{place}" for sheet, place in theirs}
    assert {office.opened(edited.workbook, values=True)[s][p].value for s, p in theirs} == {None}
    assert sdk.errors(edited.workbook) == []


def cell_reference(book: Workbook, name: str) -> str:
    return str(book.defined_names[name].attr_text)


def test_the_program_calculates_the_formulas_of_the_user_when_it_opens_the_file(
    edited: Shop,
) -> None:
    edited.keep(LATER)

    done("refresh", edited.workbook)

    assert b'fullCalcOnLoad="1"' in parts(edited.workbook)["xl/workbook.xml"]
    book = office.recalculated(edited.workbook)
    assert book["My plan"]["A1"].value == pytest.approx(1000 * office.named_value(book, "out_clv"))
    assert book["My plan"]["A3"].value == pytest.approx(1.1)


def test_what_belongs_to_a_row_follows_it(edited: Shop) -> None:
    before = {str(row[0]) for row in at_risk(edited.workbook)}
    edited.keep(LATER)

    done("refresh", edited.workbook)

    rows = at_risk(edited.workbook)
    sheet = office.opened(edited.workbook)["At risk"]
    stayed = [row for row in rows if row[0] in before]
    assert len(stayed) > 2
    assert len(stayed) < len(rows)
    for number, row in enumerate(rows, start=5):
        comment = sheet[f"C{number}"].comment
        if row[0] in before:
            assert row[-2:] == [f"Bob for {row[0]}", f"note on {row[0]}"]
            assert comment.text.endswith(f"on {row[0]}")
        else:
            assert row[-2:] == [None, None]
            assert comment is None
    kept = office.opened(edited.workbook, values=True)["Kept entries"]
    listed = [[cell.value for cell in row] for row in kept.iter_rows(min_row=2)]
    gone = before - {str(row[0]) for row in rows}
    entries = {f"Bob for {key}" for key in gone} | {f"note on {key}" for key in gone}
    assert {line[4] for line in listed} == entries
    assert len(listed) == len(entries)
    notes = [cell.comment for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(notes) == len(before)


def test_parts_that_say_nothing_of_the_figures_stay_byte_for_byte(edited: Shop) -> None:
    before = parts(edited.workbook)
    edited.keep(LATER)

    done("refresh", edited.workbook)

    after = parts(edited.workbook)
    assert set(before) <= set(after)
    alike = {name for name in before if before[name] == after[name]}
    assert {"xl/theme/theme1.xml", "docProps/app.xml", "docProps/core.xml", "_rels/.rels"} <= alike
    assert {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/drawings/drawing1.xml"} <= alike


def test_the_properties_of_the_file_name_no_range_that_is_gone(tmp_path: Path) -> None:
    shop = shop_in(tmp_path, LATER)
    listed = titles_of(shop.workbook)
    gone = set(listed) - {*names_of(shop.workbook), *office.opened(shop.workbook).sheetnames}
    assert all("!" in title for title in gone)
    shop.keep(FIRST_MONTH)

    done("refresh", shop.workbook)

    assert set(listed) - gone - {*names_of(shop.workbook), *office.opened(shop.workbook).sheetnames}
    assert titles_of(shop.workbook) == []
    assert sdk.errors(shop.workbook) == []


def titles_of(path: Path) -> list[str]:
    """Return the sheets and ranges that the properties of a file list."""
    said = parts(path)["docProps/app.xml"].decode()
    _, found, listed = said.partition("<TitlesOfParts>")
    return re.findall(r"<vt:lpstr>([^<]*)<", listed) if found else []


def test_a_second_refresh_changes_only_the_time(edited: Shop) -> None:
    edited.keep(LATER)
    done("refresh", edited.workbook)
    before = parts(edited.workbook)

    done("refresh", edited.workbook)

    after = parts(edited.workbook)
    changed = [name for name in after if before[name] != after[name]]
    assert len(changed) == 1


def test_the_user_is_told_of_a_chart_that_is_hidden_and_their_work_on_it_is_there_again(
    tmp_path: Path,
) -> None:
    shop = shop_in(tmp_path, LATER)
    edits = Edits(shop.workbook)
    part = next(name for name, text in edits.parts.items() if ">Retention curve<" in text)
    edits.replace(part, ">Retention curve<", ">Who comes again<")
    edits.save(shop.workbook)
    told = "The chart clv retention has no values: it is hidden until a refresh finds some."
    shop.keep(FIRST_MONTH)

    assert told in done("refresh", shop.workbook)
    assert told not in done("refresh", shop.workbook)
    assert "clv retention" not in charts_of(shop.workbook)

    shop.keep(LATER)
    done("refresh", shop.workbook)

    ours, fresh = charts_of(shop.workbook), charts_of(shop.fresh())
    _, said = ours["clv retention"]
    assert said[0] == "Who comes again"
    assert ours["clv tracking"] == fresh["clv tracking"], "it hangs where its room is now"
    assert {"clv retention": said[2:]} == {"clv retention": fresh["clv retention"][1][2:]}
    assert faults(shop.workbook) == []


def test_a_filter_hides_no_row_that_is_another_one_now(shop: Shop) -> None:
    filtered = _filtered(shop)

    done("refresh", shop.workbook)  # on the same orders the filter stays

    assert hidden_rows(shop.workbook) == filtered
    shop.keep(LATER)
    told = done("refresh", shop.workbook)
    assert "The filter of AtRisk shows all rows: they are others." in told
    assert hidden_rows(shop.workbook) == []
    (part,) = [t for n, t in parts(shop.workbook).items() if b'displayName="AtRisk"' in t]
    assert b"<autoFilter" in part
    assert b"<filterColumn" not in part
    assert faults(shop.workbook) == []


def _filtered(shop: Shop) -> list[int]:
    """Filter the customers at risk, and return the rows that are hidden."""
    edits = Edits(shop.workbook)
    table = next(name for name, text in edits.parts.items() if 'displayName="AtRisk"' in text)
    found = re.search(r'<autoFilter ref="[^"]*"', edits.parts[table])
    assert found
    chosen = '<filterColumn colId="6"><filters><filter val="Loyal"/></filters></filterColumn>'
    edits.replace(table, f"{found[0]}/>", f"{found[0]}>{chosen}</autoFilter>")
    for row in (6, 7, 9):
        edits.replace(edits.part_of("At risk"), f'<row r="{row}"', f'<row r="{row}" hidden="1"')
    edits.save(shop.workbook)
    return hidden_rows(shop.workbook)


def hidden_rows(path: Path) -> list[int]:
    """Return the rows of the customers at risk that are not shown."""
    rows = office.opened(path)["At risk"].row_dimensions
    return [number for number, row in rows.items() if row.hidden]


def test_a_chart_that_the_user_took_away_stays_away(shop: Shop) -> None:
    edits = Edits(shop.workbook)
    drawing = next(name for name, text in edits.parts.items() if 'name="clv retention"' in text)
    anchors = re.findall(r"<xdr:twoCellAnchor.*?</xdr:twoCellAnchor>", edits.parts[drawing])
    edits.replace(drawing, next(one for one in anchors if "clv retention" in one), "")
    edits.save(shop.workbook)
    shop.keep(LATER)

    done("refresh", shop.workbook)

    assert set(charts_of(shop.workbook)) == {
        "clv whale",
        "clv segments",
        "clv n_day",
        "clv tiers",
        "clv tracking",
    }


def test_a_sheet_without_any_drawing_gets_the_charts_that_have_values_now(tmp_path: Path) -> None:
    shop = shop_in(tmp_path, FIRST_MONTH)
    edits = Edits(shop.workbook)
    sheet = edits.part_of("Dashboard")
    edits.parts[sheet] = re.sub(r"<drawing\b[^>]*/>", "", edits.parts[sheet])
    listing = sheet.replace("worksheets/", "worksheets/_rels/") + ".rels"
    pattern = r'<Relationship\b[^>]*"\.\./drawings/[^"]*"/>'
    edits.parts[listing] = re.sub(pattern, "", edits.parts[listing])
    for name in [name for name in edits.parts if re.match("xl/(drawings|charts)/", name)]:
        del edits.parts[name]
        override = rf'<Override PartName="/{re.escape(name)}"[^>]*/>'
        types = edits.parts["[Content_Types].xml"]
        edits.parts["[Content_Types].xml"] = re.sub(override, "", types)
    edits.save(shop.workbook)
    shop.keep(LATER)

    done("refresh", shop.workbook)

    ours, fresh = charts_of(shop.workbook), charts_of(shop.fresh())
    assert ours == {chart: fresh[chart] for chart in ours}
    assert set(ours) == {"clv retention", "clv n_day", "clv tracking"}
    assert faults(shop.workbook) == []


def test_an_output_leaves_the_workbook_as_it_was(shop: Shop) -> None:
    before = shop.workbook.read_bytes()
    shop.keep(LATER)

    done("refresh", shop.workbook, "-o", shop.folder / "new.xlsx")

    assert shop.workbook.read_bytes() == before
    assert set(differing_cells(shop.folder / "new.xlsx", shop.fresh())) <= allowed(shop.workbook)


def test_another_source_is_read_and_recorded(shop: Shop) -> None:
    LATER.to_csv(shop.folder / "newer.csv", index=False)

    said = done("refresh", shop.workbook, "--source", shop.folder / "newer.csv")

    assert "orders from newer.csv" in said
    assert office.named_value(office.opened(shop.workbook), "src_file") == "newer.csv"


Spoil = Callable[[Shop, Edits], None]


def _typed(name: str, value: str | float) -> Spoil:
    """Return what types something into a named cell."""

    def spoil(shop: Shop, edits: Edits) -> None:
        cell = cell_of(shop.workbook, name)
        if value == "":
            edits.put(*cell, "")
        elif isinstance(value, str):
            edits.text(*cell, value)
        else:
            edits.number(*cell, value)

    return spoil


def _in_the_way(shop: Shop, edits: Edits) -> None:
    shop.keep(FIRST_MONTHS)
    shop.make("dashboard.xlsx")
    shop.keep(LATER)
    edits.parts = Edits(shop.workbook).parts
    edits.text("Dashboard", "G25", "mine")


def _renamed(_: Shop, edits: Edits) -> None:
    book = "xl/workbook.xml"
    edits.parts[book] = edits.parts[book].replace("src_file", "my_file")


def _unreadable(shop: Shop, _: Edits) -> None:
    (shop.folder / "orders.csv").write_text("date,amount\n2024-01-05,1\n")


def test_a_sheet_that_was_deleted_stays_away_though_its_names_were_left(shop: Shop) -> None:
    book = openpyxl.load_workbook(shop.workbook)
    del book["RFM"]
    book.save(shop.workbook)
    shop.keep(LATER)

    done("refresh", shop.workbook)

    assert "RFM" not in openpyxl.load_workbook(shop.workbook).sheetnames


REFUSALS: dict[str, tuple[Spoil, str]] = {
    "without its orders": (
        lambda shop, _: (shop.folder / "orders.csv").unlink(),
        "orders.csv, from which dashboard.xlsx was made, is not beside it",
    ),
    "of orders that cannot be read": (_unreadable, "orders.csv has no column channel"),
    "with an impossible input": (_typed("in_margin_rate", 40), "got 40 (did you mean 0.40?)"),
    "with a text for an input": (
        _typed("in_horizon_months", "a year"),
        "in dashboard.xlsx: horizon_months must be a number, got 'a year'",
    ),
    "with half a month": (_typed("in_horizon_months", 1.5), "must be a whole number, got 1.5"),
    "with an empty input": (_typed("in_target_ratio", ""), "must be at least 0.1"),
    "with a window of no days": (_typed("src_activity_window", 0.5), "a number of days, got 0.5"),
    "with options that nobody knows": (_typed("src_options", "--no"), "hold --no, which is no"),
    "with poor orders": (_typed("src_options", "--gate 100"), "below the gate of 100"),
    "with cells in the way": (_in_the_way, "and G25 are filled: move what stands there"),
    "of another kind": (_renamed, "holds no dashboard that can be refreshed"),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refresh_that_cannot_be_is_refused_and_the_workbook_stays(kind: str, shop: Shop) -> None:
    spoil, told = REFUSALS[kind]
    shop.keep(LATER)
    edits = Edits(shop.workbook)
    spoil(shop, edits)
    edits.save(shop.workbook)
    before, listed = shop.workbook.read_bytes(), sorted(shop.folder.iterdir())

    assert told in refused("refresh", shop.workbook)

    assert shop.workbook.read_bytes() == before
    assert sorted(shop.folder.iterdir()) == listed


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"customer,date\n"])
def test_what_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(content)
    assert "orders.xlsx is no workbook, or damaged" in refused("refresh", path)
    assert "nowhere.xlsx does not exist" in refused("refresh", tmp_path / "nowhere.xlsx")
    assert path.read_bytes() == content
