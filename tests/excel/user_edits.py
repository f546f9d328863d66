"""A workbook as a user leaves it: edited part by part, as a spreadsheet program would save it."""

import re
from html import escape
from pathlib import Path
from posixpath import basename
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.utils.cell import column_index_from_string as number_of
from openpyxl.utils.cell import coordinate_from_string, coordinate_to_tuple, get_column_letter

_TYPES = "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Edits:
    """The parts of a workbook, and what a user does to them."""

    def __init__(self, path: Path) -> None:
        """Open a workbook."""
        with ZipFile(path) as archive:
            self.parts = {name: archive.read(name).decode() for name in archive.namelist()}

    def save(self, path: Path) -> None:
        """Save the workbook."""
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            for name, text in self.parts.items():
                archive.writestr(name, text)

    def part_of(self, sheet: str) -> str:
        """Return the part of a sheet."""
        book = self.parts["xl/workbook.xml"]
        found = re.search(rf'<sheet name="{re.escape(escape(sheet))}"[^>]*r:id="(\w+)"', book)
        assert found, sheet
        target = re.search(rf'Id="{found[1]}"[^>]*Target="([^"]+)"', self._book_rels)
        assert target
        return f"xl/{target[1]}"

    @property
    def _book_rels(self) -> str:
        return self.parts["xl/_rels/workbook.xml.rels"]

    def replace(self, part: str, old: str, new: str) -> None:
        """Replace what stands in a part, which must be there."""
        assert old in self.parts[part], old
        self.parts[part] = self.parts[part].replace(old, new, 1)

    def put(self, sheet: str, reference: str, inside: str, attributes: str = "") -> None:
        """Put a cell in its place: `inside` is what stands in its element."""
        part = self.part_of(sheet)
        cell = f'<c r="{reference}"{attributes}>{inside}</c>'
        row, column = coordinate_to_tuple(reference)
        xml = self.parts[part]
        found = re.search(rf'<row r="{row}"([^>]*?)(?:/>|>(.*?)</row>)', xml, re.DOTALL)
        if found is None:
            self.parts[part] = self._with_row(xml, row, cell)
            return
        cells = re.findall(r"<c r=.*?(?:/>|</c>)", re.sub(r"<f>.*?</f>", _hidden, found[2] or ""))
        cells = [one.replace("\0", "/>") for one in cells if f'r="{reference}"' not in one]
        ordered = sorted([*cells, cell], key=_column)
        spans = re.sub(r' spans="[^"]*"', "", found[1])
        anew = f'<row r="{row}"{spans}>{"".join(ordered)}</row>'
        assert column
        self.parts[part] = xml[: found.start()] + anew + xml[found.end() :]

    def _with_row(self, xml: str, row: int, cell: str) -> str:
        later = [m for m in re.finditer(r'<row r="(\d+)"', xml) if int(m[1]) > row]
        at = later[0].start() if later else xml.index("</sheetData>")
        return f'{xml[:at]}<row r="{row}">{cell}</row>{xml[at:]}'

    def formula(self, sheet: str, reference: str, formula: str, value: float = 0) -> None:
        """Enter a formula, which the program calculates."""
        self.put(sheet, reference, f"<f>{escape(formula, quote=False)}</f><v>{value}</v>")

    def text(self, sheet: str, reference: str, text: str) -> None:
        """Type a text; the cell's format stays."""
        style = self.style_of(sheet, reference)
        said = f' s="{style}"' if style else ""
        self.put(sheet, reference, f"<is><t>{escape(text)}</t></is>", f'{said} t="inlineStr"')

    def number(self, sheet: str, reference: str, value: float) -> None:
        """Type a number; the cell's format stays."""
        style = self.style_of(sheet, reference)
        self.put(sheet, reference, f"<v>{value}</v>", f' s="{style}"' if style else "")

    def style_of(self, sheet: str, reference: str) -> str:
        """Return the number of a cell's format."""
        xml = self.parts[self.part_of(sheet)]
        found = re.search(rf'<c r="{reference}"[^>]*? s="(\d+)"', xml)
        return found[1] if found else ""

    def paint(self, sheet: str, reference: str, colour: str = "FFFF00FF") -> str:
        """Change the fill of a cell, and return the number of its new format."""
        styles = self.parts["xl/styles.xml"]
        fills = re.search(r'<fills count="(\d+)">(.*?)</fills>', styles, re.DOTALL)
        formats = re.search(r'<cellXfs count="(\d+)">(.*?)</cellXfs>', styles, re.DOTALL)
        assert fills
        assert formats
        every = re.findall(r"<xf [^>]*?/>|<xf .*?</xf>", formats[2])
        old = every[int(self.style_of(sheet, reference) or 0)]
        new = re.sub(r'fillId="\d+"', f'fillId="{fills[1]}" applyFill="1"', old)
        new = re.sub(r'( applyFill="1")(.*?) applyFill="1"', r"\1\2", new)
        fill = (
            f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/></patternFill></fill>'
        )
        styles = styles.replace(
            fills[0], f'<fills count="{int(fills[1]) + 1}">{fills[2]}{fill}</fills>'
        )
        self.parts["xl/styles.xml"] = styles.replace(
            formats[0], f'<cellXfs count="{int(formats[1]) + 1}">{formats[2]}{new}</cellXfs>'
        )
        part = self.part_of(sheet)
        self.parts[part] = re.sub(
            rf'(<c r="{reference}"[^>]*?) s="\d+"', rf'\1 s="{formats[1]}"', self.parts[part]
        )
        return formats[1]

    def add_sheet(self, name: str, cells: dict[str, str]) -> None:
        """Add a sheet with formulas, each with the value 0."""
        number = 1 + max(int(n) for n in re.findall(r"xl/worksheets/sheet(\d+)", str(self.parts)))
        part = f"xl/worksheets/sheet{number}.xml"
        self.parts[part] = (
            f'{_HEAD}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheetData></sheetData>'
            "</worksheet>"
        )
        self.declare(part, _SHEET_TYPE)
        id_ = self.relate("xl/workbook.xml", "worksheet", f"worksheets/sheet{number}.xml")
        entry = f'<sheet name="{escape(name)}" sheetId="{number + 100}" r:id="{id_}"/></sheets>'
        book = self.parts["xl/workbook.xml"]
        self.parts["xl/workbook.xml"] = book.replace("</sheets>", entry)
        for reference, formula in cells.items():
            self.formula(name, reference, formula)

    def fill(self, sheet: str, rows: list[list[str]], numbers: set[int]) -> None:
        """Type rows into an empty sheet: texts, and numbers in some columns below the first row."""
        lines = []
        for row, cells in enumerate(rows, start=1):
            line = ""
            for column, cell in enumerate(cells):
                place = f"{get_column_letter(column + 1)}{row}"
                if column in numbers and row > 1:
                    line += f'<c r="{place}"><v>{cell}</v></c>'
                else:
                    line += f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            lines.append(f'<row r="{row}">{line}</row>')
        self.replace(
            self.part_of(sheet),
            "<sheetData></sheetData>",
            f"<sheetData>{''.join(lines)}</sheetData>",
        )

    def add_table(self, sheet: str, name: str, headers: list[str], rows: int) -> None:
        """Turn the cells of a sheet, from the first on, into an Excel table."""
        number = 1 + max(int(n) for n in re.findall(r"xl/tables/table(\d+)", str(self.parts)))
        part = f"xl/tables/table{number}.xml"
        ref = f"A1:{get_column_letter(len(headers))}{rows + 1}"
        columns = "".join(
            f'<tableColumn id="{n}" name="{escape(h)}"/>' for n, h in enumerate(headers, start=1)
        )
        self.parts[part] = (
            f'{_HEAD}<table xmlns="{_MAIN}" id="{number + 500}" name="{name}" displayName="{name}" '
            f'ref="{ref}" totalsRowShown="0"><autoFilter ref="{ref}"/>'
            f'<tableColumns count="{len(headers)}">{columns}</tableColumns></table>'
        )
        self.declare(part, "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml")
        id_ = self.relate(self.part_of(sheet), "table", f"../tables/table{number}.xml")
        listed = f'<tableParts count="1"><tablePart r:id="{id_}"/></tableParts>'
        self.replace(self.part_of(sheet), "</worksheet>", f"{listed}</worksheet>")

    def rename(self, sheet: str, name: str) -> None:
        """Give a sheet another name, with every reference to it."""
        for part, text in self.parts.items():
            anew = text.replace(f'<sheet name="{sheet}"', f'<sheet name="{name}"')
            anew = anew.replace(f"'{sheet}'!", f"'{name}'!")
            self.parts[part] = anew.replace(f">{sheet}!", f">'{name}'!")

    def delete_sheet(self, sheet: str) -> None:
        """Delete a sheet: its names stand for nothing any more."""
        part = self.part_of(sheet)
        book = self.parts["xl/workbook.xml"]
        found = re.search(rf'<sheet name="{sheet}"[^>]*r:id="(\w+)"/>', book)
        assert found
        book = book.replace(found[0], "")
        book = re.sub(rf">'{sheet}'![^<]*</definedName>", ">#REF!</definedName>", book)
        self.parts["xl/workbook.xml"] = book
        rels = "xl/_rels/workbook.xml.rels"
        self.parts[rels] = re.sub(rf'<Relationship Id="{found[1]}"[^>]*/>', "", self.parts[rels])
        gone = [part, f"xl/worksheets/_rels/{basename(part)}.rels"]
        listing = self.parts.get(gone[1], "")
        gone += [f"xl/{target}" for target in re.findall(r'Target="\.\./([^"]+)"', listing)]
        for one in gone:
            self.parts.pop(one, None)
            pattern = rf'<Override PartName="/{re.escape(one)}"[^>]*/>'
            self.parts[_TYPES] = re.sub(pattern, "", self.parts[_TYPES])

    def note(self, sheet: str, notes: dict[str, str], author: str = "Ada Lovelace") -> None:
        """Add notes to cells, drawn as Excel draws them."""
        part = self.part_of(sheet)
        number = 1 + sum(name.startswith("xl/comments") for name in self.parts)
        listed, shapes = [], []
        for place, (reference, text) in enumerate(sorted(notes.items(), key=_row_of)):
            row, column = coordinate_to_tuple(reference)
            head = f'<r><t xml:space="preserve">{escape(author)}:\n</t></r>'
            listed.append(
                f'<comment ref="{reference}" authorId="0"><text>{head}'
                f"<r><t>{escape(text)}</t></r></text></comment>"
            )
            anchor = f"{column}, 15, {row - 1}, 2, {column + 2}, 15, {row + 3}, 4"
            shapes.append(
                f'<v:shape id="_x0000_s{1025 + place}" type="#_x0000_t202">'
                '<x:ClientData ObjectType="Note"><x:MoveWithCells/>'
                f"<x:Anchor>{anchor}</x:Anchor><x:Row>{row - 1}</x:Row>"
                f"<x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
            )
        self.parts[f"xl/comments{number}.xml"] = (
            f'{_HEAD}<comments xmlns="{_MAIN}"><authors><author>{escape(author)}</author></authors>'
            f"<commentList>{''.join(listed)}</commentList></comments>"
        )
        self.parts[f"xl/drawings/vmlDrawing{number}.vml"] = (
            '<xml xmlns:v="urn:schemas-microsoft-com:vml" '
            'xmlns:o="urn:schemas-microsoft-com:office:office" '
            'xmlns:x="urn:schemas-microsoft-com:office:excel">'
            f"{''.join(shapes)}</xml>"
        )
        self.declare(f"xl/comments{number}.xml", _NOTES_TYPE)
        if 'Extension="vml"' not in self.parts[_TYPES]:
            kind = "application/vnd.openxmlformats-officedocument.vmlDrawing"
            self.parts[_TYPES] = self.parts[_TYPES].replace(
                "<Override", f'<Default Extension="vml" ContentType="{kind}"/><Override', 1
            )
        self.relate(part, "comments", f"../comments{number}.xml")
        id_ = self.relate(part, "vmlDrawing", f"../drawings/vmlDrawing{number}.vml")
        xml = self.parts[part]
        before = next(m for m in ("<tableParts", "</worksheet>") if m in xml)
        drawn = f'<legacyDrawing r:id="{id_}"/>'
        self.parts[part] = xml.replace(before, drawn + before, 1)

    def declare(self, part: str, kind: str) -> None:
        """Say the type of a part."""
        entry = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
        self.parts[_TYPES] = self.parts[_TYPES].replace("</Types>", entry)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let a part refer to another, and return the id."""
        folder = part.rpartition("/")[0]
        listing = f"{folder}/_rels/{basename(part)}.rels"
        empty = (
            f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            'relationships"></Relationships>'
        )
        text = self.parts.get(listing, empty)
        id_ = f"rIdMine{text.count('<Relationship ')}"
        entry = f'<Relationship Id="{id_}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        self.parts[listing] = text.replace("</Relationships>", f"{entry}</Relationships>")
        return id_

    def widen_table(self, table: str, header: str, cells: list[str]) -> None:
        """Type a column beside a table, which takes it in: texts, or formulas that begin with =."""
        part = next(n for n, t in self.parts.items() if f'displayName="{table}"' in t)
        text = self.parts[part]
        found = re.search(r' ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"', text)
        count = re.search(r'<tableColumns count="(\d+)">', text)
        assert found
        assert count
        last = chr(ord(found[3]) + 1)  # the tables of the tests end before Z
        wide = f' ref="{found[1]}{found[2]}:{last}{found[4]}"'
        text = text.replace(found[0], wide)
        text = text.replace(count[0], f'<tableColumns count="{int(count[1]) + 1}">')
        column = f'<tableColumn id="{int(count[1]) + 50}" name="{escape(header)}"/>'
        self.parts[part] = text.replace("</tableColumns>", f"{column}</tableColumns>")
        sheet = self.sheet_of(part)
        self.text(sheet, f"{last}{found[2]}", header)
        for row, cell in enumerate(cells, start=int(found[2]) + 1):
            if cell.startswith("="):
                self.formula(sheet, f"{last}{row}", cell[1:])
            elif cell:
                self.text(sheet, f"{last}{row}", cell)

    def sheet_of(self, table_part: str) -> str:
        """Return the name of the sheet that a table is on."""
        name = basename(table_part)
        (listing,) = [n for n, t in self.parts.items() if n.endswith(".rels") and f'/{name}"' in t]
        part = listing.replace("_rels/", "").removesuffix(".rels")
        book = self.parts["xl/workbook.xml"]
        every: list[str] = re.findall(r'<sheet name="([^"]+)"', book)
        return next(sheet for sheet in every if self.part_of(sheet) == part)


def _hidden(found: re.Match[str]) -> str:
    return found[0].replace("/>", "\0")


def _column(cell: str) -> int:
    found = re.search(r'r="([A-Z]+)\d+"', cell)
    assert found
    return number_of(found[1])


def _row_of(note: tuple[str, str]) -> tuple[int, str]:
    letters, row = coordinate_from_string(note[0])
    return row, letters
