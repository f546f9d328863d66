"""Texts that stand in a header: one line, nothing that turns or hides what follows."""

import unicodedata

from clv_xl.errors import InvalidArgumentError

_TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
"""Marks that turn the direction of what follows: an address could be made to look like another."""
_BREAKING = {"Cc", "Zl", "Zp", "Cs"}


def unfit_sign(text: str) -> str:
    r"""Return the first sign that no header may hold, by its number; empty where there is none.

    Examples
    --------
    >>> unfit_sign("a name"), unfit_sign("a\nname"), unfit_sign("a\u202ename")
    ('', 'U+000A', 'U+202E')
    """
    for sign in text:
        if sign in _TURNING or unicodedata.category(sign) in _BREAKING:
            return f"U+{ord(sign):04X}"
    return ""


def header_text(argument: str, text: str) -> str:
    """Return a text that may stand in a header.

    Raises
    ------
    InvalidArgumentError
        If it holds a line break, another control character, or a mark that turns the direction.
    """
    unfit = unfit_sign(text)
    if unfit:
        expected = f"one line without control characters and marks of direction: remove {unfit}"
        raise InvalidArgumentError(argument, repr(text), expected)
    return text


def readable(text: str) -> str:
    r"""Return a text from data as a body may show it: what no header may hold becomes a space.

    Examples
    --------
    >>> readable("North\r\nSouth")
    'North South'
    """
    return " ".join("".join(" " if unfit_sign(sign) else sign for sign in text).split())
