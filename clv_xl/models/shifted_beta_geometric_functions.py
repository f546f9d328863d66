"""The sBG model as a worksheet asks for it: a fit as a table."""

import pandas as pd

from clv_xl.arrays import Block
from clv_xl.models.shifted_beta_geometric import fit_shifted_beta_geometric


def sbg_fit(survivors: Block) -> pd.DataFrame:
    """Shifted beta-geometric model (sBG) of retention under contract fitted to cohorts.

    Parameters
    ----------
    survivors
        Customers of one cohort at time 0, then those left after each period, counts, below each
        other. Several cohorts: a row each, the younger ones ended by blanks.

    Returns
    -------
    DataFrame
        parameter, value, standard_error: alpha and beta of the beta distribution of churn
        probabilities, the log-likelihood, AIC, BIC, customers, lost, periods, cohorts, status (OK,
        BOUNDARY, TOO_FEW), model and a note.

    Notes
    -----
    The maximum over alpha and beta of Σ lost · ln(1 − r) + kept · ln r over the renewals t, with
    r = (beta + t − 1)/(alpha + beta + t − 1).

    References
    ----------
    Fader & Hardie (2007), How to project customer retention, Journal of Interactive Marketing
    21(1), 76-90.

    Examples
    --------
    >>> table = sbg_fit([1000, 869, 743, 653, 593, 551, 517, 491])
    >>> [round(value, 3) for value in table["value"][:2]]
    [0.668, 3.806]
    """
    return fit_shifted_beta_geometric(survivors).table()
