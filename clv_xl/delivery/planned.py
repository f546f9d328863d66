"""What an inspection finds, and what was planned to be found."""

from dataclasses import dataclass

_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Planned:
    """What a workbook may hold although it is looked for.

    Parameters
    ----------
    source
        Name under which the Assumptions sheet shows the source; empty: it does not.
    allowed
        Names of sheets, links, persons, parts and files that may be there.
    """

    source: str = ""
    allowed: frozenset[str] = frozenset()

    def covers(self, subject: str) -> bool:
        """Return whether something was planned."""
        return bool(subject) and subject in {self.source, *self.allowed}


NOTHING_PLANNED = Planned()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a workbook that must not leave.

    Parameters
    ----------
    where
        The part, or the sheet and the cell.
    what
        What was found, as the end of a sentence.
    subject
        The name by which it can be planned.
    """

    where: str
    what: str
    subject: str

    def __str__(self) -> str:
        """Say where and what, cut where a sentence could not be read any more."""
        said = f"{self.where} {self.what}"
        return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"
