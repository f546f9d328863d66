"""Draws the parameters of segments towards those of all customers, as far as they are alike.

A segment has too few customers for a fit of its own, or enough; between the two lies no cliff. Its
parameters' logarithms η are taken to scatter around those of all customers, η₀, along the principal
directions of the information I that one customer carries about η₀: in direction j with variance
1/(κⱼ λⱼ), λⱼ the information there. So

    ln L(η) − ½ Σ κⱼ λⱼ (vⱼ · (η − η₀))²

is maximised: what is known of all counts like κⱼ further customers, and n of its own give a segment
about n/(n + κⱼ) of a say. κ comes from the data. Scores s at η₀, in direction j, have the variance
n λⱼ where segments differ by chance alone, else n λⱼ (1 + n/κⱼ); with N customers in G segments

    E Σ s²/(n λⱼ) = (G − 1) + (N − Σ n²/N)/κⱼ

is solved for κⱼ (the moment estimator of DerSimonian & Laird 1986; the shrinkage is that of Efron &
Morris 1975). Where segments differ no more than by chance they share what is known of all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np

from clv_xl.arrays import Floats
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.newton import Evaluation, Maximum, Objective, maximised
from clv_xl.models.purchase_estimate import PurchaseProblem, whole
from clv_xl.models.purchase_models import Status
from clv_xl.models.unique_rows import UniqueRows
from clv_xl.remarks import Remark

Fit = TypeVar("Fit", bound=FittedPurchases)

FEWEST_IN_COMMON = 5.0
"""What is known of all counts like so many customers at least, however much segments differ."""

_WIDEST = 2.0  # standard deviations of a parameter's logarithm between segments: a factor of 7
_TELLING = 1.0  # information about a direction of η, from which on segments are compared there
_ALIKE = 1e3  # times all customers: the most that is in common where segments may still differ


def shrunk(
    pooled: Fit, problem: PurchaseProblem, segments: Iterable[UniqueRows], given: float | None
) -> tuple[list[Fit], Floats, Floats]:
    """Return the fits of segments, the shares of their own data, and κ (`given`, or estimated).

    `problem` is the one that `pooled` solves, for all customers of the segments.
    """
    centre = np.array(list(pooled.parameters.values())) / problem.scale**problem.are_times
    parts = [_segment(problem, centre, rows) for rows in segments]
    information = -sum((part.at_centre.hessian for part in parts), np.zeros((len(centre),) * 2))
    common = _in_common(parts, information, given)
    shrinker = _Shrinker(pooled, problem, centre, information / problem.rows.customers, common)
    made = [shrinker.fit(part) for part in parts]
    return [fit for fit, _ in made], np.array([share for _, share in made]), common


@dataclass(frozen=True, slots=True, eq=False)
class _Segment:
    """The customers of a segment, and their likelihood at and around the parameters of all."""

    rows: UniqueRows
    likelihood: Objective
    at_centre: Evaluation

    @property
    def customers(self) -> float:
        return self.rows.customers


def _segment(problem: PurchaseProblem, centre: Floats, rows: UniqueRows) -> _Segment:
    size = len(centre)
    nothing = Evaluation(0.0, np.zeros(size), np.zeros((size, size)))
    likelihood = problem.likelihood_of(rows) if len(rows.weight) else lambda _: nothing
    return _Segment(rows, likelihood, likelihood(centre))


def _in_common(parts: Sequence[_Segment], information: Floats, given: float | None) -> Floats:
    """Return κ in each direction, from how far the scores at η₀ lie apart there."""
    if given is not None:
        return np.full(len(information), given)
    sizes = np.array([part.customers for part in parts if part.customers])
    values, vectors = np.linalg.eigh(information)
    scores = np.stack([part.at_centre.gradient for part in parts if part.customers]) @ vectors
    apart = (scores**2 / sizes[:, np.newaxis]).sum(axis=0) * sizes.sum()
    beyond = apart / np.maximum(values, _TELLING) - (len(sizes) - 1)
    spread = sizes.sum() - (sizes**2).sum() / sizes.sum()
    differ = (beyond > 0) & (values > _TELLING)  # at the edge some direction says nothing
    common = np.full(len(values), np.inf)
    common[differ] = np.maximum(spread / beyond[differ], FEWEST_IN_COMMON)
    return common


@dataclass(frozen=True, slots=True, eq=False)
class _Shrinker(Generic[Fit]):
    """Draws segments towards the parameters of all."""

    pooled: Fit
    problem: PurchaseProblem
    centre: Floats
    information: Floats
    """That one customer carries, on average, about the logarithms of the parameters."""
    in_common: Floats

    def fit(self, part: _Segment) -> tuple[Fit, float]:
        """Return the fit of a segment, and what share its own data have in it."""
        if np.isinf(self.in_common).all():
            return self._made(part, self.centre, part.at_centre.value, self.pooled.covariance, 0.0)
        prior = self._prior()
        lower, upper = self.problem.lower, self.problem.upper
        found = maximised(self._objective(part, prior), self.centre, lower, upper)
        parameters = found.parameters
        gap = np.log(parameters) - np.log(self.centre)
        share = _own_share(found, prior)
        value = found.value + float(gap @ prior @ gap) / 2
        return self._made(part, parameters, value, found.covariance(), share)

    def _prior(self) -> Floats:
        """Return the precision of η around η₀, where no direction is wholly free."""
        values, vectors = np.linalg.eigh(self.information)
        most = _ALIKE * self.problem.rows.customers
        drawn = np.maximum(values, 0.0) * np.minimum(self.in_common, most)
        precision: Floats = (vectors * np.maximum(drawn, _WIDEST**-2)) @ vectors.T
        return precision

    def _objective(self, part: _Segment, prior: Floats) -> Objective:
        centre = np.log(self.centre)

        def objective(parameters: Floats) -> Evaluation:
            here, gap = part.likelihood(parameters), np.log(parameters) - centre
            pull = prior @ gap
            value = here.value - float(gap @ pull) / 2
            return Evaluation(value, here.gradient - pull, here.hessian - prior)

        return objective

    def _made(
        self, part: _Segment, scaled: Floats, value: float, covariance: Floats | None, share: float
    ) -> tuple[Fit, float]:
        pooled, problem, rows = self.pooled, self.problem, part.rows
        values = scaled * problem.scale**problem.are_times
        if pooled.status is not Status.OK:
            covariance = None
        errors = np.zeros(len(values)) if covariance is None else np.sqrt(np.diag(covariance))
        named = dict(zip(pooled.parameter_names, (values * errors).tolist(), strict=True))
        timed = rows.purchases if problem.are_times.any() else 0.0
        known: dict[str, Any] = dict(zip(pooled.parameter_names, values.tolist(), strict=True))
        known |= {
            "log_likelihood": value - timed * np.log(problem.scale),
            "standard_errors": named if covariance is not None else {},
            "covariance": covariance,
            "customers": whole(part.customers),
            "unique_rows": len(rows.weight),
            "remarks": (*pooled.remarks, Remark("remark.fit.shrunk", percent=100 * share)),
        }
        return replace(pooled, **known), share


def _own_share(found: Maximum, prior: Floats) -> float:
    """Return which part of what is known of η at the maximum is not from the prior."""
    known = -found.evaluation.hessian
    drawn = np.trace(np.linalg.lstsq(known, prior, rcond=None)[0]) / len(prior)
    return float(np.clip(1 - drawn, 0.0, 1.0))
