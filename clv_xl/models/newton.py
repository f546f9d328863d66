"""Maximum of a likelihood in the logarithms of its parameters, by Newton steps inside a box.

All parameters of the purchase and spend models are positive, so their logarithms are free, and
the step is the same in whatever unit time or money is measured. With the analytic Hessian five to
eight steps do; no optimiser package is imported, which a worksheet would wait for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from clv_xl.arrays import Bools, Floats

_LONGEST_STEP = 2.0  # in a logarithm: a parameter grows at most by the factor e²
_ENOUGH_ITERATIONS = 100
_SMALLEST_GAIN = 1e-12  # of the log-likelihood, as Newton's step predicts it
_HIDDEN_GAIN, _SHORT_STEP = 1e-8, 0.01  # rounding hides such a gain: the last step, untested
_SMALLEST_FRACTION = 1e-7  # of a step
_JUST_BEYOND = 1 + 1e-12  # so that rounding leaves nothing before the wall
_NOISE = 1e-13  # relative rounding of a sum of log-likelihoods


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """A function's value, gradient and Hessian at one point."""

    value: float
    gradient: Floats
    hessian: Floats

    def in_logs(self, parameters: Floats) -> "Evaluation":
        """Carry the derivatives by positive parameters to those by their logarithms."""
        gradient = self.gradient * parameters
        hessian = self.hessian * np.outer(parameters, parameters) + np.diag(gradient)
        return Evaluation(self.value, gradient, hessian)


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """Where the search ended: the parameters, the derivatives there, and which touch the box."""

    parameters: Floats
    evaluation: Evaluation
    at_bound: Bools
    converged: bool

    @property
    def value(self) -> float:
        """The log-likelihood reached."""
        return self.evaluation.value

    def covariance(self) -> Floats | None:
        """Return the covariance of the parameters' logarithms; None where it does not exist."""
        values, vectors = np.linalg.eigh(-self.evaluation.hessian)
        if not self.converged or self.at_bound.any() or values[0] <= 1e-9 * values[-1]:
            return None
        covariance: Floats = (vectors / values) @ vectors.T
        return covariance


Objective: TypeAlias = Callable[[Floats], Evaluation]
"""Parameters to the log-likelihood with its derivatives by their logarithms."""


def maximised(objective: Objective, start: Floats, lower: Floats, upper: Floats) -> Maximum:
    """Climb from `start` to a maximum with every parameter between `lower` and `upper`.

    Examples
    --------
    >>> def peak_at_two(parameters):
    ...     x = parameters[0]
    ...     by_x = Evaluation(-(x - 2) ** 2, np.array([4 - 2 * x]), np.array([[-2.0]]))
    ...     return by_x.in_logs(parameters)
    >>> found = maximised(peak_at_two, np.array([0.5]), np.array([0.01]), np.array([100.0]))
    >>> round(float(found.parameters[0]), 5), found.converged
    (2.0, True)
    """
    low, high = np.log(lower), np.log(upper)
    place = np.clip(np.log(start), low, high)
    here = objective(np.exp(place))
    converged = False
    for _ in range(_ENOUGH_ITERATIONS):
        step = _step_inside(here, place, low, high)
        gain = float(step @ here.gradient)
        rounding = _NOISE * abs(here.value)
        short = bool(np.abs(step).max() < _SHORT_STEP)
        # On a ridge that runs off to infinity the steps stay long, and gain nothing.
        if gain < _SMALLEST_GAIN or (gain < rounding and not short):
            converged = True
            break
        if short and gain < max(_HIDDEN_GAIN, rounding):
            place = np.clip(place + step, low, high)
            here, converged = objective(np.exp(place)), True
            break
        within = _to_the_wall(step, place, low, high)
        moved = _climbed(objective, (place, here), within, low, high)
        if moved is None:
            converged = bool(gain < _NOISE * abs(here.value) + 1e-9)
            break
        place, here = moved
    at_bound = (place <= low) | (place >= high)
    return Maximum(np.exp(place), here, at_bound, converged)


def _step_inside(here: Evaluation, place: Floats, low: Floats, high: Floats) -> Floats:
    """Return the Newton step of the parameters that no wall holds."""
    free = ~_held(place, here.gradient, low, high)
    step = _newton_step(here, free)
    # Along a ridge a step may run into a wall although the slope leads away from it: cut off in
    # that parameter it would leave the ridge, so the others go without it.
    stopped = free & _held(place, step, low, high)
    return _newton_step(here, free & ~stopped) if stopped.any() else step


def _held(place: Floats, towards: Floats, low: Floats, high: Floats) -> Bools:
    held: Bools = ((place <= low) & (towards <= 0)) | ((place >= high) & (towards >= 0))
    return held


def _newton_step(here: Evaluation, free: Bools) -> Floats:
    step = np.zeros(len(free))
    if not free.any():
        return step
    values, vectors = np.linalg.eigh(-here.hessian[np.ix_(free, free)])
    # Where the surface bends upwards the step climbs along the gradient instead.
    size = np.maximum(np.abs(values), 1e-10 * max(np.abs(values).max(), 1e-300))
    step[free] = vectors @ ((vectors.T @ here.gradient[free]) / size)
    longest = np.abs(step).max()
    return step * (_LONGEST_STEP / longest) if longest > _LONGEST_STEP else step


def _to_the_wall(step: Floats, place: Floats, low: Floats, high: Floats) -> Floats:
    """Return a step as it is, or shortened to the first wall of the box that it would pass.

    Cut off at the wall in one parameter alone, it would leave the ridge that it follows.
    """
    room = np.where(step > 0, high - place, place - low)
    passing = (np.abs(step) > room) & (room > 0)
    if not passing.any():
        return step
    shortest: float = (room[passing] / np.abs(step[passing])).min()
    return step * (shortest * _JUST_BEYOND)


def _climbed(
    objective: Objective,
    current: tuple[Floats, Evaluation],
    step: Floats,
    low: Floats,
    high: Floats,
) -> tuple[Floats, Evaluation] | None:
    place, here = current
    fraction = 1.0
    while fraction > _SMALLEST_FRACTION:
        there = np.clip(place + fraction * step, low, high)
        reached = objective(np.exp(there))
        wanted = 1e-4 * float(here.gradient @ (there - place)) - _NOISE * abs(here.value)
        if np.isfinite(reached.value) and reached.value - here.value >= wanted:
            return there, reached
        fraction /= 2
    return None
