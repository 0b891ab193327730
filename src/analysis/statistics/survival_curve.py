"""Estimate how many are still open after a time, those not yet ended counted too.

Times are whole days or any other unit, the same for all. Units that had not ended when
they were last seen (censored) count as open until then and are not used after.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """Share still open, as steps.

    Parameters
    ----------
    times : numpy.ndarray, shape (times,)
        Times at which a unit ended or was last seen, rising.
    at_risk, ended : numpy.ndarray, shape (times,)
        Units still followed just before each time, and those that ended at it.
    survival, lower, upper : numpy.ndarray, shape (times,)
        Share still open just after each time, with the ends of its interval, 0 to 1.
    std_error : numpy.ndarray, shape (times,)
        Greenwood's error of the share.
    nobs : int
        Units in all.
    """

    times: Floats
    at_risk: Floats
    ended: Floats
    survival: Floats
    lower: Floats
    upper: Floats
    std_error: Floats
    nobs: int

    def read(self, time: float) -> tuple[float, float, float]:
        """Give the share still open just after a time, with its interval.

        Parameters
        ----------
        time : float
            From 0 to the last time at which anybody was followed.

        Returns
        -------
        tuple of float
            Share, lower and upper end, 0 to 1.

        Raises
        ------
        ValueError
            If nobody was followed for so long and some were still open.
        """
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return 1.0, 1.0, 1.0
        if time > self.times[-1] and self.survival[-1] > 0:
            message = (
                f"Nobody was followed for {time:g}; the last at {self.times[-1]:g}."
            )
            raise ValueError(message)
        ends = (self.survival[place], self.lower[place], self.upper[place])
        return float(ends[0]), float(ends[1]), float(ends[2])


def estimate_survival(
    times: Floats,
    ended: Floats,
    censored: Floats,
    *,
    confidence_level: float = 0.95,
) -> SurvivalCurve:
    """Estimate the share still open after each time by the product limit.

    Parameters
    ----------
    times : numpy.ndarray, shape (times,)
        Different times, rising.
    ended, censored : numpy.ndarray, shape (times,)
        Units that ended at each time, and units last seen open at it. Who ended at
        the time at which others were last seen counts as first.
    confidence_level : float
        Share of intervals that hold the truth.

    Returns
    -------
    SurvivalCurve
        Shares with intervals on the scale of log(-log), which stay between 0 and 1;
        exact binomial ends where all or none are still open.

    Raises
    ------
    ValueError
        If there is no unit, or times do not rise.

    References
    ----------
    .. [1] Kaplan and Meier (1958), Nonparametric estimation from incomplete
       observations, JASA 53, equation 2b.
    .. [2] Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure Time
       Data, 2nd ed., equations 1.11 (Greenwood) and 1.13 (interval).
    """
    total = float(ended.sum() + censored.sum())
    if total <= 0 or (np.diff(times) <= 0).any():
        raise ValueError("A survival curve needs units and times that rise.")
    gone = np.cumsum(ended + censored)
    at_risk = total - np.concatenate([[0.0], gone[:-1]])
    survival: Floats = np.cumprod(1 - ended / at_risk, dtype=np.float64)
    left = at_risk - ended
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(ended / (at_risk * left)))
        tail = (1 - confidence_level) / 2
        reach = norm.ppf(1 - tail) * spread / np.log(survival)
        lower, upper = survival ** np.exp(-reach), survival ** np.exp(reach)
        error = np.where(left > 0, survival * spread, 0.0)
    whole, none = survival >= 1, survival <= 0
    least = tail ** (1 / np.maximum(at_risk, 1))
    first = float(np.max(at_risk[none])) if none.any() else 1.0
    lower = np.where(whole, least, np.where(none, 0.0, lower))
    upper = np.where(whole, 1.0, np.where(none, 1 - tail ** (1 / first), upper))
    return SurvivalCurve(
        times=times.astype(np.float64),
        at_risk=at_risk,
        ended=ended.astype(np.float64),
        survival=survival,
        lower=lower,
        upper=upper,
        std_error=error,
        nobs=round(total),
    )
