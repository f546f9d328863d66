"""The known truth of the simulated shop: how its customers behave, and what that is worth."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import exprel, roots_legendre, roots_sh_jacobi

from clv_xl.arrays import Floats, checked
from clv_xl.errors import InvalidArgumentError, listed
from clv_xl.periods import DAYS_PER_YEAR

NODES = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopChannel:
    """How the customers of one acquisition channel buy: MBG/NBD in days, gamma-gamma in money."""

    name: str
    share: float
    r: float
    alpha: float
    a: float
    b: float
    mean_spend: float
    cac: float
    spend_shape: float = 6.0
    spread_shape: float = 4.0

    @property
    def gamma(self) -> float:
        """The scale of gamma-gamma that belongs to `mean_spend`."""
        return self.mean_spend * (self.spread_shape - 1) / self.spend_shape  # E[M] = p γ / (q - 1)

    def expected_repeats(self, days: float, annual_discount_rate: float = 0.0) -> float:
        """Return the repeat purchases of a new customer in `days`, each discounted to its day.

        Examples
        --------
        >>> round(CHANNELS[0].expected_repeats(365.25), 3)
        2.53
        """
        # The rate after u days is E[λ (1-p) exp(-λ p u)]: λ in closed form, p and u by quadrature.
        dropout, weight = roots_sh_jacobi(NODES, self.a + self.b - 1, self.a)
        node, step = roots_legendre(NODES)
        waited = days * (node + 1) / 2
        survived = 1 + dropout[:, None] * waited / self.alpha
        rate = (self.r / self.alpha) * (1 - dropout[:, None]) * survived ** -(self.r + 1)
        by_day = weight @ rate / weight.sum()
        discounted = by_day * (1 + annual_discount_rate) ** (-waited / DAYS_PER_YEAR)
        return float(discounted @ step * days / 2)


CHANNELS = (
    ShopChannel(name="Search", share=0.30, r=1.1, alpha=75, a=0.9, b=3.2, mean_spend=68, cac=38),
    ShopChannel(name="Social", share=0.24, r=0.8, alpha=95, a=1.3, b=2.4, mean_spend=52, cac=54),
    ShopChannel(name="Email", share=0.14, r=1.4, alpha=70, a=0.8, b=5.0, mean_spend=78, cac=26),
    ShopChannel(name="Referral", share=0.12, r=1.3, alpha=65, a=0.7, b=4.2, mean_spend=88, cac=43),
    ShopChannel(
        name="Marketplace", share=0.20, r=0.9, alpha=85, a=1.2, b=2.6, mean_spend=55, cac=40
    ),
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ShopTruth:
    """What a model fitted to the shop's orders ought to find.

    Attributes
    ----------
    customers
        One row a customer: customer_id, channel, purchases_per_day (λ), dropout_probability (p,
        after each purchase), alive (on the as-of day) and mean_spend (per order, in money).
    net_share
        The share of spend that refunds leave, on average.
    """

    customers: pd.DataFrame
    net_share: float

    def residual_spend_by_customer(
        self, days: float = DAYS_PER_YEAR, annual_discount_rate: float = 0.0
    ) -> Floats:
        """Return what each customer is expected to spend after the as-of day, in money net."""
        checked("days", days, above=0)
        checked("annual_discount_rate", annual_discount_rate, at_least=0, below=1)
        rate = self.customers["purchases_per_day"].to_numpy(np.float64)
        dropout = self.customers["dropout_probability"].to_numpy(np.float64)
        fading = rate * dropout + np.log1p(annual_discount_rate) / DAYS_PER_YEAR
        purchases = rate * days * exprel(-fading * days)  # λ (1 - exp(-(λp + δ) t)) / (λp + δ)
        spend = self.customers["mean_spend"].to_numpy(np.float64)
        return np.where(self.customers["alive"], purchases * spend * self.net_share, 0.0)

    def residual_spend(
        self, days: float = DAYS_PER_YEAR, annual_discount_rate: float = 0.0
    ) -> float:
        """Return what all existing customers are expected to spend after the as-of day."""
        return float(self.residual_spend_by_customer(days, annual_discount_rate).sum())

    def new_customer_spend(
        self,
        days: float = DAYS_PER_YEAR,
        annual_discount_rate: float = 0.0,
        channel: str | None = None,
    ) -> float:
        """Return what a new customer is expected to spend, the first order included, in money net.

        Without a `channel` it is a customer of the usual mix of channels.
        """
        checked("days", days, above=0)
        checked("annual_discount_rate", annual_discount_rate, at_least=0, below=1)
        known = [c for c in CHANNELS if channel in {None, c.name}]
        if not known:
            expected = f"one of {listed(c.name for c in CHANNELS)}"
            raise InvalidArgumentError("channel", channel, expected)
        orders = [1 + c.expected_repeats(days, annual_discount_rate) for c in known]
        spend = [n * c.mean_spend for n, c in zip(orders, known, strict=True)]
        return self.net_share * float(np.average(spend, weights=[c.share for c in known]))
