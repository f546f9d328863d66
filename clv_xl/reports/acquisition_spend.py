"""Acquisition spend: the table by month, and the cost of a new customer that follows from it."""

import numpy as np
import pandas as pd

from clv_xl.arrays import Ints
from clv_xl.reports.assumptions import Spend
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.live_functions import all_of, if_, is_number, ratio
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Format


def add_spend(plan: Plan, spend: Spend | None, labels: list[str] | None) -> None:
    """Add the spend table; `labels` are the segments of the table it may be split by."""
    if spend is None:
        return
    columns = [
        plan.data("spend_month", spend.months.to_numpy("datetime64[D]"), Format.DATE),
        plan.data("spend_amount", spend.amounts.to_numpy(np.float64), Format.MONEY_EXACT),
    ]
    if spend.segments is not None:
        columns += [
            plan.data("spend_segment", spend.segments.to_numpy(object), Format.TEXT),
            plan.data("spend_segment_number", _numbers(spend.segments, labels or []), Format.COUNT),
        ]
    if spend.new_customers is not None:
        stated = spend.new_customers.to_numpy(np.float64)
        columns.append(plan.data("spend_new_customers", stated, Format.COUNT))
    plan.table("Spend", *columns)
    if spend.segments is not None and labels is not None:
        unknown = sorted({str(name) for name in spend.segments} - set(labels))
        if unknown:
            plan.note("spend_segments", "note.spend_segments", names=tuple(unknown))


def _numbers(names: pd.Series, labels: list[str]) -> Ints:
    """Return the row number of each segment in its table, 0 where it is not there."""
    position = {label: number for number, label in enumerate(labels, start=1)}
    return np.array([position.get(str(name), 0) for name in names], dtype=np.int64)


def add_cac(plan: Plan, spend: Spend | None) -> None:
    """Add the acquisition cost: the input where given, else spend by new customers."""
    given, known = plan.ref("in_cac"), cac_given(plan)
    if spend is None:
        plan.derive("calc_cac", if_(known, given, BLANK), Format.MONEY_EXACT)
        return
    spent = plan.derive("calc_spend", spent_in(plan, "src_period"), Format.MONEY)
    by_customer = _each(spent, plan.ref("fact_new_customers"))
    plan.derive("calc_cac", if_(known, given, by_customer), Format.MONEY_EXACT)
    if "src_previous_from" in plan.figures and "prev_new_customers" in plan.figures:
        before = _each(spent_in(plan, "src_previous"), plan.ref("prev_new_customers"))
        plan.derive("prev_cac", before, Format.MONEY_EXACT)
    if spend.new_customers is not None:
        stated = _in_period(plan, "src_period", "spend_new_customers")
        plan.derive("calc_stated_new_customers", stated, Format.COUNT)
        gap = plan.ref("calc_stated_new_customers") - plan.ref("fact_new_customers")
        plan.derive("calc_new_customers_gap", gap, Format.COUNT)


def cac_given(plan: Plan) -> Live:
    """Return whether somebody typed the cost: the spend of another period is nothing like it."""
    given = plan.ref("in_cac")
    return all_of(is_number(given), given > 0)


def _each(spent: Live, customers: Live) -> Live:
    """Return the spend for one customer; a period without any spend says nothing of its cost."""
    return if_(spent > 0, ratio(spent, customers), BLANK)


def spent_in(plan: Plan, period: str, segment_number: Live | None = None) -> Live:
    """Return the spend of a period, moved back by the lag, of one segment or of all."""
    return _in_period(plan, period, "spend_amount", segment_number)


def spent_between(plan: Plan, begins: Live, ends: Live) -> Live:
    """Return the spend between the days of two columns of the same row, moved back by the lag."""
    amount, month = plan.of("Spend", "spend_amount"), plan.of("Spend", "spend_month")
    lag = plan.ref("in_cac_lag_months")
    first, last = (f"EDATE({end.formula},-{lag.formula})" for end in (begins, ends))
    criteria = f'{month.formula},">="&{first},{month.formula},"<="&{last}'
    sums = []
    for begin, end in zip(begins.value, ends.value, strict=True):
        earliest, latest = (_months_earlier(day, int(lag.value)) for day in (begin, end))
        chosen = (month.value >= earliest) & (month.value <= latest)
        sums.append(float(np.nansum(amount.value[chosen])))
    return Live(f"SUMIFS({amount.formula},{criteria})", np.array(sums))


def _in_period(plan: Plan, period: str, key: str, segment_number: Live | None = None) -> Live:
    amount, month = plan.of("Spend", key), plan.of("Spend", "spend_month")
    lag = plan.ref("in_cac_lag_months")
    # The day after the end moves like any first day: moved periods still meet without a gap.
    first, after = (f"EDATE({period}_{end},-{lag.formula})" for end in ("from", "to+1"))
    criteria = [f'{month.formula},">="&{first}', f'{month.formula},"<"&{after}']
    chosen = _months_in(plan, period, month, int(lag.value))
    if segment_number is None:
        value: object = float(np.nansum(amount.value[chosen]))
    else:
        number = plan.of("Spend", "spend_segment_number")
        criteria.append(f"{number.formula},{segment_number.formula}")
        value = np.array(
            [np.nansum(amount.value[chosen & (number.value == n)]) for n in segment_number.value]
        )
    return Live(f"SUMIFS({amount.formula},{','.join(criteria)})", value)


def _months_in(
    plan: Plan, period: str, month: Live, lag: int
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    first, last = (np.datetime64(plan.figures[f"{period}_{e}"].value, "D") for e in ("from", "to"))
    begins, ends = (_months_earlier(day, lag) for day in (first, last + 1))
    chosen: np.ndarray[tuple[int], np.dtype[np.bool_]] = (month.value >= begins) & (
        month.value < ends
    )
    return chosen


def _months_earlier(day: np.datetime64, months: int) -> np.datetime64:
    """Return the same day of an earlier month, or that month's last, as ``EDATE`` does."""
    month = day.astype("datetime64[M]")
    offset = day - month.astype("datetime64[D]")
    earlier = month - np.timedelta64(months, "M")
    last = (earlier + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    same = earlier.astype("datetime64[D]") + offset
    return min(same, last)
