"""Which column plays which role: said by the user, known from a preset, or found by its header."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

import pandas as pd

from clv_xl.errors import AmbiguousColumnError, DataError, MissingColumnError, listed
from clv_xl.remarks import Remark
from clv_xl.sources.dates import DateOrder, look_like_dates
from clv_xl.sources.presets import Preset, preset_for
from clv_xl.sources.raw_table import RawTable, TableOptions
from clv_xl.sources.vocabulary import ORDER_WORDS, HeaderWords, Tiers, normalised

ColumnName: TypeAlias = str | int
"""A header, or with no header row the number of a column, from 1."""

_ROLES = (
    "customer", "date", "amount", "order", "name", "currency", "quantity", "unit_price", "status",
)  # fmt: skip
_WITH_FLAG = frozenset({"customer", "date", "amount", "order"})
_IDENTITY_NOTES = {2: "remark.customer.by_email", 3: "remark.customer.by_name"}
"""By the tier of the header, how customers are told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """What the user says about an order log; everything left out is found.

    Parameters
    ----------
    customer, date, amount, order, name, currency, quantity, unit_price, status
        The column that plays the role: its header, or its number where there is no header row.
    segments
        Columns by which customers are grouped.
    keep
        Columns carried to the list of customers.
    sheet, table
        Sheet or Excel table of a workbook.
    delimiter, encoding
        Form of a text file.
    date_order
        dmy, mdy or ymd, for dates that can be read in several ways.
    no_header
        The first row is data already; columns are named by their numbers.
    """

    customer: ColumnName | None = None
    date: ColumnName | None = None
    amount: ColumnName | None = None
    order: ColumnName | None = None
    name: ColumnName | None = None
    segments: tuple[ColumnName, ...] = ()
    keep: tuple[ColumnName, ...] = ()
    currency: ColumnName | None = None
    quantity: ColumnName | None = None
    unit_price: ColumnName | None = None
    status: ColumnName | None = None
    sheet: str | None = None
    table: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    date_order: DateOrder | None = None
    no_header: bool = False

    @property
    def options(self) -> TableOptions:
        """What is said of the form of the file."""
        return TableOptions(
            sheet=self.sheet,
            table=self.table,
            delimiter=self.delimiter,
            encoding=self.encoding,
            no_header=self.no_header,
        )

    @property
    def said(self) -> dict[str, ColumnName]:
        """The roles whose column is said."""
        every = {role: getattr(self, role) for role in _ROLES}
        return {role: name for role, name in every.items() if name is not None}

    @property
    def words(self) -> HeaderWords:
        """What tells the header row of this log."""
        names = (*self.said.values(), *self.segments, *self.keep)
        needed = tuple(role for role in ("customer", "date") if role not in self.said)
        return HeaderWords(ORDER_WORDS, tuple(map(str, names)), needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleColumns:
    """The position of the column that plays each role, and how that was decided."""

    positions: Mapping[str, int]
    segments: tuple[int, ...]
    keep: tuple[int, ...]
    fallbacks: tuple[int, ...] = ()
    preset: Preset | None = None
    notes: tuple[Remark, ...] = ()


def order_roles(table: RawTable, mapping: ColumnMapping) -> RoleColumns:
    """Return which columns hold the orders, or say what is missing or could be two things."""
    positions = _said(table, mapping)
    segments = tuple(position_of(table, name, "--segment") for name in mapping.segments)
    keep = tuple(position_of(table, name, "--keep") for name in mapping.keep)
    preset = preset_for(table.headers) if table.has_header else None
    notes: list[Remark] = []
    if preset is not None:
        positions = _from_preset(table, preset) | positions
        notes.append(Remark("remark.read.as_export", export=preset.name, about=preset.note))
    elif table.has_header:
        _find_roles(table, positions, notes)
    for role in ("customer", "date"):
        if role not in positions:
            raise _missing(table, role, positions)
    if "amount" not in positions and not {"quantity", "unit_price"} <= positions.keys():
        raise _missing(table, "amount", positions)
    with_fallbacks = preset is not None and "customer" not in mapping.said
    return RoleColumns(
        positions=positions,
        segments=segments,
        keep=keep,
        fallbacks=_fallbacks(table, preset) if preset and with_fallbacks else (),
        preset=preset,
        notes=tuple(notes),
    )


def _said(table: RawTable, mapping: ColumnMapping) -> dict[str, int]:
    """Return the columns that the user names by role; only a name may be a customer's id too."""
    positions: dict[str, int] = {}
    for role, name in mapping.said.items():
        flag = f"--{role.replace('_', '-')}"
        at = position_of(table, name, flag)
        twin = next((other for other, place in positions.items() if place == at), None)
        if twin is not None and "name" not in {role, twin}:
            raise DataError(
                f"{table.source}: --{twin.replace('_', '-')} and {flag} both name the column "
                f"{table.headers[at]}: choose another for one of them"
            )
        positions[role] = at
    return positions


def position_of(table: RawTable, name: ColumnName, flag: str) -> int:
    """Return the position of the column that the user names, or say what there is."""
    if not table.has_header:
        return _numbered(table, name, flag)
    wanted = str(name).strip()
    for same in (str, str.casefold):
        found = [at for at, header in enumerate(table.headers) if same(header) == same(wanted)]
        if len(found) > 1:
            raise DataError(
                f"{table.source} has {len(found)} columns called {wanted} ({flag}): rename one"
            )
        if found:
            return found[0]
    close = get_close_matches(wanted, table.named, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    raise DataError(
        f"{table.source} has no column {wanted} ({flag}){hint}; it has {listed(table.named)}"
    )


def _numbered(table: RawTable, name: ColumnName, flag: str) -> int:
    text = str(name).strip()
    count = len(table.headers)
    if not text.isdecimal() or not 1 <= int(text) <= count:
        raise DataError(
            f"{flag} must be a column number from 1 to {count}, as {table.source} is read without "
            f"a header; got {text}"
        )
    return int(text) - 1


def candidates(table: RawTable, tiers: Tiers, taken: Sequence[int]) -> tuple[int, list[int]]:
    """Return the first tier that heads a free column, and the columns it heads."""
    free = {at: normalised(h) for at, h in enumerate(table.headers) if at not in taken}
    for tier, words in enumerate(tiers):
        found = [at for at, header in free.items() if header in words]
        if found:
            return tier, found
    return -1, []


def _find_roles(table: RawTable, positions: dict[str, int], notes: list[Remark]) -> None:
    for role, tiers in ORDER_WORDS.items():
        if role in positions:
            continue
        tier, found = candidates(table, tiers, list(positions.values()))
        if len(found) > 1:
            _several(table, role, found, positions, notes)
        elif found:
            positions[role] = found[0]
            if role == "customer":
                notes.extend(_identity_notes(table, tier, found[0]))
            if role == "quantity":
                _refuse_bare_price(table, positions)


def _identity_notes(table: RawTable, tier: int, chosen: int) -> list[Remark]:
    """Say by what customers are told apart, where that is not the only thing it could be."""
    header = table.headers[chosen]
    if tier in _IDENTITY_NOTES:
        return [Remark(_IDENTITY_NOTES[tier], column=header)]
    weaker = ORDER_WORDS["customer"][tier + 1 :]
    others = tuple(
        other
        for other in table.headers
        if any(normalised(other) in words for words in weaker) and other != header
    )
    if not others:
        return []
    return [Remark("remark.customer.by_column", column=header, others=others)]


def _several(
    table: RawTable, role: str, found: list[int], positions: dict[str, int], notes: list[Remark]
) -> None:
    """Refuse two columns for one role; only what no figure rests on is left out instead."""
    names = _distinct_names(table, found)
    if role in _WITH_FLAG:
        raise AmbiguousColumnError(table.source, role, names)
    if role == "name":
        notes.append(Remark("remark.customer.several_names", columns=tuple(names)))
    elif role in {"currency", "status"} or "amount" not in positions:
        raise DataError(
            f"{table.source} has several columns that could be the {role.replace('_', ' ')}: "
            f"{listed(names)}: rename all but one"
        )


def _distinct_names(table: RawTable, found: list[int]) -> list[str]:
    names = [table.headers[at] for at in found]
    if len(set(names)) == len(names):
        return names
    return [f"{name} (column {at + 1})" for name, at in zip(names, found, strict=True)]


def _refuse_bare_price(table: RawTable, positions: dict[str, int]) -> None:
    """Refuse to take Price beside Quantity for what was paid: mostly it is the price of one."""
    amount = positions.get("amount")
    if amount is not None and normalised(table.headers[amount]) == "price":
        price, quantity = table.headers[amount], table.headers[positions["quantity"]]
        raise DataError(
            f"{table.source} has {price} beside {quantity}: name the column with what was paid "
            f"with --amount, or rename {price} to unit_price where it is the price of one piece"
        )


def _from_preset(table: RawTable, preset: Preset) -> dict[str, int]:
    at = {normalised(header): place for place, header in reversed(list(enumerate(table.headers)))}
    positions = {}
    for role, headers in preset.roles.items():
        there = [at[normalised(header)] for header in headers if normalised(header) in at]
        if there:
            positions[role] = there[0]
    return positions


def _fallbacks(table: RawTable, preset: Preset) -> tuple[int, ...]:
    wanted = [normalised(header) for header in preset.customer_fallbacks]
    headers = [normalised(header) for header in table.headers]
    return tuple(headers.index(header) for header in wanted if header in headers)


def _missing(table: RawTable, role: str, taken: Mapping[str, int]) -> DataError:
    if not table.has_header:
        return DataError(
            f"{table.source} is read without a header: give the number of the {role} column with "
            f"--{role}, from 1 to {len(table.headers)}"
        )
    if look_like_dates(pd.Series(table.headers, dtype=str)).any():
        return DataError(
            f"{table.source} seems to have no header: its first row is {listed(table.named)}; "
            "give --no-header and column numbers, such as --customer 1 --date 2 --amount 3"
        )
    for other, at in taken.items():
        if at in candidates(table, ORDER_WORDS[role], [])[1]:
            return DataError(
                f"{table.source} has no {role} column besides {table.headers[at]}, which is taken "
                f"for the {other.replace('_', ' ')}: name one with --{role}"
            )
    return MissingColumnError(table.source, role, table.named)
