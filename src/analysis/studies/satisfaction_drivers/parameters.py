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
OPTIONAL_TABLES = ("customers", "customer_periods")

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
    rate_attributes: str = Field(
        "rates, fees, value",
        description=mark(
            "Codes of the attributes about prices, as survey_items has them, with "
            "commas between; the others are about service."
        ),
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
