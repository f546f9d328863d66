"""Signing in to Microsoft 365 with a code on another device, for mail by SMTP.

Whoever sends signs in once, in a browser; the refresh token stays in the system's keyring, and
each run gets a fresh access token for it. The application has to be registered in the tenant, as
a public client with the permission ``SMTP.Send``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clv_xl.delivery.header_text import readable
from clv_xl.delivery.secrets_store import SERVICE, Secret, keep_in_keyring, kept_in_keyring
from clv_xl.delivery.smtp_server import SmtpServer, Tls, smtp_server
from clv_xl.delivery.transport import TransportError

SCOPE = "https://outlook.office.com/SMTP.Send"
ADDRESS = "smtp.office365.com:587"
AUTHORITY = "https://login.microsoftonline.com"
_SERVICE = f"{SERVICE}:microsoft365"
_NOT_KEPT = ("AccessToken",)
"""Short-lived, and too long for some keyrings: a new one is asked for in each run."""
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Application:
    """The registered application that sends.

    Parameters
    ----------
    client_id
        Its number in the tenant.
    tenant
        Name or number of the tenant; ``organizations``: the one of whoever signs in.
    authority
        Where the tenant is: another one for the national clouds.
    """

    client_id: str
    tenant: str = "organizations"
    authority: str = AUTHORITY


def sign_in(application: Application, user: str, show: Callable[[str], object]) -> str:
    """Let a user sign in on any device, keep the refresh token, and return who signed in.

    Parameters
    ----------
    application
        The registered application.
    user
        The address that sends; the token is kept under it.
    show
        Shows the user what to do. The call then waits until it is done or the code runs out.

    Raises
    ------
    TransportError
        If nobody signed in, or the token cannot be kept.
    """
    session = _Session(application, user)
    flow = session.asked(lambda client: client.initiate_device_flow(scopes=[SCOPE]))
    if "user_code" not in flow:
        raise TransportError(f"Microsoft 365 gives no code to sign in with: {_reason(flow)}")
    page, code = (readable(str(flow.get(key, ""))) for key in ("verification_uri", "user_code"))
    show(f"To let clv_xl send as {user}, open {page} and enter the code {code}")
    answer = session.asked(lambda client: client.acquire_token_by_device_flow(flow))
    if "access_token" not in answer:
        raise TransportError(f"nobody signed in for {user}: {_reason(answer)}")
    session.keep()
    claims = answer.get("id_token_claims") or {}
    return readable(str(claims.get("preferred_username") or user))


def access_token(application: Application, user: str) -> Secret:
    """Return a fresh access token of a user who has signed in before.

    Raises
    ------
    TransportError
        If the user has to sign in (again).
    """
    session = _Session(application, user)
    accounts = session.client.get_accounts()
    if not accounts:
        raise TransportError(f"{user} has not signed in to Microsoft 365 on this machine: sign in")
    answer = session.asked(
        lambda client: client.acquire_token_silent_with_error([SCOPE], account=accounts[0])
    )
    if "access_token" not in answer:
        raise TransportError(f"{user} has to sign in to Microsoft 365 again: {_reason(answer)}")
    session.keep()
    return Secret(answer["access_token"])


def microsoft365_server(application: Application, user: str, address: str = ADDRESS) -> SmtpServer:
    """Return the mail server of Microsoft 365; each connection asks for a fresh token."""
    return smtp_server(
        f"smtp://{user.replace('@', '%40')}@{address}",
        Tls.STARTTLS,
        token=lambda: access_token(application, user),
    )


class _Session:
    """The tokens of a user, between the keyring and Microsoft's library."""

    def __init__(self, application: Application, user: str) -> None:
        """Read what is kept, and find the tenant."""
        msal = _library()
        self._user = user
        self._application = application
        self._cache = msal.SerializableTokenCache()
        kept = kept_in_keyring(_SERVICE, user)
        if kept is not None and _is_whole(kept):
            self._cache.deserialize(kept.revealed())
        own = {} if application.authority == AUTHORITY else {"instance_discovery": False}
        self.client: Any = None
        self.client = self.asked(
            lambda _: msal.PublicClientApplication(
                application.client_id,
                authority=f"{application.authority}/{application.tenant}",
                token_cache=self._cache,
                **own,
            )
        )

    def asked(self, question: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - msal has no types
        """Return an answer of Microsoft, or say that there is none."""
        try:
            return question(self.client) or {}
        except (OSError, ValueError):
            raise TransportError(
                f"{self._application.authority} cannot be reached, or has no tenant "
                f"{self._application.tenant}"
            ) from None

    def keep(self) -> None:
        """Keep the refresh token, where it is a new one."""
        if not self._cache.has_state_changed:
            return
        every = json.loads(self._cache.serialize())
        kept = {kind: entries for kind, entries in every.items() if kind not in _NOT_KEPT}
        keep_in_keyring(_SERVICE, self._user, Secret(json.dumps(kept)))


def _is_whole(kept: Secret) -> bool:
    """Return whether what is kept can be read: it is written in parts."""
    try:
        return isinstance(json.loads(kept.revealed()), dict)
    except ValueError:
        return False


def _reason(answer: Any) -> str:  # noqa: ANN401 - msal has no types
    said = str(answer.get("error_description") or answer.get("error") or "no answer")
    return readable(said.partition("Trace ID")[0])[:_LONGEST_REASON]


def _library() -> Any:  # noqa: ANN401 - a module
    try:
        import msal  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise TransportError(
            "signing in to Microsoft 365 needs a library: pip install 'clv-xl[m365]'"
        ) from None
    return msal
