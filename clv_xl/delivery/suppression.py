"""Segments of a few customers are merged: the figures of four customers are personal data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from clv_xl.customers.order_log import OrderLog, SegmentColumn
from clv_xl.customers.segments import segment_membership
from clv_xl.reports.assumptions import Spend
from clv_xl.reports.disclosure import hidden
from clv_xl.reports.told_days import Stretch, told_of

FEWEST_CUSTOMERS = 5
"""A group of fewer customers is not shown by itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Suppressed:
    """A log in which small segments are merged.

    Parameters
    ----------
    log
        The orders, with merged labels.
    merged
        By segment column the labels that became one.
    label
        What the merged segment of a column is called, by column.
    """

    log: OrderLog
    merged: Mapping[str, frozenset[str]]
    label: Mapping[str, str]


def suppress_small_segments(
    log: OrderLog,
    called: Callable[[tuple[str, ...]], str],
    by: Literal["latest", "first"] = "latest",
    covered: Stretch | None = None,
) -> Suppressed:
    """Merge the segments of fewer than five customers, in every segment column with several.

    So are those of which somebody, but fewer than five, bought in the days that the report covers,
    or outside them. Where those together still have fewer than five, the next smallest segments
    join them: else the rest could be found by subtraction from the total.

    Parameters
    ----------
    log
        The orders of an audience.
    called
        Returns what the merged segment is called, given the names of those in it that are no small
        ones.
    covered
        First and last day of the report's period; None: whoever bought, did so in it.
    by
        Which order decides the segment of a customer, as in the report.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> shops = ["web"] * 9 + ["Rome"] * 6 + ["Oslo"]
    >>> log = order_log([f"c{n}" for n in range(16)], ["2024-01-05"] * 16, segments={"shop": shops})
    >>> found = suppress_small_segments(log, lambda large: " and ".join([*large, "small ones"]))
    >>> sorted(found.merged["shop"]), found.log.segments["shop"].labels.tolist()
    (['Oslo', 'Rome'], ['web', 'Rome and small ones'])
    """
    columns, merged, labels = dict(log.segments), {}, {}
    for header, column in log.segments.items():
        small, large = _together(log, header, by, covered)
        if small:
            others = {str(name) for name in column.labels} - small
            labels[header] = _free(called(large), others)
            columns[header] = _relabelled(column, small, labels[header])
            merged[header] = small
    return Suppressed(replace(log, segments=columns), merged, labels)


def _together(
    log: OrderLog, header: str, by: Literal["latest", "first"], covered: Stretch | None
) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the labels to be merged, and those of them that are large enough by themselves."""
    membership = segment_membership(log, header, by)
    groups = len(membership.labels)
    whole = (log.first_day, log.as_of)
    sizes = np.array(told_of(log, membership.codes, groups, covered or whole))
    if groups == 1:
        return frozenset(), ()
    gone = hidden(FEWEST_CUSTOMERS, *sizes)
    large = gone & ((sizes == 0) | (sizes >= FEWEST_CUSTOMERS)).all(axis=0)
    names = (tuple(str(label) for label in membership.labels[each]) for each in (gone, large))
    merged, kept = names
    return frozenset(merged), tuple(sorted(kept))


def _free(label: str, taken: set[str]) -> str:
    """Return a label that no segment has."""
    shown, number = label, 2
    while shown in taken:
        shown, number = f"{label} ({number})", number + 1
    return shown


def _relabelled(column: SegmentColumn, small: frozenset[str], label: str) -> SegmentColumn:
    gone = np.array([str(name) in small for name in column.labels], dtype=np.bool_)
    code = np.where(gone, int((~gone).sum()), np.cumsum(~gone) - 1)
    labels = np.append(column.labels[~gone], np.array([label], dtype=object))
    return SegmentColumn(code[column.codes], labels)


def suppressed_spend(spend: Spend | None, found: Suppressed) -> Spend | None:
    """Return acquisition spend in which the same segments are merged, month by month."""
    if spend is None or spend.segments is None or spend.by_segment is None:
        return spend
    small, label = found.merged.get(spend.by_segment), found.label.get(spend.by_segment)
    if small is None:
        return spend
    names = spend.segments.astype(str)
    frame = pd.DataFrame(
        {
            "month": spend.months.to_numpy(),
            "segment": names.where(~names.isin(small), label).to_numpy(),
            "amount": spend.amounts.to_numpy(),
        }
    )
    if spend.new_customers is not None:
        frame["new"] = spend.new_customers.to_numpy()
    whole = frame.groupby(["month", "segment"], sort=False, as_index=False).sum(min_count=1)
    return replace(
        spend,
        months=whole["month"],
        amounts=whole["amount"],
        segments=whole["segment"],
        new_customers=None if spend.new_customers is None else whole["new"],
    )
