import subprocess
import sys

import pytest

from clv_xl.errors import SourceError
from clv_xl.messages import flattened, languages, message_file


def test_nested_texts_get_dotted_keys_and_a_table_may_have_a_text_of_its_own() -> None:
    tree = {"title": {"": "Segments", "about": "Who"}, "card": {"clv": {"unit": "money"}}, "n": 3}

    assert flattened(tree) == {
        "title": "Segments",
        "title.about": "Who",
        "card.clv.unit": "money",
        "n": "3",
    }


def test_a_language_is_read_once_and_its_texts_cannot_be_changed() -> None:
    file = message_file("en")

    assert message_file("en") is file
    with pytest.raises(TypeError):
        file.messages["card.clv"] = "worth"  # type: ignore[index] # that is the point


def test_the_functions_are_imported_without_reading_a_text() -> None:
    check = (
        "import sys; opened = []; "
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) "
        "if event == 'open' else None); "
        "import clv_xl.catalogue; print([f for f in opened if f.endswith('.toml')]); "
        "str(clv_xl.remarks.Remark('remark.check.rows_read')); "
        "print(len([f for f in opened if f.endswith('en.toml')]))"
    )

    said = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)

    assert said.stdout.split() == ["[]", "1"]


def test_a_language_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(SourceError, match=r"no texts in xx; there are .*en"):
        message_file("xx")
    assert "en" in languages()
