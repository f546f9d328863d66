"""Kinds of values that options take, each with a sentence for what is none."""

import math

import click


class Number(click.types.FloatParamType):
    """A finite number, perhaps within bounds; ``nan`` and ``inf`` are none."""

    name = "number"

    def __init__(self, at_least: float = -math.inf, at_most: float = math.inf) -> None:
        """Set the bounds, both allowed values themselves."""
        self.at_least = at_least
        self.at_most = at_most

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number that a word means."""
        try:
            number = float(str(value))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"{value} is not a number", param, ctx)
        if not self.at_least <= number <= self.at_most:
            bounds = f"at least {self.at_least:g} and at most {self.at_most:g}"
            self.fail(f"it must be {bounds}, got {value}", param, ctx)
        return number


NUMBER = Number()
SCORE = Number(0, 100)
