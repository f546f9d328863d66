"""Files that hold no usable orders: one sentence, exit code 2, and nothing written."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from tests.acceptance.command import Word, done, figures, refused

HEADER = "customer,date,amount\n"
GOOD = HEADER + "ada,2024-01-05,5.50\nbob,2024-02-06,6.50\n"
OLD = b"the workbook of yesterday"
NOBODY = 65534

BAD: dict[str, tuple[str | bytes, str, str]] = {
    "an empty file": (b"", "orders.csv is empty", "nothing to read"),
    "blank lines only": ("\n \r\n\n", "orders.csv is empty", "nothing to read"),
    "a header only": (HEADER, "orders.csv has a header", "no rows below"),
    "no date column": ("customer,amount,sku\na,1,x\n", "has no date column", "--date"),
    "no amount column": ("customer,date\na,2024-01-05\n", "has no amount column", "--amount"),
    "no customer column": ("date,amount\n2024-01-05,1\n", "it has date, amount", "--customer"),
    "two customer columns": (
        "customer_id,client_id,date,amount\n1,2,2024-01-05,5\n",
        "several columns that could be the customer: customer_id, client_id",
        "--customer",
    ),
    "ambiguous dates": (
        HEADER + "".join(f"c{n},0{n}/0{n + 1}/2024,5\n" for n in range(1, 9)),
        "'01/02/2024' (row 2)",
        "--date-order dmy or --date-order mdy",
    ),
    "dates of two orders": (
        HEADER + "a,13/02/2024,5\nb,02/13/2024,5\n",
        "'02/13/2024' (row 3)",
        "write all alike",
    ),
    "text for dates": (HEADER + "a,soon,5\nb,later,6\n", "'soon' (row 2)", "no date"),
    "text for amounts": (
        HEADER + "a,2024-01-05,much\nb,2024-01-06,more\n",
        "amount holds text such as 'much' (row 2)",
        "no number",
    ),
    "text for half of the amounts": (
        HEADER + "a,2024-01-05,much\nb,2024-01-06,5\n",
        "scores 25 of 100 for data quality",
        "clv-xl check orders.csv",
    ),
    "all refunds": (
        HEADER + "a,2024-01-05,-5\nb,2024-01-06,-6\n",
        "no usable order, all of its 2 rows left out: refund without order (2 rows)",
        "mend the rows",
    ),
    "future dates": (
        HEADER + "a,2024-01-05,5\nb,2024-01-06,6\nc,2121-01-05,5\n",
        "1 order dated after today (first: row 4, 2121-01-05)",
        "--as-of",
    ),
    "two currencies": (
        "customer,date,amount,currency\na,2024-01-05,5,EUR\nb,2024-01-06,6,USD\n",
        "EUR in 1 row, USD in 1 row",
        "convert them first",
    ),
    "two currency signs": (
        HEADER + "a,2024-01-05,€5\nb,2024-01-06,$6\n",
        "unlike currencies",
        "convert them first",
    ),
    "rounded ids": (
        HEADER + "1.23E+15,2024-01-05,5\n1.24E+15,2024-01-06,5\n",
        "'1.23E+15' (row 2)",
        "export them again as text",
    ),
    "a customer type for customers": (
        HEADER + "new,2024-01-05,5\nreturning,2024-01-06,5\n",
        "'new' and 'returning'",
        "name a column",
    ),
    "NUL bytes": (b"customer,date,amount\nada,2024-01-05,5\x00\n", "NUL bytes", "save it as CSV"),
    "a picture": (b"\x89PNG\r\n\x1a\n....", "a picture", "export the data"),
    "a PDF document": (b"%PDF-1.7 ....", "a PDF document", "export the data"),
    "an old Excel file": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "the old format of Excel",
        "save it as .xlsx",
    ),
    "JSON": ('[{"customer": "ada", "date": "2024-01-05", "amount": 5}]', "is JSON", "as CSV"),
    "a web page": ("<html><table><tr><td>5</td></tr></table></html>", "a web page", "save it"),
    "half a workbook": (b"PK\x03\x04 and no more", "is damaged", "cannot be unpacked"),
}


def refuses(source: Path, *options: Word) -> str:
    """Return the sentence of a refusal that wrote nothing and left the last output as it was."""
    output = source.parent / "dashboard.xlsx"
    output.write_bytes(OLD)
    before = {path.name for path in source.parent.iterdir()}
    words: list[Word] = ["dashboard", source, "-o", output, "--overwrite", "--json", "figures.json"]
    sentence = refused(*words, *options)
    assert output.read_bytes() == OLD
    assert {path.name for path in source.parent.iterdir()} == before
    return sentence


@pytest.fixture(autouse=True)
def in_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_log_is_refused_in_a_sentence_that_says_what_to_do(
    fault: str, tmp_path: Path
) -> None:
    content, wrong, mend = BAD[fault]
    path = tmp_path / "orders.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    sentence = refuses(path)
    assert "orders.csv" in sentence
    assert wrong in sentence
    assert mend in sentence


@pytest.mark.parametrize("command", ["summary", "check"])
def test_other_commands_refuse_alike(command: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER)
    output: list[Word] = ["-o", tmp_path / "customers.csv"] if command == "summary" else []
    assert "has a header but no rows" in refused(command, path, *output)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_does_not_exist_and_a_folder_are_told(tmp_path: Path) -> None:
    assert "nowhere.csv does not exist" in refuses(tmp_path / "nowhere.csv")
    folder = tmp_path / "orders"
    folder.mkdir()
    assert "orders is a folder: name the file inside it" in refuses(folder)


def test_the_content_counts_and_not_the_ending(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_text(GOOD)
    assert figures(path)["revenue"] == 12.0
    workbook(tmp_path / "orders.csv")
    assert figures(tmp_path / "orders.csv")["revenue"] == 12.0


def test_after_as_of_later_orders_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(GOOD + "ada,2121-01-05,7\n")
    found = figures(path, "--as-of", "2024-02-28")
    assert found["quality"]["dropped"] == {"after_as_of": 1}
    assert (found["orders"], found["as_of"]) == (2, "2024-02-28")


def test_equal_rows_are_counted_and_dropped_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(GOOD + "ada,2024-01-05,5.50\n")
    found = figures(path)
    assert (found["orders"], found["revenue"], found["quality"]["duplicates"]) == (3, 17.5, 1)
    found = figures(path, "--drop-duplicates")
    assert (found["orders"], found["revenue"]) == (2, 12.0)
    assert found["quality"]["dropped"] == {"duplicate": 1}


def test_customers_from_before_the_log_are_not_new(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    regulars = [f"old{n},2024-01-{1 + n % 28:02d},10" for n in range(90)]
    newcomers = [f"new{n},2024-{2 + n % 11:02d}-09,10" for n in range(33)]
    path.write_text(HEADER + "\n".join([*regulars, *newcomers, "old1,2024-12-30,10", ""]))
    found = figures(path)
    assert "existing before the window" in found["notes"]["left_truncated"]
    assert sum(cohort["size"] for cohort in found["cohorts"]) == 33
    found = figures(path, "--history-complete")
    assert "left_truncated" not in found["notes"]
    assert sum(cohort["size"] for cohort in found["cohorts"]) == 123


def test_rows_are_numbered_as_in_the_file_where_blank_ones_lie_between(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "customer,date,amount,order_id\nada,2024-01-05,5,77\n\n\n,,,\nbob,2024-02-06,6,77\n"
    )
    assert "row 6: order id 77 stands under two customers, ada and bob" in refuses(path)


def workbook(path: Path, *, columns: int = 3) -> None:
    """Write the good log as a workbook, with more columns if wanted."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Orders")
    spare = columns - 3
    page.append(["customer", "date", "amount", *(f"c{n}" for n in range(spare))])
    for line in GOOD.splitlines()[1:]:
        customer, day, amount = line.split(",")
        page.append([customer, day, float(amount), *[0] * spare])
    book.save(path)
    book.close()


def test_a_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    ooxml = pytest.importorskip("msoffcrypto.format.ooxml", reason="msoffcrypto is missing")
    workbook(tmp_path / "plain.xlsx")
    plain = BytesIO((tmp_path / "plain.xlsx").read_bytes())
    with (tmp_path / "orders.xlsx").open("wb") as protected:
        ooxml.OOXMLFile(plain).encrypt("secret", protected)
    sentence = refuses(tmp_path / "orders.xlsx")
    assert "orders.xlsx is protected by a password" in sentence
    assert "save a copy without one" in sentence


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    workbook(path)
    with (
        ZipFile(path, "a", ZIP_DEFLATED) as package,
        package.open("xl/worksheets/sheet9.xml", "w") as part,
    ):
        for _ in range(60):
            part.write(bytes(1024**2))
    assert "a zip bomb" in refuses(path)


def test_sixteen_thousand_columns_are_refused(tmp_path: Path) -> None:
    workbook(tmp_path / "orders.xlsx", columns=16_384)
    assert "16,384 columns, more than the 1,000" in refuses(tmp_path / "orders.xlsx")
    row = ",".join(map(str, range(16_384)))
    (tmp_path / "orders.csv").write_text(f"{row}\n{row}\n")
    assert "16,384 columns, more than the 1,000" in refuses(tmp_path / "orders.csv")


def test_a_name_of_forty_thousand_characters_is_kept_or_refused_clearly(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(GOOD + f"{'x' * 40_000},2024-02-07,1\n")
    sentence = refuses(path)
    assert "Customer" in sentence
    assert "has 40,000 characters, and an Excel cell holds at most 32,767" in sentence
    done("summary", path, "-o", tmp_path / "customers.csv")
    assert "x" * 40_000 in (tmp_path / "customers.csv").read_text()


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_files_without_permission_are_refused() -> None:
    # The superuser may read everything, so a user who may not is asked; pytest's own folder is
    # closed to him, so the files lie in one that is open.
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "orders.csv").write_text(GOOD)
        (folder / "secret.csv").write_text(GOOD)
        (folder / "secret.csv").chmod(0)
        (folder / "open").mkdir()
        (folder / "open").chmod(0o777)
        (folder / "closed").mkdir(mode=0o555)
        words: list[Word] = ["dashboard", folder / "orders.csv", "-o"]
        assert as_somebody_else(*words, folder / "open/made.xlsx") == "0 "
        told = as_somebody_else(
            "dashboard", folder / "secret.csv", "-o", folder / "open/other.xlsx"
        )
        assert "2 clv-xl: " in told
        assert "secret.csv may not be read: permission denied" in told
        told = as_somebody_else(*words, folder / "closed/made.xlsx")
        assert "closed/made.xlsx cannot be written: Permission denied" in told
        assert [path.name for path in (folder / "open").iterdir()] == ["made.xlsx"]
        assert list((folder / "closed").iterdir()) == []


def as_somebody_else(*words: Word) -> str:
    """Return exit code and complaint of `clv-xl`, run by a user without rights."""
    folder = Path(str(words[1])).parent
    warm_up = ["dashboard", str(folder / "orders.csv"), "-o", str(folder / "warm.xlsx")]
    program = (
        "import os, sys\n"
        "from clv_xl.cli import main\n"
        f"main({warm_up!r})  # loads what he may not load\n"
        "if not os.geteuid():\n"
        f"    os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        "sys.stderr.write('begin')\n"
        "print(main(sys.argv[1:]), flush=True)\n"
    )
    asked = subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    code = asked.stdout.split()[-1]
    return f"{code} {asked.stderr.split('begin')[-1].strip()}"


def test_a_dashboard_given_for_its_orders_is_told_apart(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(GOOD, encoding="utf-8")
    workbook = tmp_path / "board.xlsx"
    done("dashboard", orders, "-o", workbook, "--gate", "0")
    out = tmp_path / "out.xlsx"
    calls: tuple[list[Word], ...] = (["check", workbook], ["dashboard", workbook, "-o", out])
    for words in calls:
        said = refused(*words)
        assert said.startswith("board.xlsx is a dashboard, not a list of orders")
        assert "clv-xl refresh board.xlsx" in said
