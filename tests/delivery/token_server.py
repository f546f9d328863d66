"""A server that gives tokens as Microsoft's does, on this machine."""

import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import trustme

CLIENT, TENANT, USER = "11111111-2222-3333-4444-555555555555", "contoso", "reports@contoso.example"


@dataclass(slots=True)
class Tokens:
    """What was asked for, and how the server answers."""

    address: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    pending: int = 1
    """How often the user has not signed in yet."""
    refusal: str = ""
    given: int = 0

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Return status and body."""
        if path.endswith("openid-configuration"):
            return 200, self._configuration()
        self.asked.append(form | {"path": path})
        if path.endswith("devicecode"):
            return self._code()
        return self._token(form)

    def _configuration(self) -> dict[str, Any]:
        root = f"{self.address}/{TENANT}"
        return {
            "issuer": f"{root}/v2.0",
            "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
            "token_endpoint": f"{root}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
        }

    def _code(self) -> tuple[int, dict[str, Any]]:
        if self.refusal == "no code":
            return 400, {"error": "unauthorized_client", "error_description": "AADSTS700016: none"}
        return 200, {
            "user_code": "ABCD1234",
            "device_code": "the-device",
            "verification_uri": "https://login.test/device",
            "expires_in": 900,
            "interval": 0,
        }

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.refusal:
            said = f"AADSTS70008: {self.refusal}\r\nTrace ID: 1234"
            return 400, {"error": "invalid_grant", "error_description": said}
        if form["grant_type"].endswith("device_code") and self.pending:
            self.pending -= 1
            return 400, {"error": "authorization_pending"}
        self.given += 1
        return 200, {
            "token_type": "Bearer",
            "scope": "https://outlook.office.com/SMTP.Send",
            "expires_in": 3600,
            "access_token": f"access-{self.given}-{'x' * 2_000}",
            "refresh_token": f"refresh-{self.given}-{'y' * 1_500}",
            "id_token": _unsigned({"aud": CLIENT, "sub": "s", "preferred_username": USER}),
            "client_info": _part({"uid": "u", "utid": TENANT}),
        }


def _unsigned(claims: dict[str, Any]) -> str:
    whole = claims | {"iss": "https://login.test", "exp": time.time() + 3600, "iat": time.time()}
    return f"{_part({'alg': 'none'})}.{_part(whole)}."


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@contextmanager
def giving_tokens(authority: trustme.CA) -> Iterator[Tokens]:
    """Run the server."""
    tokens = Tokens()

    class Handler(BaseHTTPRequestHandler):
        def _reply(self, form: dict[str, str]) -> None:
            status, body = tokens.answer(self.path, form)
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._reply({key: values[0] for key, values in parse_qs(body).items()})

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    tokens.address = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield tokens
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
