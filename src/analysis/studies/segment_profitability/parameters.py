"""What the study asks, what it reads, and what an analyst may set."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from analysis.quarter import Quarter
from analysis.studies.settings import StudyParameters
from analysis.wording import mark

TITLE: Final = mark("Segment profitability")
QUESTION: Final = mark(
    "Which customers and segments earn money, which lose it, and why?"
)
OWNER: Final = mark("Customer analytics")
TABLES: Final = ("customers", "accounts", "balances", "customer_income")
OPTIONAL_TABLES: Final = (
    "customer_periods",
    "market_rates",
    "events",
    "activity_times",
    "cost_pools",
    "credit_risk",
    "ledger",
    "fee_trials",
    "complaints",
    "transactions",
)

CONFIDENCE_LEVEL: Final = 0.95
"""Confidence of every interval of the study."""

DAYS_A_YEAR: Final = 365.0
"""Day count of transfer prices; interest itself comes from the books."""

N_DRAWS: Final = 1000
"""Bootstrap samples: an interval's ends are then known to some 5 % of its width."""

SMALLEST_CHANGE_PP: Final = 1.0
"""Smallest change of a share that is worth a manager's time, percentage points."""

OPERATIONAL_CAPITAL_SHARE: Final = 0.15
"""Capital for operational risk over a year's income.

An assumption, to be replaced by the bank's own. Without it a customer who only holds
deposits would need no capital at all, and any return on it would look endless.
"""

MOVED_SHARE: Final = 0.10
"""Share of short contacts moved to the cheapest channel, for the what-if."""

LONGEST_MOVED_MINUTES: Final = 15.0
"""Contacts that take longer, such as an adviser's visit, are not moved; a judgement."""

AVOIDABLE_SHARE: Final = 0.25
"""Share of freed capacity that a bank can shed within a year; an assumption."""

KEPT_SHARE: Final = 0.01
"""Share of customers, the most profitable, whom the business should keep."""

HIGH_SEGMENTS_SHARE: Final = 0.10
"""The richest tiers count as high while they hold at most this share of customers."""

LONGEST_LIST: Final = 200
"""Customers on one list: as many as advisers can call within a quarter."""

LEDGER_TOLERANCE: Final = 0.01
"""Largest difference from the ledger that still ties, in major currency units."""

VULNERABLE_AGE: Final = 65
"""Customers of this age who do not use the app count as vulnerable; a judgement."""

HORIZON_MONTHS: Final = 12
"""Months over which a fee's income and its lost profit are added up."""

MINIMUM_UNITS: Final = 20
"""Fewest customers or branches drawn by lot of which a trial can tell anything."""

MINIMUM_EXITS: Final = 10
"""Fewest customers who left, in a trial, for an effect to be estimated."""

LOT_PVALUE: Final = 0.01
"""A trial whose fees go with what was known before by less chance than this is none."""

MOST_LOSS_CHANCE: Final = 0.10
"""A fee is recommended only if it loses money with at most this chance."""

LOW_VALUE_SHARE: Final = 0.80
"""Share of customers, those who bring least income, who count as of low value."""

DIGITAL_MINUTES: Final = 1.0
"""A contact that takes the bank at most so many minutes of work counts as digital."""

CROWDING_MONTHS: Final = 12
"""Months of visits from which crowding is measured."""


class Parameters(StudyParameters):
    """Settings of the study; each has its unit in its description."""

    segment_by: Literal["tier", "customer_type", "region", "branch"] = Field(
        "tier", description=mark("What customers are grouped by.")
    )
    core_share_pct: float = Field(
        70,
        ge=0,
        le=100,
        description=mark("Stable part of money without a term, percent."),
    )
    core_life_months: int = Field(
        36,
        ge=1,
        le=120,
        description=mark("Term of the ladder for the stable part, months."),
    )
    assumed_transfer_rate_pct: float | None = Field(
        None,
        ge=-5,
        le=50,
        description=mark(
            "Flat transfer rate where a source has no funding curve, percent a year."
        ),
    )
    hurdle_rate_pct: float = Field(
        12,
        ge=0,
        le=100,
        description=mark("Return owners ask of capital, percent a year."),
    )
    tax_rate_pct: float = Field(
        25, ge=0, le=100, description=mark("Tax on profit, percent of profit.")
    )
    seed: int = Field(1, ge=0, description=mark("Start of the random numbers."))

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """Quarters whose accounts are built, in order of time and side by side."""
        return (self.reported.previous, self.reported)


class QuarterAlone(Parameters):
    """The settings of the study for one quarter, without the one before."""

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarter reported."""
        return (self.reported,)


def look_back_a_year(parameters: Parameters) -> QuarterAlone:
    """Give the same settings for the same quarter of the year before, alone.

    Parameters
    ----------
    parameters : Parameters
        Settings of the quarter reported.

    Returns
    -------
    QuarterAlone
        Whatever reads them builds the account of that quarter only.
    """
    settings = parameters.model_dump() | {"quarter": str(parameters.reported.year_ago)}
    return QuarterAlone(**settings)
