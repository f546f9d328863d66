"""A report as a message: its headers, its parts, and what both bodies say."""

import math
import re
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from itertools import pairwise
from typing import Any

import pytest

from clv_xl.delivery.message import Sender, compose
from clv_xl.errors import ClvError, InvalidArgumentError
from clv_xl.reports.build import build_report
from tests.delivery.letters import ISSUE, SENDER, WORKBOOK, attached, letter, part, said
from tests.reports.inputs import CASES, inputs, report, texts

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNFIT = ["\n", "\r\n", "\x00", "\x1b", "\u2028", "\u2029", "\u202e", "\u2066", "\x85", "\x7f"]


def read(message: EmailMessage) -> EmailMessage:
    found = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_parts_are_nested_as_mail_programs_expect_them() -> None:
    found = read(letter())

    assert [one.get_content_type() for one in found.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        XLSX,
    ]
    assert [one.get_content_disposition() for one in found.walk()][-2:] == ["inline", "attachment"]
    assert [one.get_filename() for one in found.iter_attachments()] == ["CLV 2024.xlsx"]
    assert part(found, XLSX).get_content() == WORKBOOK
    assert f"cid:{part(found, 'image/png')['Content-ID'][1:-1]}" in said(found, "text/html")


def test_the_same_input_gives_the_same_bytes_and_another_message_other_boundaries() -> None:
    one, same, other = letter(), letter(), letter(message_id="<other@example.org>")

    assert one.as_bytes() == same.as_bytes()
    boundaries = {found.get_boundary() for found in (*one.walk(), *other.walk())} - {None}
    assert len(boundaries) == 6
    assert all(str(boundary).startswith("=_") for boundary in boundaries), "no body can hold it"


def test_every_line_is_short_ascii_and_ends_as_mail_lines_do() -> None:
    data = letter(scope="საქართველო").as_bytes()

    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) < 998


def test_the_headers_say_who_when_and_that_nobody_should_answer_automatically() -> None:
    found = read(letter())

    assert found["From"] == "Reports team <reports@example.org>"
    assert found["To"] == "Ada Lovelace <ada@example.org>"
    assert found["Date"].datetime == ISSUE.date
    assert found["Message-ID"] == ISSUE.message_id
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert found["Content-Language"] == "en"


def test_a_long_message_id_stays_as_it_is() -> None:
    long = f"<{'0123456789abcdef' * 5}@reports.of.a.long.domain.example.org>"

    assert letter(message_id=long).as_bytes().count(f"Message-ID: {long}\r\n".encode()) == 1


def test_the_subject_has_report_scope_period_and_headline() -> None:
    several = ("Search", "Social", "Referral", "Email", "Marketplace")

    assert letter()["Subject"] == (
        "Customer lifetime value · all segments · 2024 · CLV of a new customer 94.12 (-5.8 %)"
    )
    assert " · Search · 2024 · " in letter(segments=("Search",))["Subject"]
    assert " · Search, Social · 2024 · " in letter(segments=several[:2])["Subject"]
    assert " · Search and 4 more · 2024 · " in letter(segments=several)["Subject"]
    assert " · Retail LV · 2024 · " in letter(scope="Retail LV", segments=several)["Subject"]
    assert letter(corrected=True)["Subject"] == f"Corrected: {letter()['Subject']}"


def test_a_correction_says_so_in_its_bodies_too() -> None:
    sentence = "This corrects the message sent before for 2024."

    for kind in ("text/plain", "text/html"):
        assert sentence in said(letter(corrected=True), kind)
        assert sentence not in said(letter(), kind)


def test_the_subject_holds_no_name_and_no_address() -> None:
    assert not re.search(r"Ada|Lovelace|@", letter()["Subject"])


@pytest.mark.parametrize("case", sorted(set(CASES) - {"wild_texts"}))
def test_every_report_makes_a_message_that_reads_well(case: str) -> None:
    message = letter(case)

    subject, text, html = message["Subject"], said(message), said(message, "text/html")
    for unfit in ("None", "nan", "inf ", "{", "}", "[]", "()", " – ·", "·  "):
        assert unfit not in subject
        assert unfit not in text, unfit
    assert not re.search(r">\s*(None|nan)\b", html)
    assert len(html.encode()) < 100_000
    assert 4 <= html.count('class="tile"') <= 6


@pytest.mark.parametrize("case", ["full", "plain", "withheld", "one_order", "no_money"])
def test_html_and_plain_text_say_the_same(case: str) -> None:
    message = letter(case)
    text = " ".join(said(message).replace("\n", " · ").split())
    text = re.sub(r"(?: · |- )+", " ", text)
    html = said(message, "text/html")
    visible = re.sub(r"<!--.*?-->|<style>.*?</style>|<title>.*?</title>", "", html, flags=re.DOTALL)

    for sentence in re.findall(r"<(?:p|h1|h2|bdi)[^>]*>([^<>]+)<", visible):
        shown = re.sub(r"(?: · |- )+", " ", " ".join(unescape(sentence).split()))
        assert shown in text, shown


def unescape(text: str) -> str:
    import html  # noqa: PLC0415

    return html.unescape(text)


def test_the_plain_text_stands_by_itself() -> None:
    told = "2 segments with fewer than 5 customers are not shown."
    message = compose(
        attached("full", told),
        "ada@example.org",
        "Ada",
        SENDER,
        texts(),
        replace(ISSUE, segments=("Search", "Email"), detail="masked"),
    )
    text = said(message)

    for line in (
        "Hello Ada,",
        "Data to 2024-12-31",
        "2024-01-01 to 2024-12-31, against 2023-01-01 to 2023-12-31",
        "- CLV:CAC is 2.13 : 1, below the target of 3.0 : 1.",
        "- Segments: Search, Email",
        "- Customers: listed under pseudonyms",
        "- CLV 2024.xlsx",
        f"- {told}",
        "Sent by Reports team.",
    ):
        assert line in text.splitlines(), line
    assert "crm@example.org" in text
    assert max(map(len, text.splitlines())) <= 100


def test_figures_in_the_plain_text_stand_below_each_other() -> None:
    lines = said(letter()).splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("Revenue "))
    figures = lines[first : first + 6]

    assert [re.split(r"\s{2,}", line)[1] for line in figures] == [
        *("49.0k", "166", "94.12", "43.4 %", "2.13 : 1", "4,797"),
    ]
    ends = [re.match(r"(.+?\s{2,}\S+(?: [%:1]+)*)  ", line) for line in figures]
    assert len({len(found[1]) for found in ends if found}) == 1


def test_the_html_has_what_a_reader_needs() -> None:
    html = said(letter(detail="full"), "text/html")
    (alt,) = re.findall(r'alt="([^"]*)"', html)

    assert '<html lang="en" dir="ltr"' in html
    assert "Search 29 % / 25 %" in alt
    assert "crm@example.org" in html
    assert "listed by name" in html
    for sentence in ("Customers: 129 were active", "Value: a new customer", "Acquisition: 44.13"):
        assert html.count(f"<bdi>{sentence}") == 1


def test_the_html_loads_nothing_and_runs_nothing() -> None:
    html = said(letter(), "text/html")

    assert set(re.findall(r'(?:src|href|background|action)\s*=\s*"?([^"\s>]*)', html)) == {
        f"cid:{part(letter(), 'image/png')['Content-ID'][1:-1]}"
    }
    assert not re.search(r"https?:|//|url\(|@import|<(script|link|iframe|form|object|embed)", html)
    assert not re.search(r"\son\w+\s*=|javascript:", html)


def test_a_language_that_runs_from_right_to_left_is_set_so() -> None:
    leftwards = replace(texts(), language="fa", right_to_left=True)

    message = compose(attached(), "ada@example.org", "", SENDER, leftwards, ISSUE)

    html = said(message, "text/html")
    assert '<html lang="fa" dir="rtl"' in html
    assert "text-align:left" not in html
    assert message["Content-Language"] == "fa"


def decoded(message: EmailMessage, header: str) -> str:
    """Return a name by the other reader of headers: the newer puts spaces into long names."""
    raw = message_from_bytes(message.as_bytes())[header]
    return str(make_header(decode_header(raw))).rpartition(" <")[0]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '\\"') + '"'


NAMES = ["ნინო ბერიძე", "رضا میرزایی", "Jörg Müßig", 'O\'Neil, Ada (CRM) "x"', "李 雷", "é" * 150]


@pytest.mark.parametrize("name", NAMES)
def test_names_subjects_and_files_in_any_script_arrive_as_they_are(name: str) -> None:
    message = compose(
        attached(name=f"{name[:60].replace(chr(34), '')}.xlsx"),
        "ada@example.org",
        name,
        replace(SENDER, name=name),
        texts(),
        replace(ISSUE, scope=name),
    )

    found = read(message)

    assert decoded(message, "To") in {name, quoted(name)}
    assert decoded(message, "From") in {name, quoted(name)}
    assert name in found["Subject"]
    assert [one.get_filename() for one in found.iter_attachments()] == [
        f"{name[:60].replace(chr(34), '')}.xlsx"
    ]
    assert message.as_bytes().isascii()
    assert name in said(found)


def test_a_domain_beyond_ascii_is_written_as_mail_servers_know_it() -> None:
    assert letter(to="ada@Müßig.example")["To"].addresses[0].domain == "xn--mssig-kva.example"


@pytest.mark.parametrize("sign", UNFIT)
@pytest.mark.parametrize(
    "place", ["name", "email", "sender", "sender_name", "scope", "period", "file", "message_id"]
)
def test_a_control_character_in_a_header_is_refused_in_one_sentence(sign: str, place: str) -> None:
    bad = f"a{sign}Bcc: eve@example.org"
    given: dict[str, Any] = {"name": "Ada", "email": "ada@example.org", "sender": SENDER.address}
    given |= {"sender_name": "Reports", "scope": "x", "period": "2024", "file": "a.xlsx"}
    given |= {"message_id": "<a@b>"} | {place: bad}
    issue = replace(ISSUE, **{key: given[key] for key in ("scope", "period", "message_id")})

    with pytest.raises(InvalidArgumentError) as fault:
        compose(
            attached(name=given["file"]),
            given["email"],
            given["name"],
            Sender(given["sender"], given["sender_name"]),
            texts(),
            issue,
        )

    sentence = str(fault.value)
    assert sentence.isprintable()
    assert re.search(r"got '<?a\\", sentence)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "a b@example.org",
        "a@b@c.org",
        "<a@b.org>",
        "a@b.org,c@d.e",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ClvError, match="recipient's address must be one"):
        letter(to=address)


@pytest.mark.parametrize("name", ["../x.xlsx", "..\\x.xlsx", "/etc/x.xlsx", "C:x.xlsx", "..", ""])
def test_a_file_name_with_a_path_is_refused(name: str) -> None:
    with pytest.raises(ClvError, match="a file's name without folders"):
        compose(attached(name=name), "ada@example.org", "", SENDER, texts(), ISSUE)


def test_a_date_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ClvError, match="a moment with a time zone"):
        letter(date=datetime(2025, 1, 2, 8, 30))  # noqa: DTZ001 - that is the point


def test_the_headings_follow_each_other_as_a_screen_reader_reads_them() -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", said(letter(), "text/html"))]

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_long_list_of_segments_ends_with_how_many_more_there_are() -> None:
    names = tuple(f"{number:03d} Übersee" for number in range(60))

    line = next(one for one in flowing(letter(segments=names)) if one.startswith("- Segments:"))

    named = line.count("Übersee")
    assert line.endswith(f"{named - 1:03d} Übersee and {60 - named} more")
    assert len(line) < 350


def test_a_list_of_customers_that_was_left_out_is_not_said_to_be_there() -> None:
    whole = attached()
    tables = {name: table for name, table in whole.report.tables.items() if name != "Customers"}
    cut = replace(whole, report=replace(whole.report, tables=tables))

    message = compose(cut, "a@b.org", "", SENDER, texts(), replace(ISSUE, detail="full"))

    assert "Customers: listed by name" in said(letter(detail="full"))
    assert "Customers: not listed: the attachment would be too large" in said(message)


def flowing(message: EmailMessage) -> list[str]:
    """Return the lines of the plain text as they were before they were wrapped."""
    return said(message).replace("\n  ", " ").splitlines()


@pytest.mark.parametrize("ratio", [0.996, 2.957, 2.996, 3.004])
def test_the_alert_and_the_tile_agree_at_the_target(ratio: float) -> None:
    given = inputs("given_cac")
    clv = report("given_cac").value("out_clv")
    made = build_report(given.log, replace(given.assumptions, cac=clv / ratio), texts())

    text = said(compose(replace(attached(), report=made), "a@b.org", "", SENDER, texts(), ISSUE))

    tile = f"{math.floor(100 * ratio) / 100:.2f} : 1"
    assert (f"CLV:CAC is {tile}" in text) == (ratio < 3)
    assert ("healthy" in text) == (ratio >= 3)
    assert ("costs." in text) == (ratio < 1)
    assert text.count(tile) == (2 if ratio < 3 else 1)


def test_the_days_stand_in_a_message_once() -> None:
    assert said(letter()).count("2023-01-01") == 1
    assert said(letter()).count("2024-12-31") == 2  # the as-of day, and the end of the period
