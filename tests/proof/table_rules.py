"""Rules about tables: their header cells, columns, ranges and filters."""

from collections import Counter
from collections.abc import Iterator

from tests.proof.package import Area, Package, Sheet, Table, unescaped


def headers(package: Package) -> Iterator[str]:
    """Header cells that do not say the column's name, letter by letter."""
    for sheet in package.sheets:
        texts: dict[str, str | None] = {}
        if sheet.tables:
            texts = {
                cell.get("r", ""): package.text(cell) for cell in sheet.cells() if cell.get("t")
            }
        for table in sheet.tables:
            yield from _header_faults(table, texts)


def _header_faults(table: Table, texts: dict[str, str | None]) -> Iterator[str]:
    area = Area.parsed(table.root.get("ref", ""))
    if area is None or table.root.get("headerRowCount") == "0":
        return
    for column, name in enumerate(table.columns, start=area.left):
        address = f"{_letters(column)}{area.top}"
        if texts.get(address) != name:
            yield f"table {table.name}: {address} says {texts.get(address)!r}, the column {name!r}"


def columns(package: Package) -> Iterator[str]:
    """Columns without a name, twice, or not as many as the range is wide."""
    for table in _tables(package):
        names = table.columns
        for name, count in Counter(map(str.casefold, names)).items():
            if count > 1 or not name:
                yield f"table {table.name}: {count} columns are named {name!r}"
        ids = [c.get("id") for c in table.root.iterfind("{*}tableColumns/*")]
        if len(set(ids)) < len(ids):
            yield f"table {table.name}: two columns have one id"
        declared = table.root.find("{*}tableColumns")
        if declared is not None and declared.get("count") != str(len(names)):
            yield f"table {table.name}: counts {declared.get('count')} columns of {len(names)}"


def areas(package: Package) -> Iterator[str]:
    """Ranges that no sheet has, without a data row, or unlike the columns and the filter."""
    for table in _tables(package):
        reference = table.root.get("ref", "")
        area = Area.parsed(reference)
        if area is None:
            yield f"table {table.name}: the range is {reference!r}"
            continue
        if area.right - area.left + 1 != len(table.columns):
            yield f"table {table.name}: {reference} is not {len(table.columns)} columns wide"
        of_header, of_totals = (
            int(table.root.get(count, usual))
            for count, usual in (("headerRowCount", "1"), ("totalsRowCount", "0"))
        )
        if area.bottom - area.top + 1 <= of_header + of_totals:
            yield f"table {table.name}: {reference} has no data row"
        yield from _filter_faults(table, area)


def _filter_faults(table: Table, area: Area) -> Iterator[str]:
    has_totals = table.root.get("totalsRowCount", "0") == "1"
    expected = Area(area.left, area.top, area.right, area.bottom - has_totals)
    for element in table.root.iterfind("{*}autoFilter"):
        if Area.parsed(element.get("ref", "")) != expected:
            yield f"table {table.name}: the filter is {element.get('ref')}"


def identities(package: Package) -> Iterator[str]:
    """Tables with the id of another one."""
    ids = Counter(table.root.get("id", "") for table in _tables(package))
    yield from (
        f"{count} tables have the id {number}" for number, count in ids.items() if count > 1
    )


def totals(package: Package) -> Iterator[str]:
    """Labels of a totals row that the cell does not say."""
    for sheet in package.sheets:
        for table in sheet.tables:
            area = Area.parsed(table.root.get("ref", ""))
            if area is not None and table.root.get("totalsRowCount") == "1":
                yield from _total_faults(package, sheet, table, area)


def _total_faults(package: Package, sheet: Sheet, table: Table, area: Area) -> Iterator[str]:
    cells = {cell.get("r", ""): cell for cell in sheet.cells()}
    for number, column in enumerate(table.root.iterfind("{*}tableColumns/*"), start=area.left):
        cell = cells.get(f"{_letters(number)}{area.bottom}")
        label = column.get("totalsRowLabel")
        if label is not None and (cell is None or package.text(cell) != unescaped(label)):
            yield f"table {table.name}: the totals row does not say {label!r}"


def _tables(package: Package) -> Iterator[Table]:
    for sheet in package.sheets:
        yield from sheet.tables


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
