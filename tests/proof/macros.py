"""VBA run by LibreOffice, which reads the modules of an Office file as its own Basic."""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.proof.tools import SOFFICE, UNO_PYTHON, require

SECONDS = 120
"""How long all of it may take before it is ended."""
_DRIVER = Path(__file__).with_name("macro_driver.py")


@dataclass(frozen=True, slots=True)
class Run:
    """What LibreOffice found in a file, and what its macros answered."""

    modules: dict[str, list[str]]
    """The modules of each library of the first document."""
    answers: list[Any]


def call_macros(
    documents: Sequence[Path],
    calls: Sequence[tuple[str, Sequence[object]]],
    environment: Mapping[str, str],
) -> Run:
    """Open documents, the last of them active, and call macros of the first.

    Parameters
    ----------
    documents
        The files.
    calls
        Each a "module.function" and its arguments.
    environment
        What LibreOffice finds in its environment beyond that of this process.
    """
    python, soffice = require(UNO_PYTHON), require(SOFFICE)
    with tempfile.TemporaryDirectory(prefix="macros-") as profile:
        pipe = f"clv{os.getpid()}"
        options = ["--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp"]
        command = [soffice, f"-env:UserInstallation={Path(profile).as_uri()}", *options]
        request = {"pipe": pipe, "documents": list(map(str, documents)), "calls": list(calls)}
        with subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **environment},
            start_new_session=True,
        ) as office:
            try:
                return _asked(python, request)
            finally:
                _end(office)


def _asked(python: str, request: Mapping[str, object]) -> Run:
    said = subprocess.run(
        [python, _DRIVER],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    return Run(**json.loads(said.stdout))


def _end(office: "subprocess.Popen[bytes]") -> None:
    """Wait for LibreOffice, which was asked to stop; end it and its children where it does not."""
    try:
        office.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(office.pid, signal.SIGKILL)
