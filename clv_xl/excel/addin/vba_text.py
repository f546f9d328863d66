"""VBA source as text: its procedures, its literals, and the letters it may hold."""

import re

from clv_xl.errors import SourceError

ENCODING = "cp1252"
"""The code page that the add-in's VBA project declares."""

_BEGIN = re.compile(
    r"^(?:(?:public|private|friend|static)\s+)*"
    r"(?:function|sub|property\s+(?:get|let|set))\s+(\w+)",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(r"^end\s+(?:function|sub|property)\b.*\n?", re.IGNORECASE | re.MULTILINE)

# What texts of ours may hold beyond the code page, and what stands for it there.
_PLAIN = {"−": "-", "≤": "<=", "≥": ">=", "≈": "~", "→": "->", "✓": "OK"}
_TO_PLAIN = str.maketrans(_PLAIN)

# [MS-VBAL] 3.3.5.2: no variable or argument may have one of these names.
_WORDS_OF_VBA = """
    call case close const declare defbool defbyte defcur defdate defdbl defint deflng deflnglng
    deflngptr defobj defsng defstr defvar dim do else elseif end endif enum erase event exit for
    friend function get global gosub goto if implements input let lock loop lset next on open option
    print private public put raiseevent redim resume return rset seek select set static stop sub
    type unlock wend while with write rem any as byref byval each in new shared until withevents
    optional paramarray preserve spc tab then to addressof and eqv imp is like mod not or typeof xor
    abs cbool cbyte ccur cdate cdbl cdec cint clng clnglng clngptr csng cstr cvar cverr date debug
    doevents fix int len lenb me pset scale sgn string array circle inputb lbound ubound boolean
    byte currency double integer long longlong longptr single variant true false nothing empty null
    attribute cdecl decimal defdec
"""
# 3.3.5.1 and the grammar of statements: words in some places, names in others. The editor is not
# to be tempted.
_WORDS_OF_STATEMENTS = """
    access alias append base binary class compare database error explicit lib line mid module name
    object output property random read reset step text time width
"""
_RESERVED = frozenset((_WORDS_OF_VBA + _WORDS_OF_STATEMENTS).split())


def declarations(source: str) -> str:
    r"""Return what stands above the first procedure.

    Examples
    --------
    >>> declarations('Option Explicit\nSub Go()\nEnd Sub\n')
    'Option Explicit\n'
    """
    first = _BEGIN.search(source)
    return source if first is None else source[: first.start()]


def procedures(source: str) -> dict[str, str]:
    r"""Return the procedures of a module by name, each from its first line to its last.

    Examples
    --------
    >>> procedures('Option Explicit\nPrivate Sub Go()\n    Stop\nEnd Sub\n')
    {'Go': 'Private Sub Go()\n    Stop\nEnd Sub\n'}
    """
    found: dict[str, str] = {}
    for begin in _BEGIN.finditer(source):
        end = _END.search(source, begin.end())
        if end is not None:
            found[begin[1]] = source[begin.start() : end.end()]
    return found


def argument_name(name: str) -> str:
    """Return a name that VBA takes for an argument: its own words get an underscore.

    Excel's function wizard shows the name that stands in VBA.

    Examples
    --------
    >>> argument_name("rate"), argument_name("scale")
    ('rate', 'scale_')
    """
    return f"{name}_" if name.lower() in _RESERVED else name


def literal(text: str) -> str:
    """Return a text as VBA writes it, on one line, with the letters it knows.

    Examples
    --------
    >>> print(literal('From "1" to n − 1.'))
    "From ""1"" to n - 1."
    """
    joined = " ".join(text.translate(_TO_PLAIN).split())
    return '"' + joined.replace('"', '""') + '"'


def encoded(name: str, source: str) -> bytes:
    """Return a module's source as its stream holds it: lines end as on Windows, in `ENCODING`.

    Raises
    ------
    SourceError
        If it holds a character that this code page lacks.
    """
    lines = source.replace("\r\n", "\n").replace("\n", "\r\n")
    try:
        return lines.encode(ENCODING)
    except UnicodeEncodeError as fault:
        character = fault.object[fault.start]
        where = fault.object[: fault.start].count("\n") + 1
        raise SourceError(
            f"the VBA module {name} cannot hold the character {character!r} (U+{ord(character):04X}"
            f", line {where}): write it with letters of the Western code page {ENCODING}"
        ) from None
