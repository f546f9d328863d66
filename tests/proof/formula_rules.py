"""Rules about formulas: their form, the functions they call, and what they refer to."""

import re
from collections.abc import Iterator

from tests.proof.formula_text import BrokenFormulaError, Piece, pieces, structured
from tests.proof.function_names import OLD, PREFIXED, TOO_NEW
from tests.proof.package import Area, Formula, Package

LONGEST_FORMULA, LONGEST_STRING, DEEPEST = 8_192, 255, 64
_CELL = re.compile(r"\$?[A-Za-z]{1,3}\$?\d{1,7}")
_COLUMN_OR_ROW = re.compile(r"\$?[A-Za-z]{1,3}|\$\d{1,7}")
_PREFIX = re.compile(r"^_xlfn\.(?:_xlws\.)?")
_SPECIAL = {"#All", "#Data", "#Headers", "#Totals", "#This Row"}


def form(package: Package) -> Iterator[str]:
    """Too long, unbalanced, with a local separator, or with a text too long for a formula."""
    for formula in package.formulas:
        if formula.text.startswith("=") and formula.kind != "link":
            yield f"{formula.where}: the formula starts with ="
        if len(formula.text) > LONGEST_FORMULA:
            yield f"{formula.where}: the formula has {len(formula.text)} characters"
        try:
            found = pieces(formula.text.removeprefix("="))
        except BrokenFormulaError as fault:
            yield f"{formula.where}: {fault} in {formula.text[:80]}"
            continue
        if any(p.kind == "string" and len(p.text) > LONGEST_STRING + 2 for p in found):
            yield f"{formula.where}: a text in the formula is longer than {LONGEST_STRING}"
        if _depth(found) > DEEPEST:
            yield f"{formula.where}: the formula is more than {DEEPEST} levels deep"


def functions(package: Package) -> Iterator[str]:
    """Functions without their prefix, too new for the recipient, or unknown."""
    for formula in package.formulas:
        for piece in _pieces(formula):
            if piece.kind != "function" or piece.text in package.functions:
                continue
            if fault := _function_fault(piece.text):
                yield f"{formula.where}: {piece.text} {fault}"


def references(package: Package) -> Iterator[str]:
    """Sheets, names, tables and columns that do not exist."""
    for formula in package.formulas:
        for before, piece, after in _neighbours(formula):
            if fault := _reference_fault(package, formula.table, (before, piece, after)):
                yield f"{formula.where}: {fault} in {formula.text[:80]}"


def plain_references(package: Package) -> Iterator[str]:
    """Table references where only cell addresses and names work: in rules and charts."""
    for formula in package.formulas:
        if formula.kind in {"rule", "chart"}:
            for piece in _pieces(formula):
                if piece.kind == "table":
                    yield f"{formula.where}: {piece.text}[{piece.inside}] is not possible here"


def _pieces(formula: Formula) -> list[Piece]:
    try:
        return pieces(formula.text.removeprefix("="))
    except BrokenFormulaError:
        return []  # `form` tells of it


def _neighbours(formula: Formula) -> Iterator[tuple[str, Piece, str]]:
    """Walk over the pieces, each with the text before and after it."""
    found = _pieces(formula)
    texts = ["", *(piece.text for piece in found), ""]
    yield from zip(texts, found, texts[2:], strict=False)


def _depth(found: list[Piece]) -> int:
    depth = deepest = 0
    for piece in found:
        if piece.kind == "mark":
            depth += (piece.text == "(") - (piece.text == ")")
            deepest = max(deepest, depth)
    return deepest


def _function_fault(name: str) -> str:
    bare = _PREFIX.sub("", name).upper()
    if bare in TOO_NEW:
        return "is newer than Excel 2016"
    if bare in PREFIXED:
        return "" if name.startswith("_xlfn.") else "needs _xlfn. before it"
    return "" if bare in OLD and bare == name.upper() else "is no worksheet function"


def _reference_fault(package: Package, around: str, place: tuple[str, Piece, str]) -> str:
    before, piece, after = place
    match piece.kind:
        case "sheet":
            known = {name.casefold() for name in package.sheet_names}
            return "" if piece.text.casefold() in known else f"there is no sheet {piece.text}"
        case "error":
            return "#REF! stands" if piece.text == "#REF!" else ""
        case "table":
            return _table_fault(package, piece.text or around, piece.inside)
        case "word" if not _is_address(before, piece.text, after):
            return "" if _known(package, piece.text) else f"there is no name {piece.text}"
    return ""


def _is_address(before: str, word: str, after: str) -> bool:
    if _CELL.fullmatch(word):
        return Area.parsed(word.upper()) is not None
    return ":" in {before, after} and _COLUMN_OR_ROW.fullmatch(word) is not None


def _known(package: Package, word: str) -> bool:
    names = {name.get("name", "").casefold() for name in package.names}
    tables = {table.name.casefold() for sheet in package.sheets for table in sheet.tables}
    return word.casefold() in names | tables | {"true", "false"}


def _table_fault(package: Package, name: str, inside: str) -> str:
    tables = {t.name.casefold(): t for sheet in package.sheets for t in sheet.tables}
    table = tables.get(name.casefold())
    if table is None:
        return f"there is no table {name}" if name else f"[{inside}] is in no table"
    try:
        columns, items = structured(inside)
    except BrokenFormulaError as fault:
        return str(fault)
    known = {column.casefold() for column in table.columns}
    missing = [column for column in columns if column.casefold() not in known]
    missing += [item for item in items if item not in _SPECIAL]
    return f"the table {name} has no column {', '.join(missing)}" if missing else ""
