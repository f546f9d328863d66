"""The purchase models side by side: how well each explains the orders, and predicts later ones.

They are compared in a fixed order, that of `MODELS`: the usual one first, the one whose formulas
ask for most last. All have four parameters. A model is beaten by another that explains the orders
clearly better, by more than two units of AIC, and predicts each customer of the holdout window no
worse. The first that none of the others beats is chosen: a later one has to earn its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from clv_xl.customers.orders import OrderLog
from clv_xl.customers.summary import CustomerSummary, summarise
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.holdout import CalibrationSplit, Holdout, split_at
from clv_xl.models.model_names import MODELS, NAMES
from clv_xl.models.purchase_models import Status
from clv_xl.models.remembered_fits import purchase_fit
from clv_xl.remarks import Remark

SHORTEST_HOLDOUT_DAYS = 28
CLEARLY_BETTER = 2.0
"""AIC units from which on a model explains the same orders clearly better."""
_BEATEN = "remark.comparison.beaten"
_BEATEN_UNTESTED = "remark.comparison.beaten_untested"
_RIVAL = "remark.comparison.rival"


@dataclass(frozen=True, eq=False)
class ComparedModel:
    """One model fitted to all orders, and held against the last of them."""

    fit: FittedPurchases
    holdout: Holdout | None
    """None where there is no holdout window, or too few buyers before it."""

    @property
    def name(self) -> str:
        """The name users give."""
        return NAMES[self.fit.model]

    def explains_better_than(self, other: "ComparedModel") -> bool:
        """Return whether it explains the same orders clearly better than another."""
        aic = self.fit.aic
        return self.fit.status is not Status.TOO_FEW and aic < other.fit.aic - CLEARLY_BETTER

    def beats(self, other: "ComparedModel") -> bool:
        """Return whether it explains clearly better than another and predicts no worse."""
        if not self.explains_better_than(other):
            return False
        if self.holdout is None or other.holdout is None:
            return True
        return self.holdout.root_mean_squared_error <= other.holdout.root_mean_squared_error


@dataclass(frozen=True, eq=False)
class ModelComparison:
    """All models on one order log, the usual one first."""

    models: Sequence[ComparedModel]
    calibration: CalibrationSplit | None

    @cached_property
    def chosen(self) -> ComparedModel:
        """The first that is not beaten."""
        return next(
            model for model in self.models if not any(other.beats(model) for other in self.models)
        )

    def reasons(self, model: ComparedModel) -> tuple[Remark, ...]:
        """Return why a model is the one to use, or is not."""
        better = next((other for other in self.models if other.beats(model)), None)
        if better is not None:
            tested = better.holdout is not None and model.holdout is not None
            return (_against(_BEATEN if tested else _BEATEN_UNTESTED, better, model),)
        if model is not self.chosen:
            return (Remark("remark.comparison.later", model=self.chosen.fit.model),)
        rivals = (other for other in self.models if other.explains_better_than(model))
        weak = model.fit.status is Status.BOUNDARY
        return (
            Remark("remark.comparison.chosen"),
            *(_against(_RIVAL, other, model) for other in rivals),
            *((Remark("remark.comparison.boundary"),) if weak else ()),
        )


def _against(key: str, better: ComparedModel, model: ComparedModel) -> Remark:
    return Remark(key, model=better.fit.model, aic=model.fit.aic - better.fit.aic)


def compare_models(log: OrderLog, holdout_days: int | None = None) -> ModelComparison:
    """Return MBG/NBD, BG/NBD and Pareto/NBD fitted to a log, and held against its last days.

    Parameters
    ----------
    log
        The order log.
    holdout_days
        Length of the holdout window; the last quarter of the log when omitted, or none at all
        where that is shorter than four weeks.

    Returns
    -------
    ModelComparison
        The models, the usual one first, and the one to use.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> log = order_log(["a", "a", "b"], ["2024-01-01", "2024-02-20", "2024-01-31"])
    >>> compare_models(log).chosen.name
    'mbg_nbd'
    """
    calibration = last_quarter(log) if holdout_days is None else _last_days(log, holdout_days)
    return compared(summarise(log), calibration)


def compared(s: CustomerSummary, calibration: CalibrationSplit | None) -> ModelComparison:
    """Return the models fitted to a summary of a log, and held against the split of it."""
    return ModelComparison(
        tuple(
            ComparedModel(purchase_fit(kind, s.frequency, s.recency, s.T), _held(kind, calibration))
            for kind in MODELS.values()
        ),
        calibration,
    )


def last_quarter(log: OrderLog) -> CalibrationSplit | None:
    """Return a log cut before its last quarter; None where that is shorter than four weeks."""
    days = (log.as_of - log.first_day) // 4
    return None if days < SHORTEST_HOLDOUT_DAYS else split_at(log, log.as_of - days)


def _last_days(log: OrderLog, days: int) -> CalibrationSplit:
    longest = log.as_of - log.first_day
    if not (1 <= days <= longest and days == int(days)):
        expected = f"a whole number from 1 to {longest}, the days since the first order"
        raise InvalidArgumentError("holdout_days", f"{days:g}", expected)
    return split_at(log, log.as_of - int(days))


def _held(kind: type[FittedPurchases], calibration: CalibrationSplit | None) -> Holdout | None:
    if calibration is None:
        return None
    s = calibration.summary
    fit = purchase_fit(kind, s.frequency, s.recency, s.T)
    return None if fit.status is Status.TOO_FEW else calibration.held_against(fit)
