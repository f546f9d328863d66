"""The commands as they are used: what they print, write and return."""

import json
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import openpyxl
import pandas as pd
import pytest

from clv_xl import __version__
from clv_xl.cli import cli
from tests.acceptance.command import Word, done, run
from tests.acceptance.conftest import Demo

COMMANDS = ("demo", "dashboard", "summary", "check", "functions", "call")
OPTIONS = {
    "demo": "--output --data",
    "dashboard": "--output --customer --date --amount --order --name --segment --keep --no-header "
    "--sheet --table --delimiter --date-order --as-of --period --margin-rate --discount-rate "
    "--horizon --activity-window --cac --spend --currency --amounts-include-tax --refunds --model "
    "--title --layout --gate --json",
    "summary": "--output --customer --date --amount --segment --as-of --model",
    "check": "--customer --date --amount --gate",
    "functions": "--json",
    "call": "",
}
SUMMARY_COLUMNS = {"customer", "orders", "rfm_segment", "tier", "overdue", "channel"}


def command_named(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command


def test_help_lists_every_command() -> None:
    listed = done("--help")
    assert all(re.search(rf"^  {command} ", listed, re.MULTILINE) for command in COMMANDS)
    assert done() == listed
    assert done("-h") == listed


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_says_what_it_does_and_shows_every_option(name: str) -> None:
    shown = done(name, "--help")
    for option in command_named(name).params:
        if isinstance(option, click.Option):
            assert option.opts[0] in shown
            assert option.help, f"{name} {option.opts[0]} has no help"
    assert all(flag in shown for flag in OPTIONS[name].split())


def test_the_version_is_that_of_the_package() -> None:
    assert done("--version").strip() == f"clv-xl, version {__version__}"


def test_the_package_runs_as_a_module(tmp_path: Path, orders: Path) -> None:
    words = [sys.executable, "-m", "clv_xl"]
    said = subprocess.run([*words, "check", orders], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("orders.csv: 100 of 100")
    assert said.stderr == ""
    bad = tmp_path / "empty.csv"
    bad.touch()
    said = subprocess.run([*words, "check", bad], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "clv-xl: empty.csv is empty: there is nothing to read in it\n"


def test_the_demo_prints_where_it_is_three_figures_and_the_truth(demo: Demo) -> None:
    path, *figures, existing, new = demo.printed.splitlines()
    assert Path(path) == demo.workbook
    assert Path(path).is_absolute()
    assert len(figures) == 3
    for line, who in ((existing, "existing customers"), (new, "a new customer")):
        found = re.fullmatch(
            rf"  recovered against true, {who}: ([\d,.]+) against ([\d,.]+) \(([+-][\d.]+) %\)",
            line,
        )
        assert found, line
        recovered, true = (float(number.replace(",", "")) for number in found.groups()[:2])
        assert recovered == pytest.approx(true, rel=0.10)
        assert float(found[3]) == pytest.approx(100 * (recovered / true - 1), abs=0.05)


def test_the_files_the_demo_keeps_give_the_same_figures(demo: Demo, tmp_path: Path) -> None:
    options = ["--segment", "channel", "--segment", "country", "--margin-rate", "0.4"]
    words: list[Word] = [
        "dashboard",
        demo.orders,
        "--spend",
        demo.spend,
        "-o",
        tmp_path / "own.xlsx",
    ]
    printed = done(*words, *options)
    assert printed.splitlines()[1:] == demo.printed.splitlines()[1:4]


def test_a_summary_is_the_same_in_every_form(demo: Demo, tmp_path: Path) -> None:
    written = {}
    for form in ("csv", "xlsx", "parquet"):
        written[form] = tmp_path / f"customers.{form}"
        printed = done("summary", demo.orders, "-o", written[form], "--segment", "channel")
        assert "4,191 customers" in printed
    csv = pd.read_csv(written["csv"], dtype={"customer": str})
    parquet = pd.read_parquet(written["parquet"])
    assert list(csv.columns) == list(parquet.columns)
    assert set(csv.columns) >= SUMMARY_COLUMNS
    assert csv["customer"].is_unique
    header, *rows = customers_sheet(written["xlsx"])
    assert list(header) == list(csv.columns)
    excel = pd.DataFrame(rows, columns=csv.columns)
    for column in csv.columns:
        same(csv[column], parquet[column])
        same(csv[column], excel[column])


def customers_sheet(path: Path) -> list[tuple[object, ...]]:
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        return list(book["Customers"].values)


def same(one: "pd.Series", other: "pd.Series") -> None:
    """Say whether two columns hold the same numbers, days or texts, blank in the same rows."""
    one, other = (column.mask(column == "") for column in (one, other))
    assert one.isna().tolist() == other.isna().tolist(), one.name
    left, right = one.dropna(), other.dropna()
    if pd.api.types.is_numeric_dtype(left):
        assert right.astype(float).tolist() == pytest.approx(left.tolist(), rel=1e-12), one.name
    elif pd.api.types.is_datetime64_any_dtype(right):
        assert right.dt.strftime("%Y-%m-%d").tolist() == left.tolist(), one.name
    else:
        assert right.tolist() == left.tolist(), one.name


def test_a_summary_agrees_with_the_customers_sheet(demo: Demo, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    done("summary", demo.orders, "-o", path, "--segment", "channel", "--segment", "country")
    summary = pd.read_csv(path)
    _, *rows = customers_sheet(demo.workbook)
    sheet = pd.DataFrame(rows, columns=summary.columns)
    summary, sheet = (frame.sort_values("customer") for frame in (summary, sheet))
    for column in summary.columns:
        same(summary[column], sheet[column])


@pytest.mark.parametrize(("gate", "code"), [("0", 0), ("60", 1), ("100", 1), ("20", 0)])
def test_check_returns_1_below_the_gate(gate: str, code: int, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer,date,amount\na,2024-01-05,5\nb,2024-01-06,x\n")
    answer = run("check", path, "--gate", gate)
    assert (answer.code, answer.complaint) == (code, "")
    assert f"25 of 100 (gate {gate})" in answer.output
    assert "rows read 2 · kept 1" in answer.output
    assert "left out 1: amount not a number" in answer.output


def test_check_tells_what_was_left_out_and_passes_good_data(demo: Demo) -> None:
    answer = run("check", demo.orders)
    assert answer.code == 0
    assert "customers 4,191 · orders 15,904" in answer.output
    assert "status cancelled" in answer.output


def test_a_dashboard_below_the_gate_is_refused_and_can_be_forced(tmp_path: Path) -> None:
    path, output = tmp_path / "orders.csv", tmp_path / "made.xlsx"
    path.write_text("customer,date,amount\na,2024-01-05,5\nb,2024-01-06,x\n")
    answer = run("dashboard", path, "-o", output)
    assert answer.code == 2
    assert "scores 25 of 100" in answer.complaint
    assert not output.exists()
    done("dashboard", path, "-o", output, "--gate", "25")
    assert output.exists()


def test_the_printed_figures_are_those_of_the_json(demo: Demo, tmp_path: Path) -> None:
    record = tmp_path / "figures.json"
    words: list[Word] = ["dashboard", demo.orders, "-o", tmp_path / "own.xlsx", "--json", record]
    printed = done(*words, "--cac", "30", "--margin-rate", "0.5")
    found = json.loads(record.read_text())
    assert f"{found['revenue']:,.2f} EUR" in printed
    assert f"{found['clv']:,.2f}" in printed
    assert found["clv_cac_ratio"] == pytest.approx(found["clv"] / 30)
    assert found["basis"] == "contribution"


@pytest.mark.parametrize("words", [["functions"], ["functions", "--json"], ["--help"]])
def test_a_reader_who_has_seen_enough_is_no_error(words: list[str]) -> None:
    command = [sys.executable, "-m", "clv_xl", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


def test_commands_are_imported_only_when_they_run() -> None:
    """Help and errors must not wait for pandas."""
    program = "import sys, clv_xl.cli as c; c.main(['--version']); print('pandas' in sys.modules)"
    words = [sys.executable, "-c", program]
    said = subprocess.run(words, capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "False"
