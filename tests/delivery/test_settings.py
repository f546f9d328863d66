from pathlib import Path

import pytest

from clv_xl.delivery.message import Sender
from clv_xl.delivery.outlook import OutlookDrafts
from clv_xl.delivery.settings import MailSettings, Way, mail_settings, sender_of, settings_file
from clv_xl.delivery.smtp import Smtp
from clv_xl.errors import ClvError, InvalidArgumentError

FROM = "from = 'Reports team <reports@example.org>'\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mail.toml"


def test_what_a_user_has_settled_is_read(path: Path) -> None:
    path.write_text(
        f"{FROM}contact = 'CRM desk'\nsmtp = 'smtp://reports@mail.example.org'\n"
        "allow_domains = ['example.org']\n"
    )

    assert mail_settings(path) == MailSettings(
        sender=Sender("reports@example.org", "Reports team", "CRM desk"),
        way=Way(smtp="smtp://reports@mail.example.org", tls="starttls"),
        allow_domains=("example.org",),
    )


def test_how_long_a_server_may_take_is_a_setting(path: Path) -> None:
    path.write_text(f"{FROM}smtp = 'smtp://localhost'\ntls = 'none'\ntimeout = 90\n")

    found = mail_settings(path)

    assert found is not None
    assert found.way.timeout == 90


def test_without_a_file_there_are_no_settings(path: Path) -> None:
    assert mail_settings(path) is None
    assert settings_file().name == "mail.toml"


@pytest.mark.parametrize(
    ("way", "kind"),
    [
        (Way(smtp="smtp://localhost", tls="none"), Smtp),
        (Way(microsoft365="7d1f", tenant="contoso"), Smtp),
        (Way(outlook=True), OutlookDrafts),
    ],
)
def test_each_way_has_its_transport_and_nothing_is_connected_yet(way: Way, kind: type) -> None:
    assert isinstance(way.transport("reports@example.org"), kind)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("from = ", "is not valid TOML"),
        ("smtp = 'smtp://localhost'", "must say whose mail it is"),
        (FROM, "must name one of smtp, microsoft365 and outlook, and names none"),
        (f"{FROM}smtp = 'smtp://localhost'\noutlook = true", "and names smtp, outlook"),
        (f"{FROM}password = 'hunter2'", "holds password, which is no setting"),
        (f"{FROM}outlook = 'yes'", "outlook cannot be 'yes'"),
        (f"{FROM}smtp = 25", "smtp cannot be 25"),
        (f"{FROM}smtp = 'smtp://localhost'\ntimeout = 0", "timeout cannot be 0"),
        (f"{FROM}smtp = 'smtp://localhost'\ntimeout = true", "timeout cannot be True"),
        (f"{FROM}outlook = true\nallow_domains = 'x.lv'", "allow_domains cannot be 'x.lv'"),
        ("from = 'reports'\noutlook = true", "from in mail.toml must be one address"),
    ],
)
def test_a_file_with_anything_else_is_refused(path: Path, text: str, sentence: str) -> None:
    path.write_text(text)

    with pytest.raises(ClvError, match=sentence) as told:
        mail_settings(path)
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("said", ["", "reports", "a@b.lv, c@d.lv", "Team, R <a@b.lv>", "<>"])
def test_a_sender_is_one_address(said: str) -> None:
    with pytest.raises(InvalidArgumentError, match="sender must be one address"):
        sender_of(said)


def test_a_control_character_in_the_sender_or_the_contact_is_called_one() -> None:
    with pytest.raises(InvalidArgumentError, match=r"sender must be one line .*remove U\+000D"):
        sender_of("a@b.lv\r\nBcc: c@d.lv")
    with pytest.raises(InvalidArgumentError, match=r"contact must be one line .*remove U\+001B"):
        sender_of("a@b.lv", "desk\x1b[31m")


def test_a_sender_may_have_a_name_with_a_comma_in_quotation_marks() -> None:
    assert sender_of('"Reports, Rīga" <a@bücher.lv>', "desk") == Sender(
        "a@xn--bcher-kva.lv", "Reports, Rīga", "desk"
    )
