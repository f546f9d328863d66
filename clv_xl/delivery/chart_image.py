"""The chart of a message as a picture: the same data, the same bytes.

It is drawn twice as large as it is shown, for screens with fine pixels, and with letters that can
still be read when a phone shows it half as wide.
"""

import io
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from itertools import takewhile
from typing import Any

from clv_xl.delivery.chart_choice import ChartData
from clv_xl.workbooks import styles as look

WIDTH = 552
"""Pixels at which the picture is shown on a desktop."""
_DPI = 192
_INCH = 96
_ROW, _BAR, _LINE_HEIGHT = 50, 0.4, 240
_FOOT = 28
_LETTERS, _SMALL = 13, 12
_GAP, _NAMES_TAKE = 12, 0.36
"""Pixels beside a name, and the largest share of the width that names take."""
_LEFTWARDS = {"R", "AL", "AN"}
_STYLE = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib: the same on every machine
    "text.parse_math": False,  # a name with $ is no formula
    "axes.unicode_minus": False,
}


def why_no_chart() -> str:
    """Return why messages go without a chart; empty where they have one.

    Examples
    --------
    >>> why_no_chart() in {"", why_no_chart()}
    True
    """
    if find_spec("matplotlib") is not None:
        return ""
    return "messages go without a chart: install it with pip install 'clv-xl[mail]'"


def numbered(data: ChartData) -> tuple[int, ...]:
    """Return which bars bear their number, from 1, as the font lacks letters of their names."""
    bars = data.labels if data.kind == "bar" else ()
    return tuple(at for at, label in enumerate(bars, start=1) if not _can_draw(label))


@lru_cache(maxsize=32)
def drawn(data: ChartData) -> bytes:
    """Return the chart as a PNG file; matplotlib has to be there.

    The texts of a chart are drawn with the font that matplotlib brings. Bars whose names it
    cannot write (see `numbered`) bear a number, and the message says what each of those stands for.
    """
    import matplotlib as mpl  # noqa: PLC0415 - an extra, and slow to import
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - likewise
    from matplotlib.figure import Figure  # noqa: PLC0415 - likewise

    height = _ROW * len(data.labels) if data.kind == "bar" else _LINE_HEIGHT
    with mpl.rc_context(_defaults(mpl) | _STYLE):
        figure = Figure(figsize=(WIDTH / _INCH, height / _INCH), dpi=_DPI, facecolor="white")
        FigureCanvasAgg(figure)
        if data.kind == "bar":
            _draw_bars(figure, data)
        else:
            _draw_line(figure, data)
        target = io.BytesIO()
        figure.savefig(target, format="png", dpi=_DPI, metadata={"Software": None})
    return target.getvalue()


def height_of(picture: bytes) -> int:
    """Return the pixels of height at which a picture is shown on a desktop."""
    return int.from_bytes(picture[20:24]) * _INCH // _DPI  # of the PNG's header


def _defaults(mpl: Any) -> Any:  # noqa: ANN401 - a module, and a mapping of its own kind
    """Return matplotlib's own settings, whatever the reader's matplotlibrc says."""
    return {key: value for key, value in mpl.rcParamsDefault.items() if "backend" not in key}


def _draw_bars(figure: Any, data: ChartData) -> None:  # noqa: ANN401 - a Figure
    axes = figure.add_axes((_NAMES_TAKE, 0.01, 0.99 - _NAMES_TAKE, 0.98))
    several = len(data.series)
    thick = 2 * _BAR / several
    for number, (_, values, words) in enumerate(data.series):
        colour = look.SERIES[number % len(look.SERIES)]
        at = [row - _BAR + thick * (number + 0.5) for row in range(len(values))]
        axes.barh(at, values, height=thick * 0.92, color=colour)
        for y, value, word in zip(at, values, words, strict=True):
            axes.annotate(
                word, (max(value, 0), y), (4, 0), textcoords="offset points", va="center",
                fontsize=_SMALL, color=look.INK,
            )  # fmt: skip
    largest = max((value for _, values, _ in data.series for value in values), default=0)
    axes.set_xlim(0, max(largest, 0.01) * 1.16)
    axes.set_ylim(len(data.labels) - 0.5, -0.5)
    fitted = _all_fitted(figure, data)
    names = [name for name, _ in fitted]
    axes.set_yticks(range(len(names)), names, fontsize=_LETTERS, color=look.INK)
    left = max(share for _, share in fitted)
    axes.set_position((left, 0.01, 0.99 - left, 0.98))
    axes.tick_params(left=False, bottom=False, labelbottom=False)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(look.LINE)


def _draw_line(figure: Any, data: ChartData) -> None:  # noqa: ANN401 - a Figure
    foot = _FOOT / _LINE_HEIGHT
    axes = figure.add_axes((0.03, foot, 0.94, 0.98 - foot))
    for number, (_, values, words) in enumerate(data.series):
        colour = look.SERIES[number % len(look.SERIES)]
        along = range(len(values))
        axes.plot(along, values, color=colour, linewidth=2.5, marker="o")
        axes.fill_between(along, values, color=colour, alpha=0.08, linewidth=0)
        for x, value, word in zip(along, values, words, strict=True):
            axes.annotate(
                word, (x, value), (0, 8), textcoords="offset points", ha="center",
                fontsize=_SMALL - 1, color=look.INK, path_effects=_around(),
            )  # fmt: skip
    largest = max((value for _, values, _ in data.series for value in values), default=0)
    axes.set_ylim(0, max(largest, 0.01) * 1.25)
    axes.margins(x=0.06)
    axes.set_xticks(range(len(data.labels)), data.labels, fontsize=_SMALL, color=look.QUIET)
    axes.tick_params(left=False, bottom=False, labelleft=False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(look.LINE)


def _all_fitted(
    figure: Any,  # noqa: ANN401 - a Figure
    data: ChartData,
) -> list[tuple[str, float]]:
    """Return what stands beside each bar; names that would look alike are cut elsewhere."""
    alone = numbered(data)
    names = [str(at) if at in alone else name for at, name in enumerate(data.labels, start=1)]
    begun = _begun_alike([name for at, name in enumerate(names, start=1) if at not in alone])
    shorter = [f"…{name[begun:]}" if at not in alone else name for at, name in enumerate(names, 1)]
    for some, cut in ((names, _beginning), (shorter, _beginning), (names, _both_ends)):
        fitted = [_fitted(figure, name, cut) for name in some]
        if len({name for name, _ in fitted}) == len(set(names)):
            break
    return fitted


def _begun_alike(names: list[str]) -> int:
    """Return how many letters all names have in common at their beginning, whole words only."""
    first, last = min(names, default=""), max(names, default="")
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(sign for sign, _ in alike).rfind(" ") + 1


def _beginning(name: str, length: int) -> str:
    return f"{name[:length].rstrip()}…"


def _both_ends(name: str, length: int) -> str:
    tail = length // 2
    return f"{name[: length - tail].rstrip()}…{name[len(name) - tail :].lstrip()}"


def _fitted(
    figure: Any,  # noqa: ANN401 - a Figure
    name: str,
    cut: Callable[[str, int], str],
) -> tuple[str, float]:
    """Return a name cut until it fits, and the share of the width that it takes."""
    renderer = figure.canvas.get_renderer()
    measured = figure.text(0, 0, name, fontsize=_LETTERS)
    share = 0.0
    for length in range(len(name), 0, -1):
        measured.set_text(name if length == len(name) else cut(name, length))
        share = (measured.get_window_extent(renderer).width * _INCH / _DPI + _GAP) / WIDTH
        if share <= _NAMES_TAKE:
            break
    measured.remove()
    return measured.get_text(), share


def _around() -> list[Any]:
    """Return a white rim for letters that cross a line."""
    from matplotlib.patheffects import withStroke  # noqa: PLC0415 - slow to import

    return [withStroke(linewidth=3, foreground="white")]


def _can_draw(text: str) -> bool:
    """Return whether the font has every letter, and none that must be shaped or runs leftwards."""
    if any(unicodedata.bidirectional(sign) in _LEFTWARDS for sign in text):
        return False
    return all(ord(sign) in _letters() for sign in text)


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font  # noqa: PLC0415 - slow

    return frozenset(get_font(findfont(FontProperties(family="DejaVu Sans"))).get_charmap())
