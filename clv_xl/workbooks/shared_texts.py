"""The shared texts of a workbook: looked up, added to, and emptied where no cell needs them."""

import re
from collections.abc import Collection, Sequence

import numpy as np

from clv_xl.arrays import Ints
from clv_xl.workbooks.cells import plain
from clv_xl.workbooks.sheet_xml import string_items

EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst '
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="0" uniqueCount="0">'
    "</sst>"
)
_ITEM = re.compile(r"<si\b[^>]*?/>|<si\b[^>]*>(.*?)</si>", re.DOTALL)
_TEXT = re.compile(r"<t\b[^>]*?/>|<t\b[^>]*>(.*?)</t>", re.DOTALL)
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.DOTALL)
_NOTHING = "<si><t/></si>"


class SharedTexts:
    """The texts that cells refer to by their number.

    Parameters
    ----------
    xml
        The part that lists them.
    """

    def __init__(self, xml: str) -> None:
        """Read the texts; pieces of a formatted one are joined."""
        self._xml = xml
        self._items = [found[0] for found in _ITEM.finditer(xml)]
        self.texts = [_text_of(item) for item in self._items]
        self._known = len(self._items)
        self._numbers = {
            text: number
            for number, (text, item) in enumerate(zip(self.texts, self._items, strict=True))
            if "<r>" not in item and "<rPh" not in item
        }

    def number(self, text: str) -> int:
        """Return the number of a text, which is added where it is new."""
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return number

    def numbers(self, texts: Sequence[str]) -> Ints:
        """Return the numbers of many texts."""
        return np.fromiter(map(self.number, texts), dtype=np.int64, count=len(texts))

    def xml(self, needed: Collection[int], references: int) -> str:
        """Return the part anew; texts that no cell needs any more are left empty.

        Parameters
        ----------
        needed
            The numbers of the texts that some cell refers to.
        references
            How many cells refer to one.
        """
        spare = [n for n, item in enumerate(self._items) if n not in needed and self.texts[n]]
        if not spare and len(self.texts) == self._known:
            return self._xml
        kept = [item if number in needed else _NOTHING for number, item in enumerate(self._items)]
        kept.append(string_items(self.texts[self._known :]))
        counts = f' count="{references}" uniqueCount="{len(self.texts)}"'
        opened = re.search(r"<sst\b([^>]*?)/?>", self._xml)
        attributes = re.sub(r'\s(?:count|uniqueCount)="\d*"', "", opened[1] if opened else "")
        before = self._xml[: opened.start()] if opened else ""
        return f"{before}<sst{attributes}{counts}>{''.join(kept)}</sst>"


def _text_of(item: str) -> str:
    return plain("".join(_TEXT.findall(_PHONETIC.sub("", item))))
