from collections.abc import Iterator
from pathlib import Path

import pytest

from clv_xl.delivery.attachment import build_attachment
from clv_xl.delivery.audience import Detail
from clv_xl.delivery.ledger import Ledger, State
from clv_xl.delivery.outbox import Outbox
from clv_xl.delivery.plan import Wishes
from clv_xl.delivery.preview import counts, sent_rows, written_rows
from clv_xl.delivery.run import carry_out, write_outbox
from clv_xl.delivery.run_results import Run
from clv_xl.delivery.transport import Outcome, Receipt, TransportError
from clv_xl.workbooks.templates import load_texts
from tests.delivery.mailings import ADA, BOB, EVE, Told, audience, mailing, read, rows

SENT = Receipt(Outcome.SENT, "250 queued")
TEXTS = load_texts()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "mail.sqlite") as opened:
        yield opened


def nobody_looks(_what: str, _done: int, _all: int) -> None:
    """Show nothing."""


def run(ledger: Ledger, way: Told, **wishes: object) -> Run:
    return carry_out(mailing(), Wishes(**wishes), way, ledger, nobody_looks)  # type: ignore[arg-type] # by name


def states(ledger: Ledger) -> list[State]:
    return [one.state for one in ledger.deliveries()]


def test_each_message_is_noted_with_what_became_of_it(ledger: Ledger) -> None:
    way = Told(SENT, Receipt(Outcome.REFUSED, "550 no"), Receipt(Outcome.UNKNOWN, "lost"))

    done = run(ledger, way)

    assert states(ledger) == [State.SENT, State.REFUSED, State.UNKNOWN]
    assert [one.answer for one in ledger.deliveries()] == ["250 queued", "550 no", "lost"]
    assert counts(done, TEXTS) == "sent 1 · refused 1 · unknown 1 · not sent 0 · skipped 0"
    assert not done.complete
    assert [row[-1] for row in sent_rows(done, TEXTS).rows] == [
        "sent: 250 queued",
        "refused: 550 no",
        "unknown: lost",
    ]


def test_a_message_is_noted_as_on_its_way_before_it_leaves(ledger: Ledger) -> None:
    seen: list[list[State]] = []

    class Looking(Told):
        def send(self, message: object, to: str) -> Receipt:
            seen.append(states(ledger))
            return super().send(message, to)  # type: ignore[arg-type] # handed on

    run(ledger, Looking())

    assert seen == [
        [State.SENDING, State.PLANNED, State.PLANNED],
        [State.SENT, State.SENDING, State.PLANNED],
        [State.SENT, State.SENT, State.SENDING],
    ]


def test_where_nothing_can_go_any_more_the_rest_stays_planned(ledger: Ledger) -> None:
    way = Told(SENT, TransportError("the server is gone"))

    done = run(ledger, way)

    assert states(ledger) == [State.SENT, State.PLANNED, State.PLANNED]
    assert (done.stopped, way.addresses) == ("the server is gone", [ADA])
    assert [result.state for result in done.results] == [State.SENT, State.PLANNED, State.PLANNED]
    again = Told()
    assert run(ledger, again).complete
    assert again.addresses == [BOB, EVE]


def test_a_way_that_cannot_be_opened_leaves_everything_planned(ledger: Ledger) -> None:
    with pytest.raises(TransportError, match="wrong password"):
        run(ledger, Told(closed=TransportError("wrong password")))

    assert states(ledger) == [State.PLANNED] * 3


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), RuntimeError("a bug")])
def test_a_run_that_is_interrupted_while_sending_does_not_know(
    fault: BaseException, ledger: Ledger
) -> None:
    with pytest.raises(type(fault)):
        run(ledger, Told(SENT, fault))

    assert states(ledger) == [State.SENT, State.UNKNOWN, State.PLANNED]
    again = Told()
    done = run(ledger, again)
    assert (again.addresses, done.complete) == ([EVE], False)
    assert "may have arrived: unknown since" in sent_rows(done, TEXTS).rows[1][-1]


def test_with_nothing_to_send_no_connection_is_made(ledger: Ledger) -> None:
    run(ledger, Told())

    way = Told(closed=TransportError("the server is gone"))
    done = run(ledger, way)

    assert (done.complete, way.opened, way.taken) == (True, 0, [])


def test_an_audience_without_a_workbook_stops_its_own_messages_alone(ledger: Ledger) -> None:
    few = [("c99", "2024-03-01", 5.0, "Oslo")]
    what = mailing(audience("Oslo"), audience("Rome", detail=Detail.FULL), source=read(rows(few)))
    way = Told()

    done = carry_out(what, Wishes(), way, ledger, nobody_looks)

    assert way.addresses == [BOB]
    assert states(ledger) == [State.REFUSED, State.SENT]
    assert "fewer than 5 customers" in done.results[0].answer


def test_each_audience_is_built_once(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    built = []

    def counting(*arguments: object, **options: object) -> object:
        built.append(arguments[2])
        return build_attachment(*arguments, **options)  # type: ignore[arg-type] # handed on

    monkeypatch.setattr("clv_xl.delivery.run.build_attachment", counting)
    every = (audience(), audience("web", detail=Detail.FULL), audience())
    carry_out(mailing(*every), Wishes(), Told(), ledger, nobody_looks)

    assert built == [audience(), audience("web", detail=Detail.FULL)]


def test_an_outbox_run_notes_nothing_and_repeats_itself(ledger: Ledger, tmp_path: Path) -> None:
    written = []
    for _ in range(2):
        outbox = Outbox(tmp_path / "outbox", "2024")
        done = write_outbox(mailing(), Wishes(), outbox, ledger, nobody_looks)
        assert done.complete
        assert {row[-1] for row in written_rows(done, TEXTS).rows} == {"to be sent"}
        written.append({f.name: f.read_bytes() for f in (tmp_path / "outbox").iterdir()})

    assert written[0] == written[1]
    assert len(written[0]) == 3
    assert ledger.deliveries() == []


def test_a_full_disk_leaves_no_half_message_and_says_what_was_not_written(
    ledger: Ledger, tmp_path: Path
) -> None:
    way = Told(SENT, TransportError("outbox/x.eml cannot be written: No space left on device"))

    done = write_outbox(mailing(), Wishes(), way, ledger, nobody_looks)

    assert [row[-1] for row in written_rows(done, TEXTS).rows] == [
        "to be sent",
        "not sent",
        "not sent",
    ]
    assert done.stopped == "outbox/x.eml cannot be written: No space left on device"
    assert not done.complete
    assert not list(tmp_path.glob("*.eml"))


def test_the_progress_of_an_outbox_does_not_speak_of_sending(ledger: Ledger) -> None:
    seen: list[str] = []

    write_outbox(mailing(), Wishes(), Told(), ledger, lambda what, *_: seen.append(what))

    assert seen == ["Building workbooks", *["Writing messages"] * 3]


def test_a_run_ends_with_the_first_message_to_which_a_server_does_not_answer(
    ledger: Ledger,
) -> None:
    done = run(ledger, Told(Receipt(Outcome.UNKNOWN, "it did not answer", hung=True)))

    assert states(ledger) == [State.UNKNOWN, State.PLANNED, State.PLANNED]
    assert done.stopped.startswith("it did not answer; the run ends here")
    way = Told()
    again = run(ledger, way)
    assert way.addresses == [BOB, EVE]
    assert (again.stopped, again.complete) == ("", False)


def test_two_connections_lost_one_after_the_other_end_a_run_and_one_does_not(
    ledger: Ledger,
) -> None:
    lost = Receipt(Outcome.UNKNOWN, "the connection was lost")

    assert run(ledger, Told(lost, SENT, lost)).stopped == ""
    done = run(ledger, Told(lost, lost), retry_unknown=True)
    assert done.stopped.startswith("the connection was lost; the run ends here")


def test_a_third_message_does_not_follow_two_lost_ones(ledger: Ledger) -> None:
    lost = Receipt(Outcome.UNKNOWN, "the connection was lost")

    run(ledger, Told(lost, lost))

    assert states(ledger) == [State.UNKNOWN, State.UNKNOWN, State.PLANNED]


def test_progress_tells_what_is_done_and_how_far(ledger: Ledger) -> None:
    seen: list[tuple[str, int, int]] = []

    carry_out(mailing(), Wishes(), Told(), ledger, lambda *step: seen.append(step))

    assert seen == [
        ("Building workbooks", 0, 1),
        ("Connecting", 0, 3),
        ("Sending", 0, 3),
        ("Sending", 1, 3),
        ("Sending", 2, 3),
    ]
