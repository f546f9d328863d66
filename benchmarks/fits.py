"""Fits that are timed, and the log-likelihood at the parameters that each contender found.

One function judges all of them, so that no contender is believed about itself.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TypeVar

import pandas as pd

from benchmarks.task import Answering

Found = TypeVar("Found")

LOG_LIKELIHOOD = "log-likelihood"


def fitting(
    model: str,
    data: pd.DataFrame,
    fit: Callable[[], Found],
    parameters: Callable[[Found], Mapping[str, float]],
) -> Answering[Found]:
    """Return a fit that is to be timed, and how the parameters it found are judged.

    `model` is a function of the module `log_likelihoods`. That is imported when the clock has
    stopped, so that a peer's process holds nothing of clv_xl while it is measured.
    """

    def judged(found: Found) -> dict[str, float]:
        judge = getattr(import_module("benchmarks.log_likelihoods"), model)
        return {LOG_LIKELIHOOD: judge(data, parameters(found))}

    return Answering(fit, judged)
