"""A password for a workbook that leaves: it is encrypted as Excel does it.

The password goes by another way than the workbook. It stands in no name, text, error or file here.
"""

from io import BytesIO

from clv_xl.errors import ClvError

LONGEST_PASSWORD = 255


class ProtectionError(ClvError):
    """A workbook cannot be encrypted, or the password cannot be used."""


def protect(data: bytes, password: str) -> bytes:
    """Return a workbook encrypted with a password (ECMA-376 agile encryption, AES-256).

    The bytes differ from time to time, since every encryption draws new random numbers. The result
    is opened again before it is returned.

    Parameters
    ----------
    data
        The bytes of an ``.xlsx`` file.
    password
        1 to 255 characters.

    Raises
    ------
    ProtectionError
        If the password cannot be used, or what encrypts is not installed. It does not hold the
        password.
    """
    _check(password)
    try:
        from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415 - an extra of the package
    except ImportError:
        raise ProtectionError(
            'a password needs msoffcrypto-tool: install it with pip install "clv-xl[protect]", or '
            "send without a password"
        ) from None
    target = BytesIO()
    OOXMLFile(BytesIO(data)).encrypt(password, target)
    encrypted = target.getvalue()
    if unprotected(encrypted, password) != data:
        raise ProtectionError("the encrypted workbook does not open again: nothing is sent")
    return encrypted


def unprotected(data: bytes, password: str) -> bytes:
    """Return the workbook in an encrypted file.

    Raises
    ------
    ProtectionError
        If the password is not the right one.
    """
    from msoffcrypto import OfficeFile  # noqa: PLC0415 - an extra of the package
    from msoffcrypto.exceptions import DecryptionError  # noqa: PLC0415 - likewise

    opened, target = OfficeFile(BytesIO(data)), BytesIO()
    try:
        opened.load_key(password=password, verify_password=True)
        opened.decrypt(target, verify_integrity=True)
    except DecryptionError:  # a wrong key is one of them
        raise ProtectionError("the password does not open the workbook") from None
    return target.getvalue()


def _check(password: str) -> None:
    if not 0 < len(password) <= LONGEST_PASSWORD:
        raise ProtectionError(
            f"a password must have 1 to {LONGEST_PASSWORD} characters, got {len(password)}"
        )
    if not password.isprintable():
        raise ProtectionError(
            "a password must have characters that can be typed: it holds a line end or another "
            "control character"
        )
