"""What every study's parameters share: the quarter, and that mistakes are refused."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

from analysis.quarter import Quarter
from analysis.wording import mark


class StudyParameters(BaseModel):
    """Parameters of a study: frozen, strict about types, no name unknown.

    Parameters
    ----------
    quarter : str
        Quarter reported, as YYYYQn.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    quarter: str = Field(description=mark("Quarter reported, as YYYYQn."))

    @field_validator("quarter")
    @classmethod
    def _check_quarter(cls, text: str) -> str:
        return str(Quarter.parse(text))

    @property
    def reported(self) -> Quarter:
        """The quarter reported."""
        return Quarter.parse(self.quarter)
