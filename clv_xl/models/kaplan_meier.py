"""How long customers stay, those who are still there included: the Kaplan–Meier estimator.

A customer who has not left yet has a lifetime of at least the tenure seen. Left out, or counted as
lost, they would make lifetimes too short.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clv_xl.arrays import Bools, Figures, Floats, Numbers, Range, checked, same_length, unwrapped
from clv_xl.errors import DataError, InvalidArgumentError, row_number
from clv_xl.models.unique_rows import levels_of, occurring

_FLAGS = {"true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0, "1.0": 1.0, "0.0": 0.0}
_ROUNDING = 1e-12
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class RestrictedMean:
    """Mean tenure up to a horizon, in the unit of the tenures."""

    mean: float
    standard_error: float
    horizon: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KaplanMeier:
    """The survival curve: one entry for time 0 and for every tenure that occurs."""

    tenure: Floats
    at_risk: Floats
    """Customers there just before."""
    churned: Floats
    censored: Floats
    """Customers seen no longer, who had not left."""
    survival: Floats
    relative_variance: Floats
    """Greenwood's variance of ln S; 0 where nobody is left."""
    level: float

    @property
    def standard_error(self) -> Floats:
        """Greenwood's standard error of the survival."""
        return np.asarray(self.survival * np.sqrt(self.relative_variance))

    @property
    def interval(self) -> tuple[Floats, Floats]:
        """The ends of the interval of the survival at each tenure, by ln(−ln S).

        Before the first loss both are 1. Where nobody is left the formula ends: the low end is 0,
        and the high end the one before.
        """
        inside = (self.survival > 0) & (self.survival < 1)
        logged = np.log(self.survival, where=inside, out=np.full(len(inside), -1.0))
        reach = NormalDist().inv_cdf((1 + self.level) / 2) * np.sqrt(self.relative_variance)
        factor = np.exp(reach / -logged)
        low = np.where(inside, np.exp(logged * factor), self.survival)
        high = np.where(inside, np.exp(logged / factor), 1.0)
        if len(high) > 1 and self.survival[-1] == 0:
            high[-1] = high[-2]
        return low, high

    @property
    def median(self) -> float:
        """The tenure by which half have left; infinite where more than half are left at the end."""
        return self._first_at_most_half(self.survival)

    @property
    def median_interval(self) -> tuple[float, float]:
        """Where the ends of the curve's interval reach a half; infinite where they do not."""
        low, high = self.interval
        return self._first_at_most_half(low), self._first_at_most_half(high)

    def survival_at(self, t: Numbers) -> Figures:
        """Return the share that stays longer than t; from the last tenure on, what it was there."""
        times = checked("t", t, at_least=0)
        position = np.searchsorted(self.tenure, times, side="right") - 1
        return unwrapped(self.survival[position])

    def restricted_mean(self, horizon: float | None = None) -> RestrictedMean:
        """Return the mean of the tenures cut off at the horizon, with Greenwood's standard error.

        Parameters
        ----------
        horizon
            Time up to which tenures count, above 0. Omitted: the longest tenure seen.

        Raises
        ------
        InvalidArgumentError
            If customers were left when the longest tenure ended, and the horizon is beyond.
        """
        longest = float(self.tenure[-1])
        end = longest if horizon is None else float(checked("horizon", horizon, above=0))
        if end > longest and self.survival[-1] > 0:
            expected = (
                f"at most {longest:.15g}, the longest tenure seen (some had not left by then)"
            )
            raise InvalidArgumentError("horizon", f"{end:.15g}", expected)
        starts = np.minimum(self.tenure, end)
        steps = np.diff(np.append(starts, end)) * self.survival
        after = np.cumsum(steps[::-1])[::-1]  # from each tenure to the horizon
        added = np.diff(self.relative_variance, prepend=0.0)  # counts only before the last
        variance = float((after**2) @ added)
        return RestrictedMean(float(steps.sum()), float(np.sqrt(variance)), end)

    def table(self) -> pd.DataFrame:
        """Return the curve, a row for time 0 and each tenure that occurs."""
        low, high = self.interval
        return pd.DataFrame({
            "tenure": self.tenure, "at_risk": self.at_risk, "churned": self.churned,
            "censored": self.censored, "survival": self.survival,
            "standard_error": self.standard_error, "low": low, "high": high,
        })  # fmt: skip

    def _first_at_most_half(self, curve: Floats) -> float:
        reached = curve <= _HALF + _ROUNDING
        return float(self.tenure[np.argmax(reached)]) if reached.any() else np.inf


def kaplan_meier(
    tenure: Range,
    churned: Any,  # noqa: ANN401 - numbers, truth values or their texts
    weights: Range | None = None,
    level: float = 0.95,
) -> KaplanMeier:
    """Return the survival curve of customers, those who have not left yet included.

    Parameters
    ----------
    tenure
        Time from each customer's start to the loss, or to the last day seen, at least 0.
    churned
        1 or true where the customer has left, 0 or false where not yet.
    weights
        How many customers each row stands for; 1 each where omitted.
    level
        Probability that an interval holds the true survival, above 0 and below 1.

    Returns
    -------
    KaplanMeier
        The curve with intervals, its median and restricted mean.

    References
    ----------
    Kaplan & Meier (1958), Nonparametric estimation from incomplete observations, Journal of the
    American Statistical Association 53, 457-481.

    Examples
    --------
    >>> curve = kaplan_meier([3, 5, 5, 8, 10], [1, 1, 0, 1, 0])
    >>> curve.tenure, curve.survival
    (array([ 0.,  3.,  5.,  8., 10.]), array([1. , 0.8, 0.6, 0.3, 0.3]))
    >>> curve.median, curve.restricted_mean(10).mean
    (8.0, 7.0)
    """
    checked("level", level, above=0, below=1)
    columns = observed_tenures(tenure, churned, weights)
    times, left, weight = (column[columns[2] > 0] for column in columns)
    coded = occurring(levels_of(np.append(0.0, times)))
    moments, codes = coded.levels, coded.codes[1:]
    lost, gone = (
        np.bincount(codes, weights=column, minlength=len(moments)).astype(np.float64)
        for column in (weight * left, weight * (1 - left))
    )
    at_risk = np.cumsum((lost + gone)[::-1])[::-1]
    after = at_risk - lost
    anyone = after > _ROUNDING * at_risk
    added = np.divide(lost, at_risk * after, where=anyone, out=np.zeros(len(moments)))
    survival = np.cumprod(np.where(anyone, after / at_risk, 0.0)).astype(np.float64)
    return KaplanMeier(
        tenure=moments,
        at_risk=at_risk,
        churned=lost,
        censored=gone,
        survival=survival,
        relative_variance=np.where(survival > 0, np.cumsum(added), 0.0),
        level=float(level),
    )


def observed_tenures(
    tenure: Range,
    churned: Any,  # noqa: ANN401 - numbers, truth values or their texts
    weights: Range | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Return tenures, 1 or 0 for churned or not, and weights, as floats.

    Examples
    --------
    >>> observed_tenures([3, 5], [True, "FALSE"])
    (array([3., 5.]), array([1., 0.]), array([1., 1.]))
    """
    times = checked("tenure", np.atleast_1d(tenure), at_least=0)
    flags = np.atleast_1d(np.asarray(churned))
    weight = np.ones(len(times)) if weights is None else np.atleast_1d(np.asarray(weights))
    same_length(tenure=times, churned=flags, weights=weight)
    weight = checked("weights", weight, at_least=0)
    if not weight.any():
        raise DataError("tenure and weights hold no customer: give at least one")
    return times, _read_flags(flags), weight


def _read_flags(flags: NDArray[Any]) -> Floats:
    if flags.dtype.kind in "biuf":
        read = flags.astype(np.float64)
        unread: Bools = (read != 0) & (read != 1)
    else:
        read = np.array([_FLAGS.get(str(flag).strip().lower(), np.nan) for flag in flags.tolist()])
        unread = np.isnan(read)
    if unread.any():
        position = int(np.argmax(unread))
        shown = str(flags.tolist()[position]).strip()
        got = "an empty cell" if shown in {"", "None", "nan"} else shown
        expected = "1 or TRUE where the customer has left, 0 or FALSE where not"
        raise InvalidArgumentError("churned", f"{got} (row {row_number(position)})", expected)
    return read
