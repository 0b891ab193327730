"""Few chart shapes, one look; title, unit, source, observations and alt text required.

Each function draws one shape and gives back a `Drawing`; a study wraps it into a
`Chart` whose title is the finding.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.presentation.drawing.bar_charts import draw_bars
from analysis.presentation.drawing.curve_charts import draw_curve
from analysis.presentation.drawing.drawings import Drawing
from analysis.presentation.drawing.heat_maps import draw_heat_map
from analysis.presentation.drawing.interval_charts import draw_intervals
from analysis.presentation.drawing.line_charts import draw_lines
from analysis.presentation.drawing.quadrant_charts import draw_quadrants
from analysis.presentation.drawing.stacked_charts import draw_stacked_bars
from analysis.presentation.drawing.waterfall_charts import draw_waterfall
from analysis.presentation.rendering.item_words import write_hidden

__all__ = [
    "Chart",
    "Drawing",
    "draw_bars",
    "draw_curve",
    "draw_heat_map",
    "draw_intervals",
    "draw_lines",
    "draw_quadrants",
    "draw_stacked_bars",
    "draw_waterfall",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A figure with all that a reader needs to understand it alone.

    Parameters
    ----------
    drawing : Drawing
        What a `draw_*` function gave back; it holds no title of its own.
    title : str
        The finding, as a sentence.
    subtitle : str
        What is measured, and its unit.
    source : str
        Tables that the numbers come from.
    nobs : int
        Observations behind it.
    alt : str
        What the chart shows, for who cannot see it: shape, ends, turning points.
    note : str
        What a reader must know to read it right.
    """

    drawing: Drawing
    title: str
    subtitle: str
    source: str
    nobs: int
    alt: str
    note: str = ""

    @property
    def hidden_note(self) -> str:
        """Line that says how many numbers are hidden; empty where none is."""
        data = self.drawing.data
        if data.customers is None:
            return ""
        return write_hidden(data.n_hidden, data.version)

    def __post_init__(self) -> None:
        needed = ("title", "subtitle", "source", "alt")
        missing = [name for name in needed if not getattr(self, name).strip()]
        if missing:
            message = f"A chart must have {missing}: {self.title or self.alt!r}."
            raise ValueError(message)
