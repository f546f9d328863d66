"""The segments that a cell of the list of recipients names, with ``;`` between them.

A name that holds ``;`` itself is found because the orders know it. Where it could be read as
several other segments too, nobody guesses: quotation marks say which is meant.
"""

import re
from collections.abc import Collection, Iterator

from clv_xl.delivery.addresses import shown

_PIECE = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*(?=;|$)|([^;]*))(?:;|$)')
_AROUND = re.compile(r"\s*;\s*")


class AmbiguousSegmentError(ValueError):
    """A text could be one segment or several; the text says how to write which."""


def named_segments(text: str, known: Collection[str]) -> list[str]:
    """Return the names in a text, in their order.

    Parameters
    ----------
    text
        The cell.
    known
        Names of the segments in the orders.

    Raises
    ------
    AmbiguousSegmentError
        If a part of it is a segment, and each of its pieces is one too.

    Examples
    --------
    >>> named_segments("web; Rome", {"web", "Rome"})
    ['web', 'Rome']
    >>> named_segments("A;B;web", {"A;B", "web"})
    ['A;B', 'web']
    >>> named_segments('"A;B";A', {"A;B", "A", "B"})
    ['A;B', 'A']
    """
    compound = {_AROUND.sub(";", name): name for name in known if ";" in name}
    names: list[str] = []
    for quoted, pieces in _runs(text):
        if quoted is None:
            names += _joined(pieces, compound, known)
        else:
            literal = f'"{quoted}"'
            names.append(literal if quoted not in known and literal in known else quoted)
    return names


def _runs(text: str) -> Iterator[tuple[str | None, list[str]]]:
    """Yield each quoted name, and each run of pieces that are not quoted."""
    run: list[str] = []
    at = 0
    while at < len(text):
        found = _PIECE.match(text, at)
        if found is None:  # pragma: no cover - the second form takes anything
            break
        if found[1] is None:
            run.append(found[2].strip())
        else:
            yield None, run
            yield found[1].replace('""', '"'), []
            run = []
        at = found.end()
    yield None, run


def _joined(pieces: list[str], compound: dict[str, str], known: Collection[str]) -> list[str]:
    """Return pieces, those put together again that make a name; the longest name wins."""
    names: list[str] = []
    at = 0
    while at < len(pieces):
        ends = range(len(pieces), at + 1, -1) if compound else ()
        end = next((one for one in ends if ";".join(pieces[at:one]) in compound), at + 1)
        if end > at + 1:
            name = compound[";".join(pieces[at:end])]
            _refuse_doubtful(name, [piece for piece in pieces[at:end] if piece], known)
            names.append(name)
        elif pieces[at]:
            names.append(pieces[at])
        at = end
    return names


def _refuse_doubtful(name: str, pieces: list[str], known: Collection[str]) -> None:
    if all(piece in known for piece in pieces):
        apart = ";".join(f'"{piece}"' for piece in pieces)
        raise AmbiguousSegmentError(
            f"{shown(name)} is one segment, and {shown(apart)} are segments too: write it in "
            f'quotation marks, "{shown(name)}" for the one or {shown(apart)} for the others'
        )
