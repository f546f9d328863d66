"""A fitted beta-geometric model: how it is estimated, judged and asked.

BG/NBD and MBG/NBD share every line here; each names itself and its chances to drop out.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import expit

from clv_xl.arrays import Figures, Floats, Ints, Numbers, Table, checked, unwrapped
from clv_xl.models.beta_dropout import RateAndDropout
from clv_xl.models.customer_columns import CustomerColumns, customer_columns
from clv_xl.models.purchase_models import FitTable, ReadTable, Status, fit_table, noted
from clv_xl.models.purchases_while_alive import AliveCurves, alive_curves
from clv_xl.models.unique_rows import Levels, levels_of, occurring
from clv_xl.periods import days_per
from clv_xl.remarks import Remark

_CUSTOMERS_AT_ONCE = 262_144


@dataclass(frozen=True, kw_only=True, eq=False)
class BetaGeometricFit:
    """Gamma purchase rates (r, alpha) and beta dropout probabilities (a, b), fitted."""

    model: ClassVar[str]
    chances_before_repeat: ClassVar[int]

    r: float
    alpha: float
    a: float
    b: float
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
        days_per(self.time_unit)

    @property
    def note(self) -> str:
        """The remarks in English."""
        return noted(self.remarks)

    @property
    def parameters(self) -> Mapping[str, float]:
        """The estimates by name, in the order of the covariance."""
        return {"r": self.r, "alpha": self.alpha, "a": self.a, "b": self.b}

    def with_parameters(self, parameters: Mapping[str, float]) -> Self:
        """Return the same model with other parameters."""
        return replace(self, **dict[str, Any](parameters))

    def probability_alive(self, frequency: Numbers, recency: Numbers, T: Numbers) -> Figures:
        """Return the probability that the customer has not dropped out by T.

        Parameters
        ----------
        frequency
            Repeat purchases.
        recency
            Time from the first purchase to the last.
        T
            Time from the first purchase to now.

        Returns
        -------
        float or array
            1 for one-time buyers under BG/NBD, which cannot lose them.
        """
        return unwrapped(self._alive(customer_columns(frequency, recency, T)))

    def expected_purchases(
        self, t: Numbers, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Figures:
        """Return the purchases expected in (T, T + t], dropout allowed for.

        Parameters
        ----------
        t
            Horizon in the fit's time unit, a number or one a customer.
        frequency
            Repeat purchases.
        recency
            Time from the first purchase to the last.
        T
            Time from the first purchase to now.

        Returns
        -------
        float or array
            Expected number of purchases.
        """
        columns = customer_columns(frequency, recency, T)
        v = np.log1p(checked("t", t, at_least=0) / (self.alpha + columns.T))
        frequencies = np.broadcast_to(columns.frequency, v.shape).ravel()
        codes, curves = self._curves(frequencies, float(v.max(initial=0.0)))
        return unwrapped(curves.at(codes, v.ravel()).reshape(v.shape) * self._alive(columns))

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

    def expected_combined(
        self, times: Floats, factors: Floats, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Floats:
        """Return per customer Σ factor × purchases expected up to the time it belongs to."""
        columns = customer_columns(frequency, recency, T)
        x, ages = columns.frequency.ravel(), levels_of(columns.T.ravel())
        codes, curves = self._curves(x, self._span(times, columns))
        combined = curves.combined(codes, ages, times, factors)
        return combined.reshape(columns.T.shape) * self._alive(columns)

    def expected_totals(
        self, times: Floats, frequency: Numbers, recency: Numbers, T: Numbers, weights: Floats
    ) -> Floats:
        """Return Σ weight × purchases expected up to each time, by time and column of weights."""
        columns = customer_columns(frequency, recency, T)
        codes, curves = self._curves(columns.frequency, self._span(times, columns))
        ages = levels_of(columns.T)
        alive = self._alive(columns)
        totals = np.zeros((len(times), weights.shape[1]))
        for start in range(0, len(codes), _CUSTOMERS_AT_ONCE):
            rows = slice(start, start + _CUSTOMERS_AT_ONCE)
            some = Levels(ages.levels, ages.codes[rows])
            weighted = weights[rows] * alive[rows, np.newaxis]
            totals += curves.totals(codes[rows], some, times, weighted)
        return totals

    def table(self) -> FitTable:
        """Return the fit as a table with the columns parameter, value and standard_error."""
        return fit_table(
            self,
            customers=self.customers,
            unique_rows=self.unique_rows,
            time_unit=self.time_unit,
        )

    @classmethod
    def from_table(cls, table: Table) -> Self:
        """Return the fit that a table holds; the rows r, alpha, a and b are enough."""
        read = ReadTable(table, cls.model)
        return cls(
            r=read.number("r"),
            alpha=read.number("alpha"),
            a=read.number("a"),
            b=read.number("b"),
            log_likelihood=read.number("log_likelihood", math.nan),
            standard_errors=read.errors(("r", "alpha", "a", "b")),
            customers=read.number("customers", 0),
            unique_rows=int(read.number("unique_rows", 0)),
            time_unit=read.text("time_unit", "day"),
            status=read.status(),
            remarks=read.remarks(),
        )

    def _alive(self, columns: CustomerColumns) -> Floats:
        x, chances = columns.frequency, columns.frequency + self.chances_before_repeat
        stay = self.b + np.maximum(chances - 1, 0)
        waited = np.log((self.alpha + columns.T) / (self.alpha + columns.recency))
        # One over 1 + the odds of having dropped out (Fader, Hardie & Lee 2008, with d for x)
        alive = expit(-((self.r + x) * waited + np.log(self.a / stay)))
        return np.asarray(np.where(chances > 0, alive, 1.0))

    def _span(self, times: Floats, columns: CustomerColumns) -> float:
        youngest = columns.T.min(initial=np.inf)
        return float(np.log1p(np.max(times, initial=0.0) / (self.alpha + youngest)))

    def _curves(self, frequency: Floats, span: float) -> tuple[Ints, AliveCurves]:
        frequencies = occurring(levels_of(frequency))
        known = RateAndDropout(self.r, self.alpha, self.a, self.b, self.chances_before_repeat)
        return frequencies.codes, alive_curves(known, frequencies.levels, span)
