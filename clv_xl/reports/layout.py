"""What a layout says: which sheets there are, and what stands on them in which order.

A layout is data (``workbook_templates/<name>.toml``). It names what a report holds (cards, tables,
matrices, figures, charts, lines) and never computes anything.
"""

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from clv_xl.errors import SourceError
from clv_xl.reports.report import Report

BLOCK_KINDS = (
    "title",
    "lines",
    "cards",
    "table",
    "matrix",
    "figures",
    "chart",
    "legend",
)


@dataclass(frozen=True, slots=True)
class Block:
    """One thing on a sheet.

    Parameters
    ----------
    kind
        One of `BLOCK_KINDS`.
    names
        What it shows: names of cards, figures or blocks of the report; a trailing ``*`` takes all
        that begin so.
    settings
        Where and how large: ``at`` (a cell; else below the block before), ``heading`` (key of a
        text above it), ``width`` and ``height`` in pixels, ``columns`` in grid columns.
    """

    kind: str
    names: tuple[str, ...]
    settings: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The only name, where there is one."""
        return self.names[0] if self.names else ""


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """One sheet: `key` names it in the message catalogue, `column_pixels` sets its columns."""

    key: str
    blocks: tuple[Block, ...]
    column_pixels: tuple[int, ...]
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole workbook."""

    name: str
    sheets: tuple[SheetLayout, ...]


def layout_from(tree: Mapping[str, Any]) -> Layout:
    """Return a layout from its data, or say what it gets wrong."""
    name = str(tree.get("name", "layout"))
    try:
        return Layout(name, tuple(_sheet(name, sheet) for sheet in tree["sheets"]))
    except KeyError as fault:
        raise SourceError(
            f"layout {name} lacks {fault.args[0]}: a layout has sheets, a sheet a key and blocks, "
            "a block a kind"
        ) from None


def _sheet(layout: str, tree: Mapping[str, Any]) -> SheetLayout:
    blocks = tuple(_block(layout, block) for block in tree.get("blocks", ()))
    settings = {k: v for k, v in tree.items() if k not in {"key", "blocks", "column_pixels"}}
    return SheetLayout(tree["key"], blocks, tuple(tree.get("column_pixels", ())), settings)


def _block(layout: str, tree: Mapping[str, Any]) -> Block:
    kind = tree["kind"]
    if kind not in BLOCK_KINDS:
        raise SourceError(f"layout {layout} has a block of kind {kind}; there are {BLOCK_KINDS}")
    names = tree.get("names", [tree["name"]] if "name" in tree else [])
    settings = {k: v for k, v in tree.items() if k not in {"kind", "name", "names"}}
    return Block(kind, tuple(names), settings)


def chosen(names: tuple[str, ...], available: Mapping[str, Any]) -> list[str]:
    """Return the names that a report has, in the layout's order, ``*`` and ``?`` spread out.

    Examples
    --------
    >>> chosen(("out_clv", "in_*"), {"in_cac": 1, "in_margin_rate": 2, "out_clv": 3})
    ['out_clv', 'in_cac', 'in_margin_rate']
    """
    matching = (fnmatch.filter(available, name) for name in names)
    return list(dict.fromkeys(found for some in matching for found in some))


def fitting(layout: Layout, report: Report) -> Layout:
    """Return a layout without the tables that a report lacks, and without sheets that hold no more.

    A report need not list its customers; a sheet that only framed such a list goes with it.
    """
    sheets = (_fitting_sheet(sheet, report) for sheet in layout.sheets)
    return Layout(layout.name, tuple(sheet for sheet in sheets if sheet is not None))


def _fitting_sheet(sheet: SheetLayout, report: Report) -> SheetLayout | None:
    if "data_table" in sheet.settings:
        return sheet if sheet.settings["data_table"] in report.tables else None
    held = tuple(
        block
        for block in sheet.blocks
        if block.kind != "table" or chosen(block.names, report.tables)
    )
    if len(held) < len(sheet.blocks) and all(block.kind == "title" for block in held):
        return None
    return replace(sheet, blocks=held)


def missing_figures(layout: Layout, report: Report) -> list[str]:
    """Return the figures that no sheet of the layout defines; formulas may need each of them."""
    shown: set[str] = set()
    for sheet in layout.sheets:
        for block in sheet.blocks:
            if block.kind == "figures":
                shown |= set(chosen(block.names, report.figures))
    return sorted(set(report.figures) - shown)
