"""Say and show from which change of a rate on balances answer."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from analysis.presentation.charts import Chart, draw_curve
from analysis.presentation.disclosure import Released, release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.statistics.dose_response import DoseResponse
from analysis.statistics.indifference_band import IndifferenceBand
from analysis.studies.deposit_rate_elasticity.dynamics.refusals import (
    explain_refusal,
    refuse_dynamics,
)
from analysis.studies.deposit_rate_elasticity.dynamics.shape import Shape
from analysis.studies.deposit_rate_elasticity.parameters import SIGNIFICANCE
from analysis.studies.deposit_rate_elasticity.sentences import (
    write_basis_points,
    write_pvalue,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say


def find_shape(shape: Shape) -> Finding:
    """Say whether small moves of a rate are passed over, and what would not be seen.

    Parameters
    ----------
    shape : Shape
        Bins, line and band.

    Returns
    -------
    Finding
        On the product that is known best; its estimate is half the band around the
        usual rate where there is one, else the straight line.
    """
    shared: dict[str, Any] = {
        "key": "response_shape",
        "quarter": shape.quarter,
        "source": shape.source,
    }
    if shape.found is None:
        return refuse_dynamics(
            say("From which change of a rate on balances answer is not known"),
            explain_refusal("strength")
            if shape.product
            else say("No response passes every check, so none has a shape."),
            **shared,
        )
    common: dict[str, Any] = {
        "key": "response_shape",
        "requirement": "A3",
        "verdict": "measured",
        "nobs": shape.found.nobs,
        "period": str(shape.quarter),
        "source": shape.source,
        "importance": 0.5,
    }
    if _has_band(shape.found.band):
        return _tell_band(shape, shape.found, common)
    return _tell_line(shape, shape.found, common)


def _has_band(band: IndifferenceBand) -> bool:
    """Say whether small doses are clearly answered less than large ones."""
    return band.pvalue < SIGNIFICANCE and band.outer_slope > band.inner_slope


def _tell_band(shape: Shape, found: DoseResponse, common: dict[str, Any]) -> Finding:
    band = found.band
    width, lower, upper = (100 * end for end in (band.width, band.lower, band.upper))
    return Finding(
        **common,
        headline=say(
            "Moves of {product} within {width} of its usual rate are answered less",
            product=shape.product,
            width=write_basis_points(width),
        ),
        sentence=say(
            "Within {width} ({interval}) of its usual rate one percentage point goes "
            "with {inner} of balance, beyond with {outer}; one straight line is "
            "rejected (p {pvalue}). {nobs} account-months up to {quarter}.",
            width=write_basis_points(width),
            interval=write_interval(lower, upper, Unit.BASIS_POINTS),
            inner=write_value(100 * band.inner_slope, Unit.PERCENT),
            outer=write_value(100 * band.outer_slope, Unit.PERCENT),
            pvalue=write_pvalue(band.pvalue),
            nobs=write_number(found.nobs),
            quarter=write_quarter(shape.quarter),
        ),
        action=say(
            "The rate of {product} may lag by up to {lower} before much money moves; "
            "beyond {upper} plan for the full answer.",
            product=shape.product,
            lower=write_basis_points(lower),
            upper=write_basis_points(upper),
        ),
        measure=say("Half band of small answers, {product}", product=shape.product),
        unit=Unit.BASIS_POINTS,
        estimate=width,
        lower=lower,
        upper=upper,
    )


def _tell_line(shape: Shape, found: DoseResponse, common: dict[str, Any]) -> Finding:
    ends = (100 * found.slope_lower, 100 * found.slope_upper)
    return Finding(
        **common,
        headline=say(
            "Balances of {product} answer small and large moves of its rate alike",
            product=shape.product,
        )
        if ends[0] > 0
        else say(
            "Balances of {product} show no clear answer at any distance from its usual "
            "rate",
            product=shape.product,
        ),
        sentence=say(
            "A straight line of {slope} ({interval}) per percentage point describes "
            "{product}; no clear band of small moves is passed over (p {pvalue}). "
            "{power} {nobs} account-months up to {quarter}.",
            slope=write_value(100 * found.slope, Unit.PERCENT),
            interval=write_interval(*ends, Unit.PERCENT),
            product=shape.product,
            pvalue=write_pvalue(found.band.pvalue),
            power=_write_power(found.band),
            nobs=write_number(found.nobs),
            quarter=write_quarter(shape.quarter),
        ),
        action=say(
            "Plan the same answer per basis point for small and large moves of "
            "{product}.",
            product=shape.product,
        )
        if ends[0] > 0
        else say("Expect no volume from the rate of {product}.", product=shape.product),
        measure=say("Straight line of {product}, per point", product=shape.product),
        unit=Unit.PERCENT_PER_POINT,
        estimate=100 * found.slope,
        lower=ends[0],
        upper=ends[1],
    )


def _write_power(band: IndifferenceBand) -> str:
    if math.isinf(band.smallest_seen):
        return say("Any band would often go unseen.")
    return say(
        "A band under {seen} either side would often go unseen.",
        seen=write_basis_points(100 * band.smallest_seen),
    )


def chart_shape(shape: Shape) -> Chart | Note:
    """Draw bins with their band, and the curve that never falls.

    Parameters
    ----------
    shape : Shape
        Bins, line and band.

    Returns
    -------
    Chart or Note
        A note where the shape is not identified.
    """
    found = shape.found
    if found is None:
        return Note(say("The shape of no response is identified, so none is drawn."))
    bins = 100 * found.bins["estimate"]
    return Chart(
        drawing=draw_curve(
            _release_points(shape, found),
            x="distance_bp",
            y="estimate",
            lower="lower",
            upper="upper",
            series="series",
            highlight=say("Bins"),
            x_label=say("Basis points above or below the usual rate"),
            y_label=say("Balance against average, percent"),
        ),
        title=_write_title(shape, found),
        subtitle=say(
            "{product}: balances of existing accounts by distance of the posted rate "
            "from usual, 95% interval",
            product=shape.product,
        ),
        source=shape.source,
        nobs=found.nobs,
        alt=say(
            "A curve through {n} bins with its interval, from {low} at the lowest to "
            "{high} at the highest rates, and a curve that never falls.",
            n=write_number(len(bins)),
            low=write_value(float(bins.iloc[0]), Unit.PERCENT),
            high=write_value(float(bins.iloc[-1]), Unit.PERCENT),
        ),
        note=_explain(found),
    )


def _release_points(shape: Shape, found: DoseResponse) -> Released:
    curve, bins = (
        part.assign(series=name, customers=shape.customers)
        for part, name in (
            (found.curve, say("Never falling")),
            (found.bins, say("Bins")),
        )
    )
    rows = pd.concat([bins, curve], ignore_index=True)
    numbers = ("estimate", "lower", "upper")
    scaled = {name: 100 * rows[name] for name in numbers}
    shown = rows.assign(distance_bp=100 * rows["dose"], **scaled)
    return release(
        shown[["series", "distance_bp", "customers", *numbers]],
        count="customers",
        derived={name: ["customers"] for name in numbers},
    )


def _write_title(shape: Shape, found: DoseResponse) -> str:
    if _has_band(found.band):
        return say(
            "{product}: little moves within {width} of the usual rate",
            product=shape.product,
            width=write_basis_points(100 * found.band.width),
        )
    return say(
        "{product}: no clear kink; balances follow the rate in one line",
        product=shape.product,
    )


def _explain(found: DoseResponse) -> str:
    return say(
        "Usual: the average of the pricing cell, and of the same product and term in "
        "the same period. Each bin holds about {nobs} account-months. Of the variance "
        "that effects leave, bins explain {bins}, a straight line {line}.",
        nobs=write_number(float(found.bins["nobs"].median())),
        bins=_write_share(found.bins_share),
        line=_write_share(found.line_share),
    )


def _write_share(share: float) -> str:
    return say("{number}%", number=write_number(100 * share, decimals=2))
