"""Price contracts by the month in which they began, from the funding curve of then."""

from __future__ import annotations

import pandas as pd

from analysis.data.sources import Tables
from analysis.statistics.funds_transfer_pricing import interpolate_curve


def list_starts(tables: Tables) -> tuple[pd.DataFrame, list[int]]:
    """List months in which contracts began, and the terms of those of unknown month.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.

    Returns
    -------
    pandas.DataFrame
        One row per month and term of contracts without a rate of their own:
        `open_month`, `tenor_months`.
    list of int
        Terms in months of those whose first day is not known.
    """
    accounts = tables["accounts"]
    unpriced = accounts.transfer_rate.isnull()  # noqa: PD003 - a method of Ibis
    with_term = accounts.filter(unpriced & (accounts.tenor_months > 0))
    begun = with_term.mutate(open_month=with_term.open_date.truncate("M"))
    known: pd.DataFrame = (
        begun.select("open_month", "tenor_months").distinct().to_pandas()
    )
    months = pd.to_datetime(known["open_month"])
    late = sorted(known.loc[months.isna(), "tenor_months"])
    dated = known.assign(open_month=months).dropna(subset="open_month")
    return dated.sort_values(["open_month", "tenor_months"], ignore_index=True), late


def list_own_starts(terms: list[int], periods: pd.DataFrame) -> pd.DataFrame:
    """Let contracts of unknown beginning begin in each period of the quarters.

    Parameters
    ----------
    terms : list of int
        Terms of contracts whose first day is not known, months.
    periods : pandas.DataFrame
        Periods, as `list_periods` gives them.

    Returns
    -------
    pandas.DataFrame
        One row per period and term: `period_quarter`, `place`, `open_month` (the
        period's own) and `tenor_months`.
    """
    firsts = pd.to_datetime(periods["period"]).dt.to_period("M").dt.to_timestamp()
    own = periods[["period_quarter", "place"]].assign(open_month=firsts)
    return own.merge(pd.Series(terms, name="tenor_months", dtype="int64"), how="cross")


def price_starts(starts: pd.DataFrame, curves: pd.DataFrame) -> pd.DataFrame:
    """Read the curve of the month in which each contract began; first if earlier.

    Parameters
    ----------
    starts : pandas.DataFrame
        `open_month` and `tenor_months` of contracts.
    curves : pandas.DataFrame
        Funding curves, one row per month, columns are terms in months.

    Returns
    -------
    pandas.DataFrame
        The same rows with `rate_at_start`, decimals a year.
    """
    months = pd.to_datetime(starts["open_month"])
    rows = curves.index.searchsorted(months.to_numpy()).clip(max=len(curves) - 1)
    terms = starts["tenor_months"].to_numpy(float)
    rates = [
        float(interpolate_curve(curves.iloc[row], [term])[0])
        for row, term in zip(rows, terms, strict=True)
    ]
    return pd.DataFrame(
        {
            "open_month": months.dt.date,
            "tenor_months": starts["tenor_months"].astype("int64"),
            "rate_at_start": pd.Series(rates, index=starts.index, dtype="float64"),
        }
    )


def price_late(own: pd.DataFrame, curves: pd.DataFrame) -> pd.DataFrame:
    """Price contracts of unknown beginning in each period.

    Parameters
    ----------
    own : pandas.DataFrame
        As `list_own_starts` gives them.
    curves : pandas.DataFrame
        Funding curves, one row per month, columns are terms in months.

    Returns
    -------
    pandas.DataFrame
        One row per `quarter` and `tenor_months`, with the rate of each place of a
        period as `late_0`, `late_1`, ..., decimals a year.
    """
    priced = price_starts(own, curves)["rate_at_start"]
    named = own.assign(rate=priced, place="late_" + own["place"].astype(str))
    wide = named.pivot_table(
        index=["period_quarter", "tenor_months"], columns="place", values="rate"
    )
    return wide.reset_index().rename(columns={"period_quarter": "quarter"})
