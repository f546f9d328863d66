"""Who bought: the id of the customer of each row, from one column or from several."""

from collections.abc import Sequence

import pandas as pd

from clv_xl.errors import DataError
from clv_xl.remarks import Remark
from clv_xl.sources.columns import RoleColumns
from clv_xl.sources.values import ColumnText, ids
from clv_xl.sources.vocabulary import ORDER_WORDS, normalised

_KINDS_OF_CUSTOMER = frozenset({"new", "returning", "new customer", "returning customer"})
_EMAIL_WORDS = frozenset(ORDER_WORDS["customer"][2])


def customer_ids(
    column: ColumnText, fallbacks: Sequence[ColumnText], roles: RoleColumns
) -> tuple[pd.Series, list[Remark]]:
    """Return the customer of each row as text, "" where nobody is named, and what was done.

    Where the column is blank or holds a guest, the next column names the customer; a guest whose
    e-mail address stands beside an id elsewhere in the file is that customer.
    """
    found = _people(column)
    _refuse_kinds(column, found, roles)
    guests = roles.preset.guests if roles.preset else frozenset()
    notes = []
    for fallback in fallbacks:
        nobody = (found == "") | found.isin(guests)
        other = _people(fallback)
        known = pd.Series(found[~nobody].to_numpy(), index=other[~nobody].to_numpy())
        known = known[(known.index != "") & ~known.index.duplicated()]
        named = other[nobody]
        identified = named.map(known)
        filled = identified.where(identified.notna(), named).astype(str)
        found = found.copy()
        found[nobody] = filled
        count = int((filled != "").sum())
        if count:
            names = {"column": column.header, "fallback": fallback.header}
            notes.append(Remark("remark.customer.by_fallback", count=count, **names))
    return found, notes


def _people(column: ColumnText) -> pd.Series:
    """Return ids as written, e-mail addresses in small letters."""
    text = ids(column, "customer")
    return text.str.lower() if normalised(column.header) in _EMAIL_WORDS else text


def _refuse_kinds(column: ColumnText, found: pd.Series, roles: RoleColumns) -> None:
    if not _only_kinds(found.iloc[:1000]) or not _only_kinds(found):
        return
    advice = roles.preset.advice if roles.preset else ""
    raise DataError(
        f"{column.source}: the column {column.header} holds only 'new' and 'returning', which "
        "does not tell customers apart; "
        f"{advice or 'name a column with their id or e-mail address with --customer'}"
    )


def _only_kinds(found: pd.Series) -> bool:
    kinds = {str(kind).casefold() for kind in found.unique() if kind}
    return bool(kinds) and kinds <= _KINDS_OF_CUSTOMER
