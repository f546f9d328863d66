"""What the models expect of the customers, month by month.

Orders and spend are given for each of sixty months of 365.25/12 days, undiscounted and before
margin; discounting, margin and horizon are left to the formulas that read them.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.customers.summary import CustomerSummary
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.gamma_gamma import GammaGammaFit
from clv_xl.models.model_names import MODELS
from clv_xl.models.predicted_value import (
    CustomerHistories,
    expected_purchases_by_month,
    new_customer_purchases_by_month,
)
from clv_xl.models.prediction_interval import total_interval
from clv_xl.models.purchase_models import Status
from clv_xl.models.remembered_fits import purchase_fit, summary_spend_fit
from clv_xl.models.segment_fits import segment_fits
from clv_xl.periods import DAYS_PER_MONTH
from clv_xl.reports.assumptions import LONGEST_HORIZON_MONTHS

FORECAST_MONTHS = LONGEST_HORIZON_MONTHS
NORMAL_95 = 1.959964
SHOWN_WITHIN, RANGE_WITHIN = 0.30, 0.60
"""Half-widths of the 95 % interval up to which a prediction is a figure, or a range."""
LISTED_MONTHS = 12


@dataclass(frozen=True, slots=True, eq=False)
class NewCustomers:
    """What a new customer of each group brings, money before margin."""

    first: Floats  # order, by group
    ahead: Floats  # repeat spend in each month (row) of each group (column)
    own_shares: Floats  # of the group's own data in its purchase parameters, 0 to 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Forecast:
    """Fitted models and what follows from them for the customers of one summary."""

    fit: FittedPurchases
    spend_fit: GammaGammaFit
    summary: CustomerSummary

    @cached_property
    def other_fit(self) -> FittedPurchases:
        """The other model of purchases, fitted when it is asked for, to stand beside."""
        other = next(kind for kind in MODELS.values() if kind.model != self.fit.model)
        return _fitted(self.summary, other)

    @property
    def status(self) -> str:
        """OK where both models are; else the status of the one that is not."""
        statuses = (self.fit.status, self.spend_fit.status)
        return str(next((s for s in statuses if s is not Status.OK), Status.OK))

    @property
    def usable(self) -> bool:
        """Whether figures per customer may be shown at all."""
        return self.status == Status.OK

    @property
    def population_spend(self) -> float:
        """Expected spend an order of a customer of whom nothing is known, money."""
        return float(self.spend_fit.population_mean)

    @cached_property
    def expected_spend(self) -> Floats:
        """Expected spend an order of each customer, money."""
        summary = self.summary
        spend: Floats = np.asarray(
            self.spend_fit.expected_spend(summary.spend_frequency, summary.spend_mean),
            dtype=np.float64,
        )
        return spend

    @cached_property
    def new_orders(self) -> Floats:
        """Repeat orders expected of a new customer in each month."""
        return new_customer_purchases_by_month(self.fit, FORECAST_MONTHS)

    @cached_property
    def _totals(self) -> Floats:
        weights = np.column_stack([np.ones(len(self.expected_spend)), self.expected_spend])
        return self._by_month(weights)

    @property
    def existing_orders(self) -> Floats:
        """Orders expected of all existing customers in each month."""
        return self._totals[:, 0]

    @property
    def existing_spend(self) -> Floats:
        """Spend expected of all existing customers in each month, money."""
        return self._totals[:, 1]

    @cached_property
    def relative_error(self) -> Floats:
        """Relative standard error of the spend expected up to each month; NaN unless fitted."""
        if not self.usable:
            return np.full(FORECAST_MONTHS, np.nan)
        found = total_interval(self.fit, self.spend_fit, self._histories, FORECAST_MONTHS)
        return np.full(FORECAST_MONTHS, np.nan) if found is None else found.relative_standard_errors

    @cached_property
    def new_relative_error(self) -> Floats:
        """Relative standard error of a new customer's repeat spend; NaN unless fitted."""
        if not self.usable:
            return np.full(FORECAST_MONTHS, np.nan)
        newcomer = CustomerHistories(*np.zeros((5, 1)))
        found = total_interval(self.fit, self.spend_fit, newcomer, FORECAST_MONTHS)
        return np.full(FORECAST_MONTHS, np.nan) if found is None else found.parameter_errors

    @property
    def reliable(self) -> bool:
        """Whether the expected spend of twelve months is known within the usual cut-off."""
        error = self.relative_error[LISTED_MONTHS - 1]
        return bool(np.expm1(NORMAL_95 * error) <= RANGE_WITHIN)  # False for NaN

    @property
    def _histories(self) -> CustomerHistories:
        s = self.summary
        columns = (s.frequency, s.recency, s.T, s.spend_frequency, s.spend_mean)
        return CustomerHistories(*(np.asarray(column, dtype=np.float64) for column in columns))

    @cached_property
    def shown_probability_alive(self) -> Floats:
        """P(alive) of each customer; NaN where the model cannot judge (BG/NBD, one-time buyers)."""
        s = self.summary
        alive = np.asarray(self.fit.probability_alive(s.frequency, s.recency, s.T), dtype=float)
        return np.where((s.frequency == 0) & (not self.fit.judges_one_time_buyers), np.nan, alive)

    @cached_property
    def customer_orders(self) -> Floats:
        """Orders expected of each customer in the next twelve months."""
        s = self.summary
        days = LISTED_MONTHS * DAYS_PER_MONTH
        orders: Floats = np.asarray(
            self.fit.expected_purchases(days, s.frequency, s.recency, s.T), dtype=np.float64
        )
        return orders

    @property
    def customer_spend(self) -> Floats:
        """Spend expected of each customer in the next twelve months, money before margin."""
        return self.customer_orders * self.expected_spend

    def spend_by(self, codes: Ints, groups: int) -> Floats:
        """Return the spend expected in each month (row) of each group of customers (column)."""
        weights = np.zeros((len(codes), groups))
        weights[np.arange(len(codes)), codes] = self.expected_spend
        return self._by_month(weights)

    def mean_alive_by(self, codes: Ints, groups: int) -> Floats:
        """Return the mean P(alive) of each group, NaN where nobody can be judged."""
        alive = self.shown_probability_alive
        judged = ~np.isnan(alive)
        counts = np.bincount(codes[judged], minlength=groups)
        sums = np.bincount(codes[judged], alive[judged], minlength=groups)
        mean: Floats = np.divide(sums, counts, out=np.full(groups, np.nan), where=counts > 0)
        return mean

    def new_customers_by(
        self, codes: Ints, groups: int, existing: Bools, fewest: int = 1
    ) -> NewCustomers:
        """Return what a new customer of each group brings: the first order, and repeat spend.

        Purchase parameters of a group are drawn towards those of all, the more the fewer customers
        it has. Spend an order is the mean expected of the group's customers. The first order is
        the mean of all of them where fewer than `fewest` have one that is known.
        """
        summary = self.summary
        columns = summary.frequency, summary.recency, summary.T
        found = segment_fits(self.fit, codes, range(groups), *columns)
        first, ahead = np.zeros(groups), np.zeros((FORECAST_MONTHS, groups))
        for group, fit in enumerate(found.fits):
            inside = codes == group
            known = inside & ~existing
            values = summary.first_value[known if known.sum() >= fewest else inside]
            first[group] = values.mean() if values.size else 0.0
            spend = self.expected_spend[inside].mean() if inside.any() else 0.0
            ahead[:, group] = new_customer_purchases_by_month(fit, FORECAST_MONTHS) * spend
        return NewCustomers(first, ahead, found.own_shares)

    def _by_month(self, weights: Floats) -> Floats:
        s = self.summary
        return expected_purchases_by_month(
            self.fit, FORECAST_MONTHS, s.frequency, s.recency, s.T, weights
        )


def forecast(summary: CustomerSummary, model: str) -> Forecast:
    """Return the forecast of the customers of a summary under one model of purchases."""
    return Forecast(
        fit=_fitted(summary, MODELS[model]),
        spend_fit=summary_spend_fit(summary),
        summary=summary,
    )


def _fitted(summary: CustomerSummary, model: type[FittedPurchases]) -> FittedPurchases:
    return purchase_fit(model, summary.frequency, summary.recency, summary.T)
