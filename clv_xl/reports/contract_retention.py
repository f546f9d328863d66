"""Retention under contract: what was seen of the renewals, and how it goes on by the sBG model."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from clv_xl.arrays import Floats
from clv_xl.customers.orders import OrderLog
from clv_xl.customers.purchase_gaps import PurchaseGaps
from clv_xl.customers.renewals import BILLING_DAYS, Renewals, billing_period, renewals
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
from clv_xl.reports.plan import Plan

MOST_SEEN = 60
"""Periods seen that are shown; as many again are projected."""
FEWEST_DUE = 10
"""Customers whose renewal must have fallen due for it to be shown."""

BILLED = {
    "week": Remark("contract.week"),
    "month": Remark("contract.month"),
    "quarter": Remark("contract.quarter"),
    "year": Remark("contract.year"),
}
"""How each billing period is said."""
_STEP = 1e-4  # in a parameter's logarithm
_RENEWALS_SAID = 3
_LEAST_ALPHA_UNDISCOUNTED = 1.001  # at 1 the undiscounted sum becomes infinite


@dataclass(frozen=True, eq=False)
class ContractRetention:
    """The renewals of a log, and the model fitted to them: None before the first has fallen due."""

    seen: Renewals
    fit: ShiftedBetaGeometricFit | None

    @property
    def usable(self) -> bool:
        """Whether retention may be projected: the model is fitted, and follows what was seen."""
        fit = self.fit
        return fit is not None and fit.status is Status.OK and fit.misfit is None

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
        return self._mean_over_those_there(fitted(self).retention(self._ages + 1.0))

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
        fit, power = fitted(self), self.seen.days / DAYS_PER_YEAR
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
        fit = fitted(self)
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


def fitted(contract: ContractRetention) -> ShiftedBetaGeometricFit:
    """Return the fit where there is one, as everything that is projected supposes."""
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


def contract_lines(plan: Plan, contract: ContractRetention) -> list[str]:
    """Return what Methods says of a contract: the fit, the next renewals, the payments to come."""
    discount = plan.ref("in_discount_rate").value or 0.0  # a blank cell counts as 0
    remarks = [_about_the_fit(contract)]
    if contract.usable:
        remarks += [_next_renewals(contract), payments_said(contract, discount)]
    remarks += _about_the_customers(contract)
    return list(map(plan.texts.remark, remarks))


def _about_the_customers(contract: ContractRetention) -> list[Remark]:
    """Return whom the billing period does not fit, and who is left out."""
    seen, remarks = contract.seen, []
    if seen.other_gap is not None:
        usual = BILLING_DAYS[seen.period]
        remarks.append(Remark("contract.other_gap", gap=seen.other_gap, days=usual))
    elif seen.otherwise and contract.fit is not None:
        remarks.append(Remark("contract.otherwise", count=seen.otherwise, grace=seen.grace))
    if seen.existing:
        remarks.append(Remark("contract.existing", count=seen.existing))
    return remarks


def _next_renewals(contract: ContractRetention) -> Remark:
    """Return what the model expects of the first renewals, beside what was seen of them."""
    counts, fit = contract.counts, fitted(contract)
    renewals = tuple(
        Remark(
            "contract.renewal",
            renewal=renewal,
            expected=float(np.asarray(fit.retention(renewal))),
            seen=counts.kept[renewal - 1] / counts.due[renewal - 1],
        )
        for renewal in range(1, min(contract.periods_shown, _RENEWALS_SAID) + 1)
    )
    return Remark("contract.next", renewals=renewals, now=contract.next_renewal)


def payments_said(contract: ContractRetention, annual_discount_rate: float) -> Remark:
    """Return the payments to come, or why they are not said."""
    expected = contract.payments_to_come(annual_discount_rate)
    if expected is None:
        key = "contract.endless" if annual_discount_rate == 0 else "contract.too_steep"
        return Remark(key, discount=annual_discount_rate, alpha=fitted(contract).alpha)
    new, known = (
        Remark("contract.between", value=value, low=low, high=high)
        for value, low, high in expected.tolist()
    )
    return Remark("contract.to_come", discount=annual_discount_rate, new=new, known=known)


def _about_the_fit(contract: ContractRetention) -> Remark:
    """Return what was fitted, or why nothing is projected."""
    seen, fit = contract.seen, contract.fit
    billed: dict[str, Value] = {
        "period": BILLED[seen.period],
        "days": seen.days,
        "grace": seen.grace,
    }
    if fit is None:
        return Remark("contract.too_early", **billed)
    counted: dict[str, Value] = {"customers": fit.customers, "lost": fit.lost}
    if not contract.usable:
        said = counted | {"status": fit.status, "reason": fit.remarks[0]}
        key = "contract.not_projected" if fit.misfit is None else "contract.not_followed"
        return Remark(key, **billed, **said)
    estimates: dict[str, Value] = {
        name: Remark("contract.estimate", value=value, error=fit.standard_errors[name])
        for name, value in fit.parameters.items()
    }
    return Remark("contract.fitted", **billed, **counted, **estimates, status=fit.status)
