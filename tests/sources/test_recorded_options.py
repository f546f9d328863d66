from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.cli.dashboard import dashboard
from clv_xl.errors import ClvError
from clv_xl.sources.recorded_options import OPTIONS, options_from, recorded, usual_options

CELLS = {"margin_rate", "discount_rate", "horizon", "cac", "target_ratio", "activity_window"}
OUTPUTS = {"output", "json_file", "overwrite"}
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)


def of_the_command_line() -> dict[str, click.Option]:
    return {str(p.name): p for p in dashboard.params if isinstance(p, click.Option)}


def test_every_option_of_a_dashboard_is_recorded_or_a_cell_of_its_own() -> None:
    assert set(of_the_command_line()) == set(OPTIONS) | CELLS | OUTPUTS


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_is_the_one_of_the_command_line(name: str) -> None:
    known, said = OPTIONS[name], of_the_command_line()[name]
    with dashboard.make_context("dashboard", ["orders.csv", "-o", "made.xlsx"]) as context:
        usual = context.params[name]

    assert known.flag == said.opts[0]
    assert known.usual == usual
    assert (known.kind == "flag") == bool(said.is_flag)
    assert (known.kind == "texts") == bool(said.multiple)
    choices = tuple(said.type.choices) if isinstance(said.type, click.Choice) else ()
    assert known.choices == choices


@st.composite
def said(draw: st.DrawFn) -> dict[str, Any]:
    """Return options as a user might give them."""
    options = usual_options()
    for name, option in OPTIONS.items():
        if not draw(st.booleans()):
            continue
        if option.choices:
            options[name] = draw(st.sampled_from(option.choices))
        elif option.kind == "flag":
            options[name] = True
        elif option.kind == "number":
            options[name] = draw(st.integers(0, 100)) / 100
        elif option.kind == "texts":
            options[name] = tuple(draw(st.lists(TEXTS, max_size=3)))
        elif option.kind == "text":
            options[name] = draw(TEXTS)
    return options


@given(said())
def test_what_is_recorded_is_read_back(options: dict[str, Any]) -> None:
    assert options_from(recorded(options)) == options


def test_of_a_file_only_its_name_is_recorded() -> None:
    options = usual_options() | {"spend": Path("/secret/plans/spend.csv"), "layout": "../own.toml"}

    assert recorded(options) == "--spend spend.csv --layout own.toml"
    assert options_from(recorded(options))["spend"] == Path("spend.csv")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("--nonsense", "--nonsense, which is no option"),
        ("--segment", "end with --segment, which needs a value"),
        ("--title 'half", "not closed"),
        ("--refunds ignore", "refunds must be one of net, drop, refuse, got ignore"),
        ("--amounts-include-tax much", "tax_rate must be a number, got much"),
        ("--gate nan", "gate must be a number, got nan"),
    ],
)
def test_a_line_that_no_command_line_takes_is_refused(line: str, told: str) -> None:
    with pytest.raises(ClvError, match=told):
        options_from(line)
