"""The verdict on the prediction as formulas ask for it: its word is of the report's language."""

from clv_xl.models.prediction_interval import Verdict
from clv_xl.reports.live import Live
from clv_xl.reports.plan import Plan


def verdict_word(plan: Plan, verdict: Verdict) -> str:
    """Return what the cell of the verdict holds."""
    return plan.texts.say(f"verdict.{verdict}")


def judged(plan: Plan, verdict: Verdict) -> Live:
    """Return whether the prediction was judged so."""
    return plan.ref("calc_verdict").equals(verdict_word(plan, verdict))


def why_withheld(status: str) -> str:
    """Return the key of the sentence that says why a prediction is withheld.

    Examples
    --------
    >>> why_withheld("TOO_FEW"), why_withheld("OK")
    ('note.withheld.too_few', 'note.withheld.wide')
    """
    return "note.withheld.wide" if status == "OK" else f"note.withheld.{status.lower()}"


def verdict_of(plan: Plan) -> Verdict:
    """Return how the prediction was judged, as a program reads it."""
    return next(verdict for verdict in Verdict if judged(plan, verdict).value)
