"""LibreOffice as a second opinion: every formula calculated anew, every sheet drawn."""

import atexit
import math
import os
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.cell import rows_from_range
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook import Workbook
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from tests.proof.inputs import with_inputs
from tests.proof.tools import PDFTOPPM, SOFFICE, require

SECONDS = 180
"""How long one conversion may take before it and its children are ended."""
CLOSE = 1e-9
"""The relative difference of two numbers that are the same."""
# Without this setting LibreOffice trusts the values in the file. 0: always calculate.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


@dataclass(frozen=True, slots=True)
class Program:
    """LibreOffice as it is started: with which options, and in which environment."""

    options: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A formula whose value in the file is not the value it has."""

    cell: str
    formula: str
    cached: object
    recalculated: object

    def __str__(self) -> str:
        """Say it in one line."""
        said = f"{self.cell}: the file says {self.cached!r}, LibreOffice {self.recalculated!r}"
        return f"{said} for {self.formula}"


def convert(
    path: Path, kind: str, folder: Path, *, name: str | None = None, program: Program | None = None
) -> Path:
    """Convert a file with LibreOffice, and return the file it made."""
    soffice, used = require(SOFFICE), program or _without_extensions()
    options = ["--headless", "--norestore", "--nologo", "--convert-to", name or kind]
    command = [soffice, *used.options, *options, "--outdir", folder, path]
    said = output(list(map(str, command)), used.environment)
    made = folder / f"{path.stem}.{kind}"
    # A conversion that failed still ends with 0.
    assert made.exists(), f"LibreOffice made no {kind} of {path}: {said}"
    return made


def output(command: list[str], environment: Mapping[str, str]) -> str:
    """Run a program; when it takes too long, end it and every process that it started."""
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env=dict(environment),
    ) as process:
        try:
            return process.communicate(timeout=SECONDS)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise


def recalculated(path: Path, program: Program | None = None) -> Workbook:
    """Return the workbook with the values that LibreOffice calculates, formulas replaced."""
    with tempfile.TemporaryDirectory() as folder:
        form = "xlsx:Calc MS Excel 2007 XML"
        made = convert(path, "xlsx", Path(folder), name=form, program=program)
        return opened(made, values=True)


def recalculated_with(path: Path, changes: Mapping[str, object]) -> Workbook:
    """Return the recalculated workbook after the input cells of some names were changed."""
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / "changed.xlsx"
        with_inputs(path, changed, changes)
        return recalculated(changed)


def differences(path: Path, program: Program | None = None) -> list[Difference]:
    """Return the formulas whose value in the file is wrong, and every cell that shows an error."""
    formulas, cached, anew = opened(path), opened(path, values=True), recalculated(path, program)
    found = []
    for sheet in formulas.worksheets:
        for address, formula in _formula_cells(sheet):
            before, after = cached[sheet.title][address], anew[sheet.title][address]
            if "e" in {before.data_type, after.data_type} or not same(before.value, after.value):
                where = f"{sheet.title}!{address}"
                found.append(Difference(where, formula, before.value, after.value))
    return found + _errors(anew, {difference.cell for difference in found})


def formula_count(path: Path, except_sheets: Collection[str] = ()) -> int:
    """Return the number of cells with a formula, some sheets left out."""
    counted = [sheet for sheet in opened(path).worksheets if sheet.title not in except_sheets]
    return sum(1 for sheet in counted for _ in _formula_cells(sheet))


def named_value(workbook: Workbook, name: str) -> Any:  # noqa: ANN401 - whatever the cell holds
    """Return the value of the one cell that a defined name stands for."""
    ((sheet, address),) = workbook.defined_names[name].destinations
    return workbook[sheet.replace("''", "'")][address.replace("$", "")].value


def to_pdf(path: Path, folder: Path) -> Path:
    """Draw a workbook as a PDF file in a folder."""
    return convert(path, "pdf", folder)


def to_png(path: Path, folder: Path, *, dpi: int = 80) -> list[Path]:
    """Draw a workbook as pictures in a folder, one a page, in order."""
    pdf = to_pdf(path, folder)
    command = [require(PDFTOPPM), "-r", str(dpi), "-png", str(pdf), str(folder / path.stem)]
    subprocess.run(command, check=True, timeout=SECONDS)
    return sorted(folder.glob(f"{path.stem}-*.png"))


def opened(path: Path, *, values: bool = False) -> Workbook:
    """Open a workbook with openpyxl, which warns of extensions that it leaves out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path, data_only=values)


def settings() -> Path:
    """Return a folder with settings of LibreOffice that goes with this process."""
    folder = Path(tempfile.mkdtemp(prefix="soffice-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "user").mkdir()
    (folder / "user/registrymodifications.xcu").write_text(_PROFILE)
    return folder


@cache
def _without_extensions() -> Program:
    """Return LibreOffice with the settings of this process: two may not share them."""
    return Program((f"-env:UserInstallation={settings().as_uri()}",), os.environ)


def _formula_cells(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    """Walk over the cells that a formula fills, those of an array formula one by one."""
    for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
        if isinstance(cell.value, ArrayFormula):
            for row in rows_from_range(cell.value.ref):
                yield from ((address, str(cell.value.text)) for address in row)
        else:
            yield cell.coordinate, str(cell.value)


def _errors(workbook: Workbook, known: Collection[str]) -> list[Difference]:
    cells = (
        (f"{sheet.title}!{cell.coordinate}", cell.value)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    )
    return [
        Difference(where, "a cell", value, value) for where, value in cells if where not in known
    ]


def same(one: object, other: object) -> bool:
    """Return whether two cells hold the same: numbers but for their last digits."""
    one, other = _plain(one), _plain(other)
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=CLOSE, abs_tol=1e-12)
    return one == other


def _plain(value: object) -> object:
    """Return dates and booleans as the numbers they are, and a blank as an empty text."""
    match value:
        case None:
            return ""
        case bool() | int() | float():
            return float(value)
        case datetime() | date() | time() | timedelta():
            return float(to_excel(value))  # type: ignore[no-untyped-call]
    return value
