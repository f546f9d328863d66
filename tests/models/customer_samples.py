"""Customers to fit models to: the CDNOW tenth that the literature uses, and simulated ones."""

import warnings
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from clv_xl.arrays import Floats
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.mbg_nbd import MbgNbdFit
from clv_xl.models.pareto_nbd import ParetoNbdFit


class Customers(NamedTuple):
    frequency: Floats
    recency: Floats
    T: Floats


def cdnow_folder() -> Path:
    found = find_spec("lifetimes")
    if found is None or found.origin is None:
        pytest.skip("lifetimes, which brings the CDNOW data, is not installed")
    return Path(found.origin).parent / "datasets"


def cdnow() -> tuple[Customers, Floats, Floats]:
    """Return the 2,357 customers in weeks, their mean repeat spend and their holdout purchases."""
    folder = cdnow_folder()
    table = pd.read_csv(folder / "cdnow_customers_summary_with_transactions.csv")
    x, t_x, age, spend = (table[name].to_numpy(np.float64) for name in ("x", "t_x", "T", "zbar"))
    log = pd.read_csv(folder / "CDNOW_sample.txt", sep=r"\s+", header=None)[[1, 2]]
    later = log.drop_duplicates()[lambda rows: rows[2] > 19970930]
    bought = later.groupby(1).size().reindex(table["ID"], fill_value=0)
    return Customers(x, t_x, age), spend, np.asarray(bought, dtype=np.float64)


def lifetimes() -> ModuleType:
    """Return the oracle, whose import warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module: ModuleType = pytest.importorskip("lifetimes")
    return module


def simulated(
    random: np.random.Generator,
    size: int,
    parameters: tuple[float, float, float, float],
    *,
    drops_at_once: bool,
    longest: int = 730,
) -> Customers:
    """Play purchase by purchase, in days; with `drops_at_once` as MBG/NBD says, else BG/NBD."""
    r, alpha, a, b = parameters
    rate = np.maximum(random.gamma(r, 1 / alpha, size), 1e-9)
    dropout = random.beta(a, b, size)
    age = random.integers(0, longest + 1, size).astype(np.float64)
    last, count, now = np.zeros(size), np.zeros(size), np.zeros(size)
    alive = random.random(size) >= dropout if drops_at_once else np.ones(size, dtype=np.bool_)
    while alive.any():
        now += np.ceil(random.exponential(1 / rate))
        alive &= now <= age
        count += alive
        last = np.where(alive, now, last)
        alive &= random.random(size) >= dropout
    return Customers(count, last, age)


def simulated_pareto(
    random: np.random.Generator,
    size: int,
    parameters: tuple[float, float, float, float],
    *,
    longest: int = 730,
    whole_days: bool = True,
) -> Customers:
    """Play purchase by purchase, in days, by customers who leave at any moment."""
    r, alpha, s, beta = parameters
    rate = np.maximum(random.gamma(r, 1 / alpha, size), 1e-9)
    leaves = random.exponential(1 / np.maximum(random.gamma(s, 1 / beta, size), 1e-12))
    age = random.integers(0, longest + 1, size).astype(np.float64)
    end = np.minimum(age, leaves)
    last, count, now = np.zeros(size), np.zeros(size), np.zeros(size)
    alive = np.ones(size, dtype=np.bool_)
    while alive.any():
        waited = random.exponential(1 / rate)
        now += np.ceil(waited) if whole_days else waited
        alive &= now <= end
        count += alive
        last = np.where(alive, now, last)
    return Customers(count, last, age)


def simulated_opportunities(
    random: np.random.Generator,
    size: int,
    parameters: tuple[float, float, float, float],
    *,
    most: int = 12,
) -> Customers:
    """Play opportunity by opportunity, as BG/BB says."""
    alpha, beta, gamma, delta = parameters
    buys, leaves = random.beta(alpha, beta, size), random.beta(gamma, delta, size)
    periods = random.integers(0, most + 1, size).astype(np.float64)
    last, count = np.zeros(size), np.zeros(size)
    alive = np.ones(size, dtype=np.bool_)
    for now in range(1, most + 1):
        alive &= (random.random(size) >= leaves) & (now <= periods)
        bought = alive & (random.random(size) < buys)
        count += bought
        last = np.where(bought, float(now), last)
    return Customers(count, last, periods)


def played_on(
    random: np.random.Generator,
    kind: type[FittedPurchases],
    parameters: tuple[float, float, float, float],
    *,
    size: int,
    ahead: float,
    longest: int = 730,
) -> tuple[Customers, Floats]:
    """Play customers of BG/NBD, MBG/NBD or Pareto/NBD up to now, and their purchases after it."""
    r, alpha, third, fourth = parameters
    rate = np.maximum(random.gamma(r, 1 / alpha, size), 1e-9)
    age = random.integers(1, longest + 1, size).astype(np.float64)
    end, most = age + ahead, np.full(size, np.inf)
    if kind is ParetoNbdFit:
        leaving = np.maximum(random.gamma(third, 1 / fourth, size), 1e-12)
        end = np.minimum(end, random.exponential(1 / leaving))
    else:
        dropout = np.maximum(random.beta(third, fourth, size), 1e-12)
        most = random.geometric(dropout) - float(kind is MbgNbdFit)
    now, count, last, later = (np.zeros(size) for _ in range(4))
    there, purchase = np.arange(size), 0
    while len(there):
        purchase += 1
        now[there] += random.exponential(1 / rate[there])
        there = there[(now[there] <= end[there]) & (purchase <= most[there])]
        seen = now[there] <= age[there]
        count[there[seen]] += 1
        last[there[seen]] = now[there[seen]]
        later[there[~seen]] += 1
    return Customers(count, last, age), later
