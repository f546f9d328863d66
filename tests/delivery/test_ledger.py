import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clv_xl.delivery import ledger_file
from clv_xl.delivery.ledger import Delivery, Ledger, Purged, State
from clv_xl.delivery.ledger_file import LedgerError, LedgerHeldError, usual_ledger

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)


def delivery(recipient: str = "ada@example.org", **other: object) -> Delivery:
    plain = Delivery(
        report="CLV, executive",
        recipient=recipient,
        period="2026-03",
        data_hash="f00d",
        segments=("Rome", "web"),
        layout="executive",
        detail="none",
        planned_at=NOON,
        changed_at=NOON,
    )
    return replace(plain, **other)  # type: ignore[arg-type] # fields by name


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mail.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger(path) as opened:
        yield opened


def states(ledger: Ledger) -> dict[str, State]:
    return {one.recipient: one.state for one in ledger.deliveries()}


def test_a_delivery_comes_back_as_it_was_noted(ledger: Ledger, path: Path) -> None:
    everything = delivery("bob@example.org", segments=())
    odd = delivery("eve@example.org", segments=("A;B", "web"))
    ledger.plan([delivery(), everything, odd])

    with Ledger(path) as again:
        assert again.deliveries() == [delivery(), everything, odd]
        assert again.deliveries(period="2026-04") == []


@pytest.mark.parametrize("state", [State.SENT, State.REFUSED, State.UNKNOWN])
def test_a_delivery_is_settled_with_the_answer_in_one_line(ledger: Ledger, state: State) -> None:
    later = NOON + timedelta(minutes=5)
    ledger.plan([delivery()])
    ledger.begin(delivery(), NOON)

    ledger.settle(delivery(), state, "250 ok\r\nqueued  as 17", later)

    (found,) = ledger.deliveries()
    assert found == delivery(state=state, changed_at=later, answer="250 ok queued as 17")


def test_what_was_sent_cannot_be_planned_again(ledger: Ledger) -> None:
    ledger.plan([delivery()])
    ledger.begin(delivery(), NOON)
    ledger.settle(delivery(), State.SENT, "250", NOON)

    with pytest.raises(LedgerError, match=r"2026-03 to ada@example\.org is sent already"):
        ledger.plan([delivery("bob@example.org"), delivery()])

    assert states(ledger) == {"ada@example.org": State.SENT}, "all of a plan or nothing"


def test_only_one_of_two_runs_can_begin_a_delivery(path: Path) -> None:
    with Ledger(path) as one, Ledger(path) as other:
        one.plan([delivery()])
        other.plan([delivery()])
        one.begin(delivery(), NOON)

        with pytest.raises(LedgerError, match="is not planned any more"):
            other.begin(delivery(), NOON)


@pytest.mark.parametrize("state", [State.REFUSED, State.UNKNOWN])
def test_what_did_not_arrive_can_be_planned_again(ledger: Ledger, state: State) -> None:
    ledger.plan([delivery()])
    ledger.begin(delivery(), NOON)
    ledger.settle(delivery(), state, "452 mailbox full", NOON)

    ledger.plan([delivery(data_hash="beef")])

    assert ledger.deliveries() == [delivery(data_hash="beef")]


def test_a_correction_is_a_delivery_of_its_own(ledger: Ledger) -> None:
    ledger.plan([delivery()])
    ledger.begin(delivery(), NOON)
    ledger.settle(delivery(), State.SENT, "250", NOON)

    ledger.plan([delivery(correction=1)])

    assert [(one.correction, one.state) for one in ledger.deliveries()] == [
        (0, State.SENT),
        (1, State.PLANNED),
    ]


def test_one_run_holds_the_ledger_and_another_is_told_who_and_since_when(path: Path) -> None:
    with (
        Ledger(path) as one,
        Ledger(path) as other,
        one.held(NOON),
        pytest.raises(LedgerHeldError) as told,
        other.held(NOON),
    ):
        raise AssertionError("both hold it")

    assert f"(process {os.getpid()}) is sending with the ledger {path}" in str(told.value)
    assert "since 2026-04-01T12:00:00+00:00: wait until" in str(told.value)


def test_the_ledger_is_free_again_after_a_run_that_failed(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), ledger.held(NOON):
        raise RuntimeError

    with ledger.held(NOON):
        ledger.plan([delivery()])


KILLED = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from clv_xl.delivery.ledger import Ledger
from tests.delivery.test_ledger import delivery
now = datetime.now(UTC)
with Ledger(Path(sys.argv[1])) as ledger, ledger.held(now):
    ledger.plan([delivery(), delivery("bob@example.org")])
    ledger.begin(delivery(), now)
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
"""


def test_what_a_killed_run_was_sending_is_unknown_and_what_it_planned_is_planned(
    path: Path,
) -> None:
    died = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert died.returncode != 0

    with Ledger(path) as ledger:
        assert states(ledger)["ada@example.org"] is State.SENDING
        with ledger.held(NOON):
            assert states(ledger) == {
                "ada@example.org": State.UNKNOWN,
                "bob@example.org": State.PLANNED,
            }
    assert path.exists()


def test_the_salt_is_made_once_and_is_another_in_each_ledger(path: Path, tmp_path: Path) -> None:
    with Ledger(path) as ledger:
        salt = ledger.salt()
    with Ledger(path) as again, Ledger(tmp_path / "other.sqlite") as other:
        assert again.salt() == salt
        assert other.salt() != salt
    assert len(salt) == 32


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_may_read_the_ledger(ledger: Ledger, path: Path) -> None:
    with ledger.held(NOON):
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {0o600}


def test_old_deliveries_are_forgotten_but_not_those_of_the_newest_period(ledger: Ledger) -> None:
    old = NOON - timedelta(days=100)
    march = delivery(planned_at=old, changed_at=old)
    february = replace(march, period="2026-02", planned_at=old - timedelta(days=30))
    other = delivery("bob@example.org", report="Shop B, executive")
    ledger.plan([february, march, other])

    done = ledger.purge(NOON - timedelta(days=90))

    assert done == Purged(forgotten=1, kept=1)
    assert [one.period for one in ledger.deliveries()] == ["2026-03", "2026-03"]
    assert ledger.purge(NOON - timedelta(days=90), also_newest=True) == Purged(1, 0)
    assert ledger.deliveries() == [other]


def test_what_is_forgotten_is_not_in_the_file_any_more(ledger: Ledger, path: Path) -> None:
    ledger.plan([delivery(f"person{n}@example.org") for n in range(300)])
    assert b"person17@example.org" in path.read_bytes()

    ledger.purge(NOON + timedelta(days=1), also_newest=True)

    assert b"person" not in path.read_bytes()


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (lambda path: path.write_text("customer,date,amount\n" * 99), "is no ledger"),
        (lambda path: sqlite3.connect(path).execute("CREATE TABLE t (a)"), "of another program"),
        (lambda path: path.mkdir(), "cannot be"),
    ],
)
def test_what_is_no_ledger_is_refused(path: Path, made: object, sentence: str) -> None:
    made(path)  # type: ignore[operator] # each makes something at the path
    before = path.read_bytes() if path.is_file() else b""

    with pytest.raises(LedgerError, match=sentence), Ledger(path):
        pass

    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_ledger_in_no_folder_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(LedgerError, match="cannot be opened: No such file or directory"),
        Ledger(tmp_path / "none" / "mail.sqlite"),
    ):
        pass


def test_a_ledger_of_a_later_version_is_refused(path: Path) -> None:
    with Ledger(path):
        pass
    later = sqlite3.connect(path)
    later.execute("PRAGMA user_version = 99")
    later.close()

    with pytest.raises(LedgerError, match=r"of a later clv_xl \(version 99"), Ledger(path):
        pass


def test_the_usual_ledger_lies_in_the_folder_for_data_of_this_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ledger_file, "user_data_path", lambda *_, **__: tmp_path / "new" / "data")
    path = usual_ledger()

    with Ledger(path) as ledger:
        ledger.salt()

    assert path.name == "mail.sqlite"
    assert path.is_file()


STEPS = st.lists(
    st.sampled_from(["plan", "begin", "sent", "refused", "unknown", "died"]), max_size=25
)


@settings(max_examples=40)
@given(STEPS)
def test_whatever_happens_nothing_begins_after_it_was_sent(steps: list[str]) -> None:
    begun_after_sent, sent = 0, False
    with (
        tempfile.TemporaryDirectory() as folder,
        Ledger(Path(folder) / "mail.sqlite") as ledger,
    ):
        for step in steps:
            try:
                if step == "plan":
                    ledger.plan([delivery()])
                elif step == "begin":
                    ledger.begin(delivery(), NOON)
                    begun_after_sent += sent
                elif step == "died":
                    with ledger.held(NOON):
                        pass
                else:
                    ledger.settle(delivery(), State(step), "", NOON)
                    sent = sent or step == "sent"
            except LedgerError:
                continue
    assert begun_after_sent == 0
