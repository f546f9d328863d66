"""A shop whose dashboard is refreshed, and how two workbooks are compared."""

import atexit
import re
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from zipfile import ZipFile

import pandas as pd
from openpyxl.workbook import Workbook

from tests.acceptance.command import done
from tests.acceptance.shops import simulated, subscribed
from tests.proof import office

OPTIONS = ("--gate", "0", "--margin-rate", "0.4", "--segment", "channel")
ORDERS, SPEND = simulated().orders, simulated().spend
DAY = pd.to_datetime(ORDERS["order_date"])
EARLIER, LATER = ORDERS[pd.Timestamp("2024-10-01") > DAY], ORDERS
FIRST_YEAR = ORDERS[pd.Timestamp("2023-03-01") > DAY]
FIRST_MONTHS = ORDERS[pd.Timestamp("2022-06-01") > DAY]
FIRST_MONTH = ORDERS[pd.Timestamp("2022-02-01") > DAY]
SUBSCRIBED = subscribed()
"""Orders under contract: their retention is projected."""
STAMP = "src_refreshed"


@dataclass(frozen=True)
class Shop:
    """A folder with orders, spend and the dashboard that was made of them."""

    folder: Path

    @property
    def workbook(self) -> Path:
        return self.folder / "dashboard.xlsx"

    def keep(self, orders: pd.DataFrame) -> None:
        """Put other orders into the file."""
        orders.to_csv(self.folder / "orders.csv", index=False)

    def make(self, name: str, *options: str) -> Path:
        """Make a dashboard of the orders as they are now."""
        path = self.folder / name
        spend = ("--spend", str(self.folder / "spend.csv"))
        done("dashboard", self.folder / "orders.csv", "-o", path, *OPTIONS, *spend, *options)
        return path

    def fresh(self, *options: str) -> Path:
        """Make a fresh dashboard with the activity window of the old one."""
        window = office.named_value(office.opened(self.workbook), "src_activity_window")
        return self.make("fresh.xlsx", "--activity-window", str(window), *options)


def shop_in(folder: Path, orders: pd.DataFrame) -> Shop:
    """Return a shop in a folder of its own; each dashboard is made once and copied."""
    key = id(orders)
    if key not in _MADE:
        made = Shop(Path(mkdtemp(prefix="shop-")))
        atexit.register(rmtree, made.folder, ignore_errors=True)
        made.keep(orders)
        SPEND.to_csv(made.folder / "spend.csv", index=False)
        made.make("dashboard.xlsx")
        _MADE[key] = made, orders
    copytree(_MADE[key][0].folder, folder, dirs_exist_ok=True)
    return Shop(folder)


_MADE: dict[int, tuple[Shop, pd.DataFrame]] = {}
"""The shops that are made, with their orders, by the identity of those."""


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def differing_cells(one: Path, other: Path) -> list[str]:
    """Return the cells in which two workbooks hold something else, formulas and values."""
    found = []
    for values in (False, True):
        ours, theirs = office.opened(one, values=values), office.opened(other, values=values)
        found += unlike(ours, theirs)
    return sorted(set(found))


def unlike(ours: Workbook, theirs: Workbook) -> list[str]:
    """Return the cells that two workbooks have not alike, on the sheets of the second."""
    return [cell for sheet in theirs.sheetnames for cell in _unlike(ours, theirs, sheet)]


def _unlike(ours: Workbook, theirs: Workbook, sheet: str) -> list[str]:
    one, other = ours[sheet], theirs[sheet]
    rows = range(1, max(one.max_row, other.max_row) + 1)
    columns = range(1, max(one.max_column, other.max_column) + 1)
    return [
        f"{sheet}!{one.cell(row, column).coordinate}"
        for row in rows
        for column in columns
        if not office.same(one.cell(row, column).value, other.cell(row, column).value)
    ]


def allowed(path: Path) -> set[str]:
    """Return the cells that may differ: the time of the refresh, and where the window is from."""
    book = office.opened(path)
    ((_, stamp),) = book.defined_names[STAMP].destinations
    ((_, window),) = book.defined_names["src_activity_window"].destinations
    letters, row = re.fullmatch(r"\$([A-Z]+)\$(\d+)", window).groups()  # type: ignore[union-attr]
    source = f"{chr(ord(letters) + 2)}{row}"
    return {f"Assumptions!{stamp.replace('$', '')}", f"Assumptions!{source}"}


def names_of(path: Path) -> dict[str, str]:
    found = office.opened(path).defined_names
    return {name: str(defined.attr_text) for name, defined in found.items()}


def tables_of(path: Path) -> dict[str, tuple[str, list[str]]]:
    return {
        name: (table.ref, [column.name for column in table.tableColumns])
        for sheet in office.opened(path).worksheets
        for name, table in dict.items(sheet.tables)
    }


def rules_of(path: Path) -> dict[str, int]:
    return {
        f"{sheet.title}!{kept.sqref}": len(kept.rules)
        for sheet in office.opened(path).worksheets
        for kept in sheet.conditional_formatting
    }


def charts_of(path: Path) -> dict[str, tuple[str, list[object]]]:
    """Return the charts that can be seen: the cells that each hangs on, and what it shows."""
    found = {}
    held = {name: data.decode() for name, data in parts(path).items() if "/drawings/" in name}
    drawings = {name: text for name, text in held.items() if name.endswith(".xml")}
    for name, text in drawings.items():
        links = held[name.replace("drawings/", "drawings/_rels/") + ".rels"]
        for anchor in re.findall(r"<xdr:twoCellAnchor.*?</xdr:twoCellAnchor>", text, re.DOTALL):
            (title,) = re.findall(r'<xdr:cNvPr\b[^>]*? name="([^"]*)"', anchor)
            (id_,) = re.findall(r'<c:chart\b[^>]*? r:id="([^"]*)"', anchor)
            (target,) = re.findall(rf'Id="{id_}"[^>]*?Target="\.\./([^"]*)"', links)
            if 'hidden="1"' not in anchor:
                place = ",".join(re.findall(r"<xdr:(?:row|col)>(\d+)<", anchor))
                found[title] = place, _shown(parts(path)[f"xl/{target}"].decode())
    return found


def _shown(chart: str) -> list[object]:
    """Return the titles, ranges and values of a chart."""
    said = re.findall(r"<(?:a:t|c:f|c:v)>([^<]*)<", chart)
    return [round(float(one), 9) if re.fullmatch(r"[\d.e-]+", one) else one for one in said]
