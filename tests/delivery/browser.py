"""A message in a real browser, as a mail program shows it on a phone or a desktop."""

import html
import json
import re
import socket
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.delivery.letters import part, said
from tests.proof.tools import CHROMIUM, require

QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--metrics-recording-only",
    "--no-pings",
    "--proxy-bypass-list=<-loopback>",
    "--virtual-time-budget=3000",
    "--window-size=1000,1000",
)
BROWSERS_OWN = re.compile(r"\b(?:google|googleapis|gstatic)\.com\b")
"""Whom the browser calls for itself; what the page fetches of them is in the page's own account."""
PAGE = """<!DOCTYPE html><body style="margin:0"><iframe id="mail" width="{width}" height="900"
style="border:0" srcdoc="{mail}"></iframe><pre id="seen"></pre><script>
onload = () => setTimeout(() => {{
  const page = document.getElementById("mail").contentDocument;
  const image = page.querySelector("img");
  const beyond = [...page.querySelectorAll("body *")].filter(
    (one) => one.getBoundingClientRect().right > {width} + 0.5 && one.innerText);
  document.getElementById("seen").textContent = JSON.stringify({{
    width: page.documentElement.scrollWidth, height: page.documentElement.scrollHeight,
    beyond: beyond.map((one) => one.tagName), tiles: tiles(page),
    image: image ? [image.naturalWidth, image.clientWidth, image.alt] : null,
    smallest: Math.min(...[...page.querySelectorAll("p,h1,h2")].map(
      (one) => parseFloat(page.defaultView.getComputedStyle(one).fontSize))),
    scripts: page.scripts.length,
    fetched: page.defaultView.performance.getEntriesByType("resource").map(
      (one) => one.name).filter((name) => !name.startsWith("data:")) }});
}}, 300);
const tiles = (page) => {{
  const tops = [...page.querySelectorAll(".tile")].map((one) => one.getBoundingClientRect().top);
  return tops.filter((top) => top === tops[0]).length;
}};
</script></body>"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser made of a message, and what it asked the network for."""

    page: dict[str, Any]
    asked: tuple[str, ...]


class RecordingProxy:
    """Hears every request that would leave the machine, and answers none."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            with client, suppress(OSError):
                client.settimeout(5)
                self.asked.append(client.recv(2_000).decode("latin-1").split("\r\n")[0])

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@contextmanager
def _recording() -> Iterator[RecordingProxy]:
    proxy = RecordingProxy()
    try:
        yield proxy
    finally:
        proxy.close()


def page_of(message: EmailMessage, *, with_images: bool = True) -> str:
    """Return the HTML of a message with its picture in it, or as a program that shows none."""
    body = said(message, "text/html")
    if "cid:" not in body:
        return body
    picture = b64encode(part(message, "image/png").get_content()).decode()
    source = f"data:image/png;base64,{picture}" if with_images else "data:,"
    return re.sub(r'"cid:[^"]+"', f'"{source}"', body)


def seen_in_browser(mail: str, width: int, folder: Path) -> Seen:
    """Show a page in a frame of a width, and return what became of it."""
    file = folder / "shown.html"
    file.write_text(PAGE.format(width=width, mail=html.escape(mail)), encoding="utf-8")
    with _recording() as proxy:
        command = [
            require(CHROMIUM),
            *QUIET,
            f"--user-data-dir={folder / 'profile'}",
            f"--proxy-server=127.0.0.1:{proxy.port}",
            "--dump-dom",
            file.as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found = re.search(r'<pre id="seen">(.+?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stderr[-2_000:]
    page = json.loads(html.unescape(found[1]))
    asked = (line for line in proxy.asked if not BROWSERS_OWN.search(line))
    return Seen(page, (*page["fetched"], *asked))
