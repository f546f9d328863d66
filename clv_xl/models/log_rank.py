"""Survival of several groups of customers, and whether they differ: the log-rank test."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from clv_xl.arrays import Floats, Ints, Range, Texts, same_length
from clv_xl.errors import DataError
from clv_xl.models.kaplan_meier import KaplanMeier, kaplan_meier, observed_tenures

NO_GROUP = "(none)"
"""The group of customers whose group is blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRankTest:
    """How far the losses of the groups are from what one survival curve for all would give."""

    groups: tuple[str, ...]
    observed: tuple[float, ...]
    """Customers lost, by group."""
    expected: tuple[float, ...]
    """Those that one curve for all would give."""
    statistic: float
    """Chi-squared distributed if the groups do not differ."""
    degrees_of_freedom: int
    p_value: float


def kaplan_meier_by_group(
    tenure: Range,
    churned: Any,  # noqa: ANN401 - numbers, truth values or their texts
    groups: Texts,
    weights: Range | None = None,
    level: float = 0.95,
) -> dict[str, KaplanMeier]:
    """Return the survival curve of each group, in the order in which the groups appear.

    Parameters
    ----------
    tenure, churned, weights, level
        As for `kaplan_meier`.
    groups
        Group of each customer, text.

    Examples
    --------
    >>> curves = kaplan_meier_by_group([3, 5, 5, 8], [1, 1, 0, 1], ["a", "a", "b", "b"])
    >>> {group: curve.survival.tolist() for group, curve in curves.items()}
    {'a': [1.0, 0.5, 0.0], 'b': [1.0, 1.0, 0.0]}
    """
    codes, names = _coded(groups)
    times, left, weight = observed_tenures(tenure, churned, weights)
    same_length(tenure=times, groups=codes)
    chosen = [np.flatnonzero(codes == code) for code in range(len(names))]
    return {
        name: kaplan_meier(times[rows], left[rows], weight[rows], level)
        for name, rows in zip(names, chosen, strict=True)
        if weight[rows].any()
    }


def log_rank_test(
    tenure: Range,
    churned: Any,  # noqa: ANN401 - numbers, truth values or their texts
    groups: Texts,
    weights: Range | None = None,
) -> LogRankTest:
    """Test whether groups of customers are lost alike.

    Parameters
    ----------
    tenure, churned, weights
        As for `kaplan_meier`; weights are counts of customers.
    groups
        Group of each customer, text.

    Returns
    -------
    LogRankTest
        A small p-value says that the groups differ.

    Raises
    ------
    DataError
        If nobody was lost while customers of two groups were there.

    References
    ----------
    Mantel (1966), Evaluation of survival data and two new rank order statistics, Cancer
    Chemotherapy Reports 50, 163-170.

    Examples
    --------
    >>> groups = ["monthly"] * 4 + ["yearly"] * 4
    >>> test = log_rank_test([1, 2, 2, 3, 5, 8, 9, 9], [1, 1, 1, 1, 1, 0, 1, 0], groups)
    >>> test.degrees_of_freedom, round(test.p_value, 4)
    (1, 0.0069)
    """
    codes, names = _coded(groups)
    times, left, weight = observed_tenures(tenure, churned, weights)
    same_length(tenure=times, groups=codes)
    lost, at_risk = _at_losses(times, left * weight, weight, codes, len(names))
    all_lost, all_at_risk = lost.sum(axis=0), at_risk.sum(axis=0)
    share = at_risk / all_at_risk
    expected = share @ all_lost
    spread = _hypergeometric_spread(all_lost, all_at_risk)
    covariance = np.diag(share @ spread) - (share * spread) @ share.T
    degrees = int(np.linalg.matrix_rank(covariance, hermitian=True))
    if degrees == 0 or not spread.any():
        raise DataError(
            "the groups cannot be compared: nobody was lost while two groups had customers left"
        )
    excess = lost.sum(axis=1) - expected
    statistic = float(excess @ np.linalg.pinv(covariance, hermitian=True) @ excess)
    return LogRankTest(
        groups=tuple(names),
        observed=tuple(lost.sum(axis=1).tolist()),
        expected=tuple(expected.tolist()),
        statistic=statistic,
        degrees_of_freedom=degrees,
        p_value=float(chdtrc(degrees, statistic)),
    )


def _hypergeometric_spread(lost: Floats, at_risk: Floats) -> Floats:
    """Return by how much the losses of a group vary, over share × (1 − share)."""
    others = np.where(at_risk > 1, at_risk - 1, np.inf)  # who is alone is lost for certain
    spread: Floats = lost * (at_risk - lost) / others
    return spread


def _coded(groups: Texts) -> tuple[Ints, list[str]]:
    labels = pd.Series(np.atleast_1d(np.asarray(groups, dtype=object)), dtype=object)
    blank = labels.isna() | (labels.astype(str).str.strip() == "")
    codes, names = pd.factorize(labels.where(~blank, NO_GROUP).astype(str))
    return codes.astype(np.int64), [str(name) for name in names]


def _at_losses(
    times: Floats, lost: Floats, weight: Floats, codes: Ints, groups: int
) -> tuple[Floats, Floats]:
    """Return customers lost and at risk, by group and moment at which any was lost."""
    moments, places = np.unique(times, return_inverse=True)
    shape = (groups, len(moments))
    cells = codes * len(moments) + places
    lost_then, ended = (
        np.bincount(cells, weights=column, minlength=groups * len(moments)).astype(np.float64)
        for column in (lost, weight)
    )
    at_risk = np.cumsum(ended.reshape(shape)[:, ::-1], axis=1)[:, ::-1]
    lost_by_group = lost_then.reshape(shape)
    any_lost = lost_by_group.sum(axis=0) > 0
    return lost_by_group[:, any_lost], at_risk[:, any_lost]
