"""Predicted value straight from orders: a row a customer, and the total with its interval."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Dates, Day, Floats, Range, Texts, calendar_day, checked
from clv_xl.customers.order_log import Labels
from clv_xl.customers.orders import OrderLog, OrderRules, order_log
from clv_xl.customers.purchase_gaps import purchase_gaps
from clv_xl.customers.summary import CustomerSummary, summarise
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.gamma_gamma import GammaGammaFit
from clv_xl.models.model_names import model_named
from clv_xl.models.predicted_value import CustomerHistories, predicted_value
from clv_xl.models.prediction_interval import TotalInterval, total_interval, verdict, worst
from clv_xl.models.purchase_models import Status, noted
from clv_xl.models.remembered_fits import purchase_fit, summary_spend_fit
from clv_xl.periods import DAYS_PER_MONTH
from clv_xl.remarks import Remark

LONGEST_HORIZON = 1200
_NO_REPEAT_SPEND = Remark("remark.prediction.no_repeat_spend")
_FIRST_SPEND = Remark("remark.prediction.first_spend")
GATE_LEVEL = 0.95
"""The verdict always judges the 95 % interval, whatever level is printed."""


@dataclass(frozen=True, eq=False, kw_only=True)
class _Prediction:
    """The customers of an order log, the fits to them, and how far to look ahead."""

    log: OrderLog
    summary: CustomerSummary
    fit: FittedPurchases
    spend_fit: GammaGammaFit
    months: int
    annual_discount_rate: float
    margin_rate: float | None

    @cached_property
    def histories(self) -> CustomerHistories:
        """What the models know of each customer."""
        s = self.summary
        columns = (s.frequency, s.recency, s.T, s.spend_frequency, s.spend_mean)
        return CustomerHistories(*(np.asarray(column, dtype=np.float64) for column in columns))

    @property
    def status(self) -> Status:
        """The less trustworthy status of the two fits."""
        return worst(self.fit.status, self.spend_fit.status)

    @property
    def basis(self) -> str:
        """What the money is: without a margin rate it is revenue, and called so."""
        return "revenue" if self.margin_rate is None else "contribution"

    @property
    def predicted(self) -> Floats:
        """Predicted value of each customer, money."""
        return predicted_value(
            self.fit,
            self.spend_fit,
            self.histories,
            horizon_months=self.months,
            annual_discount_rate=self.annual_discount_rate,
            margin_rate=self.margin_rate,
        )

    @property
    def purchases(self) -> Floats:
        """Order days expected of each customer within the horizon."""
        s, ahead = self.summary, self.months * DAYS_PER_MONTH
        return np.asarray(self.fit.expected_purchases(ahead, s.frequency, s.recency, s.T))

    @property
    def unjudged(self) -> Bools:
        """One-time buyers, where the model takes every one of them as alive for ever."""
        once = np.asarray(self.summary.frequency == 0)
        return np.zeros_like(once) if self.fit.judges_one_time_buyers else once

    @property
    def probability_alive(self) -> Floats:
        """Probability of each customer to be one still; NaN where the model cannot judge."""
        s = self.summary
        alive = self.fit.probability_alive(s.frequency, s.recency, s.T)
        return np.where(self.unjudged, np.nan, alive)

    @property
    def interval(self) -> TotalInterval | None:
        """The 95 % interval of the total; None where a fit's status is not OK."""
        histories, months = self.histories, self.months
        return total_interval(self.fit, self.spend_fit, histories, months, level=GATE_LEVEL)


def predict_customers(
    customers: Texts,
    dates: Dates,
    amounts: Range,
    horizon_months: int = 12,
    annual_discount_rate: float = 0.10,
    margin_rate: float | None = None,
    as_of: Day | None = None,
    model: str = "mbg_nbd",
) -> pd.DataFrame:
    """Predicted purchases and value of each existing customer within a horizon, one a row.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    amounts
        Amount of each order, money; refunds are negative.
    horizon_months
        Months ahead, a whole number from 1 to 1,200; default 12.
    annual_discount_rate
        Effective annual discount rate, a decimal, 0 up to below 1; default 0.10.
    margin_rate
        Share of revenue that is margin, 0 to 1; default none: values are revenue.
    as_of
        Day from which to look ahead; default the day of the last order.
    model
        mbg_nbd, bg_nbd or pareto_nbd; default mbg_nbd.

    Returns
    -------
    DataFrame
        customer, frequency (repeat order days), recency and T (days), probability_alive (blank for
        one-time buyers under bg_nbd), purchases expected within the horizon, expected_spend (money
        an order), predicted value (money of today), its basis, the fits' status, a note.

    References
    ----------
    Fader, Hardie & Lee (2005), RFM and CLV, Journal of Marketing Research 42(4), 415-430.

    Examples
    --------
    >>> days = ["2024-01-01", "2024-02-01", "2024-02-01", "2024-03-31"]
    >>> table = predict_customers(["a", "a", "b", "b"], days, [20, 30, 40, 50], 6)
    >>> table[["customer", "frequency", "T", "status"]]
      customer  frequency     T   status
    0        a        1.0  90.0  TOO_FEW
    1        b        1.0  59.0  TOO_FEW
    """
    log = _log(customers, dates, amounts, as_of)
    found = _prediction(log, horizon_months, annual_discount_rate, margin_rate, model)
    h, within = found.histories, f"{found.months}_month{'' if found.months == 1 else 's'}"
    spend = found.spend_fit.expected_spend(h.monetary_frequency, h.monetary_value)
    return pd.DataFrame(
        {
            "customer": log.customer_ids,
            "frequency": h.frequency,
            "recency": h.recency,
            "T": h.T,
            "probability_alive": found.probability_alive,
            f"expected_purchases_{within}": found.purchases,
            "expected_spend": spend,
            f"predicted_value_{within}": found.predicted,
            "basis": found.basis,
            "status": found.status.value,
            "note": _notes_on_customers(found),
        }
    )


def predict_total(
    customers: Texts,
    dates: Dates,
    amounts: Range,
    horizon_months: int = 12,
    annual_discount_rate: float = 0.10,
    margin_rate: float | None = None,
    level: float = 0.95,
    as_of: Day | None = None,
) -> pd.DataFrame:
    """Predicted value of all existing customers within a horizon, with its interval: one row.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    amounts
        Amount of each order, money; refunds are negative.
    horizon_months
        Months ahead, a whole number from 1 to 1,200; default 12.
    annual_discount_rate
        Effective annual discount rate, a decimal, 0 up to below 1; default 0.10.
    margin_rate
        Share of revenue that is margin, 0 to 1; default none: the total is revenue.
    level
        Coverage of the interval, a decimal between 0 and 1; default 0.95.
    as_of
        Day from which to look ahead; default the day of the last order.

    Returns
    -------
    DataFrame
        predicted_total, low and high (money of today), level, status of the MBG/NBD and Gamma-Gamma
        fits, verdict (shown, range, withheld: the 95 % interval within 30 %, 60 % or wider), basis,
        horizon_months, annual_discount_rate, customers, expected_purchases, and a note.

    Notes
    -----
    Σ purchases in month m × spend × margin_rate/(1 + d)^((m − 0.5)/12), over customers and months.

    References
    ----------
    Fader, Hardie & Lee (2005), RFM and CLV, Journal of Marketing Research 42(4), 415-430.

    Examples
    --------
    >>> days = ["2024-01-01", "2024-02-01", "2024-02-01", "2024-03-31"]
    >>> table = predict_total(["a", "a", "b", "b"], days, [20, 30, 40, 50], 6)
    >>> table[["status", "verdict", "basis", "horizon_months"]]
        status   verdict    basis  horizon_months
    0  TOO_FEW  withheld  revenue               6
    """
    covered = float(checked("level", level, above=0, below=1))
    log = _log(customers, dates, amounts, as_of)
    found = _prediction(log, horizon_months, annual_discount_rate, margin_rate, "mbg_nbd")
    low, high, half_width = _bounds(found, total := float(found.predicted.sum()), covered)
    row = {
        "predicted_total": total,
        "low": low,
        "high": high,
        "level": covered,
        "status": found.status.value,
        "verdict": verdict(found.status, half_width).value,
        "basis": found.basis,
        "horizon_months": found.months,
        "annual_discount_rate": found.annual_discount_rate,
        "customers": log.n_customers,
        "expected_purchases": float(found.purchases.sum()),
        "note": _note_on_total(found),
    }
    return pd.DataFrame({name: [value] for name, value in row.items()})


def _log(customers: Texts, dates: Dates, amounts: Range, as_of: Day | None) -> OrderLog:
    day = None if as_of is None else calendar_day("as_of", as_of)
    return order_log(customers, dates, amounts, rules=OrderRules(as_of=day))


def _prediction(
    log: OrderLog,
    horizon_months: int,
    annual_discount_rate: float,
    margin_rate: float | None,
    model: str,
) -> _Prediction:
    months = checked("horizon_months", horizon_months, at_least=1, at_most=LONGEST_HORIZON)
    if months != np.floor(months):
        raise InvalidArgumentError("horizon_months", f"{months:g}", "a whole number")
    purchases = model_named(model)
    rate = checked("annual_discount_rate", annual_discount_rate, at_least=0, below=1)
    s = summarise(log)
    return _Prediction(
        log=log,
        summary=s,
        fit=purchase_fit(purchases, s.frequency, s.recency, s.T),
        spend_fit=summary_spend_fit(s),
        months=int(months),
        annual_discount_rate=float(rate),
        margin_rate=margin_rate,
    )


def _bounds(found: _Prediction, total: float, level: float) -> tuple[float, float, float | None]:
    """Return the interval at `level`, and the relative half-width of the one at 95 %."""
    if (interval := found.interval) is None:
        return np.nan, np.nan, None
    low, high = replace(interval, level=level).bounds(found.months, total)
    return low, high, float(interval.relative_half_widths[-1])


def _notes_on_customers(found: _Prediction) -> Labels:
    once = str(Remark("remark.prediction.unjudged"))
    mean = str(_NO_REPEAT_SPEND if found.spend_fit.customers else _FIRST_SPEND)
    notes = np.array(["", mean, once, f"{once}; {mean}"], dtype=object)
    chosen: Labels = notes[2 * found.unjudged + (found.summary.spend_frequency == 0)]
    return chosen


def _note_on_total(found: _Prediction) -> str:
    history = found.log.as_of - found.log.first_day + 1
    truncated = found.log.cleaning.notes.get("left_truncated")
    remarks = [*found.fit.remarks, *found.spend_fit.remarks, *([truncated] if truncated else [])]
    if found.months * DAYS_PER_MONTH > 2 * history:
        remarks.append(Remark("remark.prediction.long_horizon", days=history))
    if purchase_gaps(found.log).probable_subscription:
        remarks.append(Remark("note.subscription"))
    return noted(remarks)
