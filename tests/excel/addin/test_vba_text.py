"""VBA source as text: what is a procedure, which names and letters it may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import SourceError
from clv_xl.excel.addin.vba_text import (
    argument_name,
    declarations,
    encoded,
    literal,
    procedures,
)

MODULE = """Option Explicit
Private Declare PtrSafe Function LoadLibrary Lib "KERNEL32" (ByVal name As String) As Long
' Function NotThis()
Public Property Get Count() As Long
    Count = 1
End Property
Private Static Sub Go(ByVal place As Long)
    Exit Sub
End Sub
function small()
end function
"""


def test_a_module_is_its_declarations_and_its_procedures() -> None:
    assert declarations(MODULE).splitlines()[-1] == "' Function NotThis()"
    assert list(procedures(MODULE)) == ["Count", "Go", "small"]
    assert declarations(MODULE) + "".join(procedures(MODULE).values()) == MODULE


@given(st.text(st.characters(codec="cp1252"), max_size=80))
def test_a_literal_is_one_line_and_holds_the_text(text: str) -> None:
    written = literal(text)

    assert len(written.splitlines()) == 1
    assert written[0] == written[-1] == '"'
    assert written[1:-1].replace('""', "") == " ".join(text.split()).replace('"', "")
    assert written[1:-1].count('"') == 2 * text.count('"')


@pytest.mark.parametrize("word", ["scale", "Date", "string", "circle", "end", "to", "text"])
def test_a_word_of_the_language_gets_an_underscore(word: str) -> None:
    assert argument_name(word) == f"{word}_"


def test_letters_beyond_the_code_page_are_refused_with_their_place() -> None:
    with pytest.raises(
        SourceError, match=r"module M cannot hold the character '語' \(U\+8A9E, line 2"
    ):
        encoded("M", "' ä\n' 語\n")


def test_lines_end_as_on_windows() -> None:
    assert encoded("M", "a\nb\r\nc – “d”…\n") == b"a\r\nb\r\nc \x96 \x93d\x94\x85\r\n"
