"""What customers are worth ahead, as a worksheet asks for it: from a fit and expected spends."""

import numpy as np

from clv_xl.arrays import Figures, Horizon, Numbers, Table
from clv_xl.errors import InvalidArgumentError, listed
from clv_xl.models import fit_answers
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.model_names import FITTERS
from clv_xl.models.predicted_value import margin_share
from clv_xl.models.purchase_models import ReadTable
from clv_xl.models.value_horizon import horizon_of
from clv_xl.periods import ENDLESS, horizon_in, is_endless

_MODELS = {kind.model: kind for kind in FITTERS}


def value_ahead(
    fit: Table,
    horizon: Horizon,
    frequency: Numbers,
    recency: Numbers,
    age: Numbers,
    spend: Numbers,
    annual_discount_rate: float = 0.10,
    margin_rate: float | None = None,
) -> Figures:
    """Predicted value of each customer over any horizon, an infinite one included, money of today.

    Parameters
    ----------
    fit
        The table of CLV_MBGNBD_FIT, CLV_BGNBD_FIT, CLV_PNBD_FIT or CLV_BGBB_FIT, with its row
        model; for the last with day, week, month or year in its row time_unit.
    horizon
        Time ahead: a number in the fit's unit, text such as "90 days", "2 quarters" or "1.5 years",
        up to 1200 months, or "infinite".
    frequency
        Repeat order days, whole numbers, one a row.
    recency
        Time from the first order to the last, in the fit's unit.
    age
        T: time from the first order to the as-of day, in the fit's unit.
    spend
        Spend expected an order, money, one a row or one for all: the result of CLV_GG_SPEND.
    annual_discount_rate
        Effective annual discount rate, a decimal, 0 up to below 1; default 0.10. An infinite
        horizon needs one above 0 where a, s or gamma of the fit is at most 1.
    margin_rate
        Share of revenue that is margin, 0 to 1; default none: values are revenue.

    Returns
    -------
    float or array
        Money of today, one per row; the header names the horizon. What is bought in a month counts
        in the middle of it, what is bought in a part of one in the middle of that.

    Notes
    -----
    Σ purchases in month m × spend × margin_rate/(1 + d)^((m − 0.5)/12), over the months ahead.

    References
    ----------
    Fader, Hardie & Lee (2005), RFM and CLV, Journal of Marketing Research 42(4), 415-430.

    Examples
    --------
    >>> fit = [["model", "Pareto/NBD"], ["r", 0.553], ["alpha", 74.1], ["s", 0.606], ["beta", 81.7]]
    >>> round(value_ahead(fit, "infinite", 2, 213, 272, 24.66, 0.15, 0.4), 2)
    64.26
    """
    known = fit_answers.fit_in(fit, _any_model)
    rows = fit_answers.numbers_of(frequency=frequency, recency=recency, age=age, spend=spend)
    fit_answers.customers_of(*rows[:3])
    ahead = horizon_of(known, horizon)
    purchases = ahead.discounted(known, annual_discount_rate, *rows[:3])
    values = purchases * rows[3] * margin_share(margin_rate)
    called = ENDLESS if is_endless(horizon) else horizon_in(horizon, known.time_unit)[1]
    return fit_answers.named(
        f"predicted_value_{called}", values if np.ndim(values) else float(values)
    )


def _any_model(fit: Table) -> FittedPurchases:
    named = ReadTable(fit).text("model", "")
    if named not in _MODELS:
        expected = f"the table of a fit whose row model is one of {listed(list(_MODELS))}"
        raise InvalidArgumentError("fit", named or "no such row", expected)
    return _MODELS[named].from_table(fit)
