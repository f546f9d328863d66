import builtins
import io
import traceback

import openpyxl
import pytest

from clv_xl.delivery.attachment import Attachment
from clv_xl.delivery.audience import Detail
from clv_xl.delivery.protection import ProtectionError, protect, unprotected
from clv_xl.errors import SourceError
from clv_xl.workbooks.package import Package
from tests.delivery.shops import orders_of, shop

PASSWORD = "pässwörd-გ 42"  # noqa: S105 - of a test


def sent(password: str | None) -> Attachment:
    house = shop(orders_of("web", "QW", 12))
    return house.attachment("web", detail=Detail.FULL, password=password)


def test_the_right_password_opens_the_workbook_and_a_wrong_one_does_not() -> None:
    locked, open_one = sent(PASSWORD), sent(None)

    assert unprotected(locked.data, PASSWORD) == open_one.data
    assert locked.sha256 == open_one.sha256
    for wrong in ("", PASSWORD.upper(), f"{PASSWORD} "):
        with pytest.raises(ProtectionError, match="does not open"):
            unprotected(locked.data, wrong)


def test_an_encrypted_workbook_is_none_to_who_has_no_password() -> None:
    data = sent(PASSWORD).data

    assert b"QW0" not in data
    assert "EncryptedPackage".encode("utf-16-le") in data
    with pytest.raises(SourceError, match="protected by a password"):
        Package(data, "sent.xlsx")
    with pytest.raises(Exception, match=r"zip|password|format"):
        openpyxl.load_workbook(io.BytesIO(data))


def test_the_password_stands_in_no_name_text_or_bytes_of_an_attachment() -> None:
    locked = sent(PASSWORD)

    for text in (repr(locked), locked.file_name, *locked.told):
        assert PASSWORD not in text
    assert PASSWORD.encode() not in locked.data
    assert PASSWORD.encode("utf-16-le") not in locked.data


@pytest.mark.parametrize("password", ["", "x" * 256, "secret\nsecond", "secret\0"])
def test_a_password_that_cannot_be_typed_is_refused_and_not_shown(password: str) -> None:
    with pytest.raises(ProtectionError) as caught:
        protect(b"PK", password)

    shown = "".join(traceback.format_exception(caught.value))
    assert "secret" not in str(caught.value)
    assert not password or password not in shown


def test_without_what_encrypts_the_sentence_names_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name.startswith("msoffcrypto"):
            raise ImportError(name)
        return whole(name, *rest)  # type: ignore[arg-type] # handed on as it came

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(ProtectionError, match=r"clv-xl\[protect\]") as caught:
        protect(b"PK", PASSWORD)
    assert PASSWORD not in str(caught.value)
