"""The styles of a finished workbook, joined by those of another one.

A workbook that a spreadsheet program has saved numbers its styles anew, so a style is carried over
by what it looks like: its font, fill, border, number format, alignment and protection.
"""

import re

from clv_xl.workbooks.cells import attributes_of

_FIRST_FORMAT = 164  # number formats below come with every program
_ELEMENT = {
    name: re.compile(rf"<{name}\b[^>]*?/>|<{name}\b[^>]*>.*?</{name}>", re.DOTALL)
    for name in ("font", "fill", "border", "dxf", "xf", "numFmt")
}


class StyleSheet:
    """The cell formats of one workbook.

    Parameters
    ----------
    xml
        The part that lists them.
    """

    def __init__(self, xml: str) -> None:
        """Read the lists of the part."""
        self.xml = xml
        self._carried: dict[tuple[int, str], str] = {}

    def listed(self, group: str, name: str) -> list[str]:
        """Return the elements of a group such as ``fonts``, in order."""
        found = self._group(group)
        return [] if found is None else [one[0] for one in _ELEMENT[name].finditer(found[2])]

    def carried(self, other: "StyleSheet", style: str) -> str:
        """Return the number, here, of a cell format of another workbook; it is added if need be."""
        key = (id(other), style)
        if key not in self._carried:
            formats = other.listed("cellXfs", "xf")
            number = int(style or 0)
            self._carried[key] = self._cell_format(other, formats[number])
        return self._carried[key]

    def carried_rule(self, other: "StyleSheet", number: int) -> int:
        """Return the number, here, of the format of a conditional rule of another workbook."""
        element = other.listed("dxfs", "dxf")[number]
        formats = {one: self._number_format(other, one) for one in _ids(element)}
        for was, now in formats.items():
            element = element.replace(f'numFmtId="{was}"', f'numFmtId="{now}"')
        return self._added("dxfs", "dxf", element)

    def _cell_format(self, other: "StyleSheet", element: str) -> str:
        said = attributes_of(element.partition(">")[0])
        parts = {"fontId": ("fonts", "font"), "fillId": ("fills", "fill")}
        parts["borderId"] = ("borders", "border")
        for attribute, (group, name) in parts.items():
            wanted = other.listed(group, name)[int(said.get(attribute, "0"))]
            element = _with(element, attribute, self._added(group, name, wanted))
        code = self._number_format(other, said.get("numFmtId", "0"))
        element = _with(_with(element, "numFmtId", code), "xfId", 0)
        return str(self._added("cellXfs", "xf", element))

    def _number_format(self, other: "StyleSheet", number: str) -> int:
        if int(number) < _FIRST_FORMAT:
            return int(number)
        theirs, ours = (
            {said["numFmtId"]: said["formatCode"] for said in map(attributes_of, formats)}
            for formats in (other.listed("numFmts", "numFmt"), self.listed("numFmts", "numFmt"))
        )
        code = theirs[number]
        for known, format_code in ours.items():
            if format_code == code:
                return int(known)
        free = max([_FIRST_FORMAT - 1, *map(int, ours)]) + 1
        self._added("numFmts", "numFmt", f'<numFmt numFmtId="{free}" formatCode="{code}"/>')
        return free

    def _added(self, group: str, name: str, element: str) -> int:
        """Return the position of an element in its group, at the end where it is new."""
        known = self.listed(group, name)
        if element in known:
            return known.index(element)
        found = self._group(group)
        if found is None:
            self._insert_group(group, element)
            return 0
        opened = re.sub(r'\bcount="\d+"', f'count="{len(known) + 1}"', found[1])
        anew = f"<{group}{opened}>{found[2]}{element}</{group}>"
        self.xml = self.xml[: found.start()] + anew + self.xml[found.end() :]
        return len(known)

    def _insert_group(self, group: str, element: str) -> None:
        """Put in a group that the workbook lacks, where the schema wants it."""
        after = "<fonts" if group == "numFmts" else "<tableStyles"
        at = self.xml.find(after)
        at = at if at >= 0 else self.xml.index("</styleSheet>")
        whole = f'<{group} count="1">{element}</{group}>'
        self.xml = self.xml[:at] + whole + self.xml[at:]

    def _group(self, group: str) -> re.Match[str] | None:
        closed = re.search(rf"<{group}\b([^>]*?)/>()", self.xml)
        opened = re.search(rf"<{group}\b([^>]*[^/>]|)>(.*?)</{group}>", self.xml, re.DOTALL)
        return opened or closed


def _ids(element: str) -> set[str]:
    return set(re.findall(r'numFmtId="(\d+)"', element))


def _with(element: str, attribute: str, number: int) -> str:
    pattern = rf'\b{attribute}="\d+"'
    if re.search(pattern, element):
        return re.sub(pattern, f'{attribute}="{number}"', element, count=1)
    return element.replace("<xf", f'<xf {attribute}="{number}"', 1)
