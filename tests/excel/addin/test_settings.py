"""The user's file of settings: ours written, everyone else's kept."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import SourceError
from clv_xl.excel.addin.settings import (
    encoded_settings,
    load,
    merged,
    read_settings,
    stripped,
)

KEY = "INTERPRETER_WIN"
OTHERS = '"PYTHONPATH","C:\\mine"\n# a note\n"SHOW CONSOLE","True"\n'

plain = st.text(st.characters(codec="cp1252", exclude_characters='"$\r\n'), max_size=30)
lines = plain.map(str.strip).filter(lambda text: len(text.splitlines()) == 1)


@given(st.dictionaries(lines.map(str.upper), lines), lines)
def test_what_was_written_is_read_and_the_rest_kept(others: dict[str, str], path: str) -> None:
    others.pop(KEY, None)
    text = merged("".join(f'"{key}","{value}"\n' for key, value in others.items()), {KEY: path})

    assert read_settings(text) == {**others, KEY: path}
    assert read_settings(stripped(text, [KEY])) == others


def test_an_older_setting_of_any_spelling_is_replaced_in_one_place() -> None:
    old = f'"Interpreter_Win","old"\n{OTHERS}"INTERPRETER_WIN","older"\n\n'

    assert merged(old, {KEY: "new"}) == f'{OTHERS}"{KEY}","new"\n'


def test_lines_of_others_stay_as_they_are() -> None:
    assert stripped(f'{OTHERS}"{KEY}","x"\n', [KEY]) == OTHERS


@pytest.mark.parametrize("value", ['C:\\a"b', "C:\\$(Environment:X)\\python.exe", "a\nb"])
def test_a_value_that_would_be_read_as_another_is_refused(value: str) -> None:
    with pytest.raises(SourceError, match="INTERPRETER_WIN cannot hold the character"):
        merged("", {KEY: value})


def test_letters_that_excel_cannot_read_are_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "clv_xl.conf"

    with pytest.raises(SourceError, match=r"Excel could not read '語'.*plain letters"):
        encoded_settings(path, '"K","C:\\語"\n', "cp1252")
    assert encoded_settings(path, '"K","C:\\ä"\n', "cp1252") == b'"K","C:\\\xe4"\r\n'


def test_a_file_that_cannot_be_read_is_not_overwritten_unseen(tmp_path: Path) -> None:
    path = tmp_path / "clv_xl.conf"
    assert load(path, "ascii") == ""
    path.write_bytes(b"\xff\n")

    with pytest.raises(SourceError, match="mend it by hand"):
        load(path, "ascii")
    with pytest.raises(SourceError, match="cannot be read"):
        load(tmp_path, "ascii")
