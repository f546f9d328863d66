"""Kinds of values that options take, and options that several commands share."""

import math
from pathlib import Path

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
            self.fail(f"{value} is not a number{_decimal_hint(str(value))}", param, ctx)
        if not self.at_least <= number <= self.at_most:
            bounds = f"at least {self.at_least:g} and at most {self.at_most:g}"
            self.fail(f"it must be {bounds}, got {value}", param, ctx)
        return number


def _decimal_hint(word: str) -> str:
    """Say how a percentage or a decimal comma is written here."""
    percentage = word.strip().endswith("%")
    try:
        number = float(word.strip().removesuffix("%").replace(",", "."))
    except ValueError:
        return ""
    return f": write {number / 100 if percentage else number:g}"


NUMBER = Number()
SCORE = Number(0, 100)
SOURCE = click.Path(path_type=Path, readable=False)
"""A file to read; the reader itself says why it cannot be read."""
MODEL = click.option(
    "--model",
    type=click.Choice(["mbg_nbd", "bg_nbd", "pareto_nbd"]),
    default="mbg_nbd",
    show_default=True,
    help="Model of purchases.",
)
CONTRACT = click.option(
    "--contract",
    type=click.Choice(["auto", "week", "month", "quarter", "year", "no"]),
    default="auto",
    show_default=True,
    help="How customers are billed; auto: as the orders look.",
)
SEGMENT_BY = click.option(
    "--segment-by",
    type=click.Choice(["latest", "first"]),
    default="latest",
    show_default=True,
    help="Which order decides the segment.",
)
