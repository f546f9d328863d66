"""The command line as a user meets it: words in; exit code, output and complaints out."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from clv_xl.cli import main

Word: TypeAlias = str | Path


@dataclass(frozen=True, slots=True)
class Answer:
    """What the command line said."""

    code: int
    output: str
    complaint: str


def run(*words: Word) -> Answer:
    """Run `clv-xl` with these words in this process."""
    output, complaint = io.StringIO(), io.StringIO()
    with redirect_stdout(output), redirect_stderr(complaint):
        code = main([str(word) for word in words])
    return Answer(code, output.getvalue(), complaint.getvalue())


def done(*words: Word) -> str:
    """Run `clv-xl`, which must do what it is asked, and return what it printed."""
    answer = run(*words)
    assert (answer.code, answer.complaint) == (0, ""), answer
    return answer.output


def refused(*words: Word) -> str:
    """Run `clv-xl`, which must refuse in one sentence, and return the sentence."""
    return sentence_of(run(*words))


def sentence_of(answer: Answer) -> str:
    """Return the one sentence with which bad input was refused."""
    assert answer.code == 2, answer
    assert answer.output == ""
    lines = answer.complaint.splitlines()
    assert len(lines) == 1, answer.complaint
    assert lines[0].startswith("clv-xl: ")
    assert "Traceback" not in lines[0]
    return lines[0].removeprefix("clv-xl: ")


def figures(source: Path, *options: Word) -> dict[str, Any]:
    """Return the figures that `--json` writes for a source; the workbook is made too."""
    folder = source.parent
    workbook, record = folder / "figures.xlsx", folder / "figures.json"
    done("dashboard", source, "-o", workbook, "--json", record, "--gate", "0", *options)
    found: dict[str, Any] = json.loads(record.read_text())
    return found
