"""A workbook looked through before it leaves, whoever made it."""

from collections.abc import Collection, Iterator

from clv_xl.delivery.inspected_parts import (
    hidden_things,
    links_outside,
    persons,
    unexpected_parts,
    unreached_parts,
)
from clv_xl.delivery.inspected_texts import (
    file_names_in,
    formulas_outside,
    paths_in,
    with_plain_characters,
)
from clv_xl.delivery.planned import NOTHING_PLANNED, Finding, Planned
from clv_xl.errors import ClvError
from clv_xl.workbooks.package import Package

MOST_SPELLED_OUT = 12

__all__ = ["Finding", "InspectionError", "Planned", "inspect"]


class InspectionError(ClvError):
    """A workbook holds what must not leave; all of it is in `findings`."""

    def __init__(self, called: str, findings: tuple[Finding, ...]) -> None:
        """Say for whom it is, and where what was found."""
        self.findings = findings
        found = "; ".join(map(str, findings[:MOST_SPELLED_OUT]))
        more = len(findings) - MOST_SPELLED_OUT
        rest = f" and {more} more" if more > 0 else ""
        super().__init__(f"the workbook for {called} is not sent: {found}{rest}")


def inspect(
    data: bytes,
    called: str,
    planned: Planned = NOTHING_PLANNED,
    input_files: Collection[str] = (),
) -> None:
    """Refuse a workbook that holds what was not planned to leave.

    Looked for are macros, controls and embedded files; links, connections and queries; hidden
    sheets, rows, columns and names; comments; paths, persons and the names of input files; custom
    XML and properties; functions that need an add-in or reach outside; parts that nothing refers
    to, and parts of a kind that is not known.

    Parameters
    ----------
    data
        The bytes of an ``.xlsx`` file.
    called
        For whom it is, for the message.
    planned
        What may be there.
    input_files
        Names of the files that the report was made from.

    Raises
    ------
    InspectionError
        If anything is found, with part or cell.
    SourceError
        If it is no workbook.
    """
    package = Package(data, f"the workbook for {called}")
    with_plain_characters(package)
    findings = tuple(
        dict.fromkeys(
            finding
            for finding in _findings(package, input_files)
            if not planned.covers(finding.subject)
        )
    )
    if findings:
        raise InspectionError(called, findings)


def _findings(package: Package, input_files: Collection[str]) -> Iterator[Finding]:
    yield from unexpected_parts(package)
    yield from unreached_parts(package)
    yield from links_outside(package)
    yield from hidden_things(package)
    yield from persons(package)
    yield from formulas_outside(package)
    yield from paths_in(package)
    yield from file_names_in(package, input_files)
