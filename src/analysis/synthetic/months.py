"""Calendar months counted as whole numbers: year times 12 plus month less one."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray


def number_month(day: date) -> int:
    """Give the number of the month in which a day falls.

    Parameters
    ----------
    day : date
        Any day.

    Returns
    -------
    int
        Number of the month.
    """
    return 12 * day.year + day.month - 1


def start_month(month: int) -> date:
    """Give the first day of a month.

    Parameters
    ----------
    month : int
        Number of the month.

    Returns
    -------
    date
        Its first day.
    """
    return date(month // 12, month % 12 + 1, 1)


def end_month(month: int) -> date:
    """Give the last day of a month.

    Parameters
    ----------
    month : int
        Number of the month.

    Returns
    -------
    date
        Its last day.
    """
    return start_month(month + 1) - timedelta(days=1)


def count_days(month: int) -> int:
    """Give the number of days in a month.

    Parameters
    ----------
    month : int
        Number of the month.

    Returns
    -------
    int
        Days, 28 to 31.
    """
    return end_month(month).day


def ends_quarter(month: int) -> bool:
    """Say whether a month is March, June, September or December.

    Parameters
    ----------
    month : int
        Number of the month.

    Returns
    -------
    bool
        Whether a quarter ends with it.
    """
    return month % 3 == 2


def number_months(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Give the numbers of the months in which days fall.

    Parameters
    ----------
    days : array of datetime64, shape (n,)
        Any days.

    Returns
    -------
    array of int, shape (n,)
        Month numbers.
    """
    return days.astype("datetime64[M]").astype(np.int64) + 12 * 1970


def place_days(
    months: NDArray[np.int64], days: NDArray[np.int64]
) -> NDArray[np.datetime64]:
    """Give the days of months as dates.

    Parameters
    ----------
    months : array of int, shape (n,)
        Month numbers.
    days : array of int, shape (n,)
        Days of the month, 1 to 28.

    Returns
    -------
    array of datetime64[D], shape (n,)
        The dates.
    """
    since_1970 = np.asarray(months, np.int64) - 12 * 1970
    starts = since_1970.astype("datetime64[M]").astype("datetime64[D]")
    later = (np.asarray(days, np.int64) - 1).astype("timedelta64[D]")
    return np.asarray(starts + later)
