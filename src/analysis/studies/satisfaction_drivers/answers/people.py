"""Who the customers are at the end of each wave's quarter, in characteristics.

Customers are counted inside the engine; only respondents come out one by one.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.sources import Tables
from analysis.studies.kept_rows import keep_rows
from analysis.wording import mark, say

CHARACTERISTICS = {
    "tier": mark("Tier"),
    "customer_type": mark("Kind of customer"),
    "age_band": mark("Age"),
    "channel": mark("Channel"),
    "region": mark("Region"),
}
"""Columns that tell segments apart, and what a reader calls them."""
TRAITS = {
    "gender": mark("Gender"),
    "education": mark("Education"),
    "occupation": mark("Occupation"),
}
"""Columns that drivers are compared by, beside these; nothing is weighted to them."""
UNITS = {"home_branch": "branch", "manager": "relationship_manager_id"}
"""Who looks after a customer, by column here and in the contract; no raking to them."""
OTHERS, UNKNOWN = mark("all others"), mark("not known")
"""Categories taken together, and where the source does not know."""
_AGE_LIMITS = (30, 45, 60)
_AGE_BANDS = (
    mark("under 30"),
    mark("30 to 44"),
    mark("45 to 59"),
    mark("60 and over"),
)
_USES_APP, _NO_APP = mark("uses the app"), mark("no app")
_OWN_WORDS = frozenset({*_AGE_BANDS, _USES_APP, _NO_APP, OTHERS, UNKNOWN})


def write_category(value: str) -> str:
    """Write the value of a characteristic for readers.

    Parameters
    ----------
    value : str
        A value of one of `CHARACTERISTICS`.

    Returns
    -------
    str
        Words of this study in the reader's language; the data's own words unchanged.
    """
    return say(value) if value in _OWN_WORDS else value


def describe_customers(tables: Tables, waves: pd.DataFrame) -> ir.Table | None:
    """Give each active customer with the characteristics of each wave's quarter.

    Parameters
    ----------
    tables : Tables
        Customers and their periods, as far as the source has them.
    waves : pandas.DataFrame
        One row per wave: `quarter` and `period`, its last day.

    Returns
    -------
    ibis.expr.types.Table or None
        One row per customer and quarter: `CHARACTERISTICS`, `UNITS`; all where the
        source has no periods, None where it has no customers.
    """
    if "customers" not in tables:
        return None
    customers = tables["customers"]
    ends = waves.groupby("quarter")["period"].max()
    if "customer_periods" not in tables:
        parts = [
            _name_characteristics(customers.mutate(tier=ibis.null("string")), q, day)
            for q, day in ends.items()
        ]
        return ibis.union(*parts) if len(parts) > 1 else parts[0]
    periods = tables["customer_periods"]
    days = periods.select("period").distinct().to_pyarrow()["period"].to_pylist()
    parts = []
    for quarter, day in ends.items():
        past = [known for known in days if known and known <= day.date()]
        last = max(past, default=day.date())
        held = periods.filter(periods.period == last)
        active = held.filter(held.state.fill_null("active") == "active")
        joined = active.select("customer_id", "tier").inner_join(
            customers, "customer_id"
        )
        parts.append(_name_characteristics(joined, str(quarter), day))
    people = ibis.union(*parts) if len(parts) > 1 else parts[0]
    return keep_rows(people, "people")


def join_people(
    scored: pd.DataFrame,
    people: ir.Table | None,
    tables: Tables,
    waves: pd.DataFrame,
) -> pd.DataFrame:
    """Join characteristics to respondents; only theirs leave the engine.

    Parameters
    ----------
    scored : pandas.DataFrame
        One row per respondent and quarter.
    people : ibis.expr.types.Table or None
        Of `describe_customers`.
    tables : Tables
        The respondents' customers.
    waves : pandas.DataFrame
        One row per wave: `wave` and `quarter`.

    Returns
    -------
    pandas.DataFrame
        `scored` with `CHARACTERISTICS`, `TRAITS` and `UNITS`, and `in_frame`: whether
        the respondent is one of these customers.
    """
    if people is None:
        empty = dict.fromkeys([*CHARACTERISTICS, *TRAITS, *UNITS], UNKNOWN)
        return scored.assign(**empty, in_frame=True)
    who = tables["survey_responses"]
    names = zip(waves["wave"], waves["quarter"], strict=True)
    asked = who.select("customer_id", quarter=who.wave.cases(*names))
    found = people.semi_join(asked, ["quarter", "customer_id"]).to_pandas()
    joined = scored.merge(
        found, on=["quarter", "customer_id"], how="left", indicator=True
    )
    return joined.assign(in_frame=joined.pop("_merge") == "both")


def count_frame(people: ir.Table | None) -> pd.DataFrame | None:
    """Count customers by quarter and all characteristics.

    Parameters
    ----------
    people : ibis.expr.types.Table or None
        Of `describe_customers`.

    Returns
    -------
    pandas.DataFrame or None
        One row per quarter and cell that has `customers`.
    """
    if people is None:
        return None
    cells = people.group_by(["quarter", *CHARACTERISTICS])
    counts: pd.DataFrame = cells.aggregate(customers=people.count()).to_pandas()
    return counts


def _name_characteristics(people: ir.Table, quarter: object, day: date) -> ir.Table:
    age = day.year - people.birth_year
    below = zip(_AGE_LIMITS, _AGE_BANDS[:-1], strict=True)
    band = ibis.cases(
        *((age < limit, name) for limit, name in below),
        (age >= _AGE_LIMITS[-1], _AGE_BANDS[-1]),
        else_=people.age_band,
    )
    channel = ibis.cases(
        (people.is_digital, _USES_APP),
        (~people.is_digital, _NO_APP),
        else_=ibis.null("string"),
    )
    held = {
        "tier": people.tier,
        "customer_type": people.customer_type,
        "age_band": band,
        "channel": channel,
        "region": people.region,
        **{name: people[name] for name in TRAITS},
        **{name: people[column] for name, column in UNITS.items()},
    }
    return people.select(
        "customer_id",
        quarter=ibis.literal(str(quarter)),
        **{name: column.fill_null(UNKNOWN) for name, column in held.items()},
    )
