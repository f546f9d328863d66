"""Secrets come from the environment or the keyring, and show nowhere."""

import copy
import pickle
import sys
from collections.abc import Iterator

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from clv_xl.delivery.secrets_store import (
    Secret,
    from_environment,
    from_keyring,
    keep_in_keyring,
    kept_in_keyring,
    service_name,
)
from clv_xl.delivery.smtp_answers import Scrubber
from clv_xl.delivery.smtp_server import SignIn, smtp_server
from clv_xl.delivery.transport import TransportError
from clv_xl.errors import InvalidArgumentError
from tests.delivery.memory_keyring import MemoryKeyring

HIDDEN = "hunter2"


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before, ring = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.mark.parametrize("show", [str, repr, "{}".format, "%s".__mod__, "{!r:>40}".format])
def test_a_secret_shows_itself_in_no_text(show: object) -> None:
    secret = Secret(HIDDEN)
    holders = (secret, [secret], {"a": secret}, SignIn("ada", secret))

    assert callable(show)
    assert all(HIDDEN not in show(holder) for holder in holders)


def test_a_secret_is_written_into_no_file() -> None:
    with pytest.raises(TypeError, match="not written anywhere"):
        pickle.dumps(Secret(HIDDEN))
    with pytest.raises(TypeError, match="not written anywhere"):
        copy.deepcopy(Secret(HIDDEN))


def test_what_a_scrubber_hides_is_not_in_its_own_text() -> None:
    scrubber = Scrubber()
    scrubber.hide(SignIn("ada", Secret(HIDDEN)))

    assert HIDDEN not in repr(scrubber)
    assert scrubber.shown(f"you said {HIDDEN}!") == "you said [hidden]!"


def test_the_environment_goes_before_the_keyring_and_a_token_before_a_password(
    ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLV_XL_SMTP_PASSWORD", raising=False)
    monkeypatch.delenv("CLV_XL_SMTP_TOKEN", raising=False)
    ring.set_password(service_name("mail.test"), "ada", "of the keyring")
    server = smtp_server("smtp://ada@mail.test")

    assert found(server.sign_in()) == ("of the keyring", False)
    monkeypatch.setenv("CLV_XL_SMTP_PASSWORD", "of the environment")
    assert found(server.sign_in()) == ("of the environment", False)
    monkeypatch.setenv("CLV_XL_SMTP_TOKEN", "a token")
    assert found(server.sign_in()) == ("a token", True)


def found(sign_in: SignIn | None) -> tuple[str, bool]:
    assert sign_in is not None
    return sign_in.secret.revealed(), sign_in.by_token


@pytest.mark.usefixtures("ring")
def test_a_missing_password_is_said_with_both_ways_to_give_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CLV_XL_SMTP_PASSWORD", raising=False)
    monkeypatch.delenv("CLV_XL_SMTP_TOKEN", raising=False)

    with pytest.raises(TransportError) as fault:
        smtp_server("smtp://ada@mail.test").sign_in()

    assert "set CLV_XL_SMTP_PASSWORD" in str(fault.value)
    assert "keyring set clv_xl:mail.test ada" in str(fault.value)


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLV_XL_SMTP_PASSWORD", "")

    assert from_environment("CLV_XL_SMTP_PASSWORD") is None


@pytest.mark.parametrize("length", [1, 999, 1_000, 1_001, 5_000])
def test_a_long_secret_is_kept_in_parts_and_a_shorter_one_replaces_it(
    ring: MemoryKeyring, length: int
) -> None:
    keep_in_keyring("clv_xl:x", "ada", Secret("y" * 7_000))

    keep_in_keyring("clv_xl:x", "ada", Secret("x" * length))

    assert kept_in_keyring("clv_xl:x", "ada") == Secret("x" * length)
    assert len(ring.entries) == 8


def test_without_a_keyring_there_is_no_secret_and_none_can_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)

    assert from_keyring("clv_xl:x", "ada") is None
    with pytest.raises(TransportError, match=r"pip install 'clv-xl\[mail\]'"):
        keep_in_keyring("clv_xl:x", "ada", Secret(HIDDEN))


def test_a_system_whose_keyring_does_not_work_has_no_secret() -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call] # keyring's own
    try:
        assert from_keyring("clv_xl:x", "ada") is None
    finally:
        keyring.set_keyring(before)


@pytest.mark.parametrize(
    "address",
    [
        "smtp://ada:hunter2@mail.test:587",
        "smtp://ada@x:hunter2@mail.test",
        "http://ada:hunter2@mail.test",
        "smtp://ada:hunter2@mail.test:99999",
        "smtp://ada:hunter2@",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(InvalidArgumentError) as fault:
        smtp_server(address)

    assert HIDDEN not in str(fault.value)


@pytest.mark.parametrize(
    "address", ["mail.test", "smtp://", "smtp:///x", "smtps://mail.test", "smtp://mail.test/path"]
)
def test_what_is_no_server_is_refused(address: str) -> None:
    with pytest.raises(InvalidArgumentError, match=r"smtp must be smtp://\[user@\]host"):
        smtp_server(address)


def test_a_user_may_be_an_address() -> None:
    assert smtp_server("smtp://ada%40example.org@mail.test").user == "ada@example.org"
    assert smtp_server("smtp://ada@example.org@mail.test").user == "ada@example.org"
    assert smtp_server("smtp://mail.test", "tls").port == 465
    assert smtp_server("smtp://[::1]:2525", "none").host == "::1"


def test_a_way_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="tls must be starttls, tls or none, got ssl"):
        smtp_server("smtp://mail.test", "ssl")
