import sys
from importlib.metadata import version

import pytest

from benchmarks.__main__ import main
from benchmarks.interpreters import Interpreters


def test_a_peer_is_looked_for_in_the_interpreter_that_is_named_for_it() -> None:
    elsewhere = Interpreters({"numpy": sys.executable})
    assert elsewhere.python("numpy") == sys.executable
    assert elsewhere.version("numpy") == version("numpy")


def test_what_is_not_installed_has_no_version_in_any_interpreter() -> None:
    assert Interpreters().version("no-such-distribution") is None
    there = Interpreters({"no-such-distribution": sys.executable})
    assert not there.has("no-such-distribution")
    assert not Interpreters({"numpy": "no-such-python"}).has("numpy")


def test_the_checkout_is_always_there() -> None:
    assert Interpreters().has("clv-xl")


@pytest.mark.parametrize(
    "text", ["pymc-marketing", "pymc-marketing=no-such-python", f"scipy={sys.executable}"]
)
def test_an_interpreter_that_cannot_be_used_is_refused(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["--python-of", text])
    assert refused.value.code == 2
    assert "is not PEER=PYTHON" in capsys.readouterr().err
