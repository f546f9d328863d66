"""How many customers, and how much of their revenue, a business keeps."""

import numpy as np

from clv_xl.arrays import Figures, Floats, Numbers, unwrapped
from clv_xl.errors import InvalidArgumentError, row_number
from clv_xl.formulas.bounds import CHURN, NOT_NEGATIVE, POSITIVE, given, numbers


def retention_rate(
    customers_at_start: Numbers, customers_at_close: Numbers, new_customers: Numbers
) -> Figures:
    """Retention rate of a period, as a decimal: customers kept over customers at the start.

    Parameters
    ----------
    customers_at_start
        Customers at the start of the period, a count above 0.
    customers_at_close
        Customers at the close of the period, a count.
    new_customers
        Customers won within the period, a count; they stand in the close but not in the start.

    Returns
    -------
    float or array
        A rate from 0 to 1.

    Notes
    -----
    (customers_at_close − new_customers)/customers_at_start

    Examples
    --------
    >>> retention_rate(200, 210, 50)
    0.8
    """
    start, close, new = numbers(
        customers_at_start=(customers_at_start, POSITIVE),
        customers_at_close=(customers_at_close, NOT_NEGATIVE),
        new_customers=(new_customers, NOT_NEGATIVE),
    )
    _refuse_above("new_customers", new, close, "the customers at the close")
    _refuse_above("customers_at_close", close, start + new, "the start plus the new customers")
    return unwrapped((close - new) / start)


def churn_rate(customers_at_start: Numbers, lost: Numbers) -> Figures:
    """Churn rate of a period, as a decimal: customers lost over customers at the start.

    Parameters
    ----------
    customers_at_start
        Customers at the start of the period, a count above 0.
    lost
        Those of them who left within the period, a count.

    Returns
    -------
    float or array
        A rate from 0 to 1.

    Notes
    -----
    lost/customers_at_start

    Examples
    --------
    >>> churn_rate(200, 40)
    0.2
    """
    start, gone = numbers(
        customers_at_start=(customers_at_start, POSITIVE), lost=(lost, NOT_NEGATIVE)
    )
    _refuse_above("lost", gone, start, "the customers at the start")
    return unwrapped(gone / start)


def customer_lifetime(churn: Numbers) -> Figures:
    """Lifetime implied by a constant churn, in its periods: one over the churn.

    Parameters
    ----------
    churn
        Share of customers lost per period, as a decimal, above 0 up to 1.

    Returns
    -------
    float or array
        Periods, the first one included; in months when the churn is monthly.

    Notes
    -----
    1/churn

    Examples
    --------
    >>> customer_lifetime(0.05)
    20.0
    """
    (lost,) = numbers(churn=(churn, CHURN))
    return unwrapped(1 / lost)  # the mean of a geometric lifetime


def gross_revenue_retention(
    recurring_at_start: Numbers, churned: Numbers, contraction: Numbers
) -> Figures:
    """Gross revenue retention (GRR) of a period, as a decimal: expansion never counts.

    Parameters
    ----------
    recurring_at_start
        Recurring revenue at the start of the period, in money, above 0.
    churned
        Recurring revenue lost with customers who left, in money, at least 0.
    contraction
        Recurring revenue lost with customers who stayed and pay less, in money, at least 0.

    Returns
    -------
    float or array
        A rate from 0 to 1.

    Notes
    -----
    (recurring_at_start − churned − contraction)/recurring_at_start

    Examples
    --------
    >>> gross_revenue_retention(10_000, 800, 200)
    0.9
    """
    start, gone, less = numbers(
        recurring_at_start=(recurring_at_start, POSITIVE),
        churned=(churned, NOT_NEGATIVE),
        contraction=(contraction, NOT_NEGATIVE),
    )
    _refuse_above("churned", gone, start, "the revenue at the start")
    _refuse_above(
        "contraction", less, np.maximum(start - gone, 0), "the revenue at the start that stayed"
    )
    return unwrapped(np.maximum(start - gone - less, 0) / start)


def net_revenue_retention(
    recurring_at_start: Numbers,
    churned: Numbers,
    contraction: Numbers,
    expansion: Numbers,
    reactivation: Numbers | None = None,
) -> Figures:
    """Net revenue retention (NRR) of a period, as a decimal; above 1 where the base grows.

    Parameters
    ----------
    recurring_at_start
        Recurring revenue at the start of the period, in money, above 0.
    churned
        Recurring revenue lost with customers who left, in money, at least 0.
    contraction
        Recurring revenue lost with customers who stayed and pay less, in money, at least 0.
    expansion
        Recurring revenue gained from customers who stayed and pay more, in money, at least 0.
    reactivation
        Recurring revenue of customers who came back, in money, at least 0. Omitted: 0, not counted.

    Returns
    -------
    float or array
        A rate of at least 0.

    Notes
    -----
    (recurring_at_start − churned − contraction + expansion + reactivation)/recurring_at_start

    Examples
    --------
    >>> net_revenue_retention(10_000, 800, 200, 1_500)
    1.05
    """
    start, gone, less, more, back = numbers(
        recurring_at_start=(recurring_at_start, POSITIVE),
        churned=(churned, NOT_NEGATIVE),
        contraction=(contraction, NOT_NEGATIVE),
        expansion=(expansion, NOT_NEGATIVE),
        reactivation=(given(reactivation, 0), NOT_NEGATIVE),
    )
    _refuse_above("churned", gone, start, "the revenue at the start")
    _refuse_above(
        "contraction", less, np.maximum(start - gone, 0), "the revenue at the start that stayed"
    )
    return unwrapped((np.maximum(start - gone - less, 0) + more + back) / start)


def _refuse_above(argument: str, values: Floats, limits: Floats, meaning: str) -> None:
    # Sums of money in cents miss their total by a rounding error; that is not a contradiction.
    over = values > limits + 1e-9 * np.abs(values)
    if np.any(over):
        position = int(np.argmax(over))
        row = f" (row {row_number(position)})" if over.size > 1 else ""
        expected = f"at most {limits.flat[position]:.15g}, {meaning}"
        raise InvalidArgumentError(argument, f"{values.flat[position]:.15g}{row}", expected)
