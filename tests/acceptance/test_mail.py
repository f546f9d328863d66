"""Two hundred people of five segments get their reports from a real server, once."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
import trustme

from tests.acceptance.command import Answer
from tests.acceptance.mail_runs import Post, quick_folder
from tests.acceptance.mail_shop import SEGMENTS, attachment, orders, texts_in, two_hundred
from tests.delivery.mail_server import PASSWORD, USER, running, trust

ROWS = orders()


@dataclass(slots=True)
class Mailed:
    """What came of the two hundred."""

    post: Post
    answer: Answer
    messages: dict[str, EmailMessage]


@pytest.fixture(scope="module")
def mailed() -> Iterator[Mailed]:
    """Send to two hundred recipients."""
    authority = trustme.CA()
    with (
        quick_folder() as folder,
        running(authority) as server,
        pytest.MonkeyPatch.context() as env,
    ):
        env.setenv("SSL_CERT_FILE", trust(authority, folder))
        env.setenv("CLV_XL_SMTP_PASSWORD", PASSWORD)
        post = Post(folder, server)
        post.orders(ROWS)
        post.recipients(*two_hundred())
        answer = post.send()
        read = {one.to: one.read() for one in server.inbox.messages}
        yield Mailed(post, answer, read)


def segments_of(address: str) -> set[str]:
    """Return whose rows a recipient may see."""
    row = next(row for row in two_hundred() if row[0] == address)
    return set(SEGMENTS) if row[2] == "*" else set(row[2].split(";"))


def test_everybody_gets_one_message_over_an_encrypted_connection(mailed: Mailed) -> None:
    assert (mailed.answer.code, mailed.answer.complaint) == (0, "")
    assert Counter(mailed.post.taken) == {row[0]: 1 for row in two_hundred()}
    assert {(m.user, m.encrypted, m.sender) for m in mailed.post.running.inbox.messages} == {
        (USER, True, "reports@example.org")
    }
    assert "sent 200 · refused 0 · unknown 0 · not sent 0 · skipped 0" in mailed.answer.output
    for address, message in mailed.messages.items():
        assert [to.addr_spec for to in message["To"].addresses] == [address]


def test_nobody_gets_a_value_of_another_segments_rows(mailed: Mailed) -> None:
    values: defaultdict[str, set[str]] = defaultdict(set)
    for order in ROWS:
        values[order.segment] |= set(order.values) - {order.segment}
    checked = 0
    for audience in {frozenset(segments_of(row[0])) for row in two_hundred()}:
        address = next(row[0] for row in two_hundred() if segments_of(row[0]) == audience)
        text = "\n".join(texts_in(mailed.messages[address]))
        for segment in SEGMENTS:
            found = {value for value in values[segment] if value in text}
            if segment in audience:
                assert {o.customer for o in ROWS if o.segment == segment} <= found
                assert plain(segment) in text
            else:
                assert found == set()
                assert plain(segment) not in text
            checked += len(values[segment])
    assert checked > 5 * 5 * 100


def plain(segment: str) -> str:
    """Return a segment's name without its signs of HTML, which are written in other ways."""
    return segment.removeprefix("<b>").removesuffix("</b>")


def test_no_body_holds_a_value_of_another_segment(mailed: Mailed) -> None:
    for address, message in mailed.messages.items():
        bodies = "\n".join(
            str(part.get_content())
            for part in message.walk()
            if part.get_content_maintype() == "text"
        )
        others = set(SEGMENTS) - segments_of(address)
        assert [segment for segment in others if plain(segment) in bodies] == []
        assert "<b>Westend</b>" not in bodies.partition("<html")[2], "what is in data is no HTML"


def test_the_same_audience_gets_the_same_bytes_and_another_gets_others(mailed: Mailed) -> None:
    books: defaultdict[frozenset[str], set[bytes]] = defaultdict(set)
    for address, message in mailed.messages.items():
        books[frozenset(segments_of(address))].add(attachment(message))

    assert {len(found) for found in books.values()} == {1}
    assert len(set.union(*books.values())) == len(books) == 10


def test_another_run_builds_the_same_bytes(mailed: Mailed) -> None:
    before = len(mailed.post.taken)
    ten = {frozenset(segments_of(row[0])): row for row in two_hundred()}
    mailed.post.recipients(*ten.values())

    mailed.post.send("--to-self", "me@example.org")

    trials = [message.read() for message in mailed.post.running.inbox.messages[before:]]
    del mailed.post.running.inbox.messages[before:]
    assert len(trials) == len(ten) == 10
    assert {attachment(one) for one in trials} == {
        attachment(mailed.messages[row[0]]) for row in ten.values()
    }


def test_a_second_run_sends_nothing(mailed: Mailed) -> None:
    connections = mailed.post.running.inbox.connections
    mailed.post.recipients(*two_hundred())

    again = mailed.post.send()

    assert (again.code, again.complaint) == (0, "")
    assert "sent 0 · refused 0 · unknown 0 · not sent 0 · skipped 200" in again.output
    assert len(mailed.post.taken) == 200
    assert mailed.post.running.inbox.connections == connections, "there is nothing to connect for"


def test_the_log_shows_who_was_sent_what(mailed: Mailed) -> None:
    log = {row["recipient"]: row for row in mailed.post.log()}

    assert len(log) == 200
    for address, row in log.items():
        shown = set(row["segments"]) or set(SEGMENTS)
        assert (row["state"], shown) == ("sent", segments_of(address))
        assert row["answer"].startswith("250")


def test_no_secret_is_in_the_ledger_or_in_what_is_said(mailed: Mailed) -> None:
    stored = b"".join(f.read_bytes() for f in mailed.post.folder.iterdir() if "sqlite" in f.name)

    assert b"p17@example.org" in stored
    assert PASSWORD.encode() not in stored
    assert PASSWORD not in mailed.answer.output
    for message in mailed.messages.values():
        assert PASSWORD not in "\n".join(texts_in(message))
