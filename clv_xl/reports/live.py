"""Formulas that know their own value.

Each figure a reader can change is a native formula, and each formula is stored with the value it has
today, so that mail previews and phones show right numbers. Writing the two apart invites them to
differ; here one expression yields both:

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
from decimal import ROUND_HALF_UP, Decimal
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
        formula = f"{_wrapped(one, 3)}={_wrapped(right, 3, strictly=True)}"
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


def _wrapped(operand: Live, strength: int, *, strictly: bool = False) -> str:
    weaker = operand.strength < strength or (strictly and operand.strength == strength)
    return f"({operand.formula})" if weaker else operand.formula


def _binary(
    left: Operand, sign: str, right: Operand, strength: int, compute: Callable[..., Any]
) -> Live:
    one, other = live(left), live(right)
    formula = _wrapped(one, strength) + sign + _wrapped(other, strength, strictly=True)
    return Live(formula, _computed(compute, one.value, other.value), strength)


def _computed(compute: Callable[..., Any], *values: Any) -> Any:
    """Compute, leaving a blank where a branch not taken cannot be computed."""
    if any(isinstance(value, str) for value in values):
        return BLANK
    with np.errstate(all="ignore"):
        result = compute(*(np.asarray(value, dtype=np.float64) for value in values))
    return result if np.ndim(result) else result.item()


def if_(condition: Live, then: Operand, otherwise: Operand) -> Live:
    """Return one of two values, as ``IF`` does."""
    yes, no = live(then), live(otherwise)
    formula = f"IF({condition.formula},{yes.formula},{no.formula})"
    if np.ndim(condition.value) == 0:
        return Live(formula, (yes if condition.value is True else no).value)
    numeric = not any(isinstance(v, str) and v != BLANK for v in (yes.value, no.value))
    chosen = [np.nan if isinstance(v, str) and numeric else v for v in (yes.value, no.value)]
    if not numeric:
        chosen = [np.asarray(v, dtype=object) for v in chosen]
    return Live(formula, np.where(condition.value, *chosen))


def all_of(*conditions: Live) -> Live:
    """Return whether every condition holds, as ``AND`` does (for single cells)."""
    return Live(_call("AND", conditions), all(c.value is True for c in conditions))


def is_blank(operand: Live) -> Live:
    """Return whether a cell is empty or holds an empty text."""
    value = operand.value
    if np.ndim(value):
        blank: Any = np.isnan(value) if value.dtype.kind == "f" else value == BLANK
    else:
        blank = value == BLANK
    return Live(f'{_wrapped(operand, 3, strictly=True)}=""', blank, 3)


def is_number(operand: Live) -> Live:
    """Return whether a cell holds a number, as ``ISNUMBER`` does."""
    value = operand.value
    held: Any = ~np.isnan(value) if np.ndim(value) else not isinstance(value, (str, bool))
    return Live(f"ISNUMBER({operand.formula})", held)


def not_(condition: Live) -> Live:
    """Return the opposite, as ``NOT`` does."""
    value = ~condition.value if np.ndim(condition.value) else not condition.value
    return Live(f"NOT({condition.formula})", value)


def ratio(numerator: Operand, denominator: Live) -> Live:
    """Divide, and stay blank where there is nothing to divide by.

    Examples
    --------
    >>> ratio(Live("spend", 500.0), Live("new_customers", 0.0)).value
    ''
    """
    return if_(denominator > 0, live(numerator) / denominator, BLANK)


def when_known(*operands: Live, then: Live) -> Live:
    """Return `then` where every operand is a number, and a blank elsewhere."""
    conditions = [is_number(operand) for operand in operands]
    return if_(conditions[0] if len(conditions) == 1 else all_of(*conditions), then, BLANK)


def total(column: Live) -> Live:
    """Return the sum of a column, as ``SUM`` does: texts and blanks count nothing."""
    return Live(f"SUM({column.formula})", float(np.nansum(_numbers(column))))


def largest(column: Live) -> Live:
    """Return the largest number of a column, as ``MAX`` does; 0 where there is none."""
    numbers = _numbers(column)
    known = numbers[~np.isnan(numbers)]
    return Live(f"MAX({column.formula})", float(known.max()) if known.size else 0.0)


def sum_of_products(*columns: Live) -> Live:
    """Return the sum of the products of columns of one length, as ``SUMPRODUCT`` does."""
    product = np.prod([np.nan_to_num(_numbers(column)) for column in columns], axis=0)
    return Live(_call("SUMPRODUCT", columns), float(np.sum(product)))


def count_where(condition: Live) -> Live:
    """Return for how many rows a condition holds."""
    held = int(np.count_nonzero(condition.value))
    return Live(f"SUMPRODUCT(--({condition.formula}))", float(held))


def larger_of(one: Operand, other: Operand) -> Live:
    """Return the larger of two numbers, as ``MAX`` does."""
    pair = (live(one), live(other))
    return Live(_call("MAX", pair), _computed(np.maximum, *(p.value for p in pair)))


def smaller_of(one: Operand, other: Operand) -> Live:
    """Return the smaller of two numbers, as ``MIN`` does."""
    pair = (live(one), live(other))
    return Live(_call("MIN", pair), _computed(np.minimum, *(p.value for p in pair)))


def exponential(exponent: Live) -> Live:
    """Return e to a power, as ``EXP`` does."""
    return Live(f"EXP({exponent.formula})", _computed(np.exp, exponent.value))


def absolute(operand: Live) -> Live:
    """Return a number without its sign, as ``ABS`` does."""
    return Live(f"ABS({operand.formula})", _computed(np.abs, operand.value))


def rounded_up(operand: Live) -> Live:
    """Return the next whole number, as ``ROUNDUP`` does for what is not negative."""
    return Live(f"ROUNDUP({operand.formula},0)", _computed(np.ceil, operand.value))


def entry(name: str, values: Any, *position: int) -> Live:
    """Return one cell of a named range, counted from 1, as ``INDEX`` does."""
    value = np.asarray(values)[tuple(p - 1 for p in position)]
    blank = isinstance(value, float) and np.isnan(value)
    where = ",".join(str(p) for p in position)
    return Live(
        f"INDEX({name},{where})", BLANK if blank else getattr(value, "item", lambda: value)()
    )


def fixed(number: Operand, decimals: int = 0) -> Live:
    """Return a number as text with the reader's own separators, as ``FIXED`` does.

    Examples
    --------
    >>> fixed(1234.5).value, fixed(0.25, 1).value
    ('1,235', '0.3')
    """
    operand = live(number)
    formula = f"FIXED({operand.formula},{decimals})"
    if isinstance(operand.value, str):
        return Live(formula, BLANK)
    step = Decimal(1).scaleb(-decimals)
    value = Decimal(f"{float(operand.value):.15g}")
    if not value.is_finite():
        return Live(formula, BLANK)
    return Live(formula, f"{value.quantize(step, ROUND_HALF_UP) + 0:,.{decimals}f}")


def joined(*parts: Operand) -> Live:
    """Return texts put behind each other, as ``&`` does."""
    operands = [live(part) for part in parts if part != BLANK]
    formula = "&".join(_wrapped(operand, 4, strictly=True) for operand in operands)
    return Live(formula, "".join(str(operand.value) for operand in operands), 4)


def _numbers(column: Live) -> Any:
    values = np.asarray(column.value)
    return (
        values.astype(np.float64) if values.dtype.kind in "fiub" else np.full(values.shape, np.nan)
    )


def _call(function: str, operands: tuple[Live, ...]) -> str:
    return f"{function}({','.join(operand.formula for operand in operands)})"
