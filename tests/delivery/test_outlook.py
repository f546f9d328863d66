"""Drafts in Outlook, with a stand-in for what COM shows of it."""

import sys
from pathlib import Path
from typing import Any

import pytest

from clv_xl.delivery.outlook import OutlookDrafts, outlook_application
from clv_xl.delivery.transport import Outcome, TransportError
from tests.delivery.letters import WORKBOOK, letter, said


class Properties:
    def __init__(self) -> None:
        self.set: dict[str, object] = {}

    def SetProperty(self, name: str, value: object) -> None:  # noqa: N802 - as COM has it
        self.set[name.rsplit("/", 1)[-1]] = value


class Attached:
    """An attachment: Outlook copies the file while it is added."""

    def __init__(self, path: str) -> None:
        self.name, self.data = Path(path).name, Path(path).read_bytes()
        self.PropertyAccessor = Properties()


class Draft:
    """A message as COM shows it."""

    To = Subject = HTMLBody = ""

    def __init__(self, fault: Exception | None) -> None:
        self.attached: list[Attached] = []
        self.saved = False
        self._fault = fault
        self.Attachments = self

    def Add(self, path: str) -> Attached:  # noqa: N802 - as COM has it
        self.attached.append(Attached(path))
        return self.attached[-1]

    def Save(self) -> None:  # noqa: N802 - likewise
        if self._fault is not None:
            raise self._fault
        self.saved = True


class Outlook:
    """Outlook, as far as a draft needs it."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.drafts: list[Draft] = []
        self._fault = fault

    def CreateItem(self, kind: int) -> Draft:  # noqa: N802 - likewise
        assert kind == 0
        self.drafts.append(Draft(self._fault))
        return self.drafts[-1]


def test_a_draft_has_recipient_subject_html_workbook_and_the_hidden_chart() -> None:
    outlook, message = Outlook(), letter()

    with OutlookDrafts(lambda: outlook) as transport:
        receipt = transport.send(message, "ada@example.org")

    (draft,) = outlook.drafts
    picture, workbook = draft.attached
    assert (receipt.outcome, receipt.answer) == (Outcome.SENT, "saved as a draft in Outlook")
    assert draft.saved
    assert (draft.To, draft.Subject) == ("ada@example.org", message["Subject"])
    assert draft.HTMLBody == said(message, "text/html")
    assert (workbook.name, workbook.data) == ("CLV 2024.xlsx", WORKBOOK)
    assert workbook.PropertyAccessor.set == {}
    assert f"cid:{picture.PropertyAccessor.set['0x3712001F']}" in draft.HTMLBody
    assert picture.PropertyAccessor.set["0x7FFE000B"] is True


def test_what_outlook_does_not_take_is_a_receipt() -> None:
    fault: Any = type("com_error", (Exception,), {})("the mailbox\r\nis full")

    with OutlookDrafts(lambda: Outlook(fault)) as transport:
        receipt = transport.send(letter("one_order"), "ada@example.org")

    assert receipt.outcome is Outcome.REFUSED
    assert receipt.answer == "Outlook does not take the draft: the mailbox is full"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has Outlook")
def test_elsewhere_it_is_said_that_drafts_are_for_windows() -> None:
    with pytest.raises(TransportError, match="drafts in Outlook are for Windows"):
        OutlookDrafts(outlook_application).__enter__()
