"""What a fitted model is to the rest of the house: two questions, a status and a table.

A purchase model says how many orders are to come and whether a customer is still one; a spend
model says what an order is worth. Reports and worksheet functions know only these protocols.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol, Self, TypeAlias

import numpy as np
import pandas as pd

from clv_xl.arrays import Cell, Figures, Floats, Numbers, Table
from clv_xl.errors import InvalidArgumentError
from clv_xl.remarks import Remark

FitTable: TypeAlias = pd.DataFrame
"""A fit as a table: the columns parameter, value and standard_error."""

FEWEST_BUYERS = 10
"""With fewer repeat buyers than this a model's parameters are not estimated."""


class Status(StrEnum):
    """How far a fit may be trusted."""

    OK = "OK"
    BOUNDARY = "BOUNDARY"
    TOO_FEW = "TOO_FEW"


class FittedModel(Protocol):
    """What every fit can say of itself."""

    @property
    def model(self) -> str:
        """The model's name in the literature."""

    @property
    def status(self) -> Status:
        """OK, BOUNDARY (a simpler model does as well) or TOO_FEW."""

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What the status means here; empty when all is well."""

    @property
    def note(self) -> str:
        """The remarks in English."""

    @property
    def log_likelihood(self) -> float:
        """The log-likelihood of the data, in their own units."""

    @property
    def parameters(self) -> Mapping[str, float]:
        """The estimates by name, in the order of the covariance."""

    @property
    def standard_errors(self) -> Mapping[str, float]:
        """Wald standard errors by name; empty unless the status is OK."""

    @property
    def covariance(self) -> Floats | None:
        """Covariance of the parameters' logarithms; None unless the status is OK."""

    def with_parameters(self, parameters: Mapping[str, float]) -> Self:
        """Return the same model with other parameters."""

    def table(self) -> FitTable:
        """Return the fit as a table that a worksheet can hold."""


class PurchaseFit(FittedModel, Protocol):
    """A fitted model of purchases. Times are in its `time_unit`."""

    @property
    def time_unit(self) -> str:
        """The unit of recency, T and every bare time: day, week, month or year."""

    @property
    def counts_opportunities(self) -> bool:
        """Whether T counts opportunities to buy instead of measuring time."""

    @property
    def customers(self) -> float:
        """How many customers it was fitted to."""

    @property
    def unique_rows(self) -> int:
        """How many different (frequency, recency, T) they have."""

    def probability_alive(self, frequency: Numbers, recency: Numbers, T: Numbers) -> Figures:
        """Return the probability that the customer is still one at T."""

    def expected_purchases(
        self, t: Numbers, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Figures:
        """Return the purchases expected in (T, T + t]."""

    def expected_purchases_new(self, t: Numbers) -> Figures:
        """Return the repeat purchases expected of a new customer up to t."""

    def discounted_purchases(
        self, annual_discount_rate: float, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Figures:
        """Return all purchases still expected after T, each discounted to now."""

    def expected_combined(
        self, times: Floats, factors: Floats, frequency: Numbers, recency: Numbers, T: Numbers
    ) -> Floats:
        """Return per customer Σ factor × purchases expected up to the time it belongs to."""

    def expected_totals(
        self, times: Floats, frequency: Numbers, recency: Numbers, T: Numbers, weights: Floats
    ) -> Floats:
        """Return Σ weight × purchases expected up to each time, by time and column of weights."""

    def count_moments(
        self, times: Floats, frequency: Numbers, recency: Numbers, T: Numbers, weights: Floats
    ) -> Floats:
        """Return Σ weight × E[Y], E[Y(Y−1)] and E[Y]², Y a customer's purchases up to each time."""


class SpendFit(FittedModel, Protocol):
    """A fitted model of the mean spend an order."""

    @property
    def population_mean(self) -> float:
        """The mean spend an order of a customer of whom nothing is known."""

    def expected_spend(self, frequency: Numbers, monetary_value: Numbers) -> Figures:
        """Return the mean spend an order expected of each customer."""


def noted(remarks: Iterable[Remark]) -> str:
    """Return remarks in English, one sentence behind the other.

    Examples
    --------
    >>> noted([Remark("remark.fit.no_clear_maximum")])
    'The likelihood has no clear maximum: a simpler model fits as well.'
    """
    return " ".join(map(str, remarks))


def fit_table(fit: FittedModel, **rows: object) -> FitTable:
    """Return the parameters with standard errors, then the named rows, status, model and note."""
    named = dict(fit.parameters) | {"log_likelihood": fit.log_likelihood} | rows
    named |= {"status": fit.status.value, "model": fit.model, "note": fit.note}
    shown = [None if isinstance(v, float) and np.isnan(v) else v for v in named.values()]
    errors = [fit.standard_errors.get(name) for name in named]
    columns = {"parameter": list(named), "value": shown, "standard_error": errors}
    return pd.DataFrame({name: pd.Series(column, dtype=object) for name, column in columns.items()})


class ReadTable:
    """A fit's table on its way back: rows by name, whatever order and header it came with."""

    def __init__(self, table: Table, model: str = "") -> None:
        """Read a DataFrame or rows of (parameter, value, standard_error), of `model` or of any."""
        rows = table.to_numpy(dtype=object).tolist() if hasattr(table, "to_numpy") else table
        self._rows: dict[str, Sequence[Any]] = {
            str(row[0]).strip().lower(): row for row in rows if len(row) > 1
        }
        self._model = model
        named = self.text("model", model)
        if model and named != model:
            raise InvalidArgumentError(
                "fit", f"one of a {named} fit", f"the table of a {model} fit"
            )

    def number(self, name: str, default: float | None = None) -> float:
        """Return the number in row `name`; without a default the row must be there, above 0."""
        value = self._cell(name, 1)
        try:
            read = float(value)
        except (TypeError, ValueError):
            read = np.nan
        if default is None and not (np.isfinite(read) and read > 0):
            expected = f"the table of a {self._model} fit with a number above 0 in row {name}"
            raise InvalidArgumentError("fit", f"{value!r} there", expected)
        return read if default is None or np.isfinite(read) else default

    def text(self, name: str, default: str) -> str:
        """Return the text in row `name`."""
        value = self._cell(name, 1)
        return value.strip() if isinstance(value, str) and value.strip() else default

    def remarks(self) -> tuple[Remark, ...]:
        """Return what the table says of the fit, as it was said."""
        text = self.text("note", "")
        return (Remark.as_written(text),) if text else ()

    def status(self) -> Status:
        """Return the status; a table typed by hand counts as OK."""
        text = self.text("status", Status.OK.value)
        if text not in Status.__members__:
            expected = f"a table whose status is one of {', '.join(Status.__members__)}"
            raise InvalidArgumentError("fit", text, expected)
        return Status(text)

    def errors(self, names: Sequence[str]) -> Mapping[str, float]:
        """Return the standard errors of the named parameters; empty unless all are there."""
        cells = {name: self._cell(name, 2) for name in names}
        if not all(isinstance(cell, (int, float)) and np.isfinite(cell) for cell in cells.values()):
            return {}
        return {name: float(cell) for name, cell in cells.items()}

    def _cell(self, name: str, column: int) -> Cell:
        row = self._rows.get(name, ())
        return row[column] if len(row) > column else None
