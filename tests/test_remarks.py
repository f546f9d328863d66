"""Remarks: said in any language, and none without a text, nor a text without a remark."""

import ast
import pickle
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import clv_xl
from clv_xl.messages import languages, message_file
from clv_xl.remarks import Remark, said

MODULES = sorted(Path(clv_xl.__file__).parent.rglob("*.py"))
ENGLISH = message_file().messages
FAMILIES = ("remark.", "dropped.")
"""What begins the keys of texts that only remarks say."""


def trees() -> Iterator[ast.Module]:
    return (ast.parse(module.read_text(encoding="utf-8")) for module in MODULES)


def literals() -> set[str]:
    """Return every text that stands in the code and is the key of a remark."""
    texts = {
        node.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in texts if text.startswith(FAMILIES) and text not in FAMILIES}


def calls() -> Iterator[ast.Call]:
    """Return every place in the code at which a remark is made."""
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Remark":
                yield node


def texts_of(key: str, messages: dict[str, str]) -> list[str]:
    """Return the text of a key, or those of its forms."""
    forms = [key, f"{key}.one", f"{key}.other"]
    return [messages[name] for name in forms if name in messages]


def places(text: str) -> set[tuple[str, str]]:
    """Return the places of a text with the formats of their numbers."""
    parsed = string.Formatter().parse(text)
    return {(place, spec or "") for _, place, spec, _ in parsed if place is not None}


def test_every_remark_that_the_code_makes_has_a_text() -> None:
    assert len(literals()) > 60
    assert sorted(key for key in literals() if not texts_of(key, dict(ENGLISH))) == []


def test_every_text_of_a_remark_is_made_somewhere() -> None:
    keys = {key for key in ENGLISH if key.startswith(FAMILIES)}
    bare = {key.removesuffix(".one").removesuffix(".other") for key in keys}

    assert sorted(bare - literals()) == []


def test_no_key_of_a_remark_is_put_together() -> None:
    """A key that stands in the code as it is can be searched for."""
    first = [call.args[0] for call in calls()]

    assert first
    assert [ast.unparse(key) for key in first if isinstance(key, (ast.JoinedStr, ast.BinOp))] == []


def test_no_remark_is_given_a_word_of_the_code() -> None:
    """What fills a place comes from the data, is a number, or is a remark of its own."""
    values = [keyword for call in calls() for keyword in call.keywords]
    words = (ast.Constant, ast.JoinedStr)

    assert values
    assert [ast.unparse(v.value) for v in values if isinstance(v.value, words)] == []


def test_a_remark_made_with_its_key_gives_every_place_of_the_text_a_value() -> None:
    checked = 0
    for call in calls():
        key = call.args[0]
        named = all(keyword.arg for keyword in call.keywords)
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str) or not named:
            continue
        wanted = {place for text in texts_of(key.value, dict(ENGLISH)) for place, _ in places(text)}
        given = {keyword.arg for keyword in call.keywords}
        several = f"{key.value}.one" in ENGLISH
        assert wanted <= given, key.value
        assert given - wanted <= ({"count"} if several else set()), key.value
        checked += 1
    assert checked > 40


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_text_with_the_same_places(language: str) -> None:
    texts = message_file(language).messages

    assert texts.keys() == ENGLISH.keys()
    assert {key for key in texts if places(texts[key]) != places(ENGLISH[key])} == set()


def test_a_value_may_be_a_number_a_day_a_name_a_list_or_a_remark() -> None:
    messages = {
        "all": "{n:,} {share:.1%} {day} {name} {names} {inner}",
        "inner": "({n})",
        "list.separator": "; ",
        "list.more": "{names} + {rest}",
        "list.none": "nobody",
        "number.grouping": ".",
        "number.decimal": ",",
    }
    names = ("a", Remark("inner", n=1))
    values = {"n": 12345, "share": 0.125, "day": date(2024, 3, 1), "name": "1,5 {x}"}

    assert said(messages, "all", values | {"names": names, "inner": Remark("inner", n=2)}) == (
        "12.345 12,5% 2024-03-01 1,5 {x} a; (1) (2)"
    )
    assert said(messages, "all", values | {"names": (), "inner": ""}).endswith(" nobody ")


def test_a_long_list_is_cut_off_and_a_long_name_shortened() -> None:
    names = tuple(f"n{number}" for number in range(14))

    remark = Remark("remark.customer.several_names", columns=("x" * 80, *names))

    assert f"{'x' * 59}…, n0, n1" in str(remark)
    assert str(remark).endswith("n10 and 3 more.")


def test_the_form_of_a_remark_fits_its_count() -> None:
    one, many = (str(Remark("remark.read.lines_skipped", count=n)) for n in (1, 2000))

    assert one == "1 line above the header skipped."
    assert many == "2,000 lines above the header skipped."


def test_a_remark_is_a_value() -> None:
    one, other = (Remark("remark.read.header_row", row=row) for row in (3, 4))

    assert one == Remark("remark.read.header_row", row=3)
    assert one != other
    assert len({one, other, Remark("remark.read.header_row", row=3)}) == 2
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - made a moment ago
    with pytest.raises(AttributeError):
        one.key = "another"  # type: ignore[misc] # that is the point


def test_what_came_back_from_a_worksheet_is_said_as_it_was() -> None:
    assert str(Remark.as_written("{odd} 1,5 as typed")) == "{odd} 1,5 as typed"
