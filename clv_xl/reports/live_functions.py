"""The worksheet functions that our formulas use, each with what it yields.

All of them exist since Excel 2016 and in LibreOffice.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from clv_xl.reports.live import BLANK, Live, Operand, computed, live, wrapped

_MEANT = 9
"""Decimals after which a float is no more than the error of its arithmetic."""


def if_(condition: Live, then: Operand, otherwise: Operand) -> Live:
    """Return one of two values, as ``IF`` does."""
    yes, no = live(then), live(otherwise)
    formula = f"IF({condition.formula},{yes.formula},{no.formula})"
    if np.ndim(condition.value) == 0:
        chosen, other = (yes, no) if condition.value is True else (no, yes)
        return Live(formula, _as_long_as(other.value, chosen.value))
    numeric = not any(isinstance(v, str) and v != BLANK for v in (yes.value, no.value))
    values = [np.nan if isinstance(v, str) and numeric else v for v in (yes.value, no.value)]
    if not numeric:
        values = [np.asarray(v, dtype=object) for v in values]
    return Live(formula, np.where(condition.value, *values))


def _as_long_as(other: Any, chosen: Any) -> Any:
    """Return the chosen value for every row, where the value not chosen is a column."""
    if not np.ndim(other) or np.ndim(chosen):
        return chosen
    return np.full(np.shape(other), np.nan if isinstance(chosen, str) and not chosen else chosen)


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
    return Live(f'{wrapped(operand, 3, strictly=True)}=""', blank, 3)


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


def product_to(column: Live, count: Live) -> Live:
    """Return the product of the first cell of a column and `count` more; texts count nothing.

    Examples
    --------
    >>> rates = Live("rates", np.array([np.nan, 0.5, 0.8]))
    >>> product_to(rates, Live("n", np.array([1.0, 2.0]))).value
    array([0.5, 0.4])
    """
    formula = f"PRODUCT(INDEX({column.formula},1):INDEX({column.formula},{(count + 1).formula}))"
    running = np.cumprod(np.nan_to_num(_numbers(column), nan=1.0))
    return Live(formula, running[np.asarray(count.value).astype(np.int64)])


def count_where(condition: Live) -> Live:
    """Return for how many rows a condition holds."""
    held = int(np.count_nonzero(condition.value))
    return Live(f"SUMPRODUCT(--({condition.formula}))", float(held))


def larger_of(one: Operand, other: Operand) -> Live:
    """Return the larger of two numbers, as ``MAX`` does."""
    pair = (live(one), live(other))
    return Live(_call("MAX", pair), computed(np.maximum, *(p.value for p in pair)))


def smaller_of(one: Operand, other: Operand) -> Live:
    """Return the smaller of two numbers, as ``MIN`` does."""
    pair = (live(one), live(other))
    return Live(_call("MIN", pair), computed(np.minimum, *(p.value for p in pair)))


def exponential(exponent: Live) -> Live:
    """Return e to a power, as ``EXP`` does."""
    return Live(f"EXP({exponent.formula})", computed(np.exp, exponent.value))


def absolute(operand: Live) -> Live:
    """Return a number without its sign, as ``ABS`` does."""
    return Live(f"ABS({operand.formula})", computed(np.abs, operand.value))


def rounded_up(operand: Live) -> Live:
    """Return the next whole number, as ``ROUNDUP`` does for what is not negative."""
    return Live(f"ROUNDUP({operand.formula},0)", computed(np.ceil, operand.value))


def rounded(operand: Live, decimals: int) -> Live:
    """Return a number rounded, as ``ROUND`` does; a blank stays one."""

    def half_up(value: Any) -> Any:
        step = 10.0**decimals
        # 1.45 * 10 falls just short of 14.5, which a worksheet takes for what it was meant to be.
        return np.sign(value) * np.floor(np.round(np.abs(value) * step, 9) + 0.5) / step

    return Live(f"ROUND({operand.formula},{decimals})", computed(half_up, operand.value))


def rounded_down(operand: Live, decimals: int) -> Live:
    """Return a number cut after some decimals, as ``ROUNDDOWN`` does; a blank stays one.

    What a sum of floats misses by less than a billionth is taken for what it was meant to be.

    Examples
    --------
    >>> rounded_down(Live("share", 2.957), 2).value, rounded_down(Live("share", 3 - 1e-12), 2).value
    (2.95, 3.0)
    """
    exact, step = rounded(operand, _MEANT), 10.0**decimals

    def cut(value: Any) -> Any:
        return np.trunc(np.round(value * step, _MEANT)) / step

    return Live(f"ROUNDDOWN({exact.formula},{decimals})", computed(cut, exact.value))


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

    It is rounded first, since spreadsheets disagree on how ``FIXED`` rounds a half.

    Examples
    --------
    >>> fixed(1234.5).value, fixed(0.25, 1).value
    ('1,235', '0.3')
    """
    operand = live(number)
    formula = f"FIXED(ROUND({operand.formula},{decimals}),{decimals})"
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
    formula = "&".join(wrapped(operand, 4, strictly=True) for operand in operands)
    return Live(formula, "".join(str(operand.value) for operand in operands), 4)


def _numbers(column: Live) -> Any:
    values = np.asarray(column.value)
    return (
        values.astype(np.float64) if values.dtype.kind in "fiub" else np.full(values.shape, np.nan)
    )


def _call(function: str, operands: tuple[Live, ...]) -> str:
    return f"{function}({','.join(operand.formula for operand in operands)})"
