"""What is to be said about the data at hand: a key of the message catalogue, and its values.

Whoever reads, cleans or fits makes a `Remark`, never a sentence. A report says it in its own
language; ``str`` says it in English, as worksheet functions and Python users see it.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from clv_xl.errors import MOST_LISTED, shortened
from clv_xl.messages import message_file

Value: TypeAlias = "str | float | date | Remark | tuple[str | Remark, ...]"
"""What fills a place: a number, a day, a name, a list of names, or a remark of its own."""


@dataclass(frozen=True, slots=True, init=False)
class Remark:
    """One thing to be said, in any language.

    Parameters
    ----------
    key
        Its text in the message catalogue. One with forms for one and for several is given a value
        `count`, which decides between them.
    values
        What fills the places of the text.

    Examples
    --------
    >>> str(Remark("remark.amount.decimal_comma", column="Betrag"))
    'Betrag: the decimal mark is a comma.'
    """

    key: str
    values: Mapping[str, Value] = field(hash=False)

    def __init__(self, key: str, /, **values: Value) -> None:
        """Take the key and what fills each place, by its name."""
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        """Say it in English."""
        return said(message_file().messages, self.key, self.values)

    @classmethod
    def as_written(cls, text: str) -> "Remark":
        """Return a remark that has no key: one that comes back from a worksheet as it was said."""
        return cls("remark.as_written", text=text)


def said(messages: Mapping[str, str], key: str, values: Mapping[str, object]) -> str:
    """Return a text of a catalogue with its places filled in.

    A place may hold a number format, as in ``{rows:,}``; the marks are those of the language.

    Parameters
    ----------
    messages
        The catalogue of one language.
    key
        The text; where it has forms, ``key.one`` is for a value `count` of 1, ``key.other`` for
        any other.
    values
        What fills the places; those that the text does not name are left out.

    Examples
    --------
    >>> messages = {"n.one": "{count} row", "n.other": "{count:,} rows", "number.grouping": "."}
    >>> said(messages, "n", {"count": 1}), said(messages, "n", {"count": 2000})
    ('1 row', '2.000 rows')
    """
    text = messages[form(messages, key, values.get("count"))]
    shown = {name: _shown(messages, value) for name, value in values.items()}
    return _Filler(messages).vformat(text, (), shown)


def form(messages: Mapping[str, str], key: str, count: object) -> str:
    """Return the key of the form that fits a count (one, other); a text without forms has one."""
    if key in messages:
        return key
    return f"{key}.one" if count == 1 else f"{key}.other"


def _shown(messages: Mapping[str, str], value: object) -> object:
    if isinstance(value, Remark):
        return said(messages, value.key, value.values)
    return _listed(messages, value) if isinstance(value, tuple) else value


def _listed(messages: Mapping[str, str], names: tuple[object, ...]) -> str:
    """Return a list of names, long ones shortened, cut off where it becomes too long to read."""
    if not names:
        return messages["list.none"]
    shown = [shortened(str(_shown(messages, name))) for name in names[:MOST_LISTED]]
    listed = messages["list.separator"].join(shown)
    rest = len(names) - MOST_LISTED
    return said(messages, "list.more", {"names": listed, "rest": rest}) if rest > 0 else listed


class _Filler(string.Formatter):
    """Fills places; numbers get the marks that the language separates their digits with."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        grouping, decimal = (messages.get(f"number.{mark}", "") for mark in ("grouping", "decimal"))
        self.marks = str.maketrans({",": grouping or ",", ".": decimal or "."})

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - any value
        """Return one value as text."""
        text = str(super().format_field(value, format_spec))
        return text.translate(self.marks) if format_spec else text
