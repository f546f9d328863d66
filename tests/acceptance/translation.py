"""A language that no one speaks, and what a workbook or a record still says in another.

Every piece of every text of the catalogue is put between ⟦ and ⟧; places stay outside. What stands
in a workbook outside such marks came from somewhere else: from the data, or from the code.
"""

import json
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from clv_xl import __version__
from clv_xl.customers.renewals import BILLING_DAYS
from clv_xl.errors import ClvError
from clv_xl.messages import MessageFile
from clv_xl.models.bg_nbd import BgNbdFit
from clv_xl.models.gamma_gamma import GammaGammaFit
from clv_xl.models.mbg_nbd import MbgNbdFit
from clv_xl.models.model_names import MODELS
from clv_xl.models.pareto_nbd import ParetoNbdFit
from clv_xl.models.purchase_models import Status
from clv_xl.models.shifted_beta_geometric import ShiftedBetaGeometricFit
from clv_xl.sources.recorded_options import options_from
from tests.proof.formula_text import pieces
from tests.proof.package import Package, Sheet, unescaped

MARKED = re.compile(r"[⟦‹][^⟦⟧‹›]*(?:[⟧›…]|$)")
"""A piece of the catalogue, or a text that stands so in the data; some end where a cell does."""
NUMBER = re.compile(r"\d[\d.,]*(?:[eE][+-]?\d+)?")
HASH = re.compile(r"[0-9a-f]{64}")
ZONE = re.compile(r"UTC(?:[+-]\d\d:\d\d)?")
QUOTED = re.compile(r'"([^"]*)"')

TOKENS: Mapping[str, tuple[str, ...]] = {
    "models are called by the name that the literature gives them": (
        *(BgNbdFit.model, MbgNbdFit.model, ParetoNbdFit.model, GammaGammaFit.model),
        ShiftedBetaGeometricFit.model,
    ),
    "parameters are the letters of the models' formulas": (
        *("r", "alpha", "beta", "s", "a", "b", "p", "q", "gamma"),
    ),
    "statuses of fits are compared in formulas and read by programs": tuple(Status),
    "values of options are shown as they are typed": (
        *("net", "drop", "refuse", "keep", "dmy", "mdy", "ymd", *MODELS),
        *BILLING_DAYS,
    ),
    "ABC classes are letters": ("A", "B", "C"),
    "a version is a number": (__version__,),
}
CODES: Mapping[str, tuple[str, ...]] = {
    "what a program reads in the record does not change with the language": (
        *("revenue", "contribution", "shown", "range", "withheld", "day", "month", "quarter"),
    ),
}
_EVERY_TOKEN = frozenset(str(token) for tokens in TOKENS.values() for token in tokens)
_EVERY_CODE = frozenset(code for codes in CODES.values() for code in codes)
NAMED = re.compile(r"(?:in|out|calc|fact|prev|src|data|at)_\w+")
"""The defined name of a figure, matrix or block: formulas and a refresh refer to it."""
WRITERS_OWN = ("Worksheets", "Named Ranges", "Microsoft Excel", "true", "false")
"""What XlsxWriter says of a file in its properties, for Excel alone."""
_DATED = "{http://www.w3.org/2001/XMLSchema-instance}type"
"""Marks the dates of a file's properties."""
PARTS = re.compile(
    r"\[Content_Types\]\.xml|.*\.rels|docProps/(?:app|core)\.xml|xl/(?:workbook|styles)\.xml|"
    r"xl/sharedStrings\.xml|xl/theme/theme1\.xml|xl/worksheets/sheet\d+\.xml|"
    r"xl/(?:tables/table|charts/chart|drawings/drawing)\d+\.xml"
)
"""The kinds of parts a workbook of ours has: another may hold texts that nobody looks at."""


def translated(file: MessageFile) -> MessageFile:
    """Return the catalogue in the language that no one speaks; it runs from right to left."""
    messages = {key: _marked(text) for key, text in file.messages.items()}
    return replace(file, messages=messages, right_to_left=True)


def _marked(text: str) -> str:
    parts = []
    for literal, place, spec, _ in string.Formatter().parse(text):
        parts.append(f"⟦{literal}⟧" if literal else "")
        if place is not None:
            parts.append(f"{{{place}:{spec}}}" if spec else f"{{{place}}}")
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Said:
    """One text and where it stands."""

    where: str
    text: str


def untranslated(texts: Iterable[Said], data: frozenset[str], tokens: frozenset[str]) -> list[str]:
    """Return what is neither translated, nor of the data, nor one of the tokens."""
    known = data | tokens
    return [
        f"{said.where}: {piece!r} in {said.text!r}"
        for said in texts
        for piece in MARKED.split(said.text)
        if not _known(piece, known) and not _recorded(said.text)
    ]


def _recorded(text: str) -> bool:
    """Return whether a text is the options of the run, as typed: a refresh reads them again."""
    try:
        return text.startswith("--") and bool(options_from(text))
    except ClvError:
        return False


def _known(piece: str, known: frozenset[str]) -> bool:
    bare = piece.strip()
    if bare in known or HASH.fullmatch(bare) or ZONE.fullmatch(bare):
        return True
    return not any(sign.isalpha() for sign in NUMBER.sub("", bare))


def foreign_in_workbook(package: Package, data: frozenset[str]) -> list[str]:
    """Return every text of a workbook that came from neither the catalogue nor the data."""
    names = {name.get("name", "") for name in package.names}
    tokens = _EVERY_TOKEN | {name for name in names if NAMED.fullmatch(name)}
    unknown = [f"unknown part {part}" for part in package.parts if not PARTS.fullmatch(part)]
    return unknown + untranslated(texts_of(package), data, frozenset(tokens))


def texts_of(package: Package) -> Iterator[Said]:
    """Return every text that a workbook shows, and those that its formulas would."""
    yield from (Said("name of a sheet", name) for name in package.sheet_names)
    yield from (Said("cell", text) for text in package.strings)
    yield from _of_formulas(package)
    for sheet in package.sheets:
        yield from _of_cells(package, sheet)
        yield from _of_rules(sheet)
        yield from _of_tables(sheet)
    yield from _of_drawings(package)
    yield from _of_formats(package)
    yield from _of_properties(package)


def _of_formulas(package: Package) -> Iterator[Said]:
    for formula in package.formulas:
        for piece in pieces(formula.text):
            if piece.kind == "string":
                yield Said(formula.where, piece.text[1:-1].replace('""', '"'))


def _of_cells(package: Package, sheet: Sheet) -> Iterator[Said]:
    for cell in sheet.cells():
        if cell.get("t") in {"str", "inlineStr"}:
            yield Said(f"{sheet.name}!{cell.get('r')}", package.text(cell) or "")


def _of_rules(sheet: Sheet) -> Iterator[Said]:
    """Return what validations say, what conditional formats look for, and what is printed."""
    for rule in sheet.root.iterfind("{*}dataValidations/{*}dataValidation"):
        for attribute in ("promptTitle", "prompt", "errorTitle", "error"):
            yield Said(f"{sheet.name} {attribute}", unescaped(rule.get(attribute, "")))
    for rule in sheet.root.iterfind("{*}conditionalFormatting/{*}cfRule"):
        yield Said(f"{sheet.name} rule", rule.get("text", ""))
    for line in sheet.root.iterfind("{*}headerFooter/*"):
        yield Said(f"{sheet.name} print", re.sub(r"&[LCRFAPN]|&\d+", "", line.text or ""))


def _of_tables(sheet: Sheet) -> Iterator[Said]:
    for table in sheet.tables:
        yield from (Said(f"header of {table.name}", header) for header in table.columns)
        for column in table.root.iterfind("{*}tableColumns/*"):
            yield Said(f"total of {table.name}", column.get("totalsRowLabel", ""))


def _of_formats(package: Package) -> Iterator[Said]:
    for shown in package.root("xl/styles.xml").iterfind("{*}numFmts/{*}numFmt"):
        for quoted in QUOTED.findall(shown.get("formatCode", "")):
            yield Said("number format", quoted)


def _of_properties(package: Package) -> Iterator[Said]:
    for part in ("docProps/core.xml", "docProps/app.xml"):
        for element in package.root(part).iter():
            text = (element.text or "").strip()
            printed = text.endswith(("!Print_Titles", "!Print_Area"))
            if not (element.get(_DATED) or text in WRITERS_OWN or printed):
                yield Said(part, text)


def _of_drawings(package: Package) -> Iterator[Said]:
    for part in package.parts:
        if part.startswith("xl/charts/chart"):
            for element in package.root(part).iter():
                if element.tag.endswith(("}t", "}v")):
                    yield Said(part, element.text or "")
                for quoted in QUOTED.findall(element.get("formatCode", "")):
                    yield Said(part, quoted)
        elif part.startswith("xl/drawings/drawing"):
            for shape in package.root(part).iterfind(".//*[@descr]"):
                yield Said(part, shape.get("descr", ""))
                yield Said(part, shape.get("title", ""))


def foreign_in_record(text: str, data: frozenset[str]) -> list[str]:
    """Return every text of a record that came from neither the catalogue nor the data."""
    return untranslated(_of_record(json.loads(text), "record"), data, _EVERY_TOKEN | _EVERY_CODE)


def _of_record(value: Any, where: str) -> Iterator[Said]:  # noqa: ANN401 - what JSON holds
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "table":  # the name of an Excel table
                yield from _of_record(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _of_record(inner, where)
    elif isinstance(value, str):
        yield Said(where, value)


def foreign_on_screen(output: str, data: frozenset[str]) -> list[str]:
    """Return what a command prints that came from neither the catalogue nor the data."""
    lines = (Said("screen", line) for line in output.splitlines())
    return untranslated(lines, data, _EVERY_TOKEN)
