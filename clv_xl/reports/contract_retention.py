"""Retention under contract: what was seen of the renewals, and how it goes on by the sBG model."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from clv_xl.arrays import Floats
from clv_xl.customers.orders import OrderLog
from clv_xl.customers.purchase_gaps import PurchaseGaps
from clv_xl.customers.renewals import Renewals, billing_period, renewals
from clv_xl.models.purchase_models import Status
from clv_xl.models.renewal_counts import RenewalCounts, renewal_counts
from clv_xl.models.shifted_beta_geometric import (
    ShiftedBetaGeometricFit,
    fit_shifted_beta_geometric,
)
from clv_xl.periods import DAYS_PER_YEAR
from clv_xl.remarks import Remark, Value
from clv_xl.reports.assumptions import ContractName
from clv_xl.reports.forecast import NORMAL_95
from clv_xl.reports.live_functions import if_, product_to, ratio
from clv_xl.reports.plan import Plan, label_step
from clv_xl.reports.report import Chart, Column, Format, Line, Series

MOST_SEEN = 60
"""Periods seen that are shown; as many again are projected."""
FEWEST_DUE = 10
"""Customers whose renewal must have fallen due for it to be shown."""

_BILLED = {
    "week": Remark("contract.week"),
    "month": Remark("contract.month"),
    "quarter": Remark("contract.quarter"),
    "year": Remark("contract.year"),
}
_STEP = 1e-4  # in a parameter's logarithm
_LEAST_ALPHA_UNDISCOUNTED = 1.001  # at 1 the undiscounted sum becomes infinite


@dataclass(frozen=True, eq=False)
class ContractRetention:
    """The renewals of a log, and the model fitted to them: None before the first has fallen due."""

    seen: Renewals
    fit: ShiftedBetaGeometricFit | None

    @property
    def usable(self) -> bool:
        """Whether retention may be projected."""
        return self.fit is not None and self.fit.status is Status.OK

    @cached_property
    def counts(self) -> RenewalCounts:
        """Customers due, kept and lost at renewal 1, 2, … over all cohorts."""
        return renewal_counts(self.seen.survivors)

    @property
    def periods_shown(self) -> int:
        """Renewals for which enough customers were due, at least one and not too many."""
        few = np.flatnonzero(self.counts.due < FEWEST_DUE)
        known = int(few[0]) if few.size else len(self.counts.due)
        return min(max(known, 1), MOST_SEEN)

    @property
    def next_renewal(self) -> float:
        """Share of the customers there today who will make their next renewal; needs a fit."""
        return self._mean_over_those_there(_fitted(self).retention(self._ages + 1.0))

    def payments_to_come(self, annual_discount_rate: float) -> Floats | None:
        """Return the discounted payments of a new customer after the first, and of one there today.

        Parameters
        ----------
        annual_discount_rate
            Effective, as a decimal.

        Returns
        -------
        array or None
            A row each: the expectation, and the ends of its 95 % interval by the delta method on
            its logarithm. None where the discount is no rate below 1, or the undiscounted sum has
            no finite mean or interval.
        """
        fit, power = _fitted(self), self.seen.days / DAYS_PER_YEAR
        discount = (1 + annual_discount_rate) ** power - 1
        infinite = discount == 0 and fit.alpha <= _LEAST_ALPHA_UNDISCOUNTED
        if not 0 <= discount < 1 or infinite or fit.covariance is None:
            return None
        ups, downs = (self._moved(sign * _STEP, discount) for sign in (1, -1))
        slopes = np.log(ups / downs) / (2 * _STEP)
        spread = NORMAL_95 * np.sqrt(np.einsum("pk,pq,qk->k", slopes, fit.covariance, slopes))
        expected = self._payments(fit, discount)
        return np.column_stack(
            [expected, expected * np.exp(-spread), expected * np.exp(spread)],
        )

    def _moved(self, step: float, discount: float) -> Floats:
        """Return the payments with each parameter a step further in its logarithm, a row each."""
        fit = _fitted(self)
        known = dict(fit.parameters)
        moved = [
            fit.with_parameters(known | {name: value * float(np.exp(step))})
            for name, value in known.items()
        ]
        return np.stack([self._payments(one, discount) for one in moved])

    def _payments(self, fit: ShiftedBetaGeometricFit, discount: float) -> Floats:
        expected = np.asarray(fit.residual_lifetime(self._ages + 1.0, discount), dtype=np.float64)
        return np.array([expected[0], self._mean_over_those_there(expected)])

    @property
    def _ages(self) -> Floats:
        return np.arange(len(self.counts.left), dtype=np.float64)

    def _mean_over_those_there(self, values: object) -> float:
        left = self.counts.left
        return float(left @ np.asarray(values) / left.sum())


def _fitted(contract: ContractRetention) -> ShiftedBetaGeometricFit:
    if contract.fit is None:
        raise ValueError("no renewal has fallen due yet, so nothing is fitted")
    return contract.fit


def contract_of(
    log: OrderLog, gaps: PurchaseGaps, contract: ContractName
) -> ContractRetention | None:
    """Return what is known of the renewals of a log; None where its orders are under no contract.

    Parameters
    ----------
    log
        The order log.
    gaps
        The gaps between its order days.
    contract
        The billing period, ``no``, or ``auto``: where the log looks like a subscription.
    """
    period = billing_period(gaps) if contract == "auto" else contract
    if period is None or period == "no":
        return None
    seen = renewals(log, period)
    is_due = len(seen.survivors) > 1
    return ContractRetention(seen, fit_shifted_beta_geometric(seen.survivors) if is_due else None)


def add_contract(plan: Plan, contract: ContractRetention | None, asked: ContractName) -> None:
    """Add the table of renewals and, where retention can be projected, its chart."""
    if contract is None:
        return
    say = plan.texts.say
    source = say("source.seen" if asked == "auto" else "source.given")
    plan.setting(
        "src_rule_contract", plan.texts.remark(_BILLED[contract.seen.period]), Format.TEXT, source
    )
    if contract.fit is None:
        return
    _add_table(plan, contract)
    if contract.usable:
        _add_chart(plan, contract.seen.period, contract.periods_shown)


def _add_table(plan: Plan, contract: ContractRetention) -> None:
    seen = contract.periods_shown
    rows = 2 * seen if contract.usable else seen
    number = plan.data("renewal", np.arange(rows + 1.0), Format.COUNT)
    counts, none = contract.counts, np.full(rows - seen, np.nan)
    due = np.concatenate([[np.nan], counts.due[:seen], none])
    kept = np.concatenate([[counts.customers], counts.kept[:seen], none])
    due_column = plan.data("renewal_due", due, Format.COUNT)
    kept_column = plan.data("renewal_kept", kept, Format.COUNT)
    here = plan.here("Renewals", due_column)
    share = plan.formula(
        "renewal_rate", ratio(plan.here("Renewals", kept_column), here), Format.RATE
    )
    rate, row = plan.whole("Renewals", share), plan.here("Renewals", number)
    left = if_(row.equals(0), 1.0, if_(here > 0, product_to(rate, row), ""))
    projected = _projected(plan, contract, number.values) if contract.usable else []
    survived = plan.formula("renewal_left", left, Format.RATE)
    plan.table("Renewals", number, due_column, kept_column, share, survived, *projected)


def _projected(plan: Plan, contract: ContractRetention, number: Floats) -> list[Column]:
    """Return the renewal rate and the curve of the model, with the interval of the curve."""
    fit = _fitted(contract)
    rate = np.append(np.nan, np.asarray(fit.retention(number[1:])))
    low, high = fit.survival_interval(number) or (None, None)
    columns = {
        "renewal_rate_projected": rate,
        "renewal_left_projected": fit.survival(number),
        "renewal_left_low": low,
        "renewal_left_high": high,
    }
    return [plan.data(key, values, Format.RATE) for key, values in columns.items()]


def _add_chart(plan: Plan, period: str, seen: int) -> None:
    say = plan.texts.say
    lines = {
        "renewal_left_projected": Line.DASHED,  # the longest goes first: it labels the axis
        "renewal_left": Line.SOLID,
        "renewal_left_low": Line.BAND,
        "renewal_left_high": Line.BAND,
    }
    series = tuple(
        Series(
            title=say(f"chart.renewals_series.{key}"),
            values=f"Renewals.{key}",
            categories="Renewals.renewal",
            rows=seen + 1 if line is Line.SOLID else None,  # a blank text would be drawn as 0
            line=line,
        )
        for key, line in lines.items()
    )
    plan.charts["renewals"] = Chart(
        key="renewals",
        kind="line",
        title=say("chart.renewals"),
        series=series,
        x_title=say(f"chart.renewals_x.{period}"),
        y_title="",
        y_format=Format.SHARE,
        x_every=label_step(2 * seen + 1),
        y_most=1.0,
        alt_text=say("chart.alt.renewals"),
    )


def contract_lines(plan: Plan, contract: ContractRetention) -> list[str]:
    """Return what Methods says of a contract: the fit, the next renewals, the payments to come."""
    discount = plan.ref("in_discount_rate").value or 0.0  # a blank cell counts as 0
    remarks = [_about_the_fit(contract)]
    if contract.usable:
        fit = _fitted(contract)
        first, second, third = np.asarray(fit.retention(np.array([1.0, 2.0, 3.0]))).tolist()
        shares = {"first": first, "second": second, "third": third}
        remarks.append(Remark("contract.next", **shares, now=contract.next_renewal))
        expected = contract.payments_to_come(discount)
        if expected is not None:
            new, known = (
                Remark("contract.between", value=value, low=low, high=high)
                for value, low, high in expected.tolist()
            )
            remarks.append(Remark("contract.to_come", discount=discount, new=new, known=known))
    seen = contract.seen
    if seen.otherwise and contract.fit is not None:
        remarks.append(Remark("contract.otherwise", count=seen.otherwise))
    if seen.existing:
        remarks.append(Remark("contract.existing", count=seen.existing))
    return list(map(plan.texts.remark, remarks))


def _about_the_fit(contract: ContractRetention) -> Remark:
    """Return what was fitted, or why nothing is projected."""
    seen, fit = contract.seen, contract.fit
    billed: dict[str, Value] = {
        "period": _BILLED[seen.period],
        "days": seen.days,
        "grace": seen.grace,
    }
    if fit is None:
        return Remark("contract.too_early", **billed)
    counted: dict[str, Value] = {"customers": fit.customers, "lost": fit.lost}
    if not contract.usable:
        reason = fit.remarks[0]
        return Remark(
            "contract.not_projected", **billed, **counted, status=fit.status, reason=reason
        )
    estimates: dict[str, Value] = {
        name: Remark("contract.estimate", value=value, error=fit.standard_errors[name])
        for name, value in fit.parameters.items()
    }
    return Remark("contract.fitted", **billed, **counted, **estimates, status=fit.status)
