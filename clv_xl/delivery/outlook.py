"""Drafts in Outlook for Windows: whoever sends looks at each message and presses Send."""

import sys
import tempfile
from collections.abc import Callable
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from clv_xl.delivery.header_text import readable
from clv_xl.delivery.transport import Outcome, Receipt, TransportError

_MAIL_ITEM = 0
_PROPERTY = "http://schemas.microsoft.com/mapi/proptag/"
_CONTENT_ID = f"{_PROPERTY}0x3712001F"
_HIDDEN = f"{_PROPERTY}0x7FFE000B"


def outlook_application() -> Any:  # noqa: ANN401 - a COM object
    """Return Outlook, started where it does not run.

    Raises
    ------
    TransportError
        If this is not Windows, or there is no Outlook that can be spoken to.
    """
    if sys.platform != "win32":
        raise TransportError(
            "drafts in Outlook are for Windows; write an outbox, or send with --smtp"
        )
    return _started()


def _started() -> Any:  # noqa: ANN401 - a COM object
    try:
        import pywintypes  # noqa: PLC0415 - comes with xlwings, on Windows alone
        from win32com.client import Dispatch  # noqa: PLC0415 - likewise
    except ImportError:
        raise TransportError("drafts in Outlook need pywin32: pip install pywin32") from None
    try:
        return Dispatch("Outlook.Application")
    except pywintypes.com_error:
        raise TransportError(
            "Outlook cannot be started: drafts need the classic Outlook for Windows, set up"
        ) from None


class OutlookDrafts:
    """Saves each message as a draft.

    Parameters
    ----------
    open_outlook
        Gives Outlook as COM shows it.
    """

    def __init__(self, open_outlook: Callable[[], Any] = outlook_application) -> None:
        """Take the way to Outlook; it is gone on entering."""
        self._open = open_outlook
        self._outlook: Any = None

    def __enter__(self) -> Self:
        """Start Outlook."""
        self._outlook = self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of Outlook; it stays open for its user."""
        self._outlook = None

    def send(self, message: EmailMessage, to: str) -> Receipt:
        """Save a message as a draft to one address."""
        try:
            with tempfile.TemporaryDirectory() as folder:
                self._draft(message, to, Path(folder))
        except TransportError:
            raise
        except OSError as fault:
            raise TransportError(f"no draft can be made: {fault.strerror}") from None
        except Exception as fault:  # noqa: BLE001 - a COM error has no class of its own off Windows
            said = readable(str(fault))
            return Receipt(Outcome.REFUSED, f"Outlook does not take the draft: {said}")
        return Receipt(Outcome.SENT, "saved as a draft in Outlook")

    def _draft(self, message: EmailMessage, to: str, folder: Path) -> None:
        """Make and save the draft; Outlook copies what it attaches."""
        draft = self._outlook.CreateItem(_MAIL_ITEM)
        draft.To = to
        draft.Subject = str(message["Subject"])
        html = message.get_body(("html",))
        draft.HTMLBody = "" if html is None else html.get_content()
        for number, part in enumerate(message.walk()):
            if part.get_content_maintype() not in {"multipart", "text"}:
                _attach(draft, part, folder / str(number))
        draft.Save()


def _attach(draft: Any, part: "MIMEPart | Any", folder: Path) -> None:  # noqa: ANN401 - COM
    folder.mkdir()
    cid = str(part["Content-ID"] or "").strip("<>")
    path = folder / (part.get_filename() or "chart.png")
    path.write_bytes(part.get_content())
    attached = draft.Attachments.Add(str(path))
    if cid:  # the picture that the HTML shows, not an attachment to be listed
        attached.PropertyAccessor.SetProperty(_CONTENT_ID, cid)
        attached.PropertyAccessor.SetProperty(_HIDDEN, True)  # noqa: FBT003 - of COM
