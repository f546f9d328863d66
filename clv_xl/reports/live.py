"""Formulas that know their own value.

Each figure a reader can change is a native formula, and each formula is stored with the value it
has today, so that mail previews and phones show right numbers. Writing the two apart invites them
to differ; here one expression yields both:

>>> margin = Live("in_margin_rate", 0.4)
>>> revenue = Live("out_revenue", 1200.0)
>>> contribution = revenue * margin
>>> contribution.formula, contribution.value
('out_revenue*in_margin_rate', 480.0)

The value of a column (one formula for all its rows) is an array. A blank is ``""`` for one cell and
NaN in an array of numbers, and a formula's blank is ``""``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

BLANK = ""

Operand: TypeAlias = "Live | float | int | str | bool"


@dataclass(frozen=True, slots=True, eq=False)
class Live:
    """A formula, without its equals sign, and the value it has now.

    Parameters
    ----------
    formula
        Formula text as a workbook file stores it: English names, commas.
    value
        A number, a text, a boolean, or an array of them for a column or a range.
    strength
        How tightly the outermost operator binds; an operand that binds less gets parentheses.
    """

    formula: str
    value: Any
    strength: int = 9

    def __add__(self, other: Operand) -> "Live":
        """Add, as ``+`` does."""
        return _binary(self, "+", other, 5, np.add)

    def __radd__(self, other: Operand) -> "Live":
        """Add from the right."""
        return _binary(other, "+", self, 5, np.add)

    def __sub__(self, other: Operand) -> "Live":
        """Subtract, as ``-`` does."""
        return _binary(self, "-", other, 5, np.subtract)

    def __rsub__(self, other: Operand) -> "Live":
        """Subtract from the right."""
        return _binary(other, "-", self, 5, np.subtract)

    def __mul__(self, other: Operand) -> "Live":
        """Multiply, as ``*`` does."""
        return _binary(self, "*", other, 6, np.multiply)

    def __rmul__(self, other: Operand) -> "Live":
        """Multiply from the right."""
        return _binary(other, "*", self, 6, np.multiply)

    def __truediv__(self, other: Operand) -> "Live":
        """Divide, as ``/`` does; guard a divisor that may be zero with `ratio`."""
        return _binary(self, "/", other, 6, np.divide)

    def __rtruediv__(self, other: Operand) -> "Live":
        """Divide from the right."""
        return _binary(other, "/", self, 6, np.divide)

    def __pow__(self, other: Operand) -> "Live":
        """Raise to a power, as ``^`` does."""
        return _binary(self, "^", other, 7, np.power)

    def __rpow__(self, other: Operand) -> "Live":
        """Raise from the right."""
        return _binary(other, "^", self, 7, np.power)

    def __lt__(self, other: Operand) -> "Live":
        """Compare, as ``<`` does."""
        return _binary(self, "<", other, 3, np.less)

    def __le__(self, other: Operand) -> "Live":
        """Compare, as ``<=`` does."""
        return _binary(self, "<=", other, 3, np.less_equal)

    def __gt__(self, other: Operand) -> "Live":
        """Compare, as ``>`` does."""
        return _binary(self, ">", other, 3, np.greater)

    def __ge__(self, other: Operand) -> "Live":
        """Compare, as ``>=`` does."""
        return _binary(self, ">=", other, 3, np.greater_equal)

    def equals(self, other: Operand) -> "Live":
        """Compare numbers or texts, as ``=`` does."""
        one, right = self, live(other)
        formula = f"{wrapped(one, 3)}={wrapped(right, 3, strictly=True)}"
        same = one.value == right.value
        return Live(formula, same if np.ndim(same) else bool(same), 3)


def live(content: Operand) -> Live:
    """Return `content` as a formula: a constant becomes its literal.

    Examples
    --------
    >>> live(0.1).formula, live("now").formula
    ('0.1', '"now"')
    """
    if isinstance(content, Live):
        return content
    if isinstance(content, bool):
        return Live("TRUE" if content else "FALSE", content)
    if isinstance(content, str):
        quoted = content.replace('"', '""')
        return Live(f'"{quoted}"', content)
    return Live(f"{float(content):.15g}", float(content), 9 if content >= 0 else 4)


def wrapped(operand: Live, strength: int, *, strictly: bool = False) -> str:
    """Return an operand's formula, in parentheses where it binds less than its place needs."""
    weaker = operand.strength < strength or (strictly and operand.strength == strength)
    return f"({operand.formula})" if weaker else operand.formula


def _binary(
    left: Operand, sign: str, right: Operand, strength: int, compute: Callable[..., Any]
) -> Live:
    one, other = live(left), live(right)
    formula = wrapped(one, strength) + sign + wrapped(other, strength, strictly=True)
    return Live(formula, computed(compute, one.value, other.value), strength)


def computed(compute: Callable[..., Any], *values: Any) -> Any:
    """Compute, leaving a blank where a branch not taken cannot be computed."""
    if any(isinstance(value, str) for value in values):
        return BLANK
    with np.errstate(all="ignore"):
        result = compute(*(np.asarray(value, dtype=np.float64) for value in values))
    return result if np.ndim(result) else result.item()
