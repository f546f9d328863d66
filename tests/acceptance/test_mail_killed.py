"""A run that is killed in the middle, and the run after it: nobody gets two, nobody is lost."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from clv_xl.delivery.smtp_server import Tls
from tests.acceptance.command import Word
from tests.acceptance.mail_runs import Post, quick_folder
from tests.delivery.mail_server import EHLO, Inbox, Running, ScriptedServer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork and no kill -9")
ROOT = Path(__file__).parents[2]
PEOPLE = [f"p{n}@example.org" for n in range(100)]
MOMENTS, AT_ONCE = 20, 5
ORDERS = [f"c{n % 30},2024-{1 + n % 12:02d}-15,{10 + n}" for n in range(120)]


@dataclass
class Moment:
    """When a run is killed: at the command of the nth message, or so many seconds after it."""

    message: int
    command: str
    seconds: float

    @classmethod
    def drawn(cls, seed: int) -> "Moment":
        """Return a moment that is the same whenever the test runs."""
        chance = random.Random(seed)  # noqa: S311 - a moment for a test
        command = chance.choice(["MAIL", "RCPT", "DATA", ".", "after"])
        return cls(chance.randrange(100), command, chance.uniform(0, 0.06))


@dataclass
class Doomed:
    """A server that counts what it takes, and calls for the end of its client at a moment."""

    moment: Moment
    kill: Callable[[], None]
    taken: list[str] = field(default_factory=list)
    _to: str = ""

    def answer(self, line: str, _: int) -> str:
        """Answer the client politely; the moment may come before the answer, or after."""
        command = "." if line == "." else line[:4].upper()
        reached = len(self.taken) == self.moment.message
        if command == "RCPT":
            self._to = line.partition("<")[2].partition(">")[0]
        if command == ".":
            self.taken.append(self._to)
        if reached and command == self.moment.command:
            self.kill()
        if reached and command == "." and self.moment.command == "after":
            threading.Timer(self.moment.seconds, self.kill).start()
        return {"EHLO": EHLO, "DATA": "354 go on", "QUIT": "221 bye"}.get(command, "250 OK")


class Warm:
    """Runs of the command in processes of their own."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        """Start the process that the runs are forked from."""
        script = str(Path(__file__).parent / "warm_command.py")
        self._output = folder / "said.txt"
        self._process = stack.enter_context(
            subprocess.Popen(
                [sys.executable, script],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
        )
        assert self._process.stdin is not None
        stack.callback(self._process.stdin.close)

    def start(self, words: list[Word]) -> int:
        """Start a run, and return its process."""
        assert self._process.stdin is not None
        asked = {"words": [str(word) for word in words], "output": str(self._output)}
        self._process.stdin.write(f"{json.dumps(asked)}\n")
        self._process.stdin.flush()
        return int(self._line())

    def end(self) -> int:
        """Wait for the end of a run, and return its exit code."""
        return int(self._line())

    def said(self) -> str:
        """Return what the last run said."""
        return self._output.read_text(encoding="utf-8")

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Write a hundred recipients and a few orders."""
    with quick_folder() as made:
        (made / "orders.csv").write_text("\n".join(["customer,date,amount", *ORDERS]))
        rows = [f"{to},{to[:3]},*" for to in PEOPLE]
        (made / "recipients.csv").write_text("\n".join(["email,name,segment", *rows]))
        yield made


@pytest.fixture(scope="module")
def warm(folder: Path) -> Iterator[Warm]:
    """Import once what every run needs."""
    with ExitStack() as stack:
        yield Warm(stack, folder)


def words(post: Post) -> list[Word]:
    """Return the words of a run that sends, without a segment column."""
    return [word for word in post.sending if word not in {"--segment", "branch"}]


def post_at(folder: Path, port: int) -> Post:
    """Return the folder with a server on this machine, in the open."""
    return Post(folder, Running(Inbox(), port, Tls.NONE))


@pytest.mark.parametrize("first", range(0, MOMENTS, AT_ONCE))
def test_after_a_killed_run_nobody_gets_two_and_nobody_is_lost(
    first: int, folder: Path, warm: Warm
) -> None:
    for seed in range(first, first + AT_ONCE):
        moment = Moment.drawn(seed)
        taken, unknown = killed_and_run_again(moment, folder, warm)

        assert max(Counter(taken).values()) == 1, moment
        assert set(taken) | unknown == set(PEOPLE), moment
        assert len(unknown) <= 1, moment
        assert len(taken) >= 99


def killed_and_run_again(moment: Moment, folder: Path, warm: Warm) -> tuple[list[str], set[str]]:
    """Kill a run at a moment, run again, and return what the server took, and what is unknown."""
    process: list[int] = []
    doomed = Doomed(moment, lambda: os.kill(process[0], signal.SIGKILL))
    with ScriptedServer(doomed.answer) as server:
        post = post_at(folder, server.port)
        post.ledger.unlink(missing_ok=True)
        process.append(warm.start(words(post)))
        killed = warm.end()
        assert killed == -signal.SIGKILL or moment.message == 99, (moment, warm.said())
        before = set(doomed.taken)
        doomed.moment = Moment(-1, "", 0)
        warm.start(words(post))
        code = warm.end()
    states = post.states()
    unknown = {to for to, state in states.items() if state == "unknown"}
    assert code == (1 if unknown else 0), warm.said()
    assert {to for to, state in states.items() if state == "sent"} == set(PEOPLE) - unknown
    assert before <= set(doomed.taken)
    for to in unknown:
        assert f"{to}" in warm.said()
    assert ("may have arrived: unknown since" in warm.said()) == bool(unknown)
    return doomed.taken, unknown


def test_what_is_unknown_goes_out_again_only_by_explicit_wish(folder: Path, warm: Warm) -> None:
    taken, unknown = killed_and_run_again(Moment(30, ".", 0), folder, warm)
    assert unknown == {taken[30]}
    again = Doomed(Moment(-1, "", 0), lambda: None)

    with ScriptedServer(again.answer) as server:
        post = post_at(folder, server.port)
        for more, code in (([], 1), (["--correct"], 1), (["--if-changed"], 1)):
            warm.start([*words(post), *more])
            assert (warm.end(), again.taken) == (code, [])
        warm.start([*words(post), "--retry-unknown"])

        assert (warm.end(), again.taken) == (0, [taken[30]])
    assert set(post.states().values()) == {"sent"}


def test_of_two_runs_at_once_the_second_says_who_is_sending(folder: Path, warm: Warm) -> None:
    inside, go_on = threading.Event(), threading.Event()

    class Slow(Doomed):
        def answer(self, line: str, nth: int) -> str:
            if line == "." and len(self.taken) == 5:
                inside.set()
                go_on.wait(60)
            return super().answer(line, nth)

    slow = Slow(Moment(-1, "", 0), lambda: None)
    with ScriptedServer(slow.answer) as server:
        post = post_at(folder, server.port)
        post.ledger.unlink(missing_ok=True)
        process = warm.start(words(post))
        assert inside.wait(60)
        second = subprocess.run(
            [sys.executable, "-m", "clv_xl", *map(str, words(post))],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
        go_on.set()
        assert warm.end() == 0

    assert second.returncode == 2
    (line,) = second.stderr.splitlines()
    assert f"(process {process}) is sending with the ledger {post.ledger} since 20" in line
    assert Counter(slow.taken) == dict.fromkeys(PEOPLE, 1)
