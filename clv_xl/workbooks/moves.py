"""Cells that move, and what becomes of the references to them.

The rules are those of a spreadsheet program. A reference follows its cell; a range that spans the
place where cells are put in grows; a cell that is taken out leaves ``#REF!``.
"""

from dataclasses import dataclass, replace

from clv_xl.workbooks.areas import LAST_COLUMN, LAST_ROW, Area


@dataclass(frozen=True, slots=True)
class Move:
    """Cells of a sheet that go down or right by some places, up or left where that is negative.

    What lies on their way, up to where the foremost of them arrive, is gone.
    """

    area: Area
    down: int = 0
    across: int = 0

    @classmethod
    def of_rows(cls, sheet: str, row: int, count: int) -> "Move":
        """Return the move that puts rows in before a row, or from there on takes them out."""
        first = row if count > 0 else row - count
        return cls(Area(sheet, first, 1, LAST_ROW, LAST_COLUMN), down=count)

    @property
    def whole_rows(self) -> bool:
        """Whether all cells of its rows move, so that the rows themselves do."""
        return self.area.left == 1 and self.area.right == LAST_COLUMN and not self.across

    @property
    def way(self) -> Area | None:
        """The cells beside the moving ones that they move over; None where there are none."""
        area, down, across = self.area, self.down, self.across
        top = area.bottom + 1 if down > 0 else area.top + down
        left = area.right + 1 if across > 0 else area.left + across
        bottom = min(area.bottom + down, LAST_ROW) if down > 0 else area.top - 1
        right = min(area.right + across, LAST_COLUMN) if across > 0 else area.left - 1
        if down:
            left, right = area.left, area.right
        else:
            top, bottom = area.top, area.bottom
        return (
            Area(area.sheet, top, left, bottom, right) if top <= bottom and left <= right else None
        )

    def cell(self, row: int, column: int) -> tuple[int, int] | None:
        """Return where a cell of the sheet goes; None where it is gone.

        Examples
        --------
        >>> put_in = Move.of_rows("Data", 5, 2)
        >>> put_in.cell(4, 1), put_in.cell(5, 1)
        ((4, 1), (7, 1))
        >>> Move.of_rows("Data", 5, -2).cell(6, 1) is None
        True
        """
        if self.area.holds(row, column):
            there = row + self.down, column + self.across
            return there if there[0] <= LAST_ROW and there[1] <= LAST_COLUMN else None
        way = self.way
        return None if way is not None and way.holds(row, column) else (row, column)

    def range(self, area: Area) -> Area | None:
        """Return where a range goes, grown or shrunk; None where all of it is gone.

        Examples
        --------
        >>> Move.of_rows("Data", 5, 2).range(Area("Data", 2, 1, 6, 1)).local
        'A2:A8'
        """
        moving = self.area
        if area.sheet != moving.sheet:
            return area
        if self.down:
            within = moving.left <= area.left and area.right <= moving.right
            if not within:
                return area
            ends = _ends((area.top, area.bottom), (moving.top, moving.bottom), self.down, LAST_ROW)
            return None if ends is None else replace(area, top=ends[0], bottom=ends[1])
        if not (moving.top <= area.top and area.bottom <= moving.bottom):
            return area
        sides = _ends(
            (area.left, area.right), (moving.left, moving.right), self.across, LAST_COLUMN
        )
        return None if sides is None else replace(area, left=sides[0], right=sides[1])


def _ends(
    held: tuple[int, int], moving: tuple[int, int], by: int, limit: int
) -> tuple[int, int] | None:
    """Return both ends of a stretch after part of it moved, None where nothing of it is left."""
    start, end = held
    first, last = moving
    if by > 0:
        gone = (last + 1, last + by)
        after_gone, before_gone = last + by + 1, last + by
    else:
        gone = (first + by, first - 1)
        after_gone, before_gone = first + by, first + by - 1
    if first <= start <= last:
        start += by
    elif gone[0] <= start <= gone[1]:
        start = after_gone
    if first <= end <= last:
        end += by
    elif gone[0] <= end <= gone[1]:
        end = before_gone
    end = min(end, limit)
    return (start, end) if start <= end else None
