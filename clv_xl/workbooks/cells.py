"""What a cell of a finished workbook holds: as a value, and as the XML it stands in."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import NamedTuple, TypeAlias

from clv_xl.workbooks.sheet_xml import cell_text

Value: TypeAlias = float | str | bool | None
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_FORMULA = re.compile(r"<f\b([^>]*?)(?:/>|>(.*?)</f>)", re.DOTALL)
_VALUE = re.compile(r"<v\b[^>]*>(.*?)</v>", re.DOTALL)
_TEXT = re.compile(r"<t\b[^>]*>(.*?)</t>", re.DOTALL)
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.DOTALL)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SAME = 1e-13


@dataclass(frozen=True, slots=True)
class Cell:
    """The content of a cell: a formula with the value it had last, or a value.

    An error such as ``#N/A`` is a text with `error` set.
    """

    formula: str | None = None
    value: Value = None
    error: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing is in it."""
        return self.formula is None and self.value in {None, ""}

    def same(self, other: "Cell") -> bool:
        """Return whether two cells hold the same, numbers up to their last digits."""
        if self.blank and other.blank:
            return True
        if (self.formula, self.error) != (other.formula, other.error):
            return False
        if self.formula is not None and (self.value is None) != (other.value is None):
            return False  # no value is not the empty text
        one, two = ("" if cell.value is None else cell.value for cell in (self, other))
        if isinstance(self.value, (int, float)) and isinstance(other.value, (int, float)):
            alike = isinstance(self.value, bool) == isinstance(other.value, bool)
            near = abs(self.value - other.value) <= _SAME * abs(self.value)
            return alike and near
        return type(one) is type(two) and one == two


BLANK = Cell()


class RawCell(NamedTuple):
    """A cell as its sheet writes it: its attributes without its reference, and what is in it."""

    attributes: str = ""
    inside: str | None = None

    @property
    def style(self) -> str:
        """The number of its style, empty where it has none."""
        return _style_and_kind(self.attributes)[0]

    @property
    def kind(self) -> str:
        """The type of its value: ``n``, ``s`` and so on."""
        return _style_and_kind(self.attributes)[1]

    @property
    def blank(self) -> bool:
        """Whether nothing is in it."""
        return not self.inside or not ("<f" in self.inside or "<v" in self.inside or self.texts)

    @property
    def texts(self) -> list[str]:
        """The pieces of an inline text."""
        return _TEXT.findall(_PHONETIC.sub("", self.inside or ""))

    @property
    def formula(self) -> re.Match[str] | None:
        """The formula's element: its attributes and its text."""
        if not self.inside or "<f" not in self.inside:
            return None
        return _FORMULA.search(self.inside)

    def styled(self, style: str) -> "RawCell":
        """Return the cell in another style."""
        rest = re.sub(r'\s*\bs="\d*"', "", self.attributes)
        return RawCell(f' s="{style}"{rest}' if style else rest, self.inside)

    def xml(self, reference: str) -> str:
        """Return the cell at a place of its sheet."""
        if self.inside is None:
            return f'<c r="{reference}"{self.attributes}/>'
        return f'<c r="{reference}"{self.attributes}>{self.inside}</c>'


@lru_cache(maxsize=4096)
def _style_and_kind(attributes: str) -> tuple[str, str]:
    said = attributes_of(attributes)
    return said.get("s", ""), said.get("t", "n")


def attributes_of(text: str) -> dict[str, str]:
    """Return the attributes of an element from its text.

    Examples
    --------
    >>> attributes_of(' r="B2" s="3"')
    {'r': 'B2', 's': '3'}
    """
    return dict(_ATTRIBUTE.findall(text))


def plain(text: str) -> str:
    r"""Return the characters that a text in XML stands for.

    Examples
    --------
    >>> plain("A &amp; B_x000B_")
    'A & B\x0b'
    """
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), unescape(text))


def content_of(raw: RawCell, shared: "list[str]") -> Cell:
    """Return what a cell holds; `shared` are the workbook's shared texts.

    The formula of a cell that shares it with another is that cell's alone to tell: it is empty.
    """
    if raw.inside is None:
        return BLANK
    found = raw.formula
    formula = None if found is None else unescape(found[2] or "")
    kind = raw.kind
    if kind == "inlineStr":
        return Cell(formula, plain("".join(raw.texts)))
    value = _VALUE.search(raw.inside)
    if value is None:
        return Cell(formula, "" if kind == "str" else None)
    return Cell(formula, _decoded(kind, value[1], shared), error=kind == "e")


def _decoded(kind: str, text: str, shared: "list[str]") -> Value:
    if kind == "s":
        number = int(text)
        return shared[number] if number < len(shared) else ""
    if kind == "b":
        return text.strip() in {"1", "true"}
    if kind in {"str", "e", "d"}:
        return plain(text)
    return float(text) if text.strip() else None


def written(cell: Cell, style: str, shared_number: int | None) -> RawCell:
    """Return a cell as its sheet writes it.

    Parameters
    ----------
    cell
        What it holds.
    style
        The number of its style, empty for none.
    shared_number
        The number of its text among the shared ones, where it is a text without a formula.
    """
    attributes = f' s="{style}"' if style else ""
    if cell.blank:
        return RawCell(attributes)
    formula = "" if cell.formula is None else f"<f>{cell_text(cell.formula)}</f>"
    value = cell.value
    if value is None:
        return RawCell(attributes, formula)
    kind, text = _typed(cell, shared_number)
    return RawCell(attributes + kind, f"{formula}<v>{text}</v>")


def _typed(cell: Cell, shared_number: int | None) -> tuple[str, str]:
    """Return the type of a value as an attribute, and the value as text."""
    value = cell.value
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, (int, float)):
        return "", _number(value)
    if cell.error:
        return ' t="e"', str(value)
    if cell.formula is not None:
        return ' t="str"', cell_text(str(value))
    return ' t="s"', str(shared_number)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 2**53 else repr(float(value))
