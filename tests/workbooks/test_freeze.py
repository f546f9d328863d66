"""A frozen copy: values for our functions, and nothing that reaches outside."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter

from clv_xl.errors import SourceError
from clv_xl.workbooks.freeze import Frozen, freeze
from clv_xl.workbooks.frozen_formulas import is_foreign
from tests.excel.user_edits import Edits
from tests.proof import office, rules, sdk

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OURS = "CLV_SIMPLE(50,4,3,0.4)"
BOOK = "xl/workbook.xml"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Write a workbook with formulas of the program's own, and a chart."""
    path = tmp_path / "mine.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"author": "Ada Lovelace", "company": "Engines"})
        page = book.add_worksheet("Plan")
        page.write_column("A1", [1, 2, 3])
        page.write_formula("B1", "=SUM(A1:A3)", None, 6)
        page.write_url("D1", "https://example.org/clv")
        page.write_url("D2", "external:secret/plan.xlsx")
        page.write_comment("A2", "look here", {"author": "Ada Lovelace"})
        page.conditional_format("A1:A3", {"type": "formula", "criteria": "=A1>2"})
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Plan!$A$1:$A$3"})
        page.insert_chart("F1", chart)
        book.add_worksheet("Other")
        book.define_name("mine", "=Plan!$A$1")
        book.define_name("Other!here", "=Other!$A$1")
    return path


def frozen(path: Path) -> Frozen:
    return freeze(path.read_bytes(), path.name)


def saved(path: Path, done: Frozen) -> Path:
    target = path.with_name("frozen.xlsx")
    target.write_bytes(done.data)
    assert sdk.errors(target) == []
    assert rules.violations(target) == []
    return target


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_our_functions_become_their_values_and_others_stay(workbook: Path) -> None:
    edits = Edits(workbook)
    edits.put("Plan", "C1", f"<f>{OURS}</f><v>240</v>")
    why = '<f>_xll.clv_why(C1)&amp;"CLV_SIMPLE("</f><v>it &amp; all</v>'
    edits.put("Plan", "C2", why, ' t="str"')
    edits.put("Plan", "C3", "<f>CLV_SIMPLE(1,2,3)</f><v>#NAME?</v>", ' t="e"')
    edits.put("Plan", "C4", "<f>C1*2</f><v>480</v>")
    edits.put("Plan", "C5", '<f>"no CLV_SIMPLE(1)"</f><v>no CLV_SIMPLE(1)</v>', ' t="str"')
    spill = '<f t="array" ref="H1:H2">CLV_TIERS(A1:A3)</f><v>Gold</v>'
    edits.put("Plan", "H1", spill, ' t="str"')
    edits.put("Plan", "H2", "<v>Silver</v>", ' t="str"')
    edits.save(workbook)

    done = frozen(workbook)

    assert "4 formulas became their values." in done.told
    target = saved(workbook, done)
    formulas, values = (office.opened(target, values=v)["Plan"] for v in (False, True))
    shown = ["C1", "C2", "C3", "H1", "H2"]
    assert [formulas[c].value for c in shown] == [240, "it & all", "#NAME?", "Gold", "Silver"]
    assert formulas["C4"].value == "=C1*2"
    assert values["C4"].value == 480
    assert formulas["C5"].value == '="no CLV_SIMPLE(1)"'
    assert formulas["B1"].value == "=SUM(A1:A3)"


def test_a_formula_that_others_share_is_frozen_in_all_its_cells(workbook: Path) -> None:
    edits = Edits(workbook)
    master = '<f t="shared" ref="C1:C2" si="0">CLV_LIFETIME(A1)</f><v>1</v>'
    edits.put("Plan", "C1", master)
    edits.put("Plan", "C2", '<f t="shared" si="0"/><v>0.5</v>')
    edits.save(workbook)

    page = office.opened(saved(workbook, frozen(workbook)))["Plan"]

    assert [page["C1"].value, page["C2"].value] == [1, 0.5]


def test_a_value_that_is_not_stored_is_said(workbook: Path) -> None:
    edits = Edits(workbook)
    edits.put("Plan", "C1", f"<f>{OURS}</f>")
    edits.save(workbook)
    with pytest.raises(SourceError, match=r"Plan!C1 in mine\.xlsx holds a formula whose value is"):
        frozen(workbook)


def test_links_to_other_workbooks_go_and_their_values_stay(workbook: Path) -> None:
    edits = Edits(workbook)
    edits.put("Plan", "C1", "<f>[1]Orders!A1+1</f><v>7</v>")
    link = "xl/externalLinks/externalLink1.xml"
    edits.parts[link] = (
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1">'
        '<sheetNames><sheetName val="Orders"/></sheetNames></externalBook></externalLink>'
    )
    edits.parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" TargetMode="External" '
        f'Type="{OFFICE}/externalLinkPath" Target="file:///C:/Ada/orders.xlsx"/></Relationships>'
    )
    edits.declare(link, f"{TYPE}.externalLink+xml")
    id_ = edits.relate(BOOK, "externalLink", "externalLinks/externalLink1.xml")
    listed = f'<externalReference r:id="{id_}"/>'
    name = '<definedName name="theirs">[1]Orders!$A$1</definedName>'
    edits.replace(BOOK, "</sheets>", f"</sheets><externalReferences>{listed}</externalReferences>")
    edits.replace(BOOK, "</definedNames>", f"{name}</definedNames>")
    edits.replace("xl/charts/chart1.xml", "Plan!$A$1:$A$3", "[1]Orders!$A$1:$A$3")
    edits.save(workbook)

    done = frozen(workbook)

    assert "1 link to another workbook was taken out." in done.told
    assert "1 name for such a formula went." in done.told
    target = saved(workbook, done)
    assert office.opened(target)["Plan"]["C1"].value == 7
    found = parts(target)
    assert not any("external" in name for name in found)
    assert not any(b"Ada" in data or b"[1]" in data for data in found.values())
    assert b"<c:numLit>" in found["xl/charts/chart1.xml"]


def test_rules_columns_and_names_with_our_functions_go(workbook: Path) -> None:
    edits = Edits(workbook)
    edits.replace(edits.part_of("Plan"), "A1&gt;2", "CLV_LIFETIME(A1)&gt;2")
    name = f'<definedName name="worth">{OURS}</definedName>'
    edits.replace(BOOK, "</definedNames>", f"{name}</definedNames>")
    edits.put("Plan", "C1", "<f>worth*2</f><v>480</v>")
    edits.save(workbook)

    done = frozen(workbook)

    assert "1 rule with such a formula went." in done.told
    target = saved(workbook, done)
    assert office.opened(target)["Plan"]["C1"].value == 480
    assert "worth" not in office.opened(target).defined_names
    assert len(office.opened(target)["Plan"].conditional_formatting) == 0


def test_macros_go_and_the_workbook_is_a_plain_one(workbook: Path) -> None:
    edits = Edits(workbook)
    edits.parts["xl/vbaProject.bin"] = "macros"
    edits.parts["customUI/customUI.xml"] = "<customUI/>"
    types = "[Content_Types].xml"
    macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    edits.replace(types, f"{TYPE}.sheet.main+xml", macros)
    kind = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    edits.replace(types, "<Override", f"{kind}<Override")
    edits.relate(BOOK, "vbaProject", "vbaProject.bin")
    ui = (
        '<Relationship Id="rIdUi" Target="customUI/customUI.xml" '
        f'Type="{MICROSOFT}/ui/extensibility"/>'
    )
    edits.replace("_rels/.rels", "</Relationships>", f"{ui}</Relationships>")
    edits.replace("xl/drawings/drawing1.xml", 'macro=""', 'macro="[0]!run_me"')
    edits.save(workbook)

    done = frozen(workbook)

    assert "2 parts with macros were taken out." in done.told
    found = parts(saved(workbook, done))
    assert not any("vba" in name or "customUI" in name for name in found)
    assert b"macroEnabled" not in found[types]
    assert not any(b"run_me" in data for data in found.values())


def test_a_sheet_of_macros_goes_and_names_keep_their_sheets(workbook: Path) -> None:
    edits = Edits(workbook)
    edits.add_sheet("Macro1", {"A1": "1"})
    found = re.search(r'<sheet name="Macro1"[^>]*r:id="(\w+)"/>', edits.parts[BOOK])
    assert found
    edits.replace(BOOK, found[0], "")
    edits.replace(BOOK, "<sheets>", f"<sheets>{found[0]}")
    edits.replace(BOOK, 'localSheetId="1"', 'localSheetId="2"')
    plain = f'Id="{found[1]}" Type="{OFFICE}/worksheet"'
    macro = f'Id="{found[1]}" Type="{MICROSOFT}/xlMacrosheet"'
    edits.replace("xl/_rels/workbook.xml.rels", plain, macro)
    edits.save(workbook)

    opened = office.opened(saved(workbook, frozen(workbook)))

    assert opened.sheetnames == ["Plan", "Other"]
    assert list(opened["Other"].defined_names) == ["here"]


def test_data_connections_and_queries_go(workbook: Path) -> None:
    edits = Edits(workbook)
    edits.parts["xl/connections.xml"] = "<connections>server=secret</connections>"
    edits.declare("xl/connections.xml", f"{TYPE}.connections+xml")
    edits.relate(BOOK, "connections", "connections.xml")
    edits.parts["customXml/item1.xml"] = "<DataMashup>let Source = secret</DataMashup>"
    edits.relate(BOOK, "customXml", "../customXml/item1.xml")
    edits.save(workbook)

    done = frozen(workbook)

    assert "1 data connection was taken out." in done.told
    assert "1 set of queries was taken out." in done.told
    found = parts(saved(workbook, done))
    assert not any(b"server=secret" in d or b"Source = secret" in d for d in found.values())


def test_names_of_persons_and_links_to_files_go_and_the_web_stays(workbook: Path) -> None:
    done = frozen(workbook)

    assert "The authors of comments were taken out." in done.told
    assert "1 link to a file was taken out." in done.told
    target = saved(workbook, done)
    assert not any(b"Ada" in d or b"Engines" in d for d in parts(target).values())
    page = office.opened(target)["Plan"]
    assert page["A2"].comment.text == "look here"
    assert page["D1"].hyperlink.target == "https://example.org/clv"
    assert page["D2"].hyperlink is None
    assert str(page["D2"].value).endswith("plan.xlsx")


def test_a_workbook_that_needs_nothing_keeps_its_parts(workbook: Path) -> None:
    once = frozen(workbook).data
    again = freeze(once, "mine.xlsx")
    assert again.told == ()
    assert again.data == once


@pytest.mark.parametrize(
    ("formula", "foreign"),
    [
        ("clv_simple(1,2,3)", True),
        ("'C:\\books\\[clv.xlam]Sheet1'!CLV_NPS(A1)", True),
        ("ORG.CLV.CLV_NPS(A1:A9)", True),
        ("[2]Data!A1", True),
        ("'C:\\a\\[b.xlsx]Data'!A1", True),
        ("out_clv*2", False),
        ("Sales[[#This Row],[CLV_SIMPLE]]", False),
        ("Sales[1]", False),
        ('"[1]Data!A1"', False),
        ("SUM(Customers[Revenue])", False),
    ],
)
def test_what_would_not_work_elsewhere(formula: str, foreign: bool) -> None:  # noqa: FBT001
    assert is_foreign(formula) == foreign
