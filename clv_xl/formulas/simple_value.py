"""What a customer is worth by plain multiplication: a first figure, without any discounting."""

from clv_xl.arrays import Figures, Numbers, unwrapped
from clv_xl.formulas.bounds import FINITE, NOT_NEGATIVE, SHARE, given, numbers


def simple_clv(
    average_order_value: Numbers,
    orders_per_year: Numbers,
    lifespan_years: Numbers,
    margin_rate: Numbers | None = None,
) -> Figures:
    """Lifetime value in money: order value times orders a year times years.

    Parameters
    ----------
    average_order_value
        Net sales per order, in money.
    orders_per_year
        Orders per active customer and year.
    lifespan_years
        Years a customer keeps buying.
    margin_rate
        Share of sales that is margin, as a decimal from 0 to 1. Omitted: 1, and the result is
        revenue, not value.

    Returns
    -------
    float or array
        Money, undiscounted, before the cost of acquisition.

    Notes
    -----
    average_order_value × orders_per_year × lifespan_years × margin_rate

    Examples
    --------
    >>> simple_clv(50, 4, 3, 0.4)
    240.0
    """
    order_value, orders, years, margin = numbers(
        average_order_value=(average_order_value, FINITE),
        orders_per_year=(orders_per_year, NOT_NEGATIVE),
        lifespan_years=(lifespan_years, NOT_NEGATIVE),
        margin_rate=(given(margin_rate, 1), SHARE),
    )
    return unwrapped(order_value * orders * years * margin)


def product_clv(
    average_transaction: Numbers, purchases: Numbers, margin_rate: Numbers | None = None
) -> Figures:
    """Lifetime value in money of a product buyer: transaction value times lifetime purchases.

    Parameters
    ----------
    average_transaction
        Net sales per purchase, in money.
    purchases
        Purchases over the whole lifetime of a customer.
    margin_rate
        Share of sales that is margin, as a decimal from 0 to 1. Omitted: 1, and the result is
        revenue, not value.

    Returns
    -------
    float or array
        Money, undiscounted, before the cost of acquisition.

    Notes
    -----
    average_transaction × purchases × margin_rate

    Examples
    --------
    >>> product_clv(80, 5, 0.5)
    200.0
    """
    transaction, times, margin = numbers(
        average_transaction=(average_transaction, FINITE),
        purchases=(purchases, NOT_NEGATIVE),
        margin_rate=(given(margin_rate, 1), SHARE),
    )
    return unwrapped(transaction * times * margin)


def service_clv(
    monthly_revenue: Numbers, lifetime_months: Numbers, margin_rate: Numbers | None = None
) -> Figures:
    """Lifetime value in money of a service customer: monthly revenue times months.

    Parameters
    ----------
    monthly_revenue
        Net revenue per customer and month, in money.
    lifetime_months
        Months a customer stays.
    margin_rate
        Share of revenue that is margin, as a decimal from 0 to 1. Omitted: 1, and the result is
        revenue, not value.

    Returns
    -------
    float or array
        Money, undiscounted, before the cost of acquisition.

    Notes
    -----
    monthly_revenue × lifetime_months × margin_rate

    Examples
    --------
    >>> service_clv(30, 24, 0.75)
    540.0
    """
    revenue, months, margin = numbers(
        monthly_revenue=(monthly_revenue, FINITE),
        lifetime_months=(lifetime_months, NOT_NEGATIVE),
        margin_rate=(given(margin_rate, 1), SHARE),
    )
    return unwrapped(revenue * months * margin)
