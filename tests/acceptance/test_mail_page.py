"""What docs/mail.md shows runs: its commands, its settings, its recipes for every month."""

import os
import plistlib
import re
import shlex
import shutil
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import trustme

from clv_xl.cli.mail import mail
from clv_xl.delivery.settings import mail_settings
from tests.acceptance.command import run
from tests.acceptance.mail_shop import orders, write_orders
from tests.delivery.mail_server import PASSWORD, Running, running, trust

PAGE = (Path(__file__).parents[2] / "docs/mail.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
BEGUN = "smtp://reports@smtp.example.org:587"
COMMANDS = {"run", "log", "purge", "sign-in"}


def block(kind: str, holding: str) -> str:
    """Return the only block of a kind that holds a text."""
    (found,) = (text for name, text in BLOCKS if name == kind and holding in text)
    return str(found)


def flags() -> set[str]:
    """Return every flag of every mail command."""
    context = click.Context(mail)
    made = {name: mail.get_command(context, name) for name in mail.list_commands(context)}
    assert set(made) == COMMANDS
    return {flag for command in made.values() if command for o in command.params for flag in o.opts}


def test_every_flag_on_the_page_exists() -> None:
    ours = re.sub(r"^.*(systemctl|loginctl).*$", "", PAGE, flags=re.MULTILINE)

    found = set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+", ours))

    assert len(found) > 20
    assert found - flags() == set()


def test_the_settings_on_the_page_are_read(tmp_path: Path) -> None:
    (tmp_path / "mail.toml").write_text(block("toml", "allow_domains"))

    settings = mail_settings(tmp_path / "mail.toml")

    assert settings is not None
    assert (settings.sender.name, settings.way.smtp) == ("Reports", BEGUN)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make the folder of the page: orders of the branches on it, and the list of recipients."""
    made = tmp_path / "clv"
    made.mkdir()
    rows = write_orders(made / "orders.csv", orders(60, seed=10)).read_text(encoding="utf-8")
    rows = rows.replace("Northgate", "Riga").replace("Südstadt", "Liepaja")
    (made / "orders.csv").write_text(rows, encoding="utf-8")
    (made / "recipients.csv").write_text(block("csv", "email,"))
    return made


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """Run a server that wants STARTTLS and a sign-in."""
    authority = trustme.CA()
    monkeypatch.setenv("SSL_CERT_FILE", trust(authority, tmp_path))
    monkeypatch.delenv("CLV_XL_SMTP_PASSWORD", raising=False)
    with running(authority) as made:
        yield made


def everybody(server: Running) -> list[str]:
    return [one.to for one in server.inbox.messages]


ALL = ["anna@example.org", "berta@example.org", "carl@example.org"]


def test_the_first_commands_of_the_page_do_what_it_says(
    folder: Path, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CLV_XL_SMTP_PASSWORD", PASSWORD)
    first, second = (text.replace("\\\n", " ") for kind, text in BLOCKS[:2] if kind == "sh")
    here = ["--ledger", str(folder / "mail.sqlite")]

    written = run(*shlex.split(first)[1:], *here)
    sent = run(
        *shlex.split(second.replace(BEGUN, f"smtp://reports@localhost:{server.port}"))[1:], *here
    )

    assert (written.code, written.complaint, sent.code, sent.complaint) == (0, "", 0, "")
    assert len(list((folder / "outbox").glob("*.eml"))) == 3
    assert everybody(server) == ALL


@pytest.fixture
def script(folder: Path, server: Running) -> Path:
    """Write the script of the page, with the server of the test and a ledger of its own."""
    path = folder / "mail.sh"
    text = block("sh", "#!/bin/sh").replace(BEGUN, f"smtp://reports@localhost:{server.port}")
    path.write_text(text.replace("--max 300", "--max 300 --ledger mail.sqlite"))
    path.chmod(0o755)
    environment = block("sh", "the password").replace("the password", PASSWORD)
    (folder / "mail.env").write_text(environment, encoding="utf-8")
    return path


def environment(home: Path) -> dict[str, str]:
    """Return what cron hands over: hardly anything."""
    bin_folder = home / ".local/bin"
    bin_folder.mkdir(parents=True)
    program = bin_folder / "clv-xl"
    root = Path(__file__).parents[2]
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{root}" exec "{sys.executable}" -m clv_xl "$@"\n')
    program.chmod(0o755)
    return {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "SSL_CERT_FILE": os.environ["SSL_CERT_FILE"],
    }


@pytest.mark.skipif(os.name == "nt", reason="there is no sh")
def test_the_line_for_cron_sends_once_however_often_it_runs(script: Path, server: Running) -> None:
    home = script.parent.parent
    line = block("crontab", "mail.sh").strip()
    fields = line.split(maxsplit=5)
    outside = environment(home)
    for _ in range(2):
        done = subprocess.run(
            ["/bin/sh", "-c", fields[5]],
            env=outside,
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    assert fields[:5] == ["0", "6", "*", "*", "*"]
    assert "%" not in line, "cron takes it for a line end"
    assert everybody(server) == ALL
    log = (script.parent / "mail.log").read_text(encoding="utf-8")
    assert "skipped 3" in log
    assert PASSWORD not in log


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
def test_systemd_finds_nothing_wrong_with_the_units(script: Path, tmp_path: Path) -> None:
    units = [tmp_path / "clv-mail.service", tmp_path / "clv-mail.timer"]
    for unit, holding in zip(units, ("[Service]", "[Timer]"), strict=True):
        unit.write_text(block("ini", holding).replace("%h/clv/mail.sh", str(script)))
    analyze = shutil.which("systemd-analyze") or ""

    verified = subprocess.run(
        [analyze, "--user", "verify", *map(str, units)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "SYSTEMD_LOG_LEVEL": "warning"},
    )
    about_ours = [line for line in verified.stderr.splitlines() if "clv-mail" in line]
    when = re.search(r"^OnCalendar=(.+)$", units[1].read_text(), re.MULTILINE)
    assert when is not None
    calendar = subprocess.run([analyze, "calendar", when[1]], capture_output=True, check=False)

    assert (verified.returncode, about_ours, calendar.returncode) == (0, [], 0)


def test_the_task_for_windows_is_in_the_order_of_its_schema_and_its_command_is_ours(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = block("xml", "<Task")
    task = ET.fromstring(text)  # noqa: S314 - from our own page

    assert text.isascii()
    assert task.tag == f"{TASK}Task"
    parts = ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    assert [part.tag.removeprefix(TASK) for part in task] == parts
    (command,) = task.iter(f"{TASK}Exec")
    held = {part.tag.removeprefix(TASK): str(part.text) for part in command}
    assert list(held) == ["Command", "Arguments", "WorkingDirectory"]
    assert held["Command"] == "clv-xl.exe"
    monkeypatch.chdir(folder)
    words = [word for word in shlex.split(held["Arguments"]) if word != "--send"]
    assert run(*words, "--ledger", str(folder / "mail.sqlite")).code == 0


def test_the_agent_for_a_mac_is_a_property_list_that_runs_the_script() -> None:
    agent = plistlib.loads(block("xml", "<plist").encode())

    assert set(agent) == {
        *("Label", "ProgramArguments", "EnvironmentVariables", "StartCalendarInterval"),
        *("StandardOutPath", "StandardErrorPath"),
    }
    assert agent["ProgramArguments"][0].endswith("/mail.sh")
    assert agent["StartCalendarInterval"] == {"Hour": 6, "Minute": 0}
    assert f"{agent['Label']}.plist" in PAGE


def test_the_script_of_the_page_needs_no_password_on_its_command_line(script: Path) -> None:
    assert PASSWORD not in script.read_text()
    assert stat.S_IMODE(script.stat().st_mode) & stat.S_IXUSR


def test_the_page_names_every_mail_command() -> None:
    assert {name for name in COMMANDS - {"run"} if f"clv-xl mail {name}" in PAGE} == COMMANDS - {
        "run"
    }
