"""The growth drawn: seconds against customers, both logarithmic."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.growth import Curve

PANEL_INCHES = (5.0, 4.0)
OURS = {"color": "#1f5fa8", "linewidth": 2.4, "marker": "o", "zorder": 3}
PEERS_COLOURS = ("#c46a1b", "#5b8c5a", "#8a6fae")
# The same measurements make the same file, with its texts as texts.
REPRODUCIBLE: Any = {"svg.hashsalt": "clv_xl", "svg.fonttype": "none"}


def write(grown: Sequence[Curve], file: Path) -> None:
    """Write a panel per model to an image file; its ending says of which kind."""
    # An extra, which the table does not need.
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    models = list(dict.fromkeys(curve.model for curve in grown))
    width, height = PANEL_INCHES
    with mpl.rc_context(REPRODUCIBLE):
        figure = Figure(figsize=(width * len(models), height), layout="constrained")
        panels = figure.subplots(1, len(models), sharey=True, squeeze=False)[0]
        for panel, model in zip(panels, models, strict=True):
            for curve, style in _styled([c for c in grown if c.model == model]):
                sizes = list(curve.seconds)
                panel.plot(sizes, list(curve.seconds.values()), label=curve.entry.name, **style)
            panel.set(title=f"{model} fit", xscale="log", yscale="log", xlabel="customers")
            panel.grid(visible=True, which="major", color="#dddddd", linewidth=0.6)
            panel.legend(frameon=False)
        panels[0].set_ylabel("CPU seconds, one core")
        metadata = {"Date": None} if file.suffix == ".svg" else {}
        figure.savefig(file, metadata=metadata)


def _styled(curves: Sequence[Curve]) -> list[tuple[Curve, dict[str, object]]]:
    """Return each curve of a panel with how it is drawn: clv_xl first, then its peers."""
    first, *others = curves
    peers = [{"color": colour, "linewidth": 1.4, "marker": "s"} for colour in PEERS_COLOURS]
    return [(first, OURS), *zip(others, peers[: len(others)], strict=True)]
