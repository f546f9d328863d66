"""The defined names of a finished workbook, changed in place."""

import re
from collections.abc import Callable, Sequence
from html import escape, unescape

from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.cells import attributes_of
from clv_xl.workbooks.formula_refs import Mover, moved_formula

_NAME = re.compile(r"<definedName\b([^>]*)>(.*?)</definedName>", re.DOTALL)
_ALL = re.compile(r"<definedNames>.*?</definedNames>", re.DOTALL)
_BEFORE = ("</sheets>", "</functionGroups>", "</externalReferences>")


class DefinedNames:
    """The names of one workbook.

    Parameters
    ----------
    xml
        The workbook's part.
    """

    def __init__(self, xml: str) -> None:
        """Read the names."""
        found = [[said, unescape(refers).strip()] for said, refers in _NAME.findall(xml)]
        self._entries = found
        self._read = [list(entry) for entry in found]
        self._areas: dict[str, Area | None] | None = None

    @property
    def areas(self) -> dict[str, Area | None]:
        """The names that hold in the whole workbook; None where one stands for no cells."""
        if self._areas is None:
            said = ((attributes_of(attributes), refers) for attributes, refers in self._entries)
            self._areas = {
                unescape(one["name"]): Area.parsed(refers)
                for one, refers in said
                if "localSheetId" not in one
            }
        return dict(self._areas)

    def define(self, name: str, area: Area | None, *, hidden: bool = False) -> None:
        """Let a name stand for some cells; None takes it away."""
        self._areas = None
        known = next((entry for entry in self._entries if _is(entry[0], name)), None)
        if area is None:
            if known is not None:
                self._entries.remove(known)
        elif known is None:
            said = f' name="{escape(name)}"' + (' hidden="1"' if hidden else "")
            self._entries.append([said, area.reference])
        elif Area.parsed(known[1]) != area:
            known[1] = area.reference

    def move(self, where: Mover) -> None:
        """Let every name follow its cells."""
        self._areas = None
        for entry in self._entries:
            there = moved_formula(entry[1], "", where)
            area = Area.parsed(there)
            one_cell = area is not None and area.rows == area.columns == 1
            if area is not None and one_cell and there != entry[1]:
                there = area.reference  # not C5:C5
            entry[1] = there

    def drop(self, unwanted: Callable[[str], bool]) -> list[str]:
        """Take away the names for unwanted formulas, and return them."""
        self._areas = None
        gone = [entry for entry in self._entries if unwanted(entry[1])]
        self._entries = [entry for entry in self._entries if entry not in gone]
        return [unescape(attributes_of(said)["name"]) for said, _ in gone]

    def renumber(self, places: Sequence[int | None]) -> None:
        """Let names that belong to a sheet follow it; those of a sheet that is gone go."""
        self._areas = None
        kept = []
        for said, refers in self._entries:
            sheet = attributes_of(said).get("localSheetId")
            place = None if sheet is None else places[int(sheet)]
            if sheet is None or place is not None:
                anew = re.sub(r'(\slocalSheetId=")\d+(")', rf"\g<1>{place}\2", said)
                kept.append([anew, refers])
        self._entries = kept

    @property
    def changed(self) -> bool:
        """Whether any name was added, moved or taken away."""
        return self._entries != self._read

    def xml(self, book: str) -> str:
        """Return the workbook's part with the names as they are now."""
        listed = "".join(
            f"<definedName{said}>{escape(refers, quote=False)}</definedName>"
            for said, refers in self._entries
        )
        whole = f"<definedNames>{listed}</definedNames>" if listed else ""
        found = _ALL.search(book)
        if found is not None:
            return book[: found.start()] + whole + book[found.end() :]
        at = max(book.rfind(end) + len(end) for end in _BEFORE if end in book)
        return book[:at] + whole + book[at:]


def _is(attributes: str, name: str) -> bool:
    said = attributes_of(attributes)
    return "localSheetId" not in said and unescape(said["name"]).casefold() == name.casefold()
