from pathlib import Path

import pytest
import trustme

from tests.delivery.mail_server import PASSWORD, trust


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Return an authority of our own, which no system trusts."""
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this machine trust the authority, as SSL_CERT_FILE does for everybody."""
    monkeypatch.setenv("SSL_CERT_FILE", trust(authority, tmp_path))


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    """Put the right password into the environment."""
    monkeypatch.delenv("CLV_XL_SMTP_TOKEN", raising=False)
    monkeypatch.setenv("CLV_XL_SMTP_PASSWORD", PASSWORD)
    return PASSWORD
