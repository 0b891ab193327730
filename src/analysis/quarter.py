"""A calendar quarter, its first and last day, and how quarters and days are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from analysis.wording import get_language, say

_PATTERN = re.compile(r"(?P<year>[12]\d{3})Q(?P<number>[1-4])")


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """One calendar quarter; quarters sort in time.

    Parameters
    ----------
    year : int
        Calendar year.
    number : int
        1 to 4.

    Examples
    --------
    >>> quarter = Quarter.parse("2026Q3")
    >>> quarter.last_day
    datetime.date(2026, 9, 30)
    >>> str(quarter.previous), str(quarter.year_ago)
    ('2026Q2', '2025Q3')
    """

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read a quarter such as "2026Q3".

        Parameters
        ----------
        text : str
            Four digits, the letter Q, one digit from 1 to 4.

        Returns
        -------
        Quarter
            The quarter named.

        Raises
        ------
        ValueError
            If the text is written in any other way.
        """
        match = _PATTERN.fullmatch(text)
        if match is None:
            message = f"A quarter must be written like '2026Q3', not {text!r}."
            raise ValueError(message)
        return cls(int(match["year"]), int(match["number"]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """Give the quarter in which a day falls.

        Parameters
        ----------
        day : date
            Any day.

        Returns
        -------
        Quarter
            The quarter that holds it.
        """
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> date:
        """First day of the quarter."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """Last day of the quarter."""
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        """The quarter after this one."""
        return self.shift(1)

    @property
    def previous(self) -> Quarter:
        """The quarter before this one."""
        return self.shift(-1)

    @property
    def year_ago(self) -> Quarter:
        """The same quarter of the year before."""
        return self.shift(-4)

    def shift(self, quarters: int) -> Quarter:
        """Move by a number of quarters, back when negative.

        Parameters
        ----------
        quarters : int
            How many quarters later.

        Returns
        -------
        Quarter
            The quarter reached.
        """
        index = 4 * self.year + self.number - 1 + quarters
        return Quarter(index // 4, index % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def write_quarter(quarter: Quarter | str) -> str:
    """Write a quarter as the reader's language does.

    Parameters
    ----------
    quarter : Quarter or str
        The quarter, or its code such as "2026Q3".

    Returns
    -------
    str
        For example "2026Q3" or "2026年第3季度".

    Examples
    --------
    >>> write_quarter("2026Q3")
    '2026Q3'
    """
    named = Quarter.parse(str(quarter))
    return say("{year}Q{number}", year=named.year, number=named.number)


def write_date(day: date) -> str:
    """Write a day as the reader's language does.

    Parameters
    ----------
    day : datetime.date
        Any day.

    Returns
    -------
    str
        For example "30 September 2026" or "2026年9月30日".

    Examples
    --------
    >>> write_date(date(2026, 9, 30))
    '30 September 2026'
    """
    return str(format_date(day, say("d MMMM y"), locale=get_language()))
