"""Columns of text as codes: each text is looked at once, however many rows hold it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Ints
from clv_xl.customers.order_log import Labels

LARGEST_EXACT_NUMBER = 1e15
"""A spreadsheet keeps 15 digits of a number; an id with more has lost some."""
_SEPARATOR = "\0"
_FIRST_ROWS = 100
"""Rows that tell whether a look at all of them is worth while."""


@dataclass(frozen=True, slots=True, eq=False)
class CodedText:
    """One column of text: a code per row (-1 is blank) into labels in order of first appearance."""

    codes: Ints
    labels: Labels
    joined: str | None = None
    """The labels in one text, where it is known: one look finds a sign in any of them."""

    def with_label(self, wanted: Bools) -> Bools:
        """Mark the rows whose label is marked in `wanted` (one entry per label)."""
        return np.append(wanted, False)[self.codes]  # the blank has code -1

    def labels_holding(self, sign: str) -> list[str]:
        """Return the labels that hold a sign; most columns hold none, which one look tells."""
        labels: list[str] = self.labels.tolist()
        joined = _SEPARATOR.join(labels) if self.joined is None else self.joined
        return [label for label in labels if sign in label] if sign in joined else []


def coded(values: pd.Series) -> CodedText:
    """Return a column as codes and labels; surrounding blanks go, missing or empty texts are blank.

    Examples
    --------
    >>> column = coded(pd.Series([" b", "a", "", "b"]))
    >>> column.codes, column.labels
    (array([ 0,  1, -1,  0]), array(['b', 'a'], dtype=object))
    """
    codes, uniques = _sorted_codes(values) or pd.factorize(values)
    codes = codes.astype(np.int64, copy=False)
    found = np.asarray(uniques, dtype=object)
    if values.dtype.kind in "iu":
        return CodedText(codes, text_labels(map(str, found.tolist())))
    joined = _joined(found.tolist())
    if joined is not None and _is_tidy(joined):
        return CodedText(codes, found, joined)
    texts = list(map(as_text if joined is None else str.strip, found.tolist()))
    if texts == found.tolist() and "" not in texts:
        return CodedText(codes, found)
    recoded, labels = pd.factorize(text_labels(text or None for text in texts))
    return CodedText(np.append(recoded, -1)[codes], labels)


def _sorted_codes(values: pd.Series) -> tuple[Ints, pd.Index] | None:
    """Return codes and labels of texts that stand sorted, which takes no hashing; else None."""
    if values.dtype != "str" or len(values) < 2:  # noqa: PLR2004 - nothing to compare
        return None
    if len(values) > _FIRST_ROWS and _sorted_codes(values.iloc[:_FIRST_ROWS]) is None:
        return None
    texts = pd.Index(values.array)
    starts = np.append(True, texts[1:] != texts[:-1])
    labels = texts[starts]
    if not (labels[1:] > labels[:-1]).all():  # never so, where one is missing
        return None
    return np.cumsum(starts) - 1, labels


def _joined(labels: list[str]) -> str | None:
    """Return the labels in one text, None where some are no texts."""
    try:
        return _SEPARATOR.join(labels)
    except TypeError:
        return None


def _is_tidy(joined: str) -> bool:
    """Tell, with one look at all labels, that none is empty and no blank stands in any."""
    no_blank = joined.split(maxsplit=1) == [joined]
    return no_blank and 2 * _SEPARATOR not in f"{_SEPARATOR}{joined}{_SEPARATOR}"


def as_text(value: object) -> str:
    """Return one cell as an id or label: a whole number without a decimal point.

    Examples
    --------
    >>> as_text(1001.0), as_text(" A7 "), as_text(1.2345678901234568e18)
    ('1001', 'A7', '1.23456789012346E+18')
    """
    if isinstance(value, float) and abs(value) >= LARGEST_EXACT_NUMBER:
        return f"{value:.15G}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def text_labels(texts: Iterable[str | None]) -> Labels:
    """Return texts as an array of objects, also where there are none."""
    return np.array([*texts, None], dtype=np.object_)[:-1]


def first_filled(codes: Ints, group: Ints, n_groups: int, blank: int = -1) -> Ints:
    """Return for each group the first code in it that is not `blank`; `blank` where all are.

    Examples
    --------
    >>> first_filled(np.array([-1, 4, 5, -1]), group=np.array([0, 0, 0, 1]), n_groups=2)
    array([ 4, -1])
    """
    result = np.full(n_groups, blank, dtype=np.int64)
    rows = np.flatnonzero((codes != blank) & (group >= 0))[::-1]
    result[group[rows]] = codes[rows]  # read backwards: the first row is written last
    return result
