"""Tables on terminals of every width, and in files."""

import io
from contextlib import redirect_stdout

import pytest

from clv_xl.cli.console_tables import show_table

HEAD = ("Period", "Recipient", "Report", "Segments", "State", "When", "Answer")
ROW = (
    "2024-03-01..2025-02-28",
    "a.long.address@department.example.org",
    "CLV report · executive",
    "Rīga, Liepāja, 東京店",
    "sent",
    "2025-03-01 06:00",
    "250 2.0.0 queued as 4ZK7Jx2YbWz9s",
)
WHOLE = {0, 1, 5}


class Terminal(io.StringIO):
    """Takes what is shown."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "80")
    return Terminal()


def test_on_a_narrow_terminal_a_row_becomes_lines_in_which_addresses_and_dates_are_whole(
    terminal: Terminal,
) -> None:
    with redirect_stdout(terminal):
        show_table(HEAD, [ROW, ROW], WHOLE)

    lines = terminal.getvalue().splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert lines[0].split() == [*ROW[:2], *ROW[5].split()]
    assert " ".join(" ".join(lines[: len(lines) // 2]).split()).endswith(
        "Report: CLV report · executive; Segments: Rīga, Liepāja, 東京店; State: sent; "
        "Answer: 250 2.0.0 queued as 4ZK7Jx2YbWz9s"
    )


def test_where_a_terminal_is_wide_enough_long_cells_are_folded_and_whole_ones_are_not(
    terminal: Terminal,
) -> None:
    head, row = ("Recipient", "What"), ("a.long.address@department.example.org", "word " * 30)

    with redirect_stdout(terminal):
        show_table(head, [row], {0})

    first, *lines = terminal.getvalue().splitlines()
    assert first.split() == ["Recipient", "What"]
    assert lines[0].startswith("a.long.address@department.example.org  word word")
    assert len(lines) > 1
    assert all(len(line) <= 80 for line in lines)


def test_in_a_file_a_row_is_a_line_without_blanks_at_its_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_table(("Recipient", "What"), [("ada@example.org", "x" * 200), ("bob@example.org", "y")])

    lines = capsys.readouterr().out.splitlines()
    assert [len(line) for line in lines] == [21, 217, 18]


def test_what_is_in_data_is_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    show_table(("Name",), [("[bold]x[/bold]",)])

    assert "[bold]x[/bold]" in capsys.readouterr().out
