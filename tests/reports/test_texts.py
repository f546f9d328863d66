import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl import reports
from clv_xl.messages import languages, message_file
from clv_xl.models.prediction_interval import Verdict
from clv_xl.remarks import Remark
from clv_xl.reports.live import Live, live
from clv_xl.reports.live_functions import fixed
from clv_xl.reports.texts import Texts, slug
from clv_xl.workbooks.templates import load_texts

CATALOGUE = load_texts()
LONGEST_IN_A_FORMULA = 255
NEVER_IN_A_FORMULA = re.compile(
    r"remark\.|console\.|mail\.|methods\.|contract\.|segments\.(several|rest)|validation\."
)
TWO_WORDS = re.compile(r"(?<![#A-Za-z])[A-Za-z]{2,}[,;:.]? [A-Za-z]{2,}")
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)


def places(message: str) -> set[str]:
    return {place for _, place, _, _ in string.Formatter().parse(message) if place is not None}


def pieces(message: str) -> Iterator[str]:
    return (literal for literal, _, _, _ in string.Formatter().parse(message))


@given(WORDS, WORDS)
def test_places_are_filled_as_they_are_whatever_the_value_holds(name: str, value: str) -> None:
    texts = Texts("en", {"said": "{name} is {value}."})

    assert texts.say("said", name=name, value=value) == f"{name} is {value}."
    assert texts.live("said", name=name or " ", value=value or " ").value == (
        f"{name or ' '} is {value or ' '}."
    )


@given(st.integers(0, 10**7))
def test_a_text_about_a_count_has_the_form_of_that_count(count: int) -> None:
    texts = Texts("en", {"n.one": "{count} order", "n.other": "{count} orders"})

    said = texts.say("n", count=count)
    found = texts.counted("n", Live("orders", float(count)))

    assert said == f"{count} {'order' if count == 1 else 'orders'}"
    assert found.value == said.replace(str(count), f"{count:,}")


def test_a_live_text_keeps_its_places_live() -> None:
    texts = Texts("en", {"worth": '{cac} "now", {clv} later'})
    found = texts.live("worth", cac=fixed(Live("in_cac", 20)), clv=Live("text_of_clv", "94"))

    assert found.value == '20 "now", 94 later'
    assert found.formula == 'FIXED(ROUND(in_cac,0),0)&" ""now"", "&text_of_clv&" later"'


def test_a_text_without_places_is_a_constant_formula() -> None:
    texts = Texts("en", {"plain": "nothing to fill"})

    assert texts.live("plain").formula == live("nothing to fill").formula


def test_a_missing_text_is_empty_where_it_may_be_missing_and_an_error_elsewhere() -> None:
    texts = Texts("en", {"here": "yes"})

    assert texts.get("there") == ""
    assert "here" in texts
    assert "there" not in texts
    with pytest.raises(KeyError):
        texts.say("there")
    with pytest.raises(KeyError):
        texts.say("here.name", count=1)


@pytest.mark.parametrize(
    ("name", "key"),
    [("Can't lose", "cant_lose"), ("About to sleep", "about_to_sleep"), ("Loyal", "loyal")],
)
def test_a_name_as_a_key(name: str, key: str) -> None:
    assert slug(name) == key


def test_a_remark_is_said_in_the_language_of_the_texts() -> None:
    texts = Texts("de", {"found": "{column}: {what}", "comma": "ein Komma"})

    assert texts.remark(Remark("found", column="Betrag", what=Remark("comma"))) == (
        "Betrag: ein Komma"
    )
    assert texts.say("found", column="Betrag", what=Remark("comma")) == "Betrag: ein Komma"


def words_in(module: Path) -> Iterator[str]:
    """Return the texts of two words or more that stand in a module, but for errors."""
    pending: list[ast.AST] = [ast.parse(module.read_text(encoding="utf-8"))]
    while pending:
        node = pending.pop()
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Raise) or called.endswith("Error") or docstring:
            continue
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and TWO_WORDS.search(text):
            yield f"{module.name}: {text}"
        pending += ast.iter_child_nodes(node)


def test_the_code_of_reports_holds_no_sentence() -> None:
    modules = sorted(Path(reports.__file__).parent.glob("*.py"))

    assert len(modules) > 30
    assert [words for module in modules for words in words_in(module)] == []


def test_the_words_of_verdicts_and_checks_can_be_told_apart() -> None:
    """Formulas compare cells with them, without regard to case."""
    for language in languages():
        said = message_file(language).messages
        verdicts = {said[f"verdict.{verdict}"].casefold() for verdict in Verdict}
        states = {said[f"check.{state}"].casefold() for state in ("ok", "differs")}
        assert (len(verdicts), len(states)) == (len(Verdict), 2)
        assert not any(sign in state for state in states for sign in "*?~<>=")


def test_every_text_can_be_read_and_no_place_is_without_a_name() -> None:
    for key, message in CATALOGUE.messages.items():
        for _, place, _, conversion in string.Formatter().parse(message):
            assert place != "", key
            assert conversion is None, key


def test_no_text_that_a_formula_may_hold_says_how_a_number_is_shown() -> None:
    """In a formula the number is worked out by the spreadsheet, which knows its own marks."""
    shown = {
        key
        for key, message in CATALOGUE.messages.items()
        if any(spec for _, _, spec, _ in string.Formatter().parse(message))
    }

    assert {key for key in shown if not NEVER_IN_A_FORMULA.match(key)} == set()


def test_the_form_for_one_and_the_form_for_many_come_together_with_the_same_places() -> None:
    forms = {key: message for key, message in CATALOGUE.messages.items() if key.endswith(".one")}

    assert forms
    for key, message in forms.items():
        other = CATALOGUE.messages[f"{key.removesuffix('.one')}.other"]
        assert places(message) == places(other), key
        assert "count" in places(message), key


def test_no_text_between_two_places_is_longer_than_a_formula_may_hold() -> None:
    constants = ("method_formula.", "title.", "heading.", "methods.", "note.", "remark.")
    inside = {k: m for k, m in CATALOGUE.messages.items() if not k.startswith(constants)}

    long = {k for k, m in inside.items() for p in pieces(m) if len(p) > LONGEST_IN_A_FORMULA}

    assert long == set()


def test_the_catalogue_says_its_direction() -> None:
    assert CATALOGUE.language == "en"
    assert not CATALOGUE.right_to_left
    assert not any(key.startswith("meta.") for key in CATALOGUE.messages)


def test_headers_of_a_table_of_ours_are_never_empty() -> None:
    columns = {k: m for k, m in CATALOGUE.messages.items() if k.startswith("column.")}

    assert columns
    assert all(message.strip() == message and message for message in columns.values())
