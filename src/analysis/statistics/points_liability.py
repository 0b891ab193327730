"""What loyalty points are worth: the part of a price that must wait for them.

Points given with a sale are a sale of their own: the price is split over both, and the
points' part is income only as points are redeemed. Amounts are in one currency.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PointsSplit:
    """A price split over goods and the points that came with them.

    Parameters
    ----------
    points_value : float
        What the points would cost by themselves, as far as they will be redeemed.
    goods, points : float
        Parts of the price; they add up to it.
    """

    points_value: float
    goods: float
    points: float


def value_points(
    points: float, *, redeemed_share: float, value_each: float = 1.0
) -> float:
    """Value points as far as they are expected to be redeemed.

    Parameters
    ----------
    points : float
        Points outstanding, or their full value where each is worth 1.
    redeemed_share : float
        Expected share of them that will be redeemed, from 0 to 1.
    value_each : float
        Value, or cost, of one point.

    Returns
    -------
    float
        Points times share times value: the liability where value is the cost.

    Raises
    ------
    ValueError
        If the share is not from 0 to 1.

    References
    ----------
    .. [1] IFRS 15, Revenue from Contracts with Customers, B42 and Example 52.
    """
    if not 0 <= redeemed_share <= 1:
        message = f"A share of points must be from 0 to 1, not {redeemed_share}."
        raise ValueError(message)
    return points * redeemed_share * value_each


def split_price(
    price: float, *, goods_alone: float, points_value: float
) -> PointsSplit:
    """Split a price over goods and points by what each costs alone.

    Parameters
    ----------
    price : float
        What the customer paid for both.
    goods_alone : float
        Price of the goods by themselves.
    points_value : float
        Price of the points by themselves, breakage allowed for.

    Returns
    -------
    PointsSplit
        In proportion to the prices alone.

    References
    ----------
    .. [1] IFRS 15, paragraphs 73 to 80.
    """
    goods = price * goods_alone / (goods_alone + points_value)
    return PointsSplit(points_value, goods, price - goods)


def recognise_points(deferred: float, *, redeemed: float, expected: float) -> float:
    """Give the income of points since the beginning.

    Parameters
    ----------
    deferred : float
        Part of the price that waits for the points.
    redeemed : float
        Points redeemed so far.
    expected : float
        Points that are expected to be redeemed in the end, as known now.

    Returns
    -------
    float
        Income so far; that of a period is the difference of two.

    References
    ----------
    .. [1] IFRS 15, Example 52.
    """
    return deferred * redeemed / expected
