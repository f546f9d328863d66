"""Where the arguments of a shown function come from: a cell to type in, a table, another result."""

from dataclasses import dataclass
from typing import TypeAlias

from clv_xl.reports.report import Format


@dataclass(frozen=True, slots=True)
class Typed:
    """A value in an input cell beside the function."""

    value: float | str
    shown_as: Format = Format.TEXT


@dataclass(frozen=True, slots=True)
class LeftOut:
    """No value: the formula ends before.

    A blank cell in its place would do in Excel; LibreOffice hands it over as 0.
    """


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a table of the sheet Data; with several, their headers belong to them."""

    table: str
    first: str
    last: str = ""

    @property
    def reference(self) -> str:
        """The columns as a formula writes them.

        Examples
        --------
        >>> Columns("Orders", "date").reference
        'Orders[date]'
        >>> Columns("Channels", "channel", "cac").reference
        'Channels[[#All],[channel]:[cac]]'
        """
        if not self.last:
            return f"{self.table}[{self.first}]"
        return f"{self.table}[[#All],[{self.first}]:[{self.last}]]"


@dataclass(frozen=True, slots=True)
class ResultOf:
    """What another function has spilled, its header included: one column of it, or all."""

    function: str
    column: str = ""


Argument: TypeAlias = Typed | LeftOut | Columns | ResultOf
