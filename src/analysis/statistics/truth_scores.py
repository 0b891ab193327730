"""Score estimates against the truth of simulated worlds."""

from __future__ import annotations

import numpy as np
import pandas as pd

SCORES = (
    "draws",
    "bias",
    "relative_bias",
    "rmse",
    "coverage",
    "wrong_sign_share",
    "refused_share",
)
"""Columns of a score, in the order of the stored tables."""


def score_estimates(draws: pd.DataFrame) -> pd.Series:
    """Score the draws of one estimator and target.

    Parameters
    ----------
    draws : pandas.DataFrame
        One row per draw (and part of the target, if it has parts): `draw`, `truth`,
        `estimate`, `lower`, `upper`; the last three are missing where the number was
        refused.

    Returns
    -------
    pandas.Series
        `draws`; `bias` and `rmse` in the estimate's unit; `relative_bias`, the mean
        of errors over truths that are not zero; `coverage` of the intervals;
        `wrong_sign_share`; all of numbers that were not refused, missing if all were;
        and `refused_share`.

    References
    ----------
    .. [1] Morris, White and Crowther (2019), Using simulation studies to evaluate
       statistical methods, Statistics in Medicine 38, table 6.
    """
    given = draws.dropna(subset=["estimate"])
    bounded = given.dropna(subset=["lower", "upper"])
    error = given["estimate"] - given["truth"]
    covered = bounded["truth"].between(bounded["lower"], bounded["upper"])
    signed = given[given["truth"] != 0]
    wrong = np.sign(signed["estimate"]) != np.sign(signed["truth"])
    return pd.Series(
        {
            "draws": draws["draw"].nunique(),
            "bias": error.mean(),
            "relative_bias": (error / given["truth"].replace(0.0, np.nan)).mean(),
            "rmse": (error**2).mean() ** 0.5,
            "coverage": covered.mean() if len(bounded) else np.nan,
            "wrong_sign_share": wrong.mean() if len(signed) else np.nan,
            "refused_share": draws["estimate"].isna().mean(),
        }
    )
