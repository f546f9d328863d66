"""Gamma-Gamma as a worksheet asks for it: a fit as a table, expected spends one a row."""

import numpy as np
import pandas as pd

from clv_xl.arrays import Figures, Floats, Numbers, Range, Table, checked, same_length
from clv_xl.models.fit_answers import fit_in, named
from clv_xl.models.gamma_gamma import GammaGammaFit
from clv_xl.models.remembered_fits import spend_fit


def gamma_gamma_fit(frequency: Range, monetary: Range) -> pd.DataFrame:
    """Gamma-Gamma model of spend fitted to customers: parameters, standard errors, status.

    Parameters
    ----------
    frequency
        Repeat order days of each customer, whole numbers, one a row.
    monetary
        Mean spend of those days, money, one a row; 0 or blank where frequency is 0.

    Returns
    -------
    DataFrame
        parameter, value, standard_error: p, q, gamma, the log-likelihood, customers, correlation
        of frequency and spend, observed mean, status (OK, BOUNDARY, TOO_FEW), model and a note.

    Notes
    -----
    The maximum of Σ ln L over p, q and gamma, with L = Γ(p·x + q)/(Γ(p·x) · Γ(q)) · gamma^q ·
    m^(p·x − 1) · x^(p·x)/(gamma + x·m)^(p·x + q), frequency x > 0, mean spend m.

    References
    ----------
    Fader & Hardie (2013), The Gamma-Gamma model of monetary value, brucehardie.com/notes/025.

    Examples
    --------
    >>> gamma_gamma_fit([2, 1, 0], [22.35, 11.77, 0])["value"].tolist()[-3:-1]
    ['TOO_FEW', 'Gamma-Gamma']
    """
    return spend_fit(frequency, _spends(monetary)).table()


def gamma_gamma_spend(fit: Table, frequency: Numbers, monetary: Numbers) -> Figures:
    """Mean spend an order expected of each customer under Gamma-Gamma, in money.

    Parameters
    ----------
    fit
        The table of CLV_GG_FIT; of the rows, p, q and gamma are enough.
    frequency
        Repeat order days, whole numbers, one a row.
    monetary
        Mean spend of those days, money; 0 or blank where frequency is 0.

    Returns
    -------
    float or array
        Money an order, one per row; the mean of all customers where no spend is known.

    Notes
    -----
    p · (gamma + x · m)/(p · x + q − 1), with frequency x, mean spend m.

    References
    ----------
    Fader & Hardie (2013), The Gamma-Gamma model of monetary value, brucehardie.com/notes/025.

    Examples
    --------
    >>> fit = [["p", 6.2488], ["q", 3.7446], ["gamma", 15.4478]]
    >>> round(gamma_gamma_spend(fit, 2, 22.35), 2)
    24.66
    """
    known = fit_in(fit, GammaGammaFit.from_table)
    count, spend = checked("frequency", frequency, at_least=0), _spends(monetary)
    if count.ndim and spend.ndim:
        same_length(frequency=count, monetary=spend)
    return named("expected_spend", known.expected_spend(count, spend))


def _spends(monetary: Numbers) -> Floats:
    """Return spends with their blanks, which the model takes as unknown."""
    try:
        spend = np.asarray(monetary, dtype=np.float64)
    except (TypeError, ValueError):
        return checked("monetary", monetary)  # refuses, with its sentence
    checked("monetary", np.where(np.isnan(spend), 0.0, spend), at_least=0)
    return spend
