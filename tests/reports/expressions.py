"""Random formulas whose value is known: numbers, conditions, texts and cells that may be blank."""

import math
from dataclasses import dataclass
from random import Random

from clv_xl.reports.live import BLANK, Live, live
from clv_xl.reports.live_functions import (
    absolute,
    all_of,
    exponential,
    fixed,
    if_,
    is_blank,
    is_number,
    joined,
    larger_of,
    not_,
    ratio,
    rounded_up,
    smaller_of,
    when_known,
)

CELLS = {"one": 1.0, "half": 0.5, "loss": -3.25, "many": 1234.5, "rate": 0.07, "zero": 0.0}
"""Named cells that hold a number."""
EMPTY = ("nothing", "blank_text")
"""Named cells that hold nothing, and a formula that yields the empty text."""
_SMALLEST, _LARGEST, _HIGHEST_POWER = 1e-4, 1e7, 12


@dataclass
class Maker:
    """Makes formulas from one source of randomness; every branch that is taken can be computed."""

    random: Random

    def number(self, depth: int) -> Live:
        """Return a formula that yields a number of ordinary size."""
        while True:
            made = self._number(depth)
            size = abs(made.value) if isinstance(made.value, float) else math.nan
            if size == 0 or _SMALLEST < size < _LARGEST:
                return made

    def _number(self, depth: int) -> Live:
        if depth == 0 or self.random.random() < 0.1:
            return self._leaf()
        if self.random.random() < 0.75:
            return self._arithmetic(depth - 1)
        one, other = self.number(depth - 1), self.number(depth - 1)
        made = (
            if_(self.condition(depth - 1), one, other),
            larger_of(one, other),
            smaller_of(one, other),
            absolute(one),
            exponential(smaller_of(one, 5)),
            rounded_up(absolute(one)),
        )
        return self.random.choice(made)

    def _leaf(self) -> Live:
        if self.random.random() < 0.6:
            name = self.random.choice(sorted(CELLS))
            return Live(name, CELLS[name])
        return live(self.random.choice([2, 3, -2, 0.1, -1.5, 12, 365.25]))

    def _arithmetic(self, depth: int) -> Live:
        one, other = self.number(depth), self.number(depth)
        sign = self.random.choice("+-*/^")
        if sign == "^":  # what Excel refuses is kept out: a negative base, and zero to nothing
            base = one if one.value > 0 else absolute(one) + 1
            return base ** (other if abs(other.value) < _HIGHEST_POWER else 2)
        if sign == "/":
            return one / (other if other.value else other + 1)
        return {"+": one + other, "-": one - other, "*": one * other}[sign]

    def condition(self, depth: int) -> Live:
        """Return a formula that yields true or false."""
        choice = self.random.randrange(7) if depth > 0 else self.random.randrange(4)
        if choice < 4:
            return self._comparison(max(depth - 1, 0))
        if choice == 4:
            return all_of(self.condition(depth - 1), self.condition(depth - 1))
        if choice == 5:
            return not_(self.condition(depth - 1))
        perhaps = self.perhaps(depth - 1)
        return is_number(perhaps) if self.random.random() < 0.5 else is_blank(perhaps)

    def _comparison(self, depth: int) -> Live:
        one, other = self.number(depth), self.number(depth)
        if math.isclose(one.value, other.value, rel_tol=1e-9, abs_tol=1e-9):
            other = other + 1
        if self.random.random() < 0.2:
            return one.equals(other)
        return self.random.choice([one < other, one <= other, one > other, one >= other])

    def perhaps(self, depth: int) -> Live:
        """Return a formula that yields a number or a blank."""
        choice = self.random.randrange(5) if depth > 0 else 0
        if choice == 0:
            return Live(self.random.choice(EMPTY), BLANK)
        if choice == 1:
            return self.number(depth - 1)
        if choice == 2:
            return ratio(self.number(depth - 1), self.number(depth - 1))
        if choice == 3:
            known = self.perhaps(depth - 1)
            return when_known(known, then=known * 2 - self.number(depth - 1))
        return if_(self.condition(depth - 1), self.number(depth - 1), BLANK)

    def text(self, depth: int) -> Live:
        """Return a formula that yields a text."""
        choice = self.random.randrange(4) if depth > 0 else 0
        if choice == 0:
            return live(self.random.choice(['say "no"', "a,b", "=1+1", "100 %", "▲ +"]))
        if choice == 1:
            return fixed(self.number(depth - 1), self.random.randrange(3))
        if choice == 2:
            return joined(self.text(depth - 1), " · ", self.text(depth - 1))
        return if_(self.condition(depth - 1), self.text(depth - 1), self.text(depth - 1))
