"""Random streams keyed by purpose and month, so that no draw disturbs another.

A stream depends on the seed, its name and its month only: a new column, another
table or a longer history leaves every other draw as it was.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Streams:
    """The bank's random numbers.

    Parameters
    ----------
    seed : int
        Seed of the whole bank, 0 or more.
    """

    seed: int

    def at(self, name: str, month: int = 0) -> np.random.Generator:
        """Give the generator of one purpose in one month.

        Parameters
        ----------
        name : str
            What the numbers are for.
        month : int
            Month number, see `analysis.synthetic.months`; 0 for none.

        Returns
        -------
        numpy.random.Generator
            A fresh generator; the same arguments always give the same numbers.
        """
        key = (zlib.crc32(name.encode("utf-8")), month)
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key))
        )
