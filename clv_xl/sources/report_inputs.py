"""What a source and its options say of a report: everything in its assumptions but the rates."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from clv_xl.errors import DataError, listed
from clv_xl.remarks import Remark
from clv_xl.reports.assumptions import Assumptions, Spend
from clv_xl.sources.dates import DateOrder
from clv_xl.sources.source_read import SourceRead
from clv_xl.sources.spend import by_month, read_spend


def assumptions_of(
    read: SourceRead, options: Mapping[str, Any], spend: Spend | None = None
) -> Assumptions:
    """Return the assumptions of a report, with rates and costs as they are by default.

    Parameters
    ----------
    read
        The orders.
    options
        The options of the command line, by name.
    spend
        Acquisition spend, as `spend_of` returns it.
    """
    return Assumptions(
        spend=spend,
        period=options["period"],
        model=options["model"],
        contract=options["contract"],
        title=options["title"],
        layout=options["layout"],
        source_hash=read.read.sha256,
        mapping=_mapping_used(read),
        rules=read.rules,
        reading_notes=(*read.read.notes, *(spend.notes if spend else ())),
        segment_columns=tuple(read.log.segments),
        segment_by=options["segment_by"],
        gate=options["gate"],
    )


def _mapping_used(read: SourceRead) -> dict[str, str | Remark]:
    used: dict[str, str | Remark] = dict(read.read.mapping_used)
    return used | ({"preset": read.read.preset} if read.read.preset else {})


def spend_of(read: SourceRead, path: Path | None, date_order: DateOrder | None) -> Spend | None:
    """Return the acquisition spend by month, by the segment column that it shares with the log.

    Parameters
    ----------
    read
        The orders.
    path
        The file of spend; None where there is none.
    date_order
        dmy, mdy or ymd, None where the file shows it.
    """
    if path is None:
        return None
    found = by_month(read_spend(path, date_order=date_order))
    if found.sha256 == read.read.sha256:
        raise DataError(f"{path.name} is the file of orders itself: --spend names another file")
    _refuse_other_currency(path, found.currency, read.log.currency)
    by_name = {header.casefold(): header for header in read.log.segments}
    shared = [header for header in found.segments if header.casefold() in by_name]
    by = shared[0] if shared else None
    stated = found.new_customers
    return Spend(
        months=pd.Series(found.first_day),
        amounts=pd.Series(found.spend),
        by_segment=by_name[by.casefold()] if by else None,
        segments=found.segments[by] if by else None,
        new_customers=None if stated is None else pd.Series(stated),
        source=path.name,
        notes=tuple(Remark("remark.of_file", file=path.name, remark=n) for n in found.notes),
    )


def _refuse_other_currency(path: Path, spent: "pd.Series | None", earned: str | None) -> None:
    named = set() if spent is None else {str(mark).upper() for mark in spent if mark}
    unlike = sorted(named - {(earned or "").upper()}) if earned else []
    if unlike or len(named) > 1:
        raise DataError(
            f"{path.name} holds spend in {listed(sorted(named))}, the orders are in "
            f"{earned or 'no named currency'}: unlike currencies cannot be compared: convert it"
        )
