"""The quality of an order log as a worksheet asks for it, unreadable cells and all."""

import numpy as np
import pandas as pd

from clv_xl.arrays import AnyDates, AnyNumbers, AnyTexts, same_length
from clv_xl.customers.orders import OrderColumns, OrderLog, validate_orders
from clv_xl.customers.quality import GATE, assess, passes
from clv_xl.remarks import Remark


def data_check_table(customers: AnyTexts, dates: AnyDates, amounts: AnyNumbers) -> pd.DataFrame:
    """Quality of an order log: score from 0 to 100, rows kept and left out, and what is wrong.

    Cells that cannot be read are counted here, where other functions refuse them; rows equal in
    all three columns count as duplicates.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    amounts
        Amount of each order, money.

    Returns
    -------
    DataFrame
        check, value (score, rows, months, days, or the count of a finding), share (decimal, empty
        where it has none), finding (a sentence).

    Notes
    -----
    score = 100 − 100 · Σ weight × share, with the weights of docs/definitions.md, Quality score
    and gate.

    Examples
    --------
    >>> table = data_check_table(["a", "b", "b"], ["2024-01-05"] * 3, [10, 20, 30])
    >>> table[["check", "value"]].head(2)
           check  value
    0      score  100.0
    1  rows_read    3.0
    """
    found = assess(_checked_log(customers, dates, amounts))
    kept = found.rows_kept / max(1, found.rows_read)
    rows = [
        ("score", found.score, np.nan, _score_said(found.score)),
        ("rows_read", found.rows_read, np.nan, Remark("remark.check.rows_read")),
        ("rows_kept", found.rows_kept, kept, Remark("remark.check.rows_kept")),
        ("span_months", found.span_months, np.nan, Remark("remark.check.span_months")),
        ("day_density", found.day_density, np.nan, Remark("remark.check.day_density")),
        *((f.key, f.count, f.share, f.remark) for f in found.findings),
    ]
    table = pd.DataFrame(rows, columns=["check", "value", "share", "finding"])
    return table.assign(finding=table["finding"].map(str))


def _score_said(score: float) -> Remark:
    key = "remark.check.reaches_gate" if passes(score) else "remark.check.below_gate"
    return Remark(key, gate=GATE)


def _checked_log(customers: AnyTexts, dates: AnyDates, amounts: AnyNumbers) -> OrderLog:
    same_length(customers=customers, dates=dates, amounts=amounts)
    columns = {"customer": customers, "day": dates, "amount": amounts}
    cells = pd.DataFrame({name: pd.Series(v).reset_index(drop=True) for name, v in columns.items()})
    cells = cells.mask(cells == "")  # an empty text is a blank cell
    moment = pd.to_datetime(cells["day"], errors="coerce", format="ISO8601", utc=True)
    amount = pd.to_numeric(cells["amount"], errors="coerce").astype(np.float64)
    read = OrderColumns(
        customer=cells["customer"],
        day=moment.dt.tz_localize(None).to_numpy().astype("datetime64[D]"),
        amount=np.asarray(amount, dtype=np.float64),
        dropped={
            "date_not_readable": (moment.isna() & cells["day"].notna()).to_numpy(),
            "amount_not_a_number": (amount.isna() & cells["amount"].notna()).to_numpy(),
        },
        duplicate=cells.duplicated().to_numpy(),
    )
    return validate_orders(read)
