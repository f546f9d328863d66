"""Signing in to Microsoft 365, against a server that gives tokens as Microsoft's does."""

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
import trustme

from clv_xl.delivery.microsoft365 import (
    SCOPE,
    Application,
    access_token,
    microsoft365_server,
    sign_in,
)
from clv_xl.delivery.smtp import Smtp
from clv_xl.delivery.smtp_server import Tls
from clv_xl.delivery.transport import Outcome, TransportError
from tests.delivery.letters import short
from tests.delivery.mail_server import running, trust
from tests.delivery.memory_keyring import MemoryKeyring
from tests.delivery.token_server import CLIENT, TENANT, USER, Tokens, giving_tokens


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before, ring = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
def tokens(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Tokens]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", trust(authority, tmp_path))
    with giving_tokens(authority) as server:
        yield server


def application(tokens: Tokens) -> Application:
    return Application(CLIENT, TENANT, tokens.address)


def test_signing_in_shows_a_code_and_waits_until_it_is_entered(
    tokens: Tokens, ring: MemoryKeyring
) -> None:
    shown: list[str] = []

    who = sign_in(application(tokens), USER, shown.append)

    assert who == USER
    assert shown == [
        f"To let clv_xl send as {USER}, open https://login.test/device and enter the code ABCD1234"
    ]
    asked = [form["grant_type"].rsplit(":", 1)[-1] for form in tokens.asked[1:]]
    assert asked == ["device_code", "device_code"]
    assert SCOPE in tokens.asked[0]["scope"].split()
    assert all(form["client_id"] == CLIENT for form in tokens.asked)
    assert ring.entries


def test_later_runs_get_a_fresh_token_without_anybody(tokens: Tokens, ring: MemoryKeyring) -> None:
    sign_in(application(tokens), USER, lambda _: None)

    first, second = (access_token(application(tokens), USER) for _ in range(2))

    assert first.revealed().startswith("access-2-")
    assert second.revealed().startswith("access-3-")
    used = [
        form["refresh_token"].split("-y")[0] for form in tokens.asked if "refresh_token" in form
    ]
    assert used == ["refresh-1", "refresh-2"], "a refresh token that was replaced is kept"
    assert not any("access-" in entry for entry in ring.entries.values())


@pytest.mark.usefixtures("ring")
def test_the_server_of_microsoft_asks_for_a_token_on_each_connection(tokens: Tokens) -> None:
    sign_in(application(tokens), USER, lambda _: None)

    server = microsoft365_server(application(tokens), USER)
    signed_in = server.sign_in()

    assert (server.host, server.port, server.tls) == ("smtp.office365.com", 587, Tls.STARTTLS)
    assert server.user == USER
    assert signed_in is not None
    assert signed_in.by_token
    assert signed_in.secret.revealed().startswith("access-2-")


@pytest.mark.usefixtures("ring", "trusted")
def test_a_message_goes_with_the_token_of_who_signed_in(
    tokens: Tokens, authority: trustme.CA
) -> None:
    sign_in(application(tokens), USER, lambda _: None)

    with running(authority) as mail:
        server = microsoft365_server(application(tokens), USER, f"localhost:{mail.port}")
        with Smtp(server) as transport:
            receipt = transport.send(short(), "ada@example.org")

    assert receipt.outcome is Outcome.SENT
    assert [taken.user for taken in mail.inbox.messages] == [USER]


@pytest.mark.usefixtures("ring")
def test_who_never_signed_in_is_told_so(tokens: Tokens) -> None:
    with pytest.raises(TransportError, match=f"{USER} has not signed in to Microsoft 365"):
        access_token(application(tokens), USER)


@pytest.mark.usefixtures("ring")
def test_a_sign_in_that_has_ended_is_said_without_a_token(
    tokens: Tokens, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sign_in(application(tokens), USER, lambda _: None)
    tokens.refusal = "the refresh token has expired"

    with pytest.raises(TransportError) as fault:
        access_token(application(tokens), USER)

    assert str(fault.value) == (
        f"{USER} has to sign in to Microsoft 365 again: AADSTS70008: the refresh token has expired"
    )
    everything = "".join(traceback.format_exception(fault.value)) + caplog.text
    assert "refresh-1-y" not in everything
    assert "access-1-x" not in everything


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        ("no code", "gives no code to sign in with: AADSTS700016: none"),
        ("the code has run out", f"nobody signed in for {USER}: AADSTS70008: the code has run out"),
    ],
)
def test_a_refused_sign_in_is_said(tokens: Tokens, refusal: str, sentence: str) -> None:
    tokens.refusal = refusal

    with pytest.raises(TransportError, match=sentence):
        sign_in(application(tokens), USER, lambda _: None)


def test_a_keyring_that_is_locked_is_said_and_shows_nothing(
    tokens: Tokens, ring: MemoryKeyring
) -> None:
    ring.locked = True

    with pytest.raises(TransportError, match="this system has no keyring that is open") as fault:
        sign_in(application(tokens), USER, lambda _: None)

    assert "hunter2" not in "".join(traceback.format_exception(fault.value))


def test_half_a_token_in_the_keyring_counts_as_none(tokens: Tokens, ring: MemoryKeyring) -> None:
    sign_in(application(tokens), USER, lambda _: None)
    ring.entries = dict(list(ring.entries.items())[:1])

    with pytest.raises(TransportError, match="has not signed in"):
        access_token(application(tokens), USER)


@pytest.mark.usefixtures("ring")
def test_a_tenant_that_cannot_be_reached_is_said() -> None:
    with pytest.raises(TransportError, match=r"https://localhost:1 cannot be reached, or has no"):
        access_token(Application(CLIENT, TENANT, "https://localhost:1"), USER)


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "msal", None)

    with pytest.raises(TransportError, match=r"pip install 'clv-xl\[m365\]'"):
        access_token(Application(CLIENT), USER)
