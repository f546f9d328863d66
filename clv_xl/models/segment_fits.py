"""Purchase models of segments, each drawn towards the fit to all customers.

A segment has too few customers for a fit of its own, or enough; between the two lies no cliff.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Generic

import numpy as np
import pandas as pd

from clv_xl.arrays import Floats, Ints, Range, Texts, checked, same_length
from clv_xl.models.beta_geometric_estimate import BetaGeometricProblem
from clv_xl.models.beta_geometric_fit import BetaGeometricFit
from clv_xl.models.bg_bb import BgBbFit
from clv_xl.models.bg_bb_estimate import BgBbProblem
from clv_xl.models.customer_columns import CustomerColumns, customer_columns
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.pareto_nbd_estimate import ParetoNbdProblem
from clv_xl.models.purchase_estimate import PurchaseProblem, whole
from clv_xl.models.purchase_models import Status
from clv_xl.models.segment_shrinkage import Fit, shrunk
from clv_xl.models.unique_rows import UniqueRows, collapsed


@dataclass(frozen=True, slots=True, eq=False)
class SegmentFits(Generic[Fit]):
    """Fits of segments, in one order."""

    names: Sequence[Any]
    fits: Sequence[Fit]
    own_shares: Floats
    """How much of what a fit knows comes from its own customers, 0 to 1."""
    in_common: Floats
    """What is known of all counts like so many customers, in each principal direction of the
    information, ascending; infinite where segments are alike."""

    def named(self, segment: str) -> Fit:
        """Return the fit of one segment."""
        return self.fits[list(self.names).index(segment)]

    def table(self) -> pd.DataFrame:
        """Return a row a segment: its customers, the share of its own data, its parameters."""
        known = [
            {"segment": name, "customers": fit.customers, "own_share": share}
            | dict(fit.parameters)
            | {"status": fit.status.value, "note": fit.note}
            for name, fit, share in zip(self.names, self.fits, self.own_shares, strict=True)
        ]
        return pd.DataFrame(known)


def fit_segments(
    pooled: Fit,
    segments: Texts,
    frequency: Range,
    recency: Range,
    T: Range,
    weights: Range | None = None,
    *,
    in_common: float | None = None,
) -> SegmentFits[Fit]:
    """Return a fit of each segment's purchases, the smaller the segment the closer to `pooled`.

    Parameters
    ----------
    pooled
        The model fitted to all these customers.
    segments
        Segment of each customer, text; results come in the order of first appearance.
    frequency
        Repeat purchases of each customer, whole numbers.
    recency
        Time from the first order to the last, in the fit's unit.
    T
        Time from the first order to now, in the fit's unit.
    weights
        How many customers each row stands for; 1 when omitted.
    in_common
        How many customers of a segment's own count as much as what is known of all, above 0;
        estimated from how much the segments differ when omitted.

    Returns
    -------
    SegmentFits
        Fits with the pooled one's status, each saying in its note what share its own data have;
        the pooled parameters for all where that one has the status TOO_FEW.

    References
    ----------
    Efron & Morris (1975), Data analysis using Stein's estimator and its generalizations, Journal of
    the American Statistical Association 70(350), 311-319. DerSimonian & Laird (1986), Meta-analysis
    in clinical trials, Controlled Clinical Trials 7(3), 177-188.

    Examples
    --------
    >>> from clv_xl.models.mbg_nbd import fit_mbg_nbd
    >>> columns = [0, 1, 0, 2] * 9, [0, 4, 0, 9] * 9, [10, 12, 30, 30] * 9
    >>> found = fit_segments(fit_mbg_nbd(*columns), ["shop", "fair"] * 18, *columns, in_common=20)
    >>> found.table()[["segment", "customers"]]
      segment  customers
    0    shop         18
    1    fair         18
    """
    names = np.asarray(segments, dtype=object).ravel()
    same_length(frequency=np.atleast_1d(frequency), segments=names)
    codes, found = pd.factorize(names.astype(str))
    columns = frequency, recency, T
    return segment_fits(pooled, codes, found.tolist(), *columns, weights, in_common=in_common)


def segment_fits(
    pooled: Fit,
    codes: Ints,
    names: Sequence[Any],
    frequency: Range,
    recency: Range,
    T: Range,
    weights: Range | None = None,
    *,
    in_common: float | None = None,
) -> SegmentFits[Fit]:
    """Return what `fit_segments` does for segments given as codes into `names`.

    A segment may be without customers: it gets the parameters of all.
    """
    x, t_x, ages = (np.atleast_1d(column) for column in (frequency, recency, T))
    same_length(frequency=x, recency=t_x, T=ages, weights=weights)
    columns = customer_columns(x, t_x, ages)
    weight = None if weights is None else checked("weights", weights, at_least=0)
    given = None if in_common is None else float(checked("in_common", in_common, above=0))
    rows = collapsed(columns.frequency, columns.recency, columns.T, weight)
    if pooled.status is Status.TOO_FEW or not rows.observed_time:
        sizes = np.bincount(codes, weight, len(names)).tolist()
        fits = [replace(pooled, **dict[str, Any](customers=whole(size))) for size in sizes]
        alike = np.full(len(pooled.parameter_names), np.inf)
        return SegmentFits(names, fits, np.zeros(len(names)), alike)
    each = _rows_of(columns, weight, codes, len(names))
    fits, shares, common = shrunk(pooled, _problem(pooled, rows), each, given)
    return SegmentFits(names, fits, shares, common)


def _problem(pooled: FittedPurchases, rows: UniqueRows) -> PurchaseProblem:
    """Return the problem that `pooled` solves, in the scale of its data."""
    free = np.zeros(len(pooled.parameter_names))
    if isinstance(pooled, BgBbFit):
        return BgBbProblem(rows, 1.0, free)
    scale = rows.observed_time / rows.customers
    if isinstance(pooled, BetaGeometricFit):
        return BetaGeometricProblem(rows, scale, free, pooled.chances_before_repeat)
    return ParetoNbdProblem(rows, scale, free)


def _rows_of(
    columns: CustomerColumns, weight: Floats | None, codes: Ints, groups: int
) -> Iterator[UniqueRows]:
    """Yield the unique rows of each segment."""
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(groups + 1))
    for start, end in pairwise(ends):
        here = order[start:end]
        known = (columns.frequency[here], columns.recency[here], columns.T[here])
        yield collapsed(*known, None if weight is None else weight[here])
