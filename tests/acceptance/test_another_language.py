"""All texts of a report come from one catalogue: in another language nothing is left in English."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from clv_xl.messages import message_file
from clv_xl.workbooks import templates
from tests.acceptance.command import done, run
from tests.acceptance.odd_sources import ODD, Source
from tests.acceptance.shops import SHOPS, Shop
from tests.acceptance.test_workbooks_hold import faults
from tests.acceptance.translation import (
    foreign_in_record,
    foreign_in_workbook,
    foreign_on_screen,
    translated,
)
from tests.proof.package import Package
from tests.reports.inputs import AskedMessages

ROLES = {"customer": "customer", "customer_id": "customer", "date": "date", "order_date": "date"}
ROLES |= {"amount": "amount", "order_id": "order", "status": "status", "customer_name": "name"}
ROLES |= {"currency": "currency-column"}
AS_WRITTEN = {"status", "currency"}
"""Columns whose cells must stay as they are to be understood."""
SAID_IN_WORKSHEETS = (
    "remark.comparison.",
    "remark.check.",
    "remark.prediction.",
    "remark.as_written",
)
SAID_BY_FITS = "remark.fit."
SAID_IN_PYTHON = "remark.cleaning.no_amounts"


@pytest.fixture
def language(monkeypatch: pytest.MonkeyPatch) -> AskedMessages:
    """Make every command speak the language that no one speaks; it remembers what it said."""
    file = translated(message_file())
    messages = AskedMessages(file.messages)
    monkeypatch.setattr(templates, "message_file", lambda _: replace(file, messages=messages))
    return messages


def marked(table: pd.DataFrame, *, headers: bool = True) -> pd.DataFrame:
    """Return a table whose texts stand between marks, so that each is known wherever it shows."""
    changed = table.copy()
    for name in table.columns:
        texts = table[name].map(lambda cell: isinstance(cell, str)).all()
        if texts and name not in AS_WRITTEN:
            changed[name] = "‹" + table[name] + "›"
    return changed.rename(columns=lambda name: f"‹{name}›") if headers else changed


def in_marks(shop: Shop) -> Shop:
    """Return a shop whose headers and texts stand between marks; options name the columns."""
    columns = list(shop.orders().columns)
    roles = [(f"--{ROLES[name]}", f"‹{name}›") for name in columns if name in ROLES]
    options = [f"‹{word}›" if word in columns else word for word in shop.options]
    spend = shop.spend

    def spent() -> pd.DataFrame:
        assert spend is not None
        return marked(spend(), headers=False).rename(columns={"channel": "‹channel›"})

    named = (*options, *(word for pair in roles for word in pair))
    return Shop(lambda: marked(shop.orders()), named, None if spend is None else spent)


def of_shop(shop: Shop) -> frozenset[str]:
    """Return the texts of a shop's files that stand without marks."""
    orders = shop.orders()
    kept = {str(cell) for name in AS_WRITTEN & {*orders} for cell in orders[name].unique()}
    spend = shop.spend() if shop.spend is not None else pd.DataFrame()
    return frozenset({"orders.csv", "spend.csv", "EUR", *kept, *spend.columns})


@pytest.mark.parametrize("kind", SHOPS)
@pytest.mark.usefixtures("language")
def test_nothing_is_left_untranslated_in_the_report_of_a_shop(kind: str, tmp_path: Path) -> None:
    shop = in_marks(SHOPS[kind])
    workbook, record = tmp_path / "made.xlsx", tmp_path / "made.json"

    screen = done(*shop.words(tmp_path), "-o", workbook, "--json", record)

    data = of_shop(SHOPS[kind])
    assert foreign_in_workbook(Package(workbook), data) == []
    assert foreign_in_record(record.read_text(), data) == []
    assert foreign_on_screen(screen.removeprefix(f"{workbook}\n"), data) == []


@pytest.mark.parametrize("kind", ["with spend by channel", "without margin", "of ten customers"])
@pytest.mark.usefixtures("language")
def test_a_workbook_in_another_language_holds_and_runs_its_way(kind: str, tmp_path: Path) -> None:
    workbook = tmp_path / "made.xlsx"

    done(*in_marks(SHOPS[kind]).words(tmp_path), "-o", workbook)

    assert faults(workbook) == []
    views = [s.root.find("{*}sheetViews/{*}sheetView") for s in Package(workbook).sheets]
    assert all(view is not None and view.get("rightToLeft") == "1" for view in views)


@pytest.mark.usefixtures("language")
def test_nothing_is_left_untranslated_in_a_refreshed_workbook(tmp_path: Path) -> None:
    shop = SHOPS["with spend by channel"]
    workbook = tmp_path / "made.xlsx"
    words = in_marks(shop).words(tmp_path)
    done(*words, "-o", workbook)
    fewer = marked(shop.orders()).iloc[1:]
    fewer.to_csv(words[1], index=False)

    done("refresh", workbook)

    assert foreign_in_workbook(Package(workbook), of_shop(shop)) == []


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.usefixtures("language")
def test_nothing_is_left_untranslated_in_the_report_of_a_file(kind: str, tmp_path: Path) -> None:
    source = ODD[kind]()
    workbook, record = tmp_path / "made.xlsx", tmp_path / "made.json"

    done(*dashboard(source, tmp_path), "-o", workbook, "--json", record)

    assert foreign_in_workbook(Package(workbook), source.data()) == []
    assert foreign_in_record(record.read_text(), source.data()) == []


def dashboard(source: Source, folder: Path) -> list[str]:
    """Write the files of a source, and return the words of the command but its output."""
    words = ["dashboard", str(source.written(folder)), "--gate", "0", *source.options]
    if source.spend is None:
        return words
    (folder / "spend.csv").write_text(source.spend)
    return [*words, "--spend", str(folder / "spend.csv")]


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.usefixtures("language")
def test_what_check_says_is_translated(kind: str, tmp_path: Path) -> None:
    source = ODD[kind]()
    options = [word for word in source.options if word not in {"--margin-rate", "0.4"}]

    answer = run("check", source.written(tmp_path), *options)

    assert answer.complaint == ""
    assert len(answer.output.splitlines()) > 2
    assert foreign_on_screen(answer.output, source.data()) == []


@pytest.mark.usefixtures("language")
def test_what_summary_and_demo_say_is_translated(tmp_path: Path) -> None:
    orders, output = tmp_path / "orders.csv", tmp_path / "out.csv"
    orders.write_text("customer,date,amount\n=1,2024-01-05,3\nb,2024-02-05,4\n")

    said = done("summary", orders, "-o", output)
    shown = done("demo", "-o", tmp_path / "demo.xlsx")

    assert len(said.splitlines()) == 3
    assert foreign_on_screen(said.replace(str(output), ""), frozenset()) == []
    assert len(shown.splitlines()) == 6
    assert foreign_on_screen("\n".join(shown.splitlines()[1:]), frozenset({"EUR"})) == []


def test_every_remark_on_a_file_is_made_by_one_of_these(
    language: AskedMessages, tmp_path: Path
) -> None:
    """So that each of them has been seen in the language that no one speaks."""
    for kind, source in ODD.items():
        made = source()
        run(*dashboard(made, tmp_path), "-o", tmp_path / f"{hash(kind)}.xlsx")

    keys = {key for key in language if key.startswith(("remark.", "dropped."))}
    silent = (*SAID_IN_WORKSHEETS, SAID_BY_FITS, SAID_IN_PYTHON)
    silent_keys = {key for key in keys - language.asked if not key.startswith(silent)}
    assert {key for key in silent_keys if not key.endswith((".one", ".other"))} == set()
    families = {key.rsplit(".", 1)[0] for key in silent_keys}
    spoken = {key.rsplit(".", 1)[0] for key in language.asked if key in keys}
    assert families - spoken == set()


def test_an_untranslated_text_is_found_wherever_it_stands(tmp_path: Path) -> None:
    """The English report is full of texts that are not in the language that no one speaks."""
    workbook, record = tmp_path / "made.xlsx", tmp_path / "made.json"
    shop = in_marks(SHOPS["with spend by channel"])
    done(*shop.words(tmp_path), "-o", workbook, "--json", record)

    found = foreign_in_workbook(Package(workbook), of_shop(shop))

    places = {re.split(r"[!: ]", fault)[0] for fault in found}
    assert places >= {"name", "cell", "Dashboard", "Assumptions", "number", "header"}
    assert places >= {"docProps/core.xml", "docProps/app.xml", "xl/drawings/drawing1.xml"}
    assert places >= {f"xl/charts/chart{n}.xml" for n in (1, 2, 3)}
    for attribute in ("promptTitle", "prompt", "errorTitle", "error"):
        assert any(f"Assumptions {attribute}:" in fault for fault in found)
    assert foreign_in_record(record.read_text(), of_shop(shop)) != []
