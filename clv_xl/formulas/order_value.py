"""The economics of orders: what an order brings, how often it comes, what is left of it."""

import numpy as np
import pandas as pd

from clv_xl.arrays import Figures, Floats, Numbers, Range, Texts, same_length, unwrapped
from clv_xl.errors import DataError
from clv_xl.formulas.bounds import FINITE, NOT_NEGATIVE, POSITIVE, numbers, with_blanks


def average_order_value(amounts: Range, orders: Texts | None = None) -> float:
    """Average order value (AOV) in money: net sales over the number of orders above 0.

    Parameters
    ----------
    amounts
        Net amounts, in money, one a row; refunds are negative, blank cells are left out.
    orders
        Order ids, one a row: rows of one id are lines of one order. Omitted: each row is an order.

    Returns
    -------
    float
        Money per order. Refunds reduce the sales; an order of 0, or refunded in full, is no order.

    Notes
    -----
    Σ amounts/number of orders above 0

    Examples
    --------
    >>> average_order_value([40, 60, 30, -30], ["A", "A", "B", "B"])
    100.0
    """
    money = with_blanks("amounts", amounts)
    if orders is not None:
        same_length(amounts=money, orders=orders)
        money = _summed_by(orders, money)
    counted = np.nan_to_num(money)
    paid = int(np.count_nonzero(counted > 0))
    if not paid:
        raise DataError("amounts must hold at least one order above 0")
    return float(counted.sum() / paid)


def _summed_by(orders: Texts, money: Floats) -> Floats:
    codes, ids = pd.factorize(pd.Series(orders, dtype="object"), use_na_sentinel=False)
    sums = np.bincount(codes, weights=np.nan_to_num(money), minlength=len(ids))
    # An order of 19.90 refunded in two parts leaves 1e-15: that is nothing.
    return np.round(sums, 9)


def average_revenue_per_account(
    revenue: Numbers, customers_at_start: Numbers, customers_at_close: Numbers
) -> Figures:
    """Average revenue per account (ARPA) of a period, in money.

    Parameters
    ----------
    revenue
        Net revenue of the period, in money.
    customers_at_start
        Customers at the start of the period, a count.
    customers_at_close
        Customers at the close of the period, a count; not both may be 0.

    Returns
    -------
    float or array
        Money per average customer and period.

    Notes
    -----
    revenue/((customers_at_start + customers_at_close)/2)

    Examples
    --------
    >>> average_revenue_per_account(10_500, 200, 220)
    50.0
    """
    money, start, close = numbers(
        revenue=(revenue, FINITE),
        customers_at_start=(customers_at_start, NOT_NEGATIVE),
        customers_at_close=(customers_at_close, NOT_NEGATIVE),
    )
    if np.any(start + close == 0):
        raise DataError("customers_at_start and customers_at_close must not both be 0")
    return unwrapped(money / ((start + close) / 2))


def purchase_frequency(orders: Numbers, customers: Numbers, days: Numbers) -> Figures:
    """Orders per active customer and year, from the counts of one window.

    Parameters
    ----------
    orders
        Orders within the window, a count.
    customers
        Customers with an order in that same window, a count above 0.
    days
        Length of the window in days, above 0.

    Returns
    -------
    float or array
        Orders per customer in 365 days.

    Examples
    --------
    >>> purchase_frequency(600, 200, 365)
    3.0
    """
    count, active, length = numbers(
        orders=(orders, NOT_NEGATIVE), customers=(customers, POSITIVE), days=(days, POSITIVE)
    )
    return unwrapped(count / active * (365 / length))


def net_sales(gross_sales: Numbers, discounts: Numbers, returns: Numbers) -> Figures:
    """Net sales in money: gross sales less discounts and returns, without tax and shipping.

    Parameters
    ----------
    gross_sales
        Sales at list price, in money, without tax and shipping.
    discounts
        Price reductions and coupons, in money, at least 0.
    returns
        Refunds, in money, at least 0.

    Returns
    -------
    float or array
        Money.

    Examples
    --------
    >>> net_sales(1_000, 80, 120)
    800.0
    """
    gross, less, back = numbers(
        gross_sales=(gross_sales, FINITE),
        discounts=(discounts, NOT_NEGATIVE),
        returns=(returns, NOT_NEGATIVE),
    )
    return unwrapped(gross - less - back)


def margin_rate(revenue: Numbers, costs: Numbers) -> Figures:
    """Margin rate, as a decimal: the share of revenue left after costs.

    Parameters
    ----------
    revenue
        Net revenue, in money, above 0.
    costs
        Cost of goods for a gross margin, all variable costs for a contribution margin, in money.

    Returns
    -------
    float or array
        A rate of at most 1; negative where costs exceed revenue.

    Examples
    --------
    >>> margin_rate(800, 480)
    0.4
    """
    money, spent = numbers(revenue=(revenue, POSITIVE), costs=(costs, NOT_NEGATIVE))
    return unwrapped((money - spent) / money)


def share_of_wallet(own_sales: Numbers, category_spend: Numbers) -> Figures:
    """Share of wallet, as a decimal: own sales over all that customers spend on the category.

    Parameters
    ----------
    own_sales
        Own net sales to the customers, in money, at least 0.
    category_spend
        What the same customers spend on the category with everyone, in money, above 0.

    Returns
    -------
    float or array
        A rate.

    Examples
    --------
    >>> share_of_wallet(300, 1_200)
    0.25
    """
    own, spend = numbers(
        own_sales=(own_sales, NOT_NEGATIVE), category_spend=(category_spend, POSITIVE)
    )
    return unwrapped(own / spend)
