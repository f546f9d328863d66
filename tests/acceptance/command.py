"""The command line as a user meets it: words in; exit code, output and complaints out."""

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from clv_xl.cli import main


@dataclass(frozen=True, slots=True)
class Answer:
    """What the command line said."""

    code: int
    output: str
    complaint: str


def run(*words: str | Path) -> Answer:
    """Run `clv-xl` with these words in this process."""
    output, complaint = io.StringIO(), io.StringIO()
    with redirect_stdout(output), redirect_stderr(complaint):
        code = main([str(word) for word in words])
    return Answer(code, output.getvalue(), complaint.getvalue())


def done(*words: str | Path) -> str:
    """Run `clv-xl`, which must do what it is asked, and return what it printed."""
    answer = run(*words)
    assert (answer.code, answer.complaint) == (0, "")
    return answer.output


def refused(*words: str | Path) -> str:
    """Run `clv-xl`, which must refuse in one sentence, and return the sentence."""
    answer = run(*words)
    assert answer.code == 2, answer
    assert answer.output == ""
    lines = answer.complaint.splitlines()
    assert len(lines) == 1, answer.complaint
    assert lines[0].startswith("clv-xl: ")
    assert "Traceback" not in lines[0]
    return lines[0].removeprefix("clv-xl: ")
