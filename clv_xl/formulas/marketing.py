"""What marketing brings for its money: conversion, cost per conversion, returns on spend."""

from clv_xl.arrays import Figures, Numbers, unwrapped
from clv_xl.formulas.bounds import FINITE, NOT_NEGATIVE, POSITIVE, numbers


def conversion_rate(conversions: Numbers, visits: Numbers) -> Figures:
    """Conversion rate, as a decimal: orders or sign-ups per visit.

    Parameters
    ----------
    conversions
        Orders, sign-ups or other aims reached, a count.
    visits
        Visits of the same period, a count above 0.

    Returns
    -------
    float or array
        A rate.

    Examples
    --------
    >>> conversion_rate(30, 1_200)
    0.025
    """
    reached, all_visits = numbers(
        conversions=(conversions, NOT_NEGATIVE), visits=(visits, POSITIVE)
    )
    return unwrapped(reached / all_visits)


def cost_per_conversion(spend: Numbers, conversions: Numbers) -> Figures:
    """Cost per conversion (CPA), in money; not a CAC, for the same customer may convert twice.

    Parameters
    ----------
    spend
        Spend of the period, in money, at least 0.
    conversions
        Conversions of the same period, a count above 0.

    Returns
    -------
    float or array
        Money per conversion.

    Examples
    --------
    >>> cost_per_conversion(600, 30)
    20.0
    """
    money, reached = numbers(spend=(spend, NOT_NEGATIVE), conversions=(conversions, POSITIVE))
    return unwrapped(money / reached)


def return_on_ad_spend(revenue: Numbers, spend: Numbers) -> Figures:
    """Return on ad spend (ROAS): revenue per unit of money spent; revenue is not profit.

    Parameters
    ----------
    revenue
        Net revenue attributed to the advertising, in money.
    spend
        Spend on it, in money, above 0.

    Returns
    -------
    float or array
        A ratio: 4 is four of revenue for one of spend.

    Examples
    --------
    >>> return_on_ad_spend(4_000, 1_000)
    4.0
    """
    money, spent = numbers(revenue=(revenue, FINITE), spend=(spend, POSITIVE))
    return unwrapped(money / spent)


def return_on_marketing_investment(contribution: Numbers, spend: Numbers) -> Figures:
    """Return on marketing investment (ROMI), as a decimal: contribution left over spend.

    Parameters
    ----------
    contribution
        Contribution brought by the marketing, before its cost, in money.
    spend
        Spend on it, in money, above 0.

    Returns
    -------
    float or array
        A rate; 0 where the spend is just covered, negative below.

    Examples
    --------
    >>> return_on_marketing_investment(1_500, 1_000)
    0.5
    """
    money, spent = numbers(contribution=(contribution, FINITE), spend=(spend, POSITIVE))
    return unwrapped((money - spent) / spent)


def magic_number(
    recurring_revenue: Numbers, recurring_revenue_before: Numbers, spend_before: Numbers
) -> Figures:
    """Magic number: yearly recurring revenue gained per money spent in the quarter before.

    Parameters
    ----------
    recurring_revenue
        Recurring revenue of the quarter, in money.
    recurring_revenue_before
        Recurring revenue of the quarter before, in money.
    spend_before
        Sales and marketing spend of the quarter before, in money, above 0.

    Returns
    -------
    float or array
        A ratio: 1 is a year's growth that equals the spend.

    Examples
    --------
    >>> magic_number(1_100, 1_000, 400)
    1.0
    """
    now, before, spent = numbers(
        recurring_revenue=(recurring_revenue, FINITE),
        recurring_revenue_before=(recurring_revenue_before, FINITE),
        spend_before=(spend_before, POSITIVE),
    )
    return unwrapped((now - before) * 4 / spent)  # four quarters make the year
