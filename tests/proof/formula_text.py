"""A formula's text, cut into the pieces that rules speak of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PIECE = re.compile(
    r"""
    (?P<string>"(?:[^"]|"")*")
    | '(?P<quoted>(?:[^']|'')+)'!
    | (?P<error>\#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!))
    | (?P<sheet>[\w.]+)!
    | (?P<function>[^\W\d][\w.]*)(?=\()
    | (?P<table>(?:[^\W\d][\w.\\]*)?)(?=\[)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?(?![\w.]))
    | (?P<word>\$?[^\W\d][\w.\\?]*(?:\$\d+)?|\\[\w.\\?]*|\$\d+)
    | (?P<space>\s+)
    | (?P<mark>.)
    """,
    re.VERBOSE,
)
_OPENED_BY = {")": "(", "}": "{"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a formula; `inside` is what stands in the brackets behind a table's name.

    Inside its own table, a formula may leave the name out.
    """

    kind: str
    text: str
    inside: str = ""


class BrokenFormulaError(Exception):
    """The text cannot be a formula."""


def pieces(text: str) -> list[Piece]:
    """Return the pieces of a formula, or say why it is none."""
    found: list[Piece] = []
    opened: list[str] = []
    for piece in _scanned(text):
        if piece.kind == "mark":
            _refuse_mark(piece.text, opened)
        found.append(piece)
    if opened:
        raise BrokenFormulaError(f"{opened[-1]} is not closed")
    return found


def _refuse_mark(mark: str, opened: list[str]) -> None:
    """Keep count of parentheses, and refuse what no formula in a file has."""
    if mark in "({":
        opened.append(mark)
    elif mark in _OPENED_BY:
        if not opened or opened.pop() != _OPENED_BY[mark]:
            raise BrokenFormulaError(f"{mark} closes nothing")
    elif mark == ";" and "{" not in opened:
        raise BrokenFormulaError("arguments are separated by ; where a file has a comma")
    elif mark in "\"'[]@#!":
        raise BrokenFormulaError(f"{mark} stands alone")


def _scanned(text: str) -> Iterator[Piece]:
    position = 0
    while position < len(text):
        match = _PIECE.match(text, position)
        assert match, "every character is a piece"
        position = match.end()
        kind = str(match.lastgroup)
        if kind == "table":
            end = _closed(text, position)
            yield Piece("table", match[kind], text[position + 1 : end - 1])
            position = end
        elif kind == "quoted":
            yield Piece("sheet", match[kind].replace("''", "'"))
        else:
            yield Piece(kind, match[kind])


def _closed(text: str, start: int) -> int:
    """Return where the bracket that opens at `start` is closed; ' escapes what follows it."""
    depth, position = 0, start
    while position < len(text):
        if text[position] == "'":
            position += 1
        else:
            depth += (text[position] == "[") - (text[position] == "]")
        position += 1
        if depth == 0:
            return position
    raise BrokenFormulaError("[ is not closed")


def structured(inside: str) -> tuple[list[str], list[str]]:
    """Return the column names and the special items (#Data …) inside a table's brackets."""
    if inside.startswith("@"):
        raise BrokenFormulaError("@ is written as [#This Row] in a file")
    parts = re.findall(r"\[((?:[^\[\]']|'.)*)\]", inside) if inside.startswith("[") else [inside]
    items = [part for part in parts if part.startswith("#")]
    columns = [re.sub("'(.)", r"\1", part) for part in parts if part and part not in items]
    return columns, items
