import doctest
import re
import shlex
from pathlib import Path

import pytest

from clv_xl.cli import cli, main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ("README.md", "docs/definitions.md", "docs/sources.md")
SHOWN = re.compile(r"^\$ clv-xl call (.+)\n(.+)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_the_python_examples_of_a_page_run(page: str) -> None:
    found = doctest.testfile(str(ROOT / page), module_relative=False)

    assert found.failed == 0


def test_the_readme_has_python_examples() -> None:
    assert doctest.testfile(str(ROOT / "README.md"), module_relative=False).attempted > 0


@pytest.mark.parametrize(("words", "answer"), SHOWN.findall(README))
def test_a_call_shown_in_the_readme_answers_what_it_shows(
    words: str, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["call", *shlex.split(words)]) == 0
    assert float(capsys.readouterr().out) == pytest.approx(float(answer), rel=1e-12)


def test_the_readme_shows_calls() -> None:
    assert len(SHOWN.findall(README)) >= 2


def test_the_readme_names_every_command() -> None:
    for name in cli.list_commands(cli.make_context("clv-xl", ["demo"], resilient_parsing=True)):
        assert f"`clv-xl {name}" in README


def test_the_readme_has_exactly_two_set_up_commands_of_one_line_each() -> None:
    commands = re.findall(r"<!-- (demo|test)-command -->\n```sh\n([^`]*)```", README)

    assert [name for name, _ in commands] == ["demo", "test"]
    assert all(command.count("\n") == 1 for _, command in commands)


def test_the_map_of_the_readme_names_every_room_of_the_house() -> None:
    rooms = {p.name for p in (ROOT / "clv_xl").iterdir() if not p.name.startswith(("__", "py."))}

    missing = [room for room in rooms if f"`{room}" not in README and f"{room}/`" not in README]
    assert missing == []
