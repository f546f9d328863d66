"""What each option of `clv-xl mail` does, and what is refused before anything is built."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import reduce
from pathlib import Path

import pytest
import trustme

from clv_xl.delivery.microsoft365 import Application
from clv_xl.delivery.protection import unprotected
from clv_xl.delivery.smtp_server import Tls
from clv_xl.messages import message_file, template_folder
from clv_xl.workbooks import templates
from tests.acceptance.command import done, refused, run, sentence_of
from tests.acceptance.mail_runs import FROM, Post, quick_folder
from tests.acceptance.mail_shop import SEGMENTS, Order, attachment, orders, texts_in
from tests.acceptance.translation import foreign_on_screen, translated
from tests.delivery.mail_server import HANG, Inbox, Running, ScriptedServer, running, script, trust

NORTH, SOUTH, RIGA, *_ = SEGMENTS
ADA, BOB, EVE = (f"{name}@example.org" for name in ("ada", "bob", "eve"))
ROWS = orders(20)


class Taking:
    """A server in the open that takes everything, but for the answers by address."""

    def __init__(self) -> None:
        """Refuse nobody."""
        self.taken: list[str] = []
        self.rcpt: dict[str, str] = {}
        self.end, self.mail = "250 queued", "250 OK"
        self._to = ""
        self._polite = script()

    def answer(self, line: str, nth: int) -> str:
        """Answer, and count what was taken."""
        if line[:4].upper() == "MAIL":
            return self.mail
        if line[:4].upper() == "RCPT":
            self._to = line.partition("<")[2].partition(">")[0]
            return self.rcpt.get(self._to, "250 OK")
        if line == ".":
            if self.end.startswith("250"):
                self.taken.append(self._to)
            return self.end
        return self._polite(line, nth)


@pytest.fixture
def taking() -> Taking:
    """Return a polite server's script."""
    return Taking()


@pytest.fixture
def post(taking: Taking) -> Iterator[Post]:
    """Write three recipients of three segments, and run a server."""
    with quick_folder() as folder, ScriptedServer(taking.answer) as server:
        made = Post(folder, Running(Inbox(), server.port, Tls.NONE))
        made.orders(ROWS)
        made.recipients((ADA, "Ada", NORTH, ""), (BOB, "Bob", SOUTH, "full"), (EVE, "", "*", ""))
        yield made


def read(file: Path) -> EmailMessage:
    found = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def later(rows: list[Order], segment: str) -> list[Order]:
    """Return orders of which one amount of a segment is another."""
    at = next(n for n, row in enumerate(rows) if row.segment == segment)
    row = rows[at]
    changed = Order(row.customer, row.name, row.day, "7777.77", row.segment)
    return [*rows[:at], changed, *rows[at + 1 :]]


def test_without_send_the_outbox_is_written_and_nothing_counts_as_sent(post: Post) -> None:
    answer = post.write()

    assert (answer.code, answer.complaint) == (0, "")
    files = sorted(post.outbox.iterdir())
    assert [read(file)["To"].addresses[0].addr_spec for file in files] == [ADA, BOB, EVE]
    assert answer.output.count("to be sent") == 3
    assert answer.output.splitlines()[-1] == (
        f"3 written to {post.outbox} · skipped 0 · nothing was sent"
    )
    assert post.log() == []


def test_the_outbox_is_the_same_when_it_is_written_again(post: Post) -> None:
    post.write()
    before = {file.name: file.read_bytes() for file in post.outbox.iterdir()}

    post.write()

    assert {file.name: file.read_bytes() for file in post.outbox.iterdir()} == before


def test_other_data_replace_the_older_message_and_another_title_stands_beside_it(
    post: Post,
) -> None:
    post.write()
    post.orders(later(ROWS, NORTH))

    answer = post.write()
    post.write("--title", "Shop B")
    again = post.write("--title", "Shop B")

    assert answer.output.count("to be sent; replaces the older file") == 2, "Bob sees none of it"
    assert "replaces" not in again.output
    names = sorted(file.name for file in post.outbox.iterdir())
    assert len(names) == 6
    assert [name.split(" ", 1)[1] for name in names] == [
        f"{who}{title}.eml" for who in (ADA, BOB, EVE) for title in (" Shop B", "")
    ]


def test_a_message_carries_no_name_of_its_layout(post: Post) -> None:
    own = post.folder / "secret-layout.toml"
    own.write_text((template_folder() / "executive.toml").read_text(encoding="utf-8"))

    post.write("--layout", str(own))

    files = [file.read_bytes() for file in post.outbox.iterdir()]
    assert len(files) == 3
    assert not any(b"secret-layout" in data for data in files)


def test_what_was_sent_is_not_written_into_the_outbox_any_more(post: Post, taking: Taking) -> None:
    assert post.send().code == 0

    answer = post.write()

    assert taking.taken == [ADA, BOB, EVE]
    assert (answer.code, list(post.outbox.iterdir())) == (0, [])
    assert answer.output.count("sent 20") == 3


def test_a_correction_goes_once_to_those_whose_data_have_changed(
    post: Post, taking: Taking
) -> None:
    post.send()
    post.orders(later(ROWS, NORTH))

    plain = post.send()
    assert plain.output.count("; the data have changed since") == 2
    assert (plain.code, len(taking.taken)) == (0, 3)

    corrected = post.send("--correct")
    assert (corrected.code, corrected.complaint) == (0, "")
    assert taking.taken[3:] == [ADA, EVE], "Bob sees none of it"
    again = post.send("--correct")
    assert (again.code, len(taking.taken)) == (0, 5)
    assert [(row["recipient"], row["correction"]) for row in post.log()][3:] == [(ADA, 1), (EVE, 1)]


def test_orders_that_reach_further_back_make_no_other_period(post: Post, taking: Taking) -> None:
    post.send()
    first = min(row.day for row in ROWS)
    older = [Order("c0", "Old", first.replace(year=first.year - 4), "12.50", NORTH)]
    post.orders([*older, *ROWS])

    again = post.send()

    assert (again.code, taking.taken) == (0, [ADA, BOB, EVE])
    assert again.output.count("; the data have changed since: --correct sends a correction") == 2
    assert len({row["period"] for row in post.log()}) == 1


def test_a_correction_can_be_rehearsed(post: Post) -> None:
    post.send()
    post.orders(later(ROWS, NORTH))

    post.write("--correct", "--to-self", "me@example.org")

    subjects = sorted(str(read(file)["Subject"]) for file in post.outbox.iterdir())
    assert [subject.partition("] ")[2].startswith("Corrected: ") for subject in subjects] == [
        True,
        False,
        True,
    ], "Bob sees none of what has changed"


def test_who_names_a_period_that_is_not_over_is_warned(post: Post) -> None:
    post.recipients((BOB, "", "*", "full"))  # few have ordered in a month that has just begun
    last = max(row.day for row in ROWS)

    early = post.write("--period", f"{last:%Y-%m}")
    over = post.write("--period", "2024-06")

    assert early.code == 0
    assert early.complaint.startswith(f"clv-xl: {last:%Y-%m} is not over on {last}, the last day")
    assert over.complaint == ""


def test_a_segment_of_odd_signs_reaches_its_recipient(post: Post) -> None:
    odd, other = "Zero\u202eTXT", "Pens;Ink"
    names = {NORTH: odd, SOUTH: other}
    post.orders([replace(row, segment=names.get(row.segment, row.segment)) for row in ROWS])
    post.recipients((ADA, "", odd, ""), (BOB, "", other, ""), (EVE, "", f"{other};{RIGA}", ""))

    answer = post.write()

    assert (answer.code, answer.output.count("to be sent")) == (0, 3), answer.output
    ada, bob, _ = (read(file) for file in sorted(post.outbox.iterdir()))
    assert "Zero TXT" in str(ada["Subject"])
    assert "Pens;Ink" in str(bob["Subject"])


def test_a_correction_says_so_in_its_subject(post: Post) -> None:
    post.send()
    post.orders(later(ROWS, NORTH))

    post.write("--correct")

    subjects = {str(read(file)["Subject"]) for file in post.outbox.iterdir()}
    assert len(subjects) == 2
    assert all(subject.startswith("Corrected: ") for subject in subjects)


def test_if_changed_leaves_out_whose_data_are_those_of_any_last_message(
    post: Post, taking: Taking
) -> None:
    post.send("--period", "2024-05")
    post.orders(later(ROWS, NORTH))

    answer = post.send("--period", "2024-06", "--if-changed")

    assert answer.code == 0
    assert taking.taken[3:] == [ADA, EVE]
    assert "the data are those of the last one" in answer.output


def test_a_trial_goes_to_one_address_says_whose_it_is_and_counts_for_nothing(
    post: Post, taking: Taking
) -> None:
    answer = post.send("--to-self", "me@example.org")

    assert (answer.code, taking.taken) == (0, ["me@example.org"] * 3)
    assert post.log() == []
    post.write("--to-self", "me@example.org", "--from", FROM)
    trials = [read(file) for file in post.outbox.iterdir()]
    for message, real in zip(
        sorted(trials, key=lambda m: m["Subject"]), [ADA, BOB, EVE], strict=True
    ):
        assert str(message["Subject"]).startswith(f"[for {real}] ")
        bodies = [p.get_content() for p in message.walk() if p.get_content_maintype() == "text"]
        assert all(f"the message would go to {real}." in " ".join(b.split()) for b in bodies)
        assert [to.addr_spec for to in message["To"].addresses] == ["me@example.org"]
    assert post.send().code == 0
    assert taking.taken[3:] == [ADA, BOB, EVE]


def test_more_messages_than_allowed_are_refused_before_anything_is_built(
    post: Post, taking: Taking
) -> None:
    for words in (post.words, post.sending):
        sentence = refused(*words, "--max", "2")

        assert sentence.startswith("3 messages would go, more than the 2 that --max allows")
    assert (taking.taken, post.outbox.exists()) == ([], False)
    assert post.send("--max", "3").code == 0


def test_only_messages_that_would_go_count_for_the_maximum(post: Post) -> None:
    post.send()
    post.recipients(
        (ADA, "", NORTH, ""), (BOB, "", SOUTH, "full"), ("kim@example.org", "", "*", "")
    )

    assert post.send("--max", "1").code == 0


def test_everything_wrong_with_the_recipients_is_said_at_once(post: Post, taking: Taking) -> None:
    post.recipients(
        (ADA, "Ada", "", ""),
        ("bob", "Bob", SOUTH, ""),
        ("eve@elsewhere.lv", "Eve", "Northgat", "all"),
        (ADA, "Ada", NORTH, ""),
    )

    answer = post.send("--allow-domain", "example.org")

    assert answer.code == 2
    lines = answer.complaint.splitlines()
    assert [line[:8] for line in lines[1:]] == [f"  row {n}:" for n in (2, 3, 4, 4, 4, 5)]
    assert "did you mean Northgate?" in answer.complaint
    assert "eve@elsewhere.lv is not in a domain that is allowed" in answer.complaint
    assert (taking.taken, post.ledger.exists()) == ([], False)


def test_a_refused_recipient_is_told_and_tried_again_by_the_next_run(
    post: Post, taking: Taking
) -> None:
    taking.rcpt[BOB] = "550 5.1.1 no such mailbox"

    answer = post.send()

    assert answer.code == 1
    assert "refused: 550 5.1.1 no such mailbox" in answer.output
    assert "sent 2 · refused 1 · unknown 0 · not sent 0 · skipped 0" in answer.output
    del taking.rcpt[BOB]
    assert (post.send().code, taking.taken) == (0, [ADA, EVE, BOB])


def test_a_workbook_that_cannot_be_made_stops_its_own_message_alone(
    post: Post, taking: Taking
) -> None:
    few = [row for row in ROWS if row.segment != SOUTH]
    few += [row for row in ROWS if row.segment == SOUTH][:2]
    post.orders(few)
    post.recipients((ADA, "Ada", NORTH, ""), (BOB, "Bob", SOUTH, "none"), (EVE, "", "*", ""))

    answer = post.send()

    assert (answer.code, taking.taken) == (1, [ADA, EVE])
    assert "fewer than 5 customers" in answer.output
    assert post.states()[BOB] == "refused"


def test_where_nothing_can_go_the_plan_stays_and_the_next_run_sends_it(
    post: Post, taking: Taking
) -> None:
    gone = Post(post.folder, Running(Inbox(), 1, Tls.NONE))

    answer = gone.send()

    assert answer.code == 2
    assert set(post.states().values()) == {"planned"}
    assert (post.send().code, taking.taken) == (0, [ADA, BOB, EVE])


def test_what_the_server_left_open_is_unknown_and_is_told_until_somebody_decides(
    post: Post, taking: Taking
) -> None:
    taking.end = "close"

    answer = post.send()

    assert answer.code == 1
    assert "unknown 2 · not sent 1" in answer.output
    taking.end = "250 queued"
    again = post.send()
    assert (again.code, taking.taken) == (1, [EVE])
    assert again.output.count("may have arrived: unknown since 20") == 2
    assert "sent 1 · refused 0 · unknown 2 · not sent 0 · skipped 0" in again.output
    assert (post.send("--retry-unknown").code, taking.taken) == (0, [EVE, ADA, BOB])


def test_a_server_that_hangs_leaves_one_message_unknown_and_the_others_go_later(
    post: Post, taking: Taking
) -> None:
    taking.end = HANG

    answer = post.send("--timeout", "1")

    assert answer.code == 1
    assert "sent 0 · refused 0 · unknown 1 · not sent 2 · skipped 0" in answer.output
    assert answer.complaint == (
        "clv-xl: localhost did not answer within 1 second to the message; the run ends here, and "
        "what was not sent goes out in the next one\n"
    )
    taking.end = "250 queued"
    assert (post.send().code, taking.taken) == (1, [BOB, EVE])


def test_what_stops_a_run_is_said_once(post: Post, taking: Taking) -> None:
    taking.mail = "550 5.7.1 not you"

    answer = post.send()

    assert answer.code == 2
    assert (answer.output.count("not you"), answer.complaint.count("not you")) == (0, 1)


def test_the_workbooks_are_encrypted_with_a_password_from_the_environment(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORT_PASSWORD", "Straße & Brücke")

    answer = post.write("--password-env", "REPORT_PASSWORD")

    assert answer.code == 0
    for file in post.outbox.iterdir():
        book = attachment(read(file))
        assert not book.startswith(b"PK")
        assert unprotected(book, "Straße & Brücke").startswith(b"PK")
    everything = [*post.outbox.iterdir(), post.ledger]
    assert not any("Straße & Brücke".encode() in file.read_bytes() for file in everything)


def test_two_reports_with_two_titles_are_two_reports(post: Post, taking: Taking) -> None:
    post.send("--title", "Shop A")

    post.send("--title", "Shop B")

    assert taking.taken == [ADA, BOB, EVE] * 2


def test_the_contact_and_the_sender_stand_in_the_message(post: Post) -> None:
    post.write("--from", FROM, "--contact", "CRM desk, +371 2000 0000")

    for file in post.outbox.iterdir():
        text = "\n".join(texts_in(read(file)))
        assert "From: Reports team <reports@example.org>" in text
        assert "CRM desk, +371 2000 0000" in text


def test_an_outbox_is_not_for_messages_that_are_sent(post: Post) -> None:
    said = refused(*post.sending, "--outbox", post.outbox)

    assert said.startswith("--outbox is for messages that are not sent")


def test_a_ledger_that_is_not_there_is_no_empty_log(post: Post) -> None:
    for command in (["log"], ["purge", "--older-than", "1d"]):
        said = refused("mail", *command, "--ledger", post.folder / "typo.sqlite")

        assert "typo.sqlite: nothing was sent with it yet" in said
    assert not (post.folder / "typo.sqlite").exists()


def test_a_wrong_password_is_told_in_a_sentence_and_shown_nowhere(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    monkeypatch.setenv("SSL_CERT_FILE", trust(authority, post.folder))
    monkeypatch.setenv("CLV_XL_SMTP_PASSWORD", "hunter2 is wrong")
    with running(authority) as server:
        said = refused(*Post(post.folder, server).sending)

        assert server.inbox.messages == []
    assert "hunter2" not in said
    assert b"hunter2" not in b"".join(f.read_bytes() for f in post.folder.iterdir() if f.is_file())
    assert set(post.states().values()) == {"planned"}


def test_what_mail_says_is_translated(
    post: Post, taking: Taking, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = translated(message_file())
    monkeypatch.setattr(templates, "message_file", lambda _: file)
    answers = ["250 queued", "550 no"]
    data = [ADA, BOB, EVE, "Ada", "Bob", *SEGMENTS, "none", "full", str(post.outbox), *answers]
    taking.rcpt[BOB] = "550 no"

    said = [post.send().output, post.write().output]
    post.orders(later(ROWS, NORTH))
    said += [post.write("--correct").output, post.write().output]
    said += [run("mail", "log", "--ledger", post.ledger).output]
    nothing = run("mail", "log", "--ledger", post.ledger, "--period", "1999").output
    assert foreign_on_screen(nothing, frozenset()) == []

    for output in said:
        assert len(output.splitlines()) >= 4
        ours = reduce(lambda text, one: text.replace(one, ""), [*data, "executive"], output)
        assert foreign_on_screen(ours, frozenset()) == []


def test_who_signs_in_to_microsoft_365_is_told_how_and_the_application_is_the_one_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[Application, str]] = []

    def signed_in(application: Application, user: str, show: Callable[[str], object]) -> str:
        asked.append((application, user))
        show("open the page and enter the code ABC")
        return user

    monkeypatch.setattr("clv_xl.delivery.microsoft365.sign_in", signed_in)

    said = done("mail", "sign-in", ADA, "--microsoft365", "7d1f", "--tenant", "contoso")

    assert asked == [(Application("7d1f", "contoso"), ADA)]
    assert said.splitlines()[0] == "open the page and enter the code ABC"
    assert f"{ADA} is signed in" in said


@pytest.mark.skipif(sys.platform == "win32", reason="there Outlook may be")
def test_a_way_out_that_is_not_there_leaves_everything_planned(post: Post) -> None:
    said = refused(*post.reading, "--send", "--from", "reports@example.org", "--outlook")

    assert said.startswith("drafts in Outlook are for Windows")
    assert set(post.states().values()) == {"planned"}


SENDING = ("--send", "--from", "reports@example.org")
BAD = {
    "no sender": (("--send", "--smtp", "smtp://localhost"), "--send needs --from"),
    "no server": (SENDING, "--send needs one of --smtp, --microsoft365, --outlook, got none"),
    "two servers": (
        (*SENDING, "--smtp", "smtp://localhost", "--outlook"),
        "got --smtp and --outlook",
    ),
    "no address": (("--from", "reports"), "--from must be one address"),
    "a line end in the sender": (
        ("--from", "a@b.lv\r\nBcc: c@d.lv"),
        "--from must be one line without control characters and marks of direction: remove U+000D",
    ),
    "a line end in the title": (("--title", "A\r\nBcc: x@y.lv"), "--title must be one line"),
    "an escape in the contact": (("--contact", "me\x1b[31m"), "remove U+001B, got 'me\\x1b[31m'"),
    "a line end in the trial": (("--to-self", "a@b.lv\n"), "--to-self must be one line"),
    "a line end in the currency": (("--currency", "EUR\n"), "--currency must be one line"),
    "two addresses in a row": (("--from", "a@b.lv, c@d.lv"), "--from must be one address"),
    "no trial address": (("--to-self", "me"), "--to-self must be one address"),
    "a trial elsewhere": (
        ("--to-self", "me@b.lv", "--allow-domain", "example.org"),
        "--to-self must be in a domain that --allow-domain allows",
    ),
    "no domain": (("--allow-domain", "exa mple"), "--allow-domain must be"),
    "no domain for a trial": (
        ("--to-self", "me@b.lv", "--allow-domain", "exa mple"),
        "--allow-domain must be",
    ),
    "in the open to elsewhere": (
        (*SENDING, "--smtp", "smtp://192.0.2.1", "--tls", "none"),
        "--tls must be starttls or tls for 192.0.2.1",
    ),
    "another scheme": ((*SENDING, "--smtp", "http://localhost"), "--smtp must be smtp://"),
    "no layout": (("--layout", "nothing"), "there is no layout nothing"),
    "no period": (("--period", "2024-13"), "--period must be month, quarter, year, a period"),
    "a negative maximum": (("--max", "-1"), "--max"),
    "no such password": (("--password-env", "NOT_SET"), "--password-env must be an environment"),
    "a ledger in no folder": (("--ledger", "none/such/mail.sqlite"), "there is no folder"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_options_are_refused_before_anything_is_written(case: str, post: Post) -> None:
    words, sentence = BAD[case]

    assert sentence in refused(*(post.reading if "--send" in words else post.words), *words)

    assert not post.outbox.exists()


def test_a_password_in_the_address_of_the_server_is_refused_and_not_repeated(post: Post) -> None:
    said = refused(*post.reading, *SENDING, "--smtp", "smtp://me:hunter2@mail.example.org")

    assert "without a password: put it into CLV_XL_SMTP_PASSWORD" in said
    assert "hunter2" not in said
    assert not post.ledger.exists()


def test_the_ledger_may_not_take_the_place_of_the_orders(post: Post) -> None:
    before = (post.folder / "orders.csv").read_bytes()

    said = refused(*post.words, "--ledger", post.folder / "orders.csv")

    assert "--ledger would overwrite" in said
    assert (post.folder / "orders.csv").read_bytes() == before


def test_poor_data_are_not_mailed(post: Post) -> None:
    text = (post.folder / "orders.csv").read_text(encoding="utf-8")
    (post.folder / "orders.csv").write_text(text + ",x,,,\n" * 300, encoding="utf-8")

    assert "of 100 for data quality, below the gate of 60" in sentence_of(post.write())


def test_the_log_is_a_table_and_json(post: Post) -> None:
    post.send("--period", "2024-05")
    post.send("--period", "2024-06")

    table = run("mail", "log", "--ledger", post.ledger, "--period", "2024-06").output
    rows = json.loads(run("mail", "log", "--ledger", post.ledger, "--json").output)

    asked = ("2024-06-01..2024-06-30", "1999")
    other = [run("mail", "log", "--ledger", post.ledger, "--period", one) for one in asked]
    assert other[0].output == table
    assert other[1].output == "Nothing of 1999 is in the ledger; it has 2024-05, 2024-06.\n"
    assert len(table.splitlines()) == 1 + 3
    assert all(line.startswith("2024-06") for line in table.splitlines()[1:])
    assert [row["period"] for row in rows] == ["2024-05"] * 3 + ["2024-06"] * 3
    assert set(rows[0]) == {
        *("report", "recipient", "period", "correction", "data_hash", "segments", "layout"),
        *("detail", "state", "planned_at", "changed_at", "answer"),
    }


def test_purging_keeps_the_newest_period_unless_it_is_forced(post: Post, taking: Taking) -> None:
    post.send()
    purge = ("mail", "purge", "--ledger", post.ledger, "--older-than")

    assert run(*purge, "1d").output.startswith("0 deliveries forgotten")
    assert "--older-than must be a number of at least 1 with d, w, m or y" in refused(
        *purge, "soon"
    )
    assert len(post.log()) == 3
    assert (post.send().code, len(taking.taken)) == (0, 3)


def test_the_commands_beside_a_run_are_listed_and_a_run_may_be_spelled_out(post: Post) -> None:
    page = run("mail", "--help").output
    assert run("mail").output == page
    assert [word in page for word in ("log", "purge", "run")] == [True] * 3
    assert "--retry-unknown" in run("mail", "run", "--help").output
    group, *rest = post.words

    assert run(group, "run", *rest).code == 0
    first, *options = rest
    assert run(group, *options, first).code == 0, "options may stand before the file"
