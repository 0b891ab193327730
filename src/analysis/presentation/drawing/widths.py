"""Every chart at two widths: for a page and a wide screen, and for a telephone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec

from matplotlib.figure import Figure

from analysis.presentation.drawing.drawings import Drawing
from analysis.presentation.drawing.theme import NARROW_WIDTH, use_theme, use_width

_Arguments = ParamSpec("_Arguments")


def draw_at_both_widths(
    draw: Callable[_Arguments, Drawing],
) -> Callable[_Arguments, Drawing]:
    """Let a shape be drawn in our look, and again narrow when that is asked for.

    Parameters
    ----------
    draw : callable
        Draws one shape on a sheet of the width in use.

    Returns
    -------
    callable
        The same; its drawing can also be had narrow.
    """

    @wraps(draw)
    def _draw(*args: _Arguments.args, **options: _Arguments.kwargs) -> Drawing:
        def _draw_narrow() -> Figure:
            with use_theme(), use_width(NARROW_WIDTH):
                return draw(*args, **options).figure

        with use_theme():
            drawing = draw(*args, **options)
        return replace(drawing, draw_narrow=_draw_narrow)

    return _draw
