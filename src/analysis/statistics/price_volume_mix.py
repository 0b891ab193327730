"""Split a change of quantity times price into price, volume and mix.

Quantities are in any unit, prices in money per unit; what is split is their product.
Both splits are exact: the parts add up to the change. They differ in what becomes of
the joint change of both: the first gives it to price, the second shares it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.paired_bootstrap import Floats


@dataclass(frozen=True, slots=True)
class PriceVolumeMix:
    """Why the value of a basket changed, in money.

    Parameters
    ----------
    volume : float
        More or less of everything, at the average price before.
    mix : float
        Dearer or cheaper items within the same total, at prices before.
    price : float
        Other prices for what is bought now.
    """

    volume: float
    mix: float
    price: float

    @property
    def total(self) -> float:
        """The whole change."""
        return self.volume + self.mix + self.price


@dataclass(frozen=True, slots=True, eq=False)
class RateVolume:
    """Why amounts of interest changed, item by item, in money.

    Parameters
    ----------
    rate, volume : ndarray of float, shape (n_items,)
        Parts of the change; the joint one is shared between them.
    """

    rate: Floats
    volume: Floats


def split_price_volume_mix(
    quantity_before: Floats,
    price_before: Floats,
    quantity_now: Floats,
    price_now: Floats,
) -> PriceVolumeMix:
    """Split the change of a basket's value exactly.

    Parameters
    ----------
    quantity_before : ndarray of float, shape (n_items,)
        How much there was of each item; together above zero.
    price_before : ndarray of float, shape (n_items,)
        Price of each item then. An item that is new has none: give it the one of now,
        and it counts as volume and mix alone.
    quantity_now, price_now : ndarray of float, shape (n_items,)
        How much there is, and at what price.

    Returns
    -------
    PriceVolumeMix
        With total quantities Q and average price P before: volume (Q1 - Q0) P,
        mix sum(q1 p0) - Q1 P, price sum(q1 (p1 - p0)).

    Raises
    ------
    ValueError
        If there was nothing before, so that no average price is known.

    References
    ----------
    .. [1] Accountancy Index, Price volume mix analysis (worked example); there the
       mix is what is left after price and volume, which is their joint effect.
    """
    total_before = float(quantity_before.sum())
    if not total_before > 0:
        message = (
            "Quantities before must add up to more than zero, or there is no average "
            f"price; they add up to {total_before}."
        )
        raise ValueError(message)
    average = float(quantity_before @ price_before) / total_before
    total_now = float(quantity_now.sum())
    at_old_prices = float(quantity_now @ price_before)
    return PriceVolumeMix(
        volume=(total_now - total_before) * average,
        mix=at_old_prices - total_now * average,
        price=float(quantity_now @ (price_now - price_before)),
    )


def split_rate_volume(
    balance_before: Floats, rate_before: Floats, balance_now: Floats, rate_now: Floats
) -> RateVolume:
    """Split changes of interest into rate and volume, the joint change in proportion.

    Parameters
    ----------
    balance_before, rate_before : ndarray of float, shape (n_items,)
        Average balance of each item before, and its rate, a decimal.
    balance_now, rate_now : ndarray of float, shape (n_items,)
        The same now.

    Returns
    -------
    RateVolume
        The joint change is shared in proportion to the sizes of the other two, as
        banks do in their filings; where neither moved there is none.

    References
    ----------
    .. [1] U.S. Securities and Exchange Commission, Regulation S-K, item 1402(c)
       (rate and volume analysis; the joint change "allocated on a consistent basis").
    """
    volume = (balance_now - balance_before) * rate_before
    rate = (rate_now - rate_before) * balance_before
    joint = (rate_now - rate_before) * (balance_now - balance_before)
    sizes = np.abs(volume) + np.abs(rate)
    share = np.divide(
        np.abs(rate), sizes, out=np.full_like(sizes, 0.5), where=sizes > 0
    )
    return RateVolume(rate=rate + share * joint, volume=volume + (1 - share) * joint)
