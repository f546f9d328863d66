"""Options that cannot be meant: one sentence that names flag and value, and nothing written."""

import json
from pathlib import Path

import pytest

from tests.acceptance.command import Word, done, refused

OLD = b"the workbook of yesterday"
BAD: dict[str, tuple[str, str]] = {
    "--margin-rate 40": ("--margin-rate must be at least 0 and at most 1, got 40", "mean 0.40?"),
    "--margin-rate -0.1": ("--margin-rate", "got -0.1"),
    "--margin-rate nan": ("--margin-rate", "nan is not a number"),
    "--margin-rate 40%": ("--margin-rate", "40% is not a number: write 0.4"),
    "--discount-rate 10": ("--discount-rate must be at least 0", "mean 0.10?"),
    "--discount-rate inf": ("--discount-rate", "inf is not a number"),
    "--horizon 0": ("--horizon must be at least 1 and at most 60", "got 0"),
    "--horizon 61": ("--horizon", "got 61"),
    "--horizon 1.5": ("--horizon", "1.5"),
    "--cac 0": ("--cac must be above 0", "got 0"),
    "--cac -3": ("--cac must be above 0", "got -3"),
    f"--title {'x' * 101}": ("--title must be at most 100 characters long", "got 101"),
    "--target-ratio 0": ("--target-ratio", "got 0"),
    "--activity-window 0": ("--activity-window", "got 0"),
    "--period x": ("--period must be month, quarter, year, a period such as 2024", "got x"),
    "--period 2030-01-01..2030-12-31": ("--period", "within 2024-01-15..2024-12-15"),
    "--period 2024-06-01..2024-01-01": ("--period", "got 2024-06-01..2024-01-01"),
    "--period 2024-06-01..soon": ("--period", "ISO dates"),
    "--as-of never": ("--as-of must be a date such as 2024-12-31", "got never"),
    "--as-of 31.12.2024": ("--as-of", "got 31.12.2024"),
    "--as-of 2023-12-31": ("no order up to 2023-12-31", "the first is of 2024-01-15"),
    "--gate 101": ("--gate", "got 101"),
    "--gate nan": ("--gate", "nan is not a number"),
    "--model pareto": ("--model", "'mbg_nbd', 'bg_nbd', 'pareto_nbd'"),
    "--status-keep pending": (
        "--status-keep must be left out where no column is a status",
        "got p",
    ),
    "--refunds ignore": ("--refunds", "'net', 'drop', 'refuse'"),
    "--zero no": ("--zero", "'keep', 'drop'"),
    "--date-order ydm": ("--date-order", "'dmy', 'mdy', 'ymd'"),
    "--paper a3": ("--paper", "'a4', 'letter'"),
    "--amounts-include-tax 20": ("--amounts-include-tax", "got 20 (did you mean 0.20?)"),
    "--layout poster": ("no layout poster", "executive"),
    "--layout mine.toml": ("layout mine.toml", "is not a file"),
    "--segment channel": ("no column channel (--segment)", "it has customer, date, amount"),
    "--segment amont": ("(--segment)", "did you mean amount?"),
    "--keep city": ("no column city (--keep)", "it has customer, date, amount"),
    "--customer buyer": ("no column buyer (--customer)", "it has customer, date, amount"),
    "--customer amount --amount amount": ("--customer and --amount both", "the column amount"),
    "--order customer": ("taken for the order", "--customer"),
    "--no-header": ("without a header", "--customer"),
    "--no-header --customer x": ("--customer must be a column number", "got x"),
    "--no-header --customer 1 --date 2 --amount 9": ("--amount", "from 1 to 3"),
    "--delimiter ;;": ("--delimiter must be one character", "';;'"),
    "--delimiter ;": ("has no customer column", "it has customer,date,amount"),
    "--encoding klingon": ("klingon is no known encoding", "utf-8"),
    "--sheet Orders": ("orders.csv is no workbook", "no sheets"),
    "--table Orders": ("orders.csv is no workbook", "no Excel tables"),
    "--spend nowhere.csv": ("nowhere.csv does not exist", "check the name"),
    "--spend bad_spend.csv": ("bad_spend.csv", "Spend 'much'"),
    "--spend no_spend.csv": ("no_spend.csv has no spend column", "it has month, visits"),
    "--spend empty.csv": ("empty.csv is empty", "nothing to read"),
    "--cac 3 --spend spend.csv": ("--cac must be left out", "spend file"),
    "--nonsense": ("No such option", "--nonsense"),
}
OUTPUTS = {
    "nowhere/made.xlsx": "there is no folder nowhere to write made.xlsx into",
    "made.csv": "--output must end in .xlsx, got made.csv",
    "made": "--output must end in .xlsx, got made",
    "folder.xlsx": "folder.xlsx is a folder: name a file in it",
    "source.xlsx": "--output would overwrite source.xlsx",
    "./spend.xlsx": "--output would overwrite spend.xlsx",
}


@pytest.fixture(autouse=True)
def in_own_folder(tmp_path: Path, orders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with an order log and spend files, good and bad."""
    assert orders.parent == tmp_path
    monkeypatch.chdir(tmp_path)
    Path("spend.csv").write_text("Month,Spend\n2024-01,100\n2024-02,120\n")
    Path("bad_spend.csv").write_text("Month,Spend\n2024-01,100\n2024-02,much\n")
    Path("no_spend.csv").write_text("month,visits\n2024-01,100\n")
    Path("empty.csv").touch()


@pytest.mark.parametrize("options", BAD)
def test_an_option_that_cannot_be_meant_is_refused(options: str) -> None:
    output = Path("dashboard.xlsx")
    output.write_bytes(OLD)
    before = sorted(Path().iterdir())
    words: list[Word] = ["dashboard", "orders.csv", "-o", output, "--overwrite"]
    sentence = refused(*words, *options.split())
    for part in BAD[options]:
        assert part in sentence
    assert output.read_bytes() == OLD
    assert sorted(Path().iterdir()) == before


@pytest.mark.parametrize("output", OUTPUTS)
def test_an_output_that_cannot_be_meant_is_refused(output: str) -> None:
    Path("folder.xlsx").mkdir()
    Path("orders.csv").rename("source.xlsx")  # the content counts, not the ending
    Path("spend.csv").rename("spend.xlsx")
    before = sorted(Path().rglob("*"))
    words = ["dashboard", "source.xlsx", "--spend", "spend.xlsx", "-o", output]
    assert OUTPUTS[output] in refused(*words)
    assert sorted(Path().rglob("*")) == before
    assert Path("source.xlsx").read_text().startswith("customer,date,amount")


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ("nowhere/figures.json", "there is no folder nowhere"),
        (".", "is a folder"),
        ("orders.csv", "--json would overwrite orders.csv"),
        ("made.xlsx", "--json would overwrite made.xlsx"),
    ],
)
def test_without_its_figures_no_workbook_is_written(record: str, told: str) -> None:
    assert told in refused("dashboard", "orders.csv", "-o", "made.xlsx", "--json", record)
    assert not Path("made.xlsx").exists()


def test_a_failure_while_writing_leaves_neither_workbook_nor_figures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(Path().iterdir())
    monkeypatch.setattr("clv_xl.workbooks.write.finish", full)
    monkeypatch.setattr("clv_xl.workbooks.write.splice_rows", lambda *_, **__: full())
    words = ["dashboard", "orders.csv", "-o", "made.xlsx", "--json", "made.json"]
    assert refused(*words) == "No space left on device"
    assert sorted(Path().iterdir()) == before


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("customers.txt", "--output must end in .csv, .xlsx, .parquet, got customers.txt"),
        ("orders.csv", "--output would overwrite orders.csv"),
        ("nowhere/customers.csv", "there is no folder nowhere"),
    ],
)
def test_a_summary_is_refused_the_same_way(output: str, told: str) -> None:
    assert told in refused("summary", "orders.csv", "-o", output)


def test_the_demo_leaves_files_of_others_alone() -> None:
    told = refused("demo", "-o", "demo.xlsx", "--data", ".")
    assert "orders.csv is there already" in told
    assert Path("orders.csv").read_text().startswith("customer,date,amount")
    assert not Path("demo.xlsx").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("dashboard -o made.xlsx", "Missing argument 'SOURCE'"),
        ("dashboard orders.csv", "Missing option '-o'"),
        ("dashbord orders.csv", "No such command 'dashbord'"),
        ("check orders.csv --gate high", "high is not a number"),
        ("summary orders.csv extra.csv -o made.csv", "extra.csv"),
    ],
)
def test_words_that_are_missing_or_too_many_are_named(words: str, told: str) -> None:
    assert told in refused(*words.split())


def test_a_good_run_replaces_what_was_there() -> None:
    Path("made.xlsx").write_bytes(OLD)
    done("dashboard", "orders.csv", "-o", "made.xlsx", "--overwrite", "--json", "made.json")
    assert Path("made.xlsx").read_bytes()[:2] == b"PK"
    assert json.loads(Path("made.json").read_text())["orders"] == 60
    assert not [path for path in Path().iterdir() if path.suffix == ".part"]
