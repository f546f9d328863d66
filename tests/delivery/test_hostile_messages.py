"""What stands in names, files and sentences stays text."""

import re
from email import message_from_bytes, policy
from html.parser import HTMLParser

from clv_xl.delivery.header_text import readable
from tests.delivery.letters import HOSTILE, hostile, letter, said

ALLOWED = {"html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "p"}
ALLOWED |= {"h1", "h2", "span", "bdi", "br", "img"}


class Reader(HTMLParser):
    """Lists the tags, the attributes and the texts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_hostile_names_make_no_tag_no_attribute_and_no_address() -> None:
    read, plain = (Reader(said(message, "text/html")) for message in (hostile(), letter()))

    assert set(read.tags) <= ALLOWED
    assert read.tags.count("img") == 1
    assert {name for name, _ in read.attributes} == {name for name, _ in plain.attributes}
    assert [value for name, value in read.attributes if name == "src"] == [
        value for name, value in plain.attributes if name == "src"
    ]
    assert not any(name.startswith("on") or name == "href" for name, _ in read.attributes)


def test_hostile_names_are_shown_as_they_are_written() -> None:
    shown = " ".join(Reader(said(hostile(), "text/html")).texts)
    text = " ".join(said(hostile()).split())

    for name in HOSTILE:
        assert readable(name) in " ".join(shown.split()), name
        assert readable(name) in text, name


def test_no_body_holds_a_sign_that_turns_or_hides_what_follows() -> None:
    message = hostile()

    for body in (said(message), said(message, "text/html")):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u2028\u2029\x00\x1b]", body)


def test_no_name_becomes_a_header() -> None:
    read = message_from_bytes(hostile().as_bytes(), policy=policy.default)

    assert sorted(read.keys()) == sorted(letter().keys())
    assert "Bcc" not in read
    assert [address.addr_spec for address in read["To"].addresses] == ["ada@example.org"]


def test_a_message_of_the_longest_names_stays_below_what_gmail_cuts_off() -> None:
    long = tuple('<&"' * 3_000 + str(number) for number in range(500))

    html = said(letter(segments=long, scope="all"), "text/html")

    assert len(html.encode()) < 100_000
    assert len(letter(segments=long)["Subject"]) < 300
