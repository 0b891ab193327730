"""Fit a curve that never falls to products of its columns.

A sum of I-splines with weights of zero or more never falls; the weights are found by
least squares under that bound.
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import BSpline
from scipy.optimize import nnls

from analysis.statistics.two_way_effects import Floats

DEGREE = 2
_RIDGE = 1e-10
"""Share of the mean square added to each column, so that a root exists."""


def list_rising_splines(values: Floats, knots: Floats) -> Floats:
    """Evaluate I-splines: curves that rise from 0 to 1, each at its own place.

    Parameters
    ----------
    values : numpy.ndarray, shape (points,)
        Where; beyond the outer knots the curves are flat.
    knots : numpy.ndarray, shape (knots,)
        Rising; the outer ones are the ends.

    Returns
    -------
    numpy.ndarray, shape (points, knots)
        One column per curve.

    Raises
    ------
    ValueError
        If the knots do not rise.

    References
    ----------
    .. [1] Ramsay (1988), Monotone regression splines in action, Statistical Science 3,
       section 3: an I-spline is the sum of the B-splines from its place on.
    """
    if len(knots) < 2 or (np.diff(knots) <= 0).any():
        raise ValueError(f"Knots of a spline must rise, not {knots.tolist()}.")
    inside = np.clip(values, knots[0], knots[-1])
    full = np.r_[[knots[0]] * DEGREE, knots, [knots[-1]] * DEGREE]
    hats = BSpline.design_matrix(inside, full, DEGREE).toarray()
    sums: Floats = np.cumsum(hats[:, ::-1], axis=1)[:, ::-1][:, 1:]
    return sums


def fit_rising(squares: Floats, products: Floats) -> Floats:
    """Find weights of zero or more by least squares.

    Parameters
    ----------
    squares : numpy.ndarray, shape (columns, columns)
        Products of the columns.
    products : numpy.ndarray, shape (columns,)
        Products of columns and outcome.

    Returns
    -------
    numpy.ndarray, shape (columns,)
        The weights.

    References
    ----------
    .. [1] Lawson and Hanson (1974), Solving Least Squares Problems, chapter 23.
    """
    ridge = _RIDGE * float(np.trace(squares)) / len(squares)
    root = np.linalg.cholesky(squares + ridge * np.eye(len(squares)))
    weights: Floats = nnls(root.T, np.linalg.solve(root, products))[0]
    return weights
