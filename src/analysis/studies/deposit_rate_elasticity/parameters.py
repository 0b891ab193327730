"""What the study asks, which tables it reads and what a reader may set."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from analysis.studies.settings import StudyParameters
from analysis.wording import mark

TITLE = mark("Deposit-rate elasticity")
QUESTION = mark(
    "How do our deposit rates stand in the market, how much of a policy move reaches "
    "them, and how do balances answer?"
)
OWNER = mark("Treasury research")
TABLES = ("accounts", "balances", "posted_rates", "market_rates")
OPTIONAL_TABLES = (
    "customers",
    "customer_periods",
    "competitor_rates",
    "rate_notices",
)


LINE = ["product", "tenor_months"]
"""What a line is: a product at one term."""
CELL = [*LINE, "tier", "region"]
"""What a pricing cell is."""
CONFIDENCE_LEVEL = 0.95
"""Share of intervals that hold the truth."""
SIGNIFICANCE = 0.05
"""Chance that the bounds test finds a relation where there is none."""
LEAD_SIGNIFICANCE = 0.01
"""Chance that the lead tests refuse a sound response; small, for the power is asked
for apart."""
MAX_LAG_PERIODS = 3
"""Longest lag tried in the error correction."""
SHORTEST_SERIES_PERIODS = 36
"""Fewest periods for an error correction."""
BOOTSTRAP_DRAWS = 499
"""Rebuilt series behind a long-run interval."""
LEAD_PERIODS = 1
"""Periods ahead in the test with later rates."""
FEWEST_CLUSTERS = 15
"""Fewest pricing cells behind a response; fewest regions with an instrument."""
WEAKEST_INSTRUMENT = 10.0
"""Least effective F with which an instrument carries a response."""
BLUNTEST_LEAD = 2.0
"""Largest error of an instrumented lead, in errors of the response itself."""
PRICING_GRADES = ("A", "B")
"""Grades of a response on which a price may be set."""
FRONTIER_DRAWS = 4000
"""Draws of a response behind each move of a price list."""
FRONTIER_STEP_BP = 5.0
"""Between the moves tried."""
ALLOWED_CHANCE = 0.1
"""Chance that more money leaves than is allowed."""
LAST_MONTHS_OF_QUARTER = (3, 6, 9, 12)
"""Calendar months at whose end balances are dressed for reporting."""
TWIN_DRAWS = 300
"""Twins of each response that is shown."""
LARGEST_UNSEEN_LEAD = 5.0
"""Largest lead effect that a test may miss, % of balance per percentage point."""


class Parameters(StudyParameters):
    """What a reader may set."""

    segment: Literal["tier", "customer_type", "all"] = Field(
        "tier",
        description=mark("What splits customers into segments, or 'all' for none."),
    )
    history_years: int = Field(
        10,
        ge=3,
        le=40,
        description=mark("Years of rates that pass-through is measured on."),
    )
    pass_through_months: int = Field(
        12,
        ge=3,
        le=36,
        description=mark("Months within which price lists follow, summed."),
    )
    smallest_free_variation_percent: float = Field(
        5.0,
        gt=0,
        le=50,
        description=mark("Least share of rate variance free of time, %."),
    )
    fewest_customers: int = Field(
        100,
        ge=10,
        le=10_000,
        description=mark("Fewest customers behind a response."),
    )
    smallest_change_bp: float = Field(
        5.0,
        ge=0,
        le=100,
        description=mark("Smallest change of a rate that matters, bp."),
    )
    largest_outflow_percent: float = Field(
        2.0,
        gt=0,
        le=50,
        description=mark("Balance of a product that a new price may cost, %."),
    )
    thresholds: list[float] = Field(
        [50_000.0, 200_000.0, 500_000.0],
        description=mark("Deposits at which customers may gather, source's currency."),
    )
    seed: int = Field(20260930, ge=0, description=mark("Seed of every random draw."))
