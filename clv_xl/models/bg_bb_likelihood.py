"""Likelihood of purchases at discrete opportunities by customers who drop out between them.

A customer with x purchases, the last at opportunity t_x of n, either still was one at n, or was one
until m of t_x, …, n − 1 and dropped out before the next:

    L = B(α+x, β+n−x)/B(α, β) · B(γ, δ+n)/B(γ, δ)
        + Σ B(α+x, β+m−x)/B(α, β) · B(γ+1, δ+m)/B(γ, δ)

All arguments differ by whole numbers, so each ln Γ is a partial sum of logarithms: five tables a
step give every term, and their derivatives likewise. The terms are a mixture: gradient and Hessian
of ln L are means and covariances over it.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.models.newton import Evaluation
from clv_xl.models.unique_rows import UniqueRows

_TERMS_AT_ONCE = 32_768


@dataclass(frozen=True, slots=True, eq=False)
class Rising:
    """ln(a (a+1) … (a+k−1)) for k = 0, 1, …, with the derivatives by a."""

    value: Floats
    slope: Floats
    bend: Floats

    @classmethod
    def of(cls, a: float, most: int) -> "Rising":
        """Return the table up to k = `most`.

        Examples
        --------
        >>> np.exp(Rising.of(2.0, 3).value).round(9)
        array([ 1.,  2.,  6., 24.])
        """
        factors = a + np.arange(most)
        parts = np.log(factors), 1 / factors, -(factors**-2.0)
        return cls(*(np.concatenate([[0.0], np.cumsum(part)]) for part in parts))


@dataclass(frozen=True, slots=True)
class BuyingAndStaying:
    """What is known of customers: α, β of buying at an opportunity, γ, δ of dropping out."""

    alpha: float
    beta: float
    gamma: float
    delta: float


@dataclass(frozen=True, slots=True, eq=False)
class LifeTerms:
    """Until when each row may have been a customer: a term a row and opportunity."""

    first: Ints  # of the terms of each row
    row: Ints
    until: Ints  # m
    without: Ints  # m − x: opportunities until then without a purchase
    dropped: Bools  # whether the customer dropped out after m; else m = n

    @classmethod
    def of(cls, x: Floats, t_x: Floats, n: Floats) -> "LifeTerms":
        """Lay out the terms of the rows."""
        counts = (n - t_x + 1).astype(np.intp)
        first = np.cumsum(counts) - counts
        row = np.repeat(np.arange(len(x)), counts)
        until = t_x.astype(np.int64)[row] + np.arange(len(row)) - first[row]
        return cls(first, row, until, until - x.astype(np.int64)[row], until < n[row])

    def mixed(self, logs: Floats) -> tuple[Floats, Floats]:
        """Return the log of the sum of each row's terms, and the share of each term in it."""
        if not len(logs):
            return logs, logs
        largest = np.maximum.reduceat(logs, self.first)
        sizes = np.exp(logs - largest[self.row])
        sums = np.add.reduceat(sizes, self.first)
        return largest + np.log(sums), sizes / sums[self.row]


class _Tables:
    """The five tables at one set of parameters."""

    def __init__(self, known: BuyingAndStaying, most: int) -> None:
        self.alpha = Rising.of(known.alpha, most)
        self.beta = Rising.of(known.beta, most)
        self.either = Rising.of(known.alpha + known.beta, most)
        self.delta = Rising.of(known.delta, most)
        self.life = Rising.of(known.gamma + known.delta, most + 1)
        self.gamma = known.gamma

    def logs(self, terms: LifeTerms) -> Floats:
        """Return the logarithm of each term, but for its purchases."""
        m = terms.until
        buying = self.beta.value[terms.without] - self.either.value[m]
        staying = self.delta.value[m] - self.life.value[m + terms.dropped]
        logs: Floats = buying + staying + np.log(self.gamma) * terms.dropped
        return logs


def alive_at_last(
    known: BuyingAndStaying, x: Floats, t_x: Floats, n: Floats
) -> tuple[Floats, Floats]:
    """Return ln L of each row, and the probability that the customer still was one at n.

    Examples
    --------
    >>> known = BuyingAndStaying(1.204, 0.750, 0.657, 2.783)
    >>> one = np.ones(1)
    >>> alive_at_last(known, 2 * one, 4 * one, 6 * one)[1].round(3)
    array([0.634])
    """
    tables = _Tables(known, int(n.max(initial=0.0)))
    log_likelihood, alive = np.empty(len(x)), np.empty(len(x))
    for rows in _slices(n - t_x + 1):
        terms = LifeTerms.of(x[rows], t_x[rows], n[rows])
        sums, share = terms.mixed(tables.logs(terms))
        bought = x[rows].astype(np.int64)
        log_likelihood[rows] = tables.alpha.value[bought] + sums
        alive[rows] = share[~terms.dropped]
    return log_likelihood, alive


class BetaBinomialLikelihood:
    """Purchases without dropout as a function of α and β, in logarithms."""

    def __init__(self, rows: UniqueRows) -> None:
        """Keep how often each row bought, and how often not."""
        self._x, self._n = rows.frequency.astype(np.int64), rows.T.astype(np.int64)
        self._weight = rows.weight

    def __call__(self, parameters: Floats) -> Evaluation:
        """Return the log-likelihood with derivatives by ln α and ln β."""
        alpha, beta = (float(parameter) for parameter in parameters)
        most, weight = int(self._n.max(initial=0)), self._weight
        bought, without, either = (Rising.of(a, most) for a in (alpha, beta, alpha + beta))
        x, k, n = self._x, self._n - self._x, self._n
        value = weight @ (bought.value[x] + without.value[k] - either.value[n])
        both = weight @ either.slope[n]
        gradient = np.array([weight @ bought.slope[x], weight @ without.slope[k]]) - both
        bends = np.array([weight @ bought.bend[x], weight @ without.bend[k]])
        hessian = np.diag(bends) - weight @ either.bend[n]
        return Evaluation(float(value), gradient, hessian).in_logs(parameters)


class BgBbLikelihood:
    """Purchases and dropout as a function of α, β, γ and δ, in logarithms."""

    def __init__(self, rows: UniqueRows) -> None:
        """Lay out the terms of the rows, some thousand at once."""
        self._most = int(rows.T.max(initial=0.0))
        self._x, self._weight = rows.frequency.astype(np.int64), rows.weight
        self._blocks = [
            (LifeTerms.of(rows.frequency[some], rows.recency[some], rows.T[some]), some)
            for some in _slices(rows.T - rows.recency + 1)
        ]

    def __call__(self, parameters: Floats) -> Evaluation:
        """Return the log-likelihood with derivatives by ln α, ln β, ln γ and ln δ."""
        tables = _Tables(BuyingAndStaying(*map(float, parameters)), self._most)
        value = float(self._weight @ tables.alpha.value[self._x])
        gradient, hessian = np.zeros(4), np.zeros((4, 4))
        gradient[0] = self._weight @ tables.alpha.slope[self._x]
        hessian[0, 0] = self._weight @ tables.alpha.bend[self._x]
        for terms, some in self._blocks:
            sums, share = terms.mixed(tables.logs(terms))
            value += float(self._weight[some] @ sums)
            by, bent = _derivatives(tables, terms, share, self._weight[some])
            gradient += by
            hessian += bent
        return Evaluation(value, gradient, hessian).in_logs(parameters)


def _derivatives(
    tables: _Tables, terms: LifeTerms, share: Floats, weight: Floats
) -> tuple[Floats, Floats]:
    """Return gradient and Hessian of Σ weight × ln of the sum of terms, but for Γ(α+x)."""
    m, end, k = terms.until, terms.until + terms.dropped, terms.without
    either, life = tables.either, tables.life
    slopes = np.stack(
        [
            -either.slope[m],
            tables.beta.slope[k] - either.slope[m],
            terms.dropped / tables.gamma - life.slope[end],
            tables.delta.slope[m] - life.slope[end],
        ]
    )
    means = np.add.reduceat(slopes * share, terms.first, axis=1)
    weighted = share * weight[terms.row]
    hessian = (slopes * weighted) @ slopes.T - (means * weight) @ means.T
    hessian[:2, :2] -= weighted @ either.bend[m]
    hessian[2:, 2:] -= weighted @ life.bend[end]
    hessian[1, 1] += weighted @ tables.beta.bend[k]
    hessian[2, 2] -= weighted @ terms.dropped / tables.gamma**2
    hessian[3, 3] += weighted @ tables.delta.bend[m]
    return means @ weight, hessian


def _slices(counts: Floats) -> list[slice]:
    """Cut rows into runs of not too many terms each."""
    block = (np.cumsum(counts) // _TERMS_AT_ONCE).astype(np.int64)
    cuts = [*np.flatnonzero(np.diff(block, prepend=-1)).tolist(), len(counts)]
    return [slice(start, stop) for start, stop in pairwise(cuts)]
