"""The Excel tables of a workbook file: their range, their columns, and new ones."""

import re
from html import escape

from clv_xl.excel.file_book.parts import Parts, TablePart
from clv_xl.excel.seen import TableSeen
from clv_xl.workbooks.cells import attributes_of, plain
from clv_xl.workbooks.sheet_order import added
from clv_xl.workbooks.sheet_ranges import counted_group
from clv_xl.workbooks.sheet_xml import cell_text

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_REF = re.compile(r'(<table\b[^>]*?\sref=")[^"]*(")')
_FILTER = re.compile(r"<autoFilter\b[^>]*?/>|<autoFilter\b[^>]*>.*?</autoFilter>", re.DOTALL)
_SORT = re.compile(r"<sortState\b[^>]*?/>|<sortState\b[^>]*>.*?</sortState>", re.DOTALL)
_HIDDEN = re.compile(r'\shidden="[^"]*"')
_COLUMNS = re.compile(r"<tableColumns\b[^>]*>(.*?)</tableColumns>", re.DOTALL)
_COLUMN = re.compile(r"<tableColumn\b[^>]*?/>|<tableColumn\b[^>]*>.*?</tableColumn>", re.DOTALL)


def reshape(parts: Parts, table: TableSeen, pattern: Parts | None) -> None:
    """Let a table have another area or other columns; one that is not there is made."""
    known = parts.tables.get(table.name)
    model = pattern.tables.get(table.name) if pattern is not None else None
    if known is None:
        if model is None or pattern is None:
            raise ValueError(f"there is no pattern for the table {table.name}")
        _add(parts, table, pattern.package.text(model.part))
        return
    text = parts.package.text(known.part)
    if known.seen.headers != table.headers:
        text = _with_columns(
            text, table, pattern.package.text(model.part) if model and pattern else ""
        )
    parts.package.put(known.part, _with_area(text, table))


def _with_area(text: str, table: TableSeen) -> str:
    area = table.area
    filtered = area.cut(rows=(0, area.rows - table.totals))
    text = _REF.sub(lambda found: found[1] + area.span + found[2], text, count=1)

    def ranged(found: re.Match[str]) -> str:
        return re.sub(r'(\sref=")[^"]*(")', rf"\g<1>{filtered.span}\2", found[0], count=1)

    return _FILTER.sub(ranged, text, count=1)


def show_all(parts: Parts, name: str) -> bool:
    """Let a table show all its rows, sorted by nothing; return whether a filter had hidden some."""
    known = parts.tables[name]
    text = parts.package.text(known.part)
    parts.package.put(known.part, _SORT.sub("", _FILTER.sub(_bare, text, count=1)))
    if "<filterColumn" not in text:
        return False
    cells, body = parts.sheet(known.sheet), known.seen.body
    for number in cells.numbers(body.top, body.bottom):
        row = cells.rows[number]
        row.attributes = _HIDDEN.sub("", row.attributes)
    cells.touched = True
    return True


def _bare(found: re.Match[str]) -> str:
    """Return a filter that hides nothing."""
    return found[0].partition(">")[0].rstrip("/") + "/>"


def _with_columns(text: str, table: TableSeen, model: str) -> str:
    """Return a table with other columns: known ones as they are, new ones as the pattern's."""
    known, new = _columns_of(text), _columns_of(model)
    used = [int(attributes_of(one)["id"]) for one in known.values()]
    free = max(used, default=0)
    elements = []
    for header in table.headers:
        if header in known:
            elements.append(known[header])
            continue
        free += 1
        element = new.get(header, f'<tableColumn id="0" name="{escape(cell_text(header))}"/>')
        element = re.sub(r'\sdataDxfId="\d+"|\sheaderRowDxfId="\d+"', "", element)
        elements.append(re.sub(r'(\sid=")\d+(")', rf"\g<1>{free}\2", element, count=1))
    listed = f'<tableColumns count="{len(elements)}">{"".join(elements)}</tableColumns>'
    return _COLUMNS.sub(lambda _: listed, text, count=1)


def _columns_of(text: str) -> dict[str, str]:
    found = _COLUMNS.search(text)
    columns = _COLUMN.findall(found[1]) if found else []
    return {plain(attributes_of(one.partition(">")[0])["name"]): one for one in columns}


def _add(parts: Parts, table: TableSeen, model: str) -> None:
    package = parts.package
    part = package.free("xl/tables/table{}.xml")
    number = 1 + max((_number(parts, one) for one in parts.tables.values()), default=0)
    text = re.sub(r'(<table\b[^>]*?\sid=")\d+(")', rf"\g<1>{number}\2", model, count=1)
    package.add(part, _with_area(text, table), _TYPE)
    sheet = parts.sheet(table.area.sheet)
    relation = package.relate(parts.entries[sheet.sheet].part, "table", part)
    sheet.after = added(sheet.after, "tableParts", [f'<tablePart r:id="{relation}"/>'])
    sheet.after = counted_group(sheet.after, "tableParts", "tablePart")
    sheet.touched = True


def _number(parts: Parts, table: TablePart) -> int:
    opened = re.search(r"<table\b[^>]*>", parts.package.text(table.part))
    return int(attributes_of(opened[0]).get("id", "0")) if opened else 0


def drop_table(parts: Parts, name: str) -> None:
    """Turn a table into plain cells."""
    known = parts.tables.get(name)
    if known is None:
        return
    holder = parts.entries[known.sheet].part
    relations = parts.package.relations(holder)
    ids = [relation.id for relation in relations if relation.target == known.part]
    parts.package.unrelate(holder, ids)
    parts.package.remove(known.part)
    sheet = parts.sheet(known.sheet)
    for one in ids:
        sheet.after = re.sub(rf'<tablePart\b[^>]*:id="{one}"[^>]*/>', "", sheet.after)
    sheet.after = counted_group(sheet.after, "tableParts", "tablePart")
    sheet.touched = True
