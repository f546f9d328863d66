from pathlib import Path

import pytest

from clv_xl.errors import SourceError
from clv_xl.messages import template_folder
from clv_xl.workbooks.templates import layout_names, load_layout, load_texts

OWN = """
name = "mine"
[[sheets]]
key = "dashboard"
[[sheets.blocks]]
kind = "cards"
names = ["clv"]
"""


def test_every_layout_that_comes_along_can_be_loaded() -> None:
    assert "executive" in layout_names()
    for name in layout_names():
        layout = load_layout(name)
        assert layout.name == name
        assert layout.sheets
        assert len({sheet.key for sheet in layout.sheets}) == len(layout.sheets)


def test_the_templates_lie_beside_the_package_or_inside_it() -> None:
    names = {entry.name for entry in template_folder().iterdir()}

    assert {"messages", "executive.toml"} <= names


def test_a_layout_of_the_users_own_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(OWN)

    layout = load_layout(str(tmp_path / "mine.toml"))

    assert layout.name == "mine"
    assert layout.sheets[0].blocks[0].names == ("clv",)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("name = ", "mine.toml is not valid TOML"),
        ("\xff\xfe", "mine.toml is not valid TOML"),
        ("name = 'mine'", "layout mine lacks sheets"),
        ("[[sheets]]\nkey = 'a'\n[[sheets.blocks]]\nkind = 'pie'", "a block of kind pie"),
    ],
)
def test_a_broken_layout_says_what_is_wrong(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "mine.toml").write_bytes(content.encode("latin-1"))

    with pytest.raises(SourceError, match=told):
        load_layout(str(tmp_path / "mine.toml"))


def test_a_layout_or_language_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(SourceError, match=r"there is no layout ceo; there are .*executive"):
        load_layout("ceo")
    with pytest.raises(SourceError, match=r"nowhere\.toml is not a file"):
        load_layout("nowhere.toml")
    with pytest.raises(SourceError, match=r"no texts in xx; there are .*en"):
        load_texts("xx")


def test_texts_are_those_of_the_language_and_hold_nothing_about_themselves() -> None:
    texts = load_texts("en")

    assert texts.language == "en"
    assert texts.say("sheet.dashboard") == "Dashboard"
    assert not any(key.startswith("meta") for key in texts.messages)
