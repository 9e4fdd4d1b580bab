"""What all figures share: matplotlib without its surprises, our style, and the grid of axes.

A card shows a picture about 740 pixels wide. So each figure is some 8.6 inches wide: its letters
then stand at about the size of the card's own small print.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from builder.core.errors import MissingExtra

INK, QUIET = "#1b1d22", "#6b7280"
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8d93", "#000000")
GRADES = ("#d6e6f4", "#abcfe6", "#6aaed6", "#3787c0", "#105ba4")  # of one color, light to dark
Axes = Any  # matplotlib may be missing where types are checked
_LEFT_IN, _TOP_IN = 0.3, 0.62
_STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 7.5,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "axes.labelcolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.size": 0.0,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.dpi": 150,
}


def can_draw() -> None:
    """Say early that figures cannot be drawn.

    Raises:
        MissingExtra: If matplotlib is not installed.
    """
    _matplotlib()


def _matplotlib() -> Any:  # noqa: ANN401 - a module
    try:
        import matplotlib
    except ModuleNotFoundError as error:
        raise MissingExtra(str(error.name), "build") from error
    return matplotlib


@contextmanager
def styled() -> Iterator[None]:
    """Draw with matplotlib's own defaults and our style, whatever the user has set."""
    matplotlib = _matplotlib()
    defaults = {
        name: value for name, value in matplotlib.rcParamsDefault.items() if name != "backend"
    }
    with matplotlib.rc_context({**defaults, **_STYLE}):
        yield


def grid(
    rows: Sequence[str],
    heads: Sequence[str],
    title: str,
    size: tuple[float, float],
    between: tuple[float, float, float],
    below: float = 0.42,
) -> Any:  # noqa: ANN401
    """Return (figure, axes), a row a name and a column a head.

    Args:
        rows: Names of the rows, on the left.
        heads: Of the columns.
        title: Of the figure.
        size: (width, height) of one cell and the space beside it, inches.
        between: (left of each cell, below each, right of the last), inches.
        below: Below the last row, inches.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # Set by hand: matplotlib's own layouts take ten times as long.
    width, height = size[0] * len(heads) + _LEFT_IN, size[1] * len(rows) + _TOP_IN + below - 0.42
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    figure.suptitle(
        title, x=0.1 / width, y=1 - 0.1 / height, ha="left", va="top", fontsize=11,
        fontweight="bold", color=INK,
    )  # fmt: skip
    axes = figure.subplots(
        len(rows),
        len(heads),
        squeeze=False,
        gridspec_kw={
            "left": (_LEFT_IN + between[0]) / width,
            "right": 1 - between[2] / width,
            "bottom": below / height,
            "top": 1 - _TOP_IN / height,
            "wspace": between[0] / (size[0] - between[0]),
            "hspace": between[1] / (size[1] - between[1]),
        },
    )
    for row, name in enumerate(rows):
        for column, head in enumerate(heads):
            axes[row][column].set_title(head if row == 0 else "")
        box = axes[row][0].get_position()
        middle = (box.y0 + box.y1) / 2
        figure.text(
            0.16 / width, middle, name, rotation=90, ha="center", va="center", fontsize=8,
            fontweight="bold",
        )  # fmt: skip
    return figure, axes
