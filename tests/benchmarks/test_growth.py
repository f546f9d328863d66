from pathlib import Path

import pytest

from benchmarks import growth
from benchmarks.__main__ import main
from benchmarks.contenders import LIFETIMES, ours, peers
from benchmarks.growth import Curve, measured_curves, tables
from benchmarks.growth_plot import write
from benchmarks.interpreters import Interpreters
from benchmarks.measuring import ContenderError, Measurement

CONTENDER = "purchase_models:bg_nbd_on_simulated"
PEER = peers(CONTENDER, LIFETIMES)[0]
FAST = Curve(model="BG/NBD", entry=ours(CONTENDER), seconds={1_000: 0.002, 10_000: 0.01})
SLOW = Curve(model="BG/NBD", entry=PEER, seconds={1_000: 7.0})


def test_a_size_that_a_peer_was_too_slow_for_is_left_open() -> None:
    assert tables([FAST, SLOW], (1_000, 10_000)) == [
        "| BG/NBD fit, customers | clv_xl | lifetimes |",
        "| --- | --- | --- |",
        "| 1,000 | 2 ms | 7 s |",
        "| 10,000 | 10 ms | – |",
    ]


def test_nobody_is_measured_where_a_minute_would_not_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def second_per_hundred(_entry: object, size: int, *_: object) -> Measurement:
        asked.append(size)
        return Measurement(cpu_seconds=size / 100, first_seconds=size / 100, peak_bytes=1)

    monkeypatch.setattr(growth, "measured", second_per_hundred)
    monkeypatch.setattr(growth, "curves", lambda: [FAST])

    grown, failures = measured_curves(tmp_path, Interpreters(), (1_000, 5_000, 10_000))

    assert asked == [1_000, 5_000]  # the next would take 100 seconds
    assert dict(grown[0].seconds) == {1_000: 10.0, 5_000: 50.0}
    assert failures == []


def test_a_contender_that_fails_keeps_the_sizes_that_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_entry: object, size: int, *_: object) -> Measurement:
        if size > 1_000:
            raise ContenderError("out of memory")
        return Measurement(cpu_seconds=1, first_seconds=1, peak_bytes=1)

    monkeypatch.setattr(growth, "measured", failing)
    monkeypatch.setattr(growth, "curves", lambda: [SLOW])
    monkeypatch.setattr(Interpreters, "has", lambda *_: True)

    grown, failures = measured_curves(tmp_path, Interpreters(), (1_000, 2_000))

    assert dict(grown[0].seconds) == {1_000: 1}
    assert failures == ["BG/NBD by lifetimes failed: out of memory"]


def test_the_same_figures_draw_the_same_file(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    first, second = tmp_path / "first.svg", tmp_path / "second.svg"

    write([FAST, SLOW], first)
    write([FAST, SLOW], second)

    drawn = first.read_text(encoding="utf-8")
    assert drawn == second.read_text(encoding="utf-8")
    assert all(text in drawn for text in ("BG/NBD fit", "clv_xl", "lifetimes", "customers"))


def test_the_command_draws_the_growth_and_prints_its_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(growth, "curves", lambda: [FAST])
    picture, numbers = tmp_path / "growth.png", tmp_path / "growth.md"

    assert main(["--quick", "--plot", str(picture), "-o", str(numbers)]) == 0

    assert picture.read_bytes().startswith(b"\x89PNG")
    printed = capsys.readouterr().out
    assert printed == numbers.read_text(encoding="utf-8")
    assert printed.startswith("| BG/NBD fit, customers | clv_xl |\n| --- | --- |\n| 500 | ")
