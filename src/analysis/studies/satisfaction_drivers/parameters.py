"""What the study asks, whose it is, what it reads and what can be set."""

from __future__ import annotations

from pydantic import Field

from analysis.studies.settings import StudyParameters
from analysis.wording import mark

TITLE = mark("Satisfaction drivers")
QUESTION = mark(
    "How satisfied are customers, what drives it, and what should be fixed first?"
)
OWNER = mark("Customer experience")

TABLES = ("survey_waves", "survey_items", "survey_responses", "survey_answers")
OPTIONAL_TABLES = (
    "customers",
    "customer_periods",
    "complaints",
    "events",
    "survey_comments",
)

SUPPRESSED_BELOW, UNCERTAIN_BELOW = 30, 100
"""Effective answers below which a cell is not shown alone, and is drawn grey."""


class Parameters(StudyParameters):
    """What can be set, with units and allowed ranges."""

    waves_shown: int = Field(
        8,
        ge=1,
        le=40,
        description=mark("Survey waves on trend lines, a count of quarters."),
    )
    confidence_level: float = Field(
        0.95,
        ge=0.5,
        le=0.999,
        description=mark("Share of intervals that hold the truth."),
    )
    replicates: int = Field(
        1000, ge=100, le=20_000, description=mark("Bootstrap samples, a count.")
    )
    seed: int = Field(
        20080, ge=0, description=mark("Start of the random numbers, no unit.")
    )
    fast_share: float = Field(
        0.6,
        ge=0.0,
        le=1.0,
        description=mark("Share of the median time below which an answer is too fast."),
    )
    smallest_change_points: float = Field(
        3.0,
        ge=0.0,
        le=50.0,
        description=mark(
            "Smallest change of the net promoter score that matters, points."
        ),
    )
    yearly_margin_pct: float = Field(
        1.0,
        ge=0.0,
        le=20.0,
        description=mark(
            "Profit before tax a year per 100 of a customer's assets, percent; take it "
            "from the profitability report."
        ),
    )
    rate_attributes: str = Field(
        "rates, fees, value",
        description=mark(
            "Codes of the attributes about prices, as survey_items has them, with "
            "commas between; the others are about service."
        ),
    )
    complaint_days: int = Field(
        15,
        ge=1,
        le=365,
        description=mark(
            "Days within which a complaint should be closed; China's rule of 2020 for "
            "banks (CBIRC order 3) gives 15 for simple ones."
        ),
    )
    wait_minutes_limit: float = Field(
        15.0,
        gt=0.0,
        le=240.0,
        description=mark("Minutes from which on a customer has waited too long."),
    )
    complaint_attribute: str = Field(
        "complaints",
        description=mark(
            "Code of the attribute about handling complaints, as survey_items has it."
        ),
    )
    waiting_attribute: str = Field(
        "waiting",
        description=mark(
            "Code of the attribute about waiting, as survey_items has it."
        ),
    )
    quotes_per_topic: int = Field(
        2,
        ge=0,
        le=5,
        description=mark("Masked comments shown for each topic; 0 shows none."),
    )
    trust_attributes: str = Field(
        "trust, transparency",
        description=mark(
            "Codes of the attributes about trust, as survey_items has them, with "
            "commas between."
        ),
    )

    @property
    def rate_names(self) -> tuple[str, ...]:
        """Codes of the attributes about prices."""
        return _split(self.rate_attributes)

    @property
    def trust_names(self) -> tuple[str, ...]:
        """Codes of the attributes about trust and transparency."""
        return _split(self.trust_attributes)


def _split(codes: str) -> tuple[str, ...]:
    parts = (part.strip() for part in codes.split(","))
    return tuple(part for part in parts if part)
