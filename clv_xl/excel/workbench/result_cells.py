"""The cells of results, stored with the types that Excel gives them.

XlsxWriter writes constants into the cells that a formula spills into, and knows no truth value of
an array formula. A text that is a result has a type of its own in a file; a constant could be taken
for something that stands in the way of the spill.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

_PADDING = re.compile(r'<c r="([A-Z]+\d+)"((?: s="\d+")?)><v>0</v></c>')
_FORMULA = re.compile(r'<c r="([A-Z]+\d+)"((?: s="\d+")?) cm="1"><f')


@dataclass(frozen=True, slots=True)
class ResultCells:
    """Cells of a sheet whose type XlsxWriter cannot write, by address."""

    texts: dict[str, str] = field(default_factory=dict)
    """Spilled texts; in the sheet, each cell holds 0."""
    truths: set[str] = field(default_factory=set)
    """Formulas that give a truth value; in the sheet, 1 or 0."""

    def typed(self, sheet_xml: str) -> str:
        """Return a sheet's XML with these cells as Excel writes them.

        Examples
        --------
        >>> ResultCells({"B2": "a < b"}).typed('<c r="B2" s="7"><v>0</v></c>')
        '<c r="B2" s="7" t="str"><v>a &lt; b</v></c>'
        >>> ResultCells(truths={"B2"}).typed('<c r="B2" cm="1"><f>…</f><v>1</v></c>')
        '<c r="B2" t="b" cm="1"><f>…</f><v>1</v></c>'
        """
        xml = _PADDING.sub(lambda found: _text_cell(found, self.texts), sheet_xml)
        return _FORMULA.sub(self._formula_cell, xml)

    def _formula_cell(self, found: re.Match[str]) -> str:
        address, style = found.groups()
        if address not in self.truths:
            return found[0]
        return f'<c r="{address}"{style} t="b" cm="1"><f'


def _text_cell(found: re.Match[str], texts: Mapping[str, str]) -> str:
    address, style = found.groups()
    if address not in texts:
        return found[0]
    text = escape(texts[address], quote=False)
    return f'<c r="{address}"{style} t="str"><v>{text}</v></c>'
