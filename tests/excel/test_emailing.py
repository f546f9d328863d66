"""The button Email report, on workbook files and on a workbook that is open in Excel."""

import errno
import os
import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest
import xlwings
from openpyxl.worksheet.table import Table

from clv_xl.delivery.ledger import Ledger
from clv_xl.excel.actions import emailing
from clv_xl.excel.actions.perform import perform
from clv_xl.excel.file_book.book import FileBook
from clv_xl.excel.live_book.book import LiveBook
from tests.delivery.mail_server import ScriptedServer, script
from tests.excel.excel_stand_in import opened
from tests.excel.refreshed_shop import EARLIER, Shop, shop_in
from tests.excel.test_actions import orders_workbook

ADA, BOB = "ada@example.org", "bob@example.org"
TWO = [(ADA, "Ada", "*", "full"), (BOB, "Bob", "Search", "")]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the user a folder of their own for settings and ledger."""
    path = tmp_path / "own" / "mail.toml"
    path.parent.mkdir()
    monkeypatch.setattr(emailing, "settings_file", lambda: path)
    monkeypatch.setattr(emailing, "usual_ledger", lambda: path.parent / "mail.sqlite")
    return path


@pytest.fixture
def server(settings: Path) -> Iterator[ScriptedServer]:
    """Run a server in the open, and let the settings name it."""
    with ScriptedServer(script()) as running:
        settings.write_text(
            f"from = 'Reports <reports@example.org>'\nsmtp = 'smtp://localhost:{running.port}'\n"
            "tls = 'none'\nallow_domains = ['example.org']\n"
        )
        yield running


def taken(server: ScriptedServer) -> list[str]:
    """Return the addresses that a server was told."""
    lines = [line for line in server.lines if line.upper().startswith("RCPT TO:")]
    return [line.partition("<")[2].partition(">")[0] for line in lines]


def with_recipients(
    path: Path, rows: Sequence[Sequence[str]] = TWO, *, table: str = "", sheet: str = "Recipients"
) -> Path:
    """Add a list of recipients to a workbook."""
    book = openpyxl.load_workbook(path)
    page = book.create_sheet(sheet)
    for row in [("email", "name", "segment", "detail"), *rows]:
        page.append(list(row))
    if table:
        page.add_table(Table(displayName=table, ref=f"A1:D{len(rows) + 1}"))
    book.save(path)
    return path


@pytest.fixture
def dashboard(tmp_path: Path) -> Path:
    """Make a dashboard with a sheet of recipients, its orders and spend beside it."""
    shop: Shop = shop_in(tmp_path / "shop", EARLIER)
    return with_recipients(shop.workbook)


def pressed(path: Path, *, agrees: bool = False) -> FileBook:
    """Press the button on a workbook file."""
    book = FileBook.at(path)
    book.agrees = agrees
    perform("email_report", book, path.parent / "clv_xl.log")
    assert not (path.parent / "clv_xl.log").exists(), book.messages
    return book


def said(book: FileBook) -> str:
    (message,) = book.messages
    return message


def test_without_settings_the_messages_are_written_beside_the_workbook(
    dashboard: Path, settings: Path
) -> None:
    before = dashboard.read_bytes()

    book = pressed(dashboard)

    folder = dashboard.parent / "dashboard outbox"
    assert said(book).startswith("2 messages written to dashboard outbox; nothing was sent.")
    assert f"in {settings}" in said(book)
    found = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in folder.iterdir()]
    assert sorted(message["To"].addresses[0].addr_spec for message in found) == [ADA, BOB]
    assert (book.asked, dashboard.read_bytes()) == ([], before)


def test_nothing_is_sent_before_the_user_has_seen_who_gets_what_and_agreed(
    dashboard: Path, server: ScriptedServer
) -> None:
    book = pressed(dashboard)

    (question,) = book.asked
    assert f"{ADA} (all segments, full): to be sent" in question
    assert f"{BOB} (Search, none): to be sent" in question
    assert question.endswith(
        f"Send 2 messages from reports@example.org through smtp://localhost:{server.port}?"
    )
    assert (said(book), taken(server)) == ("Nothing was sent.", [])


@pytest.mark.usefixtures("server")
def test_a_period_that_is_not_over_is_told_with_the_question(
    dashboard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emailing, "not_over", lambda wish, log: f"{wish} of {log.n_customers} ends")

    (question,) = pressed(dashboard).asked

    assert re.search(r"\n\nNone of \d+ ends\.\nSend 2 messages", question)


@pytest.mark.usefixtures("settings")
def test_a_full_disk_is_told(dashboard: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("clv_xl.delivery.outbox.os.fsync", full)

    told = said(pressed(dashboard))

    assert told.startswith("0 messages written")
    assert "cannot be written: No space left on device" in told


def test_after_yes_each_recipient_gets_a_message_once(
    dashboard: Path, server: ScriptedServer, settings: Path
) -> None:
    first = pressed(dashboard, agrees=True)
    again = pressed(dashboard, agrees=True)

    assert taken(server) == [ADA, BOB]
    assert ": sent 2 · refused 0 · unknown 0 · not sent 0 · skipped 0." in said(first)
    assert said(again).startswith("There is nothing to send for 20")
    assert again.asked == []
    with Ledger(settings.parent / "mail.sqlite") as ledger:
        assert [one.state for one in ledger.deliveries()] == ["sent", "sent"]


def test_a_workbook_cannot_name_the_server_or_the_sender(
    dashboard: Path, server: ScriptedServer
) -> None:
    book = openpyxl.load_workbook(dashboard)
    page = book["Recipients"]
    for row, (name, value) in enumerate(
        [("smtp", "smtp://evil.example"), ("from", "x@evil.lv")], 9
    ):
        page.cell(row, 7, name)
        page.cell(row, 8, value)
        named = openpyxl.workbook.defined_name.DefinedName(name, attr_text=f"Recipients!$H${row}")
        book.defined_names[name] = named
    book.save(dashboard)

    asked = " ".join(pressed(dashboard, agrees=True).asked)

    assert "evil" not in asked
    assert set(taken(server)) <= {ADA, BOB}


def test_domains_that_are_not_allowed_are_refused_with_all_other_problems(
    tmp_path: Path, server: ScriptedServer
) -> None:
    path = shop_in(tmp_path / "shop", EARLIER).workbook
    with_recipients(path, [("eve@evil.lv", "", "*", ""), (ADA, "", "", ""), ("x", "", "*", "")])

    told = FileBook.at(path)
    told.agrees = True
    perform("email_report", told, tmp_path / "clv_xl.log")

    lines = said(told).splitlines()
    assert "has 3 problems" in lines[0]
    assert [line[:8] for line in lines[1:]] == ["  row 2:", "  row 3:", "  row 4:"]
    assert (told.asked, taken(server)) == ([], [])


@pytest.mark.parametrize("table", ["Recipients", ""])
def test_orders_that_are_no_dashboard_are_mailed_too(
    table: str, tmp_path: Path, server: ScriptedServer
) -> None:
    path = orders_workbook(tmp_path / "shop.xlsx", "Orders")
    rows = [(ADA, "Ada", "*", "full"), (BOB, "Bob", "*", "")]
    with_recipients(path, rows, table=table, sheet="Recipients" if not table else "People")

    pressed(path, agrees=True)

    assert taken(server) == [ADA, BOB]


def test_a_workbook_without_recipients_says_what_to_add(tmp_path: Path, settings: Path) -> None:
    path = orders_workbook(tmp_path / "shop.xlsx", "Orders")
    book = FileBook.at(path)

    perform("email_report", book, tmp_path / "clv_xl.log")

    assert said(book).startswith(
        "shop.xlsx has no sheet Recipients: add one with the columns email"
    )
    assert not (settings.parent / "mail.sqlite").exists()


@pytest.mark.usefixtures("settings")
def test_on_the_sheet_of_recipients_the_user_is_sent_to_the_orders(tmp_path: Path) -> None:
    path = with_recipients(orders_workbook(tmp_path / "shop.xlsx"))
    workbook = openpyxl.load_workbook(path)
    workbook.active = workbook["Recipients"]
    workbook.save(path)
    book = FileBook.at(path)

    perform("email_report", book, tmp_path / "clv_xl.log")

    assert said(book) == "go to the sheet with the orders in shop.xlsx, and press again."


def test_of_many_recipients_a_dozen_is_shown_and_all_their_domains(
    tmp_path: Path, server: ScriptedServer
) -> None:
    path = shop_in(tmp_path / "shop", EARLIER).workbook
    with_recipients(path, [(f"p{n}@example.org", "", "*", "") for n in range(20)])

    (question,) = pressed(path).asked

    assert question.count(": to be sent") == 12
    assert "and 8 more; all of them by domain: example.org (20)" in question
    assert taken(server) == []


@pytest.fixture
def engines_as_before() -> Iterator[None]:
    """Let xlwings know afterwards only the programs that it knew before."""
    active, known = xlwings.engines.active, list(xlwings.engines.engines)
    yield
    xlwings.engines.active = active
    xlwings.engines.engines[:] = known


@pytest.mark.usefixtures("engines_as_before")
@pytest.mark.parametrize(("answer", "sent"), [("ok", [ADA, BOB]), ("cancel", [])])
def test_in_excel_a_box_with_ok_and_cancel_asks(
    answer: str, sent: list[str], dashboard: Path, server: ScriptedServer
) -> None:
    book, excel = opened(dashboard)
    excel.app.answer = answer

    perform("email_report", LiveBook(book), dashboard.parent / "clv_xl.log")

    assert taken(server) == sent
    asked, told = excel.app.alerts
    assert "Send 2 messages from reports@example.org" in asked
    assert excel.app.buttons == ["ok_cancel", "ok"]
    assert told.startswith("Nothing was sent." if not sent else "20")
    assert any(text.startswith("CLV: Sending, 1 of 2") for text in excel.app.shown) == bool(sent)


@pytest.mark.usefixtures("settings")
def test_the_spend_beside_the_dashboard_is_part_of_the_report(dashboard: Path) -> None:
    pressed(dashboard)
    folder = dashboard.parent / "dashboard outbox"
    ada = next(file for file in folder.iterdir() if "ada" in file.name)
    text = message_from_bytes(ada.read_bytes(), policy=policy.default).get_body(("plain",))
    assert text is not None
    assert "CLV:CAC" in text.get_content()
