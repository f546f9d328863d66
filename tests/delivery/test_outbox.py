"""The outbox: files that any mail program opens, whole or not there at all."""

import errno
import os
import resource
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.delivery.outbox import Outbox, file_name
from clv_xl.delivery.transport import DELIVERY_HEADER, Outcome, TransportError
from tests.delivery.letters import letter, short

FORBIDDEN = set('/\\:*?"<>|') | {chr(code) for code in range(32)}


def test_a_message_becomes_a_file_that_reads_as_it_was_written(tmp_path: Path) -> None:
    with Outbox(tmp_path / "out", "2024-Q4") as outbox:
        receipt = outbox.send(short(), "ada@example.org")

    (file,) = (tmp_path / "out").iterdir()
    assert (receipt.outcome, receipt.answer) == (Outcome.SENT, str(file))
    assert file.name == "2024-Q4 ada@example.org.eml"
    assert file.read_bytes() == short().as_bytes()
    read = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert read["To"] == "Ada Lovelace <ada@example.org>"


def test_the_outbox_is_for_its_owner_alone(tmp_path: Path) -> None:
    with Outbox(tmp_path / "out", "2024"):
        assert (tmp_path / "out").stat().st_mode & 0o077 == 0


def marked(mark: str, case: str = "one_order") -> EmailMessage:
    message = letter(case)
    message[DELIVERY_HEADER] = mark
    return message


def test_our_own_older_message_of_the_same_delivery_is_replaced_and_that_is_told(
    tmp_path: Path,
) -> None:
    with Outbox(tmp_path, "2024") as outbox:
        receipts = [
            outbox.send(marked("a1"), "ada@example.org"),
            outbox.send(marked("a1"), "ada@example.org"),
            outbox.send(marked("a1", "full"), "ada@example.org"),
        ]

    assert [receipt.replaced for receipt in receipts] == [False, False, True]
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == marked("a1", "full").as_bytes()


def test_no_file_of_anybody_else_is_replaced(tmp_path: Path) -> None:
    foreign = tmp_path / "2024 ada@example.org.eml"
    for content in (b"From: eve@example.org\r\n\r\nX-CLV-XL-Delivery: a1\r\n", b"", b"\xff" * 99):
        foreign.write_bytes(content)
        with Outbox(tmp_path, "2024") as outbox:
            outbox.send(marked("b2"), "ada@example.org")
            outbox.send(marked("a1"), "ada@example.org")
            again = outbox.send(marked("a1", "full"), "ada@example.org")

        assert foreign.read_bytes() == content
        assert again.answer.endswith("2024 ada@example.org (3).eml")
        assert len(list(tmp_path.iterdir())) == 3


def test_two_reports_are_two_files_with_two_names(tmp_path: Path) -> None:
    for title in ("Shop A", "Shop B", ""):
        with Outbox(tmp_path, "2024", {"ada@example.org": title}) as outbox:
            outbox.send(marked(title), "ada@example.org")

    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "2024 ada@example.org Shop A.eml",
        "2024 ada@example.org Shop B.eml",
        "2024 ada@example.org.eml",
    ]


def test_the_same_message_again_is_the_same_file_and_another_one_stands_beside_it(
    tmp_path: Path,
) -> None:
    with Outbox(tmp_path, "2024") as outbox:
        first = outbox.send(short(), "ada@example.org")
        again = outbox.send(short(), "ada@example.org")
        corrected = outbox.send(letter("one_order", corrected=True), "ada@example.org")

    assert first == again
    assert corrected.answer.endswith("2024 ada@example.org (2).eml")
    assert len(list(tmp_path.iterdir())) == 2


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_whatever_a_name_holds_the_file_stays_in_its_folder(
    period: str, address: str, report: str
) -> None:
    try:
        f"{address}{period}{report}".encode()
    except UnicodeEncodeError:
        return
    name = f"{file_name(period, address, report)} (12).eml"

    assert set(name) & FORBIDDEN == set()
    assert len(name.encode()) < 255
    assert Path(name).name == name
    assert name not in {".", ".."}


@pytest.mark.parametrize(
    "address",
    [
        "../../etc/cron.d/x@example.org",
        "..\\..\\x@example.org",
        "C:x@example.org",
        "/a@example.org",
    ],
)
def test_paths_in_an_address_lead_nowhere(address: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with Outbox(folder, "2024/../..") as outbox:
        receipt = outbox.send(short(), address)

    assert Path(receipt.answer).parent == folder
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_two_addresses_that_look_alike_on_a_disk_get_two_files() -> None:
    names = [file_name("2024", a) for a in ("Ada@example.org", "ada@example.org", "a/a@x", "a:a@x")]

    assert len({name.casefold() for name in names}) == 4


def test_a_full_disk_leaves_no_half_file_and_is_said(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Outbox(tmp_path, "2024") as outbox:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(short().as_bytes()) - 1, before[1]))
        try:
            with pytest.raises(TransportError, match=r"ada.* cannot be written: File too large"):
                outbox.send(short(), "ada@example.org")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

        assert list(tmp_path.iterdir()) == []
        assert outbox.send(short(), "ada@example.org").outcome is Outcome.SENT


def test_a_disk_that_is_full_when_the_file_is_secured_leaves_none_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("clv_xl.delivery.outbox.os.fsync", full)
    with (
        Outbox(tmp_path, "2024") as outbox,
        pytest.raises(TransportError, match="No space left on device; nothing of it is left"),
    ):
        outbox.send(short(), "ada@example.org")

    assert list(tmp_path.iterdir()) == []


def test_an_outbox_that_cannot_be_made_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(TransportError, match="there is no folder"):
        Outbox(tmp_path / "no" / "such", "2024").__enter__()
    with pytest.raises(TransportError, match="cannot be made: File exists"):
        Outbox(tmp_path / "file", "2024").__enter__()
