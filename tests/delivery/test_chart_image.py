"""The chart of a message: the same bytes, its numbers in words, and a message without it."""

import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from clv_xl.delivery import chart_image
from clv_xl.delivery.chart_choice import ChartData, chosen_chart
from clv_xl.delivery.chart_image import WIDTH, drawn, height_of, numbered, why_no_chart
from clv_xl.reports.report import Table
from tests.delivery.letters import letter, part, said
from tests.reports.inputs import CASES, report, texts

ROOT = Path(__file__).parents[2]
BARS = ChartData(
    "bar",
    "Channels",
    "",
    ("Search", "ნინო", "Jörg"),
    (("Customers", (0.5, 0.3, 0.2), ("50 %", "30 %", "20 %")),),
)
LINE = replace(BARS, kind="line", labels=("1", "2", "3"), x_title="months")


@pytest.mark.parametrize("data", [BARS, LINE])
def test_the_same_chart_is_the_same_bytes_whatever_was_drawn_before(data: ChartData) -> None:
    first = drawn(data)
    drawn.cache_clear()
    drawn(replace(data, labels=("x", "y", "z")))
    drawn.cache_clear()

    assert drawn(data) == first
    assert b"tEXt" not in first, "no date and no program's name"


@pytest.mark.parametrize("data", [BARS, LINE])
def test_a_chart_is_twice_as_wide_as_it_is_shown(data: ChartData) -> None:
    width, height = struct.unpack(">II", drawn(data)[16:24])

    assert (width, height_of(drawn(data))) == (2 * WIDTH, height // 2)
    assert WIDTH <= 600


def test_a_chart_does_not_follow_the_settings_of_its_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import matplotlib as mpl  # noqa: PLC0415

    first = drawn(BARS)
    drawn.cache_clear()
    for setting, value in {"axes.facecolor": "red", "font.size": 40, "text.usetex": True}.items():
        monkeypatch.setitem(mpl.rcParams, setting, value)  # type: ignore[misc] # any setting

    assert drawn(BARS) == first


def test_no_window_is_opened_and_no_state_is_shared() -> None:
    check = (
        "import sys; from tests.delivery.test_chart_image import BARS, drawn; drawn(BARS); "
        "print('matplotlib.pyplot' in sys.modules, 'matplotlib.figure' in sys.modules)"
    )

    answer = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )

    assert answer.stdout.split() == ["False", "True"]


@settings(max_examples=15)
@given(st.lists(st.text(max_size=40), min_size=2, max_size=4))
def test_every_name_can_be_drawn_or_is_numbered(names: list[str]) -> None:
    values = tuple(0.1 for _ in names)
    words = tuple("10 %" for _ in names)
    data = ChartData("bar", "x", "", tuple(names), (("a", values, words),))

    assert drawn(data).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Search", False),
        ("ნინო", False),
        ("Größe", False),
        ("رضا", True),
        ("李", True),
        ("ไทย", True),
    ],
)
def test_names_that_the_font_cannot_write_are_numbered(name: str, *, expected: bool) -> None:
    assert numbered(replace(BARS, labels=("Search", name, "x"))) == ((2,) if expected else ())


def test_names_that_begin_alike_are_told_apart() -> None:
    names = tuple(f"Filiale Nummer {number:05d} am Bahnhofsplatz" for number in range(8))
    bars = ChartData("bar", "x", "", names, (("a", (0.1,) * 8, ("10 %",) * 8),))

    shown = [name for name, _ in chart_image._all_fitted(_figure(), bars)]  # noqa: SLF001

    assert len(set(shown)) == 8
    assert shown[7].startswith("…00007 am")


def _figure() -> Figure:
    figure = Figure(figsize=(WIDTH / 96, 3), dpi=192)
    FigureCanvasAgg(figure)
    return figure


def test_a_retention_curve_of_few_customers_is_not_drawn() -> None:
    full = replace(report("full"), charts={"retention": report("full").charts["retention"]})
    few = replace(full, tables={**full.tables, "Curve": _of_few(full.tables["Curve"])})

    assert chosen_chart(full, texts()) is not None
    assert chosen_chart(few, texts()) is None


def _of_few(curve: Table) -> Table:
    columns = [
        replace(column, values=column.values * 0 + 3) if column.key == "pooled_eligible" else column
        for column in curve.columns
    ]
    return replace(curve, columns=tuple(columns))


def test_several_segments_are_compared_and_retention_is_followed_otherwise() -> None:
    full = report("full")
    several, other = (
        chosen_chart(full, texts()),
        replace(full, charts={"retention": full.charts["retention"]}),
    )
    retention = chosen_chart(other, texts())

    assert several is not None
    assert several.labels == ("Search", "Social", "Marketplace", "Email", "Referral")
    assert several.rows()[0] == ("Search", "29 %", "25 %")
    assert retention is not None
    assert (retention.kind, retention.labels[:3]) == ("line", ("1", "2", "3"))
    assert chosen_chart(replace(full, charts={}), texts()) is None


def test_of_a_contract_a_message_shows_what_was_seen_and_no_projection() -> None:
    made = report("contract")
    charts = {key: made.charts[key] for key in ("retention", "renewals", "whale")}

    data = chosen_chart(replace(made, charts=charts), texts())

    assert data is not None
    assert [title for title, _, _ in data.series] == ["seen"]
    assert data.rows()[0] == ("0", "100 %")


@pytest.mark.parametrize("case", sorted(CASES))
def test_the_words_of_every_chart_have_its_numbers(case: str) -> None:
    data = chosen_chart(report(case), texts())
    if data is None:
        return
    alt = data.alt_text(texts())

    for row in data.rows():
        assert f"{row[0]} {' / '.join(row[1:])}" in alt
    assert len(alt) < 1_000


def test_without_matplotlib_the_message_goes_without_a_chart_and_its_numbers_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chart_image, "find_spec", lambda _: None)

    message = letter()

    assert (
        why_no_chart() == "messages go without a chart: install it with pip install 'clv-xl[mail]'"
    )
    kinds = [one.get_content_type() for one in message.walk()]
    assert "image/png" not in kinds
    assert "multipart/related" not in kinds
    assert "<img" not in said(message, "text/html")
    assert "Search" in said(message)


def test_bars_that_are_numbered_are_named_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_image, "_can_draw", lambda name: name != "Email")

    html = said(letter(scope="numbered"), "text/html")

    assert "<bdi>4 = Email</bdi>" in html
    assert "= Search" not in html
    assert part(letter(), "image/png").get_content().startswith(b"\x89PNG")
