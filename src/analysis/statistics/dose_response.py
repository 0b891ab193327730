"""Measure the shape of a response: bins, a curve that never falls, a straight line.

The dose is what of a regressor differs from its unit's and its period's usual level.
Outcomes and doses are in the caller's unit. Where the dose answers to the outcome, what
its instruments do not move stands beside every shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.absorbed_panel import AbsorbedPanel
from analysis.statistics.cluster_products import (
    ClusterProducts,
    list_controls,
    multiply_by_cluster,
    solve_beside,
)
from analysis.statistics.indifference_band import (
    IndifferenceBand,
    find_indifference_band,
    list_kinks,
)
from analysis.statistics.monotone_spline import fit_rising, list_rising_splines
from analysis.statistics.two_way_effects import Floats

N_BINS = 8
N_POINTS = 41
INNER_KNOTS = (0.2, 0.4, 0.6, 0.8)
"""Shares of the observations below each inner knot."""
ENDS = (0.01, 0.99)
"""Shares of the observations below the ends of the curve."""
BANDS = np.linspace(0.1, 0.8, 15)
"""Shares of the observations inside each band that is tried."""


@dataclass(frozen=True, slots=True)
class DoseResponse:
    """A response in three shapes, and whether small doses are passed over.

    Parameters
    ----------
    bins : pandas.DataFrame
        One row per bin: `dose` (mean), `nobs`, `estimate`, `lower`, `upper`: outcome
        against the average over all bins.
    curve : pandas.DataFrame
        The curve that never falls, from end to end: `dose`, `estimate`, against the
        same average. It rises by chance alone; bins say what is known of it.
    slope, slope_lower, slope_upper : float
        The straight line.
    line_share, bins_share : float
        Share of the variance left by effects and controls that line and bins explain.
    band : IndifferenceBand
        Doses around zero that are answered differently.
    nobs, clusters : int
        Units times periods; clusters.
    """

    bins: pd.DataFrame
    curve: pd.DataFrame
    slope: float
    slope_lower: float
    slope_upper: float
    line_share: float
    bins_share: float
    band: IndifferenceBand
    nobs: int
    clusters: int


@dataclass(frozen=True, slots=True)
class _Shapes:
    """Columns of each shape, and what is needed to lay out its estimates."""

    columns: pd.DataFrame
    bins: pd.DataFrame
    knots: Floats
    widths: Floats

    def name(self, kind: str) -> list[str]:
        """Name the columns of a kind of shape."""
        named = map(str, self.columns)
        return [name for name in named if name.startswith(f"{kind}_")]


def estimate_dose_response(  # noqa: PLR0913 - the parts of its model
    rows: pd.DataFrame,
    *,
    effects: Sequence[str],
    cluster: str,
    rng: np.random.Generator,
    endogenous: Sequence[str] = (),
    instruments: Sequence[str] = (),
    confidence_level: float = 0.95,
    draws: int = 499,
) -> DoseResponse:
    """Estimate a response in bins, as a rising curve and as a line, clustered.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per group of units and period, with `outcome`, `weight`, `dose`, the
        instruments, effects and cluster. Rows with a missing value are left out.
    effects : sequence of str
        One or two columns whose levels each have their own constant.
    cluster : str
        Column within which errors may depend on each other.
    rng : numpy.random.Generator
        Source of chance.
    endogenous : sequence of str
        "dose" first, then what else may answer to the outcome; none if nothing does.
    instruments : sequence of str
        What moves them; at least as many.
    confidence_level : float
        Share of intervals that hold the truth.
    draws : int
        How often clusters are drawn again.

    Returns
    -------
    DoseResponse
        Intervals of bins and line by Student's t from the spread of the draws.

    Raises
    ------
    ValueError
        If the dose has too few values for bins, or there are fewer than two clusters.

    References
    ----------
    .. [1] Ramsay (1988), Monotone regression splines in action, Statistical Science 3.
    .. [2] Cameron and Miller (2015), A practitioner's guide to cluster-robust
       inference, J. Human Resources 50, section VI: clusters drawn again.
    """
    others = [*endogenous[1:], *instruments]
    needed = ["outcome", "weight", "dose", *others, *effects, cluster]
    complete = rows[list(dict.fromkeys(needed))].dropna().reset_index(drop=True)
    shapes = _lay_out_shapes(complete)
    whole = complete.join(shapes.columns)
    names = ["dose", *others, *shapes.columns]
    products = _multiply(whole, names, effects=effects, cluster=cluster)
    model = _Model(products, shapes, endogenous, instruments)
    totals = [products.total, *products.draw_again(rng, draws)]
    bins = np.array([model.fit_bins(total) for total in totals])
    slopes = np.array([model.fit_line(total) for total in totals])
    reach = float(stats.t.ppf(0.5 + confidence_level / 2, products.n_clusters - 1))
    slope, swing = float(slopes[0]), reach * float(slopes[1:].std())
    return DoseResponse(
        bins=_add_interval(shapes.bins, bins[0], reach * bins[1:].std(axis=0)),
        curve=model.draw_curve(),
        slope=slope,
        slope_lower=slope - swing,
        slope_upper=slope + swing,
        line_share=model.explain(["dose"]),
        bins_share=model.explain(shapes.name("bin")[1:]),
        band=find_indifference_band(
            products,
            shapes.name("kink"),
            shapes.widths,
            controls=model.control(products.total),
            rng=rng,
            confidence_level=confidence_level,
            draws=draws,
        ),
        nobs=products.nobs,
        clusters=products.n_clusters,
    )


class _Model:
    """Fits each shape to products of columns."""

    def __init__(
        self,
        products: ClusterProducts,
        shapes: _Shapes,
        endogenous: Sequence[str],
        instruments: Sequence[str],
    ) -> None:
        self._products, self._shapes = products, shapes
        self._answering = {"endogenous": endogenous, "instruments": instruments}

    def control(self, total: Floats) -> Floats:
        """Give what stands beside the dose."""
        return list_controls(self._products, total, **self._answering)

    def fit_line(self, total: Floats) -> float:
        """Give the slope."""
        squares, met, _ = self._leave(total, ["dose"])
        return float(met[0] / squares[0, 0])

    def fit_bins(self, total: Floats) -> Floats:
        """Give the height of each bin; the first has no column of its own."""
        squares, met, _ = self._leave(total, self._shapes.name("bin")[1:])
        heights = np.r_[0.0, np.linalg.lstsq(squares, met, rcond=None)[0]]
        return self._center(heights, heights)

    def draw_curve(self) -> pd.DataFrame:
        """Give the curve that never falls, point by point."""
        names = self._shapes.name("spline")
        squares, met, _ = self._leave(self._products.total, names)
        weights = fit_rising(squares, met)
        knots = self._shapes.knots
        points = np.linspace(float(knots[0]), float(knots[-1]), N_POINTS)
        curve, at_bins = (
            list_rising_splines(places, knots) @ weights
            for places in (points, self._shapes.bins["dose"].to_numpy())
        )
        heights = self._center(curve, at_bins)
        return pd.DataFrame({"dose": points, "estimate": heights})

    def explain(self, names: Sequence[str]) -> float:
        """Give the share of what effects and controls leave."""
        squares, met, whole = self._leave(self._products.total, names)
        return float(met @ np.linalg.lstsq(squares, met, rcond=None)[0]) / whole

    def _leave(
        self, total: Floats, names: Sequence[str]
    ) -> tuple[Floats, Floats, float]:
        return solve_beside(total, self._products.pick(names), self.control(total))

    def _center(self, heights: Floats, at_bins: Floats) -> Floats:
        sizes = self._shapes.bins["nobs"].to_numpy(float)
        centered: Floats = heights - np.average(at_bins, weights=sizes)
        return centered


def _multiply(
    rows: pd.DataFrame, names: Sequence[str], *, effects: Sequence[str], cluster: str
) -> ClusterProducts:
    panel = AbsorbedPanel(rows, names, effects=effects, cluster=cluster)
    return multiply_by_cluster(panel, names)


def _lay_out_shapes(rows: pd.DataFrame) -> _Shapes:
    dose, weight = (rows[name].to_numpy(float) for name in ("dose", "weight"))
    edges = find_quantiles(dose, weight, np.arange(1, N_BINS) / N_BINS)
    knots = find_quantiles(dose, weight, [ENDS[0], *INNER_KNOTS, ENDS[1]])
    if (np.diff(edges) <= 0).any() or (np.diff(knots) <= 0).any():
        raise ValueError(
            f"A dose must have more different values than {N_BINS} bins; its bins end "
            f"at {edges.tolist()}."
        )
    place = np.searchsorted(edges, dose, side="left")
    counts = np.bincount(place, weight, minlength=N_BINS)
    means = np.bincount(place, weight * dose, minlength=N_BINS) / counts
    widths = find_quantiles(np.abs(dose), weight, BANDS)
    columns = {
        **{f"bin_{n}": (place == n).astype(float) for n in range(N_BINS)},
        **_name("spline", list_rising_splines(dose, knots)),
        **_name("kink", list_kinks(dose, widths)),
    }
    bins = pd.DataFrame({"dose": means, "nobs": counts.astype(int)})
    return _Shapes(pd.DataFrame(columns), bins, knots, widths)


def _name(kind: str, block: Floats) -> dict[str, Floats]:
    return {f"{kind}_{place}": column for place, column in enumerate(block.T)}


def find_quantiles(
    values: Floats, weights: Floats, shares: Sequence[float] | Floats
) -> Floats:
    """Give the values below which some shares of the weight lie.

    Parameters
    ----------
    values, weights : numpy.ndarray, shape (rows,)
        Values, and how much each counts.
    shares : sequence of float
        From 0 to 1.

    Returns
    -------
    numpy.ndarray, shape (shares,)
        Values that occur.
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    places = np.searchsorted(reached, np.asarray(shares) - 1e-12)
    found: Floats = values[order][np.minimum(places, len(values) - 1)]
    return found


def _add_interval(bins: pd.DataFrame, estimate: Floats, reach: Floats) -> pd.DataFrame:
    return bins.assign(
        estimate=estimate, lower=estimate - reach, upper=estimate + reach
    )
