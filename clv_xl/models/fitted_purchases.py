"""What every fitted model of purchases carries, whatever its parameters are called."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np

from clv_xl.arrays import Figures, Floats, Numbers, Table, checked, unwrapped
from clv_xl.models.customer_columns import whole_numbers
from clv_xl.models.future_counts import FutureCounts
from clv_xl.models.purchase_models import FitTable, ReadTable, Status, fit_table, noted
from clv_xl.periods import days_per
from clv_xl.remarks import Remark


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedPurchases(ABC):
    """Estimates with what is known of them; the parameters are fields of the single models."""

    model: ClassVar[str]
    parameter_names: ClassVar[tuple[str, ...]]
    usual_unit: ClassVar[str] = "day"
    judges_one_time_buyers: ClassVar[bool] = True
    """Whether a customer can drop out before the first repeat purchase."""
    counts_opportunities: ClassVar[bool] = False
    """Whether T counts opportunities to buy instead of measuring time."""

    log_likelihood: float = math.nan
    standard_errors: Mapping[str, float] = field(default_factory=dict)
    covariance: Floats | None = None
    customers: float = 0
    unique_rows: int = 0
    time_unit: str = "day"
    status: Status = Status.OK
    remarks: tuple[Remark, ...] = ()

    def __post_init__(self) -> None:
        """Refuse parameters that are not positive and a time unit that is none."""
        for name, value in self.parameters.items():
            checked(name, value, above=0)
        if self.time_unit != self.usual_unit:
            days_per(self.time_unit)

    @property
    def note(self) -> str:
        """The remarks in English."""
        return noted(self.remarks)

    @property
    def parameters(self) -> Mapping[str, float]:
        """The estimates by name, in the order of the covariance."""
        return {name: float(getattr(self, name)) for name in self.parameter_names}

    @property
    def aic(self) -> float:
        """Akaike's information criterion: 2 k − 2 ln L; the smaller, the better."""
        return 2 * len(self.parameter_names) - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """The Bayesian information criterion: k ln n − 2 ln L, n the customers."""
        return len(self.parameter_names) * math.log(max(self.customers, 1)) - (
            2 * self.log_likelihood
        )

    @abstractmethod
    def probability_alive(self, frequency: Numbers, recency: Numbers, T: Numbers) -> Figures:
        """Return the probability that the customer is still one."""

    @abstractmethod
    def expected_purchases(
        self, t: Numbers, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Figures:
        """Return the purchases expected in (T, T + t]."""

    def expected_purchases_new(self, t: Numbers) -> Figures:
        """Return the repeat purchases expected of a new customer in (0, t].

        Parameters
        ----------
        t
            Time since the first purchase, in the fit's time unit.

        Returns
        -------
        float or array
            Expected number of repeat purchases.
        """
        return self.expected_purchases(t, 0, 0, 0)

    @abstractmethod
    def discounted_purchases(
        self, annual_discount_rate: float, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Figures:
        """Return all purchases still expected after T, each discounted to now (DERT)."""

    @abstractmethod
    def count_probabilities(self, t: float, counts: Numbers) -> Figures:
        """Return how likely a new customer makes just so many repeat purchases in (0, t]."""

    @abstractmethod
    def expected_combined(
        self, times: Floats, factors: Floats, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Floats:
        """Return per customer Σ factor × purchases expected up to the time it belongs to."""

    @abstractmethod
    def expected_totals(
        self, times: Floats, frequency: Numbers, recency: Numbers, T: Numbers, weights: Floats
    ) -> Floats:
        """Return Σ weight × purchases expected up to each time, by time and column of weights."""

    @abstractmethod
    def count_moments(
        self, times: Floats, frequency: Numbers, recency: Numbers, T: Numbers, weights: Floats
    ) -> Floats:
        """Return Σ weight × E[Y], E[Y(Y−1)] and E[Y]², Y a customer's purchases up to each time.

        Parameters
        ----------
        times
            Ends of the windows from T on, in the fit's time unit.
        frequency, recency, T
            The customers, one a row.
        weights
            A row a customer, of at least 0, with a column for each of the three moments.

        Returns
        -------
        array
            A row a time, three columns; with weights of 1, the first two less the third are the
            variance of what all customers buy.
        """

    def probability_of_at_least(
        self, counts: Numbers, t: Numbers, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Figures:
        """Return how likely a customer makes so many purchases or more in (T, T + t].

        Parameters
        ----------
        counts
            Purchases, whole numbers; one for all customers, or one each.
        t
            Horizon in the fit's time unit, likewise.
        frequency, recency, T
            The customers' past, as for `expected_purchases`.

        Returns
        -------
        float or array
            P(Y ≥ n), dropout allowed for.
        """
        n = whole_numbers("counts", counts)
        future = self._future(t, frequency, recency, T)
        shape = np.broadcast_shapes(n.shape, future.alive.shape)
        if shape != future.alive.shape:
            columns = (np.broadcast_to(c, shape) for c in (t, frequency, recency, T))
            future = self._future(*columns)
        return unwrapped(future.at_least(np.broadcast_to(n, shape)))

    def purchase_range(
        self, t: Numbers, frequency: Numbers, recency: Numbers, T: Numbers, level: float = 0.95
    ) -> tuple[Figures, Figures]:
        """Return the least and the most purchases that a customer will make in (T, T + t].

        Parameters
        ----------
        t
            Horizon in the fit's time unit, a number or one a customer.
        frequency, recency, T
            The customers' past, as for `expected_purchases`.
        level
            How likely the range holds what happens, above 0 and below 1; 0.95 when omitted.

        Returns
        -------
        tuple of two floats or arrays
            Whole numbers. At most (1 − level)/2 lies beyond either; since counts are whole, the
            range often holds more than `level`. The parameters are taken as known: what one
            customer does by chance is more than what many make unsure.
        """
        checked("level", level, above=0, below=1)
        low, high = self._future(t, frequency, recency, T).range(level)
        return unwrapped(low), unwrapped(high)

    @abstractmethod
    def _future(self, t: Numbers, frequency: Numbers, recency: Numbers, T: Numbers) -> FutureCounts:
        """Return what the customers, checked, will buy in (T, T + t]."""

    def with_parameters(self, parameters: Mapping[str, float]) -> Self:
        """Return the same model with other parameters."""
        return replace(self, **dict[str, Any](parameters))

    def table(self) -> FitTable:
        """Return the fit as a table with the columns parameter, value and standard_error."""
        return fit_table(
            self,
            aic=self.aic,
            bic=self.bic,
            customers=self.customers,
            unique_rows=self.unique_rows,
            time_unit=self.time_unit,
        )

    @classmethod
    def from_table(cls, table: Table) -> Self:
        """Return the fit that a table holds; the rows of the parameters are enough."""
        read = ReadTable(table, cls.model)
        known: dict[str, Any] = {name: read.number(name) for name in cls.parameter_names}
        return cls(
            **known,
            log_likelihood=read.number("log_likelihood", math.nan),
            standard_errors=read.errors(cls.parameter_names),
            customers=read.number("customers", 0),
            unique_rows=int(read.number("unique_rows", 0)),
            time_unit=read.text("time_unit", cls.usual_unit),
            status=read.status(),
            remarks=read.remarks(),
        )
