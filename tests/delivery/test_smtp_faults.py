"""What a mail server may do to a message, and what then becomes of it."""

import base64
import time
from collections.abc import Iterator

import pytest
import trustme

from clv_xl.delivery.smtp import PAUSES, TIMEOUT, Smtp
from clv_xl.delivery.smtp_server import SmtpServer, smtp_server
from clv_xl.delivery.transport import Outcome, TransportError
from tests.delivery.letters import SENDER, letter, short
from tests.delivery.mail_server import (
    CLOSE,
    EHLO,
    HANG,
    PASSWORD,
    Running,
    ScriptedServer,
    running,
    script,
)

ADA = "ada@example.org"


def quick(server: SmtpServer, timeout: float = 10) -> Smtp:
    return Smtp(server, pauses=(0, 0), timeout=timeout, sleep=lambda _: None)


def here(server: ScriptedServer) -> SmtpServer:
    return smtp_server(f"smtp://127.0.0.1:{server.port}", "none")


@pytest.fixture
def server(authority: trustme.CA, trusted: None, password: str) -> Iterator[Running]:
    del trusted, password
    with running(authority) as found:
        yield found


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["450 4.2.1 greylisted", "421 4.3.2 closing", "451 4.7.1 later"])
def test_what_is_refused_for_now_is_tried_again_after_growing_pauses(
    server: Running, command: str, answer: str
) -> None:
    pauses: list[float] = []
    server.inbox.answers[command] = [answer, answer]

    with Smtp(server.server(), sleep=pauses.append) as transport:
        receipt = transport.send(short(), ADA)

    assert receipt.outcome is Outcome.SENT
    assert [taken.to for taken in server.inbox.messages] == [ADA]
    assert pauses == list(PAUSES[:2])
    assert list(PAUSES) == sorted(set(PAUSES))


def test_patience_ends(server: Running) -> None:
    server.inbox.answers["RCPT"] = ["450 4.2.1 greylisted"] * 50

    with quick(server.server()) as transport:
        receipt = transport.send(short(), ADA)

    assert receipt.outcome is Outcome.REFUSED
    assert receipt.answer == "450 4.2.1 greylisted (tried 3 times)"
    assert len(server.inbox.answers["RCPT"]) == 47


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("RCPT", "550 5.1.1 no such user"),
        ("DATA", "554 5.6.0 content refused"),
        ("MAIL", "552 5.3.4 message too large"),
        ("DATA", "552 5.2.2 mailbox full"),
    ],
)
def test_what_is_refused_for_good_is_not_tried_again_and_others_still_go(
    server: Running, command: str, answer: str
) -> None:
    server.inbox.answers[command] = [answer]

    with quick(server.server()) as transport:
        refused = transport.send(short(), ADA)
        sent = transport.send(short(), "bob@example.org")

    assert (refused.outcome, refused.answer) == (Outcome.REFUSED, answer)
    assert sent.outcome is Outcome.SENT
    assert [taken.to for taken in server.inbox.messages] == ["bob@example.org"]
    assert server.inbox.connections == 1


def test_one_bad_recipient_among_many_is_a_receipt(server: Running) -> None:
    server.inbox.answers["RCPT bad@example.org"] = ["550 5.1.1 no such user"]

    with quick(server.server()) as transport:
        outcomes = [
            transport.send(short(), f"{name}@example.org").outcome for name in ("a", "bad", "c")
        ]

    assert outcomes == [Outcome.SENT, Outcome.REFUSED, Outcome.SENT]


def test_where_the_server_wants_a_sign_in_it_is_said_how() -> None:
    wants = script(MAIL="530 5.7.0 Authentication required")
    with ScriptedServer(wants) as server, quick(here(server)) as transport:
        said = f"it wants a sign-in: --smtp smtp://USER@127.0.0.1:{server.port}"
        with pytest.raises(TransportError, match=f"Authentication required; {said}$"):
            transport.send(short(), ADA)


@pytest.mark.parametrize(
    "answer", ["550 5.7.60 not permitted to send as this", "530 5.7.0 sign in"]
)
def test_where_the_sender_is_refused_nothing_can_go(server: Running, answer: str) -> None:
    server.inbox.answers["MAIL"] = [answer]

    refused = f"refuses mail from {SENDER.address}: {answer}"
    with quick(server.server()) as transport, pytest.raises(TransportError, match=refused):
        transport.send(short(), ADA)


def test_a_message_above_the_size_that_the_server_states_is_not_even_begun(
    authority: trustme.CA, trusted: None, password: str
) -> None:
    del trusted, password
    with running(authority, size=5_000) as small, quick(small.server()) as transport:
        receipt = transport.send(short(), ADA)

    assert receipt.outcome is Outcome.REFUSED
    assert "localhost takes 5,000" in receipt.answer


@pytest.mark.parametrize("end", [CLOSE, HANG, "garbage", "999 what"])
def test_a_message_whose_answer_never_came_is_unknown_and_not_sent_again(end: str) -> None:
    with ScriptedServer(script(END=end)) as server, quick(here(server), 0.5) as transport:
        receipt = transport.send(short(), ADA)

    assert receipt.outcome is Outcome.UNKNOWN
    assert server.lines.count("DATA") + server.lines.count("data") == 1


def test_a_connection_dropped_in_the_middle_of_the_data_leaves_the_message_unknown() -> None:
    large = letter("one_order")
    large.add_attachment(bytes(4_000_000), "application", "octet-stream", filename="large.bin")
    with ScriptedServer(script(), drop_after=50) as server, quick(here(server)) as transport:
        receipt = transport.send(large, ADA)

    assert receipt.outcome is Outcome.UNKNOWN
    assert server.connections == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("end", [CLOSE, HANG, "what?"])
def test_a_connection_lost_before_the_data_is_opened_again_and_the_message_goes(
    command: str, end: str
) -> None:
    polite, rude = script(), script(**{command: end})

    with (
        ScriptedServer(lambda line, nth: (rude if nth == 1 else polite)(line, nth)) as server,
        quick(here(server), 0.5) as transport,
    ):
        receipt = transport.send(short(), ADA)

    assert receipt.outcome is Outcome.SENT
    assert server.connections == 2


def test_a_server_that_drops_one_message_every_time_does_not_stop_the_others() -> None:
    polite = script()

    def drops_ada(line: str, nth: int) -> str:
        return CLOSE if ADA in line else polite(line, nth)

    with ScriptedServer(drops_ada) as server, quick(here(server)) as transport:
        dropped = transport.send(short(), ADA)
        sent = transport.send(short(), "bob@example.org")

    assert dropped.outcome is Outcome.REFUSED
    assert "before the message went out (tried 3 times)" in dropped.answer
    assert sent.outcome is Outcome.SENT


def test_a_server_may_take_ten_minutes_to_confirm_a_message_and_less_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("clv_xl.delivery.smtp._TO_COMMANDS", 0.3)
    polite = script()

    def slow(line: str, nth: int) -> str:
        if line == ".":
            time.sleep(0.8)
        return polite(line, nth)

    with ScriptedServer(slow) as server, Smtp(here(server)) as transport:
        receipt = transport.send(short(), ADA)

    assert receipt.outcome is Outcome.SENT
    assert TIMEOUT == 600


def test_a_server_that_took_a_message_and_hangs_is_said_to_have_not_answered() -> None:
    with ScriptedServer(script(END=HANG)) as server, quick(here(server), 0.5) as transport:
        hung = transport.send(short(), ADA)
    with ScriptedServer(script(END=CLOSE)) as server, quick(here(server), 0.5) as transport:
        lost = transport.send(short(), ADA)

    assert (hung.hung, lost.hung) == (True, False)
    assert hung.answer == "127.0.0.1 did not answer within 0.5 seconds to the message"


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_hangs_twice_before_a_message_ends_the_run(command: str) -> None:
    said = "did not answer within 0.3 seconds before the message went out"
    with (
        ScriptedServer(script(**{command: HANG})) as server,
        Smtp(here(server), timeout=0.3, sleep=lambda _: None) as transport,
        pytest.raises(TransportError, match=said),
    ):
        transport.send(short(), ADA)

    assert server.connections == 2


@pytest.mark.parametrize(
    ("greeting", "ehlo", "said"),
    [
        (
            HANG,
            EHLO,
            r"said nothing within 0.3 seconds \(is this a port for --tls tls, as 465 is\?\)",
        ),
        ("220 mail.test ESMTP", HANG, r"127\.0\.0\.1:\d+ did not answer within 0.3 seconds"),
    ],
)
def test_a_server_that_says_nothing_is_given_up_at_once(
    greeting: str, ehlo: str, said: str
) -> None:
    pauses: list[float] = []
    with (
        ScriptedServer(script(EHLO=ehlo), greeting=greeting) as server,
        pytest.raises(TransportError, match=said),
    ):
        Smtp(here(server), timeout=0.3, sleep=pauses.append).__enter__()

    assert (server.connections, pauses) == (1, [])


def test_who_waits_is_told_for_whom() -> None:
    told: list[str] = []
    busy, polite = script(EHLO="421 4.3.2 too many connections"), script()

    with (
        ScriptedServer(lambda line, nth: (busy if nth < 3 else polite)(line, nth)) as server,
        Smtp(here(server), sleep=lambda _: None, waiting=told.append),
    ):
        pass

    assert told == ["127.0.0.1: try 2", "127.0.0.1: try 3"]


def test_a_server_that_is_busy_at_first_is_asked_again() -> None:
    pauses: list[float] = []
    busy = script(EHLO="421 4.3.2 too many connections")
    polite = script()

    with (
        ScriptedServer(lambda line, nth: (busy if nth < 3 else polite)(line, nth)) as server,
        Smtp(here(server), sleep=pauses.append) as transport,
    ):
        assert transport.send(short(), ADA).outcome is Outcome.SENT

    assert pauses == list(PAUSES[:2])


def test_where_nobody_listens_it_is_said_at_once() -> None:
    with ScriptedServer(script()) as server:
        way = here(server)
    pauses: list[float] = []

    with pytest.raises(
        TransportError, match=r"127\.0\.0\.1:\d+ cannot be reached: Connection refused"
    ):
        Smtp(way, sleep=pauses.append).__enter__()

    assert pauses == []


def test_a_name_that_can_be_no_host_is_said() -> None:
    with pytest.raises(TransportError, match="cannot be reached"):
        quick(smtp_server(f"smtp://{'a' * 70}.example:25")).__enter__()


def test_a_server_that_is_gone_in_the_middle_stops_the_run_and_the_message_has_not_gone() -> None:
    pauses: list[float] = []
    with ScriptedServer(script()) as server:
        transport = Smtp(here(server), sleep=pauses.append).__enter__()
        assert transport.send(short(), ADA).outcome is Outcome.SENT
        server.hang_up()

    with pytest.raises(TransportError, match="cannot be reached"):
        transport.send(short(), "bob@example.org")

    assert pauses == [PAUSES[0], *PAUSES[:3]], "half a minute, in which it may be started anew"


def test_a_secret_that_the_server_repeats_is_not_shown(server: Running) -> None:
    sent = base64.b64encode(f"\0reports\0{PASSWORD}".encode()).decode()
    server.inbox.answers["RCPT"] = [f"550 you said {sent} and xxx{sent.rstrip('=')}"]

    with quick(server.server()) as transport:
        receipt = transport.send(short(), ADA)

    assert receipt.answer == "550 you said [hidden] and xxx[hidden]"


def test_an_answer_of_many_lines_and_odd_signs_is_one_short_line() -> None:
    odd = "550-first\x1b[31m\r\n550-" + "x" * 400 + "\r\n550 last"
    with ScriptedServer(script(RCPT=odd)) as server, quick(here(server)) as transport:
        receipt = transport.send(short(), ADA)

    assert receipt.outcome is Outcome.REFUSED
    assert receipt.answer.startswith("550 first [31m xxx")
    assert len(receipt.answer) < 320
    assert receipt.answer.isprintable()


def test_an_address_beyond_ascii_goes_where_the_server_takes_it(server: Running) -> None:
    message = letter("one_order", "ნინო@example.org")

    with quick(server.server()) as transport:
        receipt = transport.send(message, "ნინო@example.org")

    (taken,) = server.inbox.messages
    assert receipt.outcome is Outcome.SENT
    assert taken.to == "ნინო@example.org"
    assert "To: Ada Lovelace <ნინო@example.org>" in taken.content.decode()


def test_an_address_beyond_ascii_is_refused_clearly_where_the_server_does_not_take_it(
    authority: trustme.CA, trusted: None, password: str
) -> None:
    del trusted, password
    with running(authority, smtputf8=False) as old, quick(old.server()) as transport:
        refused = transport.send(letter("one_order", "ნინო@example.org"), "ნინო@example.org")
        sent = transport.send(short(), ADA)

    assert refused.outcome is Outcome.REFUSED
    assert "takes no addresses beyond ASCII" in refused.answer
    assert sent.outcome is Outcome.SENT


@pytest.mark.parametrize("address", ["ada@example.org\r\nRCPT TO:<eve@example.org>", "a\x00@b.org"])
def test_an_address_with_a_line_break_says_nothing_to_the_server(address: str) -> None:
    with ScriptedServer(script()) as server, quick(here(server)) as transport:
        receipt = transport.send(short(), address)

    assert receipt.outcome is Outcome.REFUSED
    assert not any("eve" in line or line.startswith("mail") for line in server.lines)


def test_leaving_says_goodbye_and_never_fails() -> None:
    with ScriptedServer(script(QUIT=CLOSE)) as server, quick(here(server)):
        pass

    assert server.lines[-1].upper() == "QUIT"
