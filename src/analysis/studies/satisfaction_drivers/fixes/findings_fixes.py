"""Findings on prices beside service, and on what to fix first."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.findings import Finding, judge_change
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.drivers.driver_words import (
    TRIAL,
    find_row,
    judge_quantity,
    refuse_leader,
)
from analysis.studies.satisfaction_drivers.drivers.importance import (
    SURE,
    Drivers,
    Importance,
)
from analysis.studies.satisfaction_drivers.fixes.rates_and_service import (
    Interval,
    RatesAndService,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import join_names, mark, say

_DEAR = mark(
    "Explain prices better before moving them: what a rate costs is in the deposit "
    "rate report."
)
_FAIR = mark("Look for improvements in service before paying higher rates.")


def find_rates_and_service(compared: RatesAndService) -> Finding:
    """Say whether customers are happier with rates or with service.

    Parameters
    ----------
    compared : RatesAndService
        Ratings and shares of both groups.

    Returns
    -------
    Finding
        Rating of rates less that of service, points of 100; refused when the survey
        asks about one of them only.
    """
    gap, rates, service = compared.gap, compared.rates_rating, compared.service_rating
    shares = (compared.rates_share, compared.service_share)
    if gap is None or rates is None or service is None or None in shares:
        return _refuse_comparison(compared)
    verdict = judge_change(gap.lower, gap.upper)
    is_dear = verdict == "fell"
    headline = {
        "rose": mark("Customers rate prices above service"),
        "fell": mark("Customers rate prices below service"),
        "no clear change": mark("Customers rate prices and service about alike"),
    }[verdict]
    return Finding(
        key="rates_and_service",
        requirement="C2",
        headline=say(headline),
        sentence=_write_comparison(compared, gap, rates, service),
        action=say(_DEAR if is_dear else _FAIR),
        measure=say("Rating of prices less that of service"),
        verdict="measured",
        unit=Unit.POINTS,
        nobs=compared.nobs,
        period=compared.quarter,
        source=compared.source,
        estimate=gap.estimate,
        lower=gap.lower,
        upper=gap.upper,
        confidence_level=compared.confidence_level,
        importance=0.5,
    )


def _write_comparison(
    compared: RatesAndService, gap: Interval, rates: Interval, service: Interval
) -> str:
    shares = (compared.rates_share, compared.service_share)
    own = [write_value(share.estimate, Unit.PERCENT) for share in shares if share]
    return say(
        "Of 100 possible points customers give {rates} to {names} and {service} to the "
        "other attributes in {quarter}: a gap of {gap} ({interval}; {nobs} answers). "
        "Beyond the floor, prices account for {rates_share} of the differences in "
        "satisfaction and service for {service_share}.",
        rates=write_number(rates.estimate, decimals=1),
        names=join_names([name.lower() for name in compared.rates]),
        service=write_number(service.estimate, decimals=1),
        quarter=write_quarter(compared.quarter),
        gap=write_value(gap.estimate, Unit.POINTS, signed=True),
        interval=write_interval(gap.lower, gap.upper, Unit.POINTS),
        nobs=write_number(compared.nobs),
        rates_share=own[0],
        service_share=own[1],
    )


def order_fixes(importance: Importance) -> pd.DataFrame:
    """Order attributes: those that matter and are rated low, then by gain.

    Parameters
    ----------
    importance : Importance
        Drivers with effects and ratings.

    Returns
    -------
    pandas.DataFrame
        Rows of the importance table with `is_clear` (the effect is), and `is_sure`
        (surely more important and rated lower than the average attribute); sorted by
        both, then by gain.
    """
    table = importance.table
    table = table.assign(
        is_clear=table["effect_lower"] > 0, is_sure=table["fix_first"] >= 100 * SURE
    )
    return table.sort_values(
        ["is_clear", "is_sure", "gain"],
        ascending=False,
        kind="stable",
        ignore_index=True,
    )


def find_fix_first(drivers: Drivers) -> Finding:
    """Say which attribute to fix first.

    Parameters
    ----------
    drivers : Drivers
        Drivers of the wave reported and the one before.

    Returns
    -------
    Finding
        Effect times headroom of the first fix, points of satisfaction; refused when
        no attribute has a clear effect.
    """
    now = drivers.now
    ordered = order_fixes(now)
    first = ordered.iloc[0]
    if not first["is_clear"]:
        return refuse_leader(now, key="fix_first", requirement="C3")
    before = find_row(drivers.before, first["attribute"])
    sure = ordered[ordered["is_clear"] & ordered["is_sure"]]
    names = join_names(list(sure["label"])) if len(sure) else str(first["label"])
    return Finding(
        key="fix_first",
        requirement="C3",
        headline=_write_fix_headline(len(sure), names),
        sentence=_write_fix(first, now),
        action=say(
            "Begin with {names}. {trial}",
            names=names,
            trial=say(TRIAL),
        ),
        measure=say("Satisfaction points to gain: {label}", label=first["label"]),
        verdict="measured",
        unit=Unit.SCORE,
        nobs=now.nobs,
        period=now.quarter,
        source=now.source,
        estimate=float(first["gain"]),
        lower=float(first["gain_lower"]),
        upper=float(first["gain_upper"]),
        confidence_level=now.confidence_level,
        previous=None if before is None else float(before["gain"]),
        change=judge_quantity(first, before, "gain", looked=len(now.table)),
        importance=0.9 if len(sure) else 0.6,
    )


def _write_fix_headline(sure: int, names: str) -> str:
    if sure == 0:
        return say(
            "Most promising, but not surely the first to fix: {names}", names=names
        )
    if sure == 1:
        return say("To fix first: {names}, which matters and is rated low", names=names)
    return say("To fix first: {names}, which matter and are rated low", names=names)


def _write_fix(first: pd.Series[float], now: Importance) -> str:
    words = {
        "label": first["label"],
        "performance": write_number(first["performance"], decimals=0),
        "effect": write_value(first["effect"], Unit.SCORE),
        "interval": write_interval(
            first["effect_lower"], first["effect_upper"], Unit.SCORE
        ),
        "gain": write_value(first["gain"], Unit.SCORE),
        "share": write_value(first["fix_first"], Unit.PERCENT),
        "nobs": write_number(now.nobs),
        "quarter": write_quarter(now.quarter),
    }
    if "promoter_effect" not in first:
        return say(
            "{label}: rated {performance} of 100 in {quarter}. One point more goes "
            "with {effect} points more satisfaction ({interval}; {nobs} answers), up "
            "to {gain} at the top of the scale; in {share} of resampled surveys it is "
            "both more important and rated lower than the average attribute.",
            **words,
        )
    return say(
        "{label}: rated {performance} of 100 in {quarter}. One point more goes with "
        "{effect} points more satisfaction ({interval}; {nobs} answers), up to {gain} "
        "at the top of the scale, and with {promoters} net promoter points; in {share} "
        "of resampled surveys it is both more important and rated lower than the "
        "average attribute.",
        promoters=write_number(first["promoter_effect"], decimals=1, signed=True),
        **words,
    )


def _refuse_comparison(compared: RatesAndService) -> Finding:
    reason = say(
        "The survey's attributes are all about prices or all about service, as the "
        "parameter rate_attributes names them."
    )
    return Finding(
        key="rates_and_service",
        requirement="C2",
        headline=say("Prices and service cannot be compared"),
        sentence=reason,
        action=say("Name the attributes about prices in rate_attributes."),
        verdict="not identified",
        unit=Unit.POINTS,
        nobs=compared.nobs,
        period=compared.quarter,
        source=compared.source,
        reason=reason,
        importance=0.1,
    )
