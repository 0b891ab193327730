"""Whether customers move as the chain assumes: by memory, season and kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.migration_counts import (
    IndependenceTest,
    check_homogeneity,
    check_order,
)
from analysis.statistics.paired_bootstrap import BootstrapEstimate, Floats, summarise
from analysis.statistics.stratified_trend import TrendTest
from analysis.studies.segment_profitability.lifetime.chain import (
    Chain,
    count_moves,
    count_triples,
)
from analysis.studies.segment_profitability.lifetime.lives import Lives
from analysis.studies.segment_profitability.lifetime.persistence import (
    SIGNIFICANCE,
    check_persistence,
)
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL, N_DRAWS


@dataclass(frozen=True, slots=True)
class ChainChecks:
    """Whether customers move as the chain assumes.

    Parameters
    ----------
    order : IndependenceTest or None
        Of moves that forget where a customer came from; None with too short a history.
    homogeneity : IndependenceTest or None
        Of moves that are the same in every quarter; None with one quarter of moves.
    longer_memory_pct : BootstrapEstimate or None
        Change of customer equity where chances depend on the quarter before as well,
        percent of its size; None where `order` is.
    persistence : TrendTest or None
        Of customers of one state who move alike, however often they have moved before,
        over all quarters known; None where `order` is.
    """

    order: IndependenceTest | None
    homogeneity: IndependenceTest | None
    longer_memory_pct: BootstrapEstimate | None
    persistence: TrendTest | None

    @property
    def is_short_of_memory(self) -> bool:
        """Whether customers' moves depend on where they came from."""
        return self.order is not None and self.order.pvalue < SIGNIFICANCE


def check_chain(
    lives: Lives, chain: Chain, moved: Floats, *, generator: np.random.Generator
) -> ChainChecks:
    """Check a chain against the moves that it was fitted to.

    Parameters
    ----------
    lives : Lives
        Customers.
    chain : Chain
        The chain.
    moved : ndarray of float, shape (1 + n_draws,)
        Change of customer equity with a longer memory, percent.
    generator : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    ChainChecks
        Without any test where there is one quarter of moves only.
    """
    if chain.n_quarters < 2:
        return ChainChecks(None, None, None, None)
    by_quarter = [
        count_moves(lives.codes[:, place], lives.codes[:, place + 1], lives.n_states)[
            :-1
        ]
        for place in range(chain.last - chain.n_quarters, chain.last)
    ]
    return ChainChecks(
        order=check_order(
            count_triples(lives, last=chain.last), n_draws=N_DRAWS, generator=generator
        ),
        homogeneity=check_homogeneity(
            np.array(by_quarter), n_draws=N_DRAWS, generator=generator
        ),
        longer_memory_pct=summarise(moved, confidence_level=CONFIDENCE_LEVEL),
        persistence=check_persistence(lives),
    )
