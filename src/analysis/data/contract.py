"""The data dictionary as code: table, grain, key, column, unit, meaning, allowed range.

Money that the ledger knows is held in whole minor units of the source's currency
(fen, cents) as 64-bit integers; averages are in major units. Rates are decimals a
year (0.0135 is 1.35 %). Balances are never negative: an account's side tells a
deposit from a loan. Lines of profit carry the bank's sign: income +, cost -.
A period is a month or a quarter and is named by its last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.wording import mark, say

ColumnType = Literal["text", "whole", "number", "date", "flag", "minor", "rate"]

ANY = "all"
"""Value of tier, region or product in a price list where the price does not differ."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the contract.

    Parameters
    ----------
    name : str
        Name in the contract.
    type : {"text", "whole", "number", "date", "flag", "minor", "rate"}
        How the value is held: "minor" is a 64-bit count of minor currency units,
        "rate" a decimal a year, "whole" a 64-bit integer, "number" a double.
    unit : str
        Unit in words; "none" for names and codes. Said where it is shown.
    meaning : str
        What the value says, in one sentence. Said where it is shown; the catalogue
        takes it from the call, as the keywords of `make words` tell.
    required : bool
        Whether a source must have the column, without a gap in it. A column that
        is not required may be absent or hold missing values.
    minimum, maximum : float or None
        Allowed range, both ends included.
    codes : tuple of str
        Allowed values; empty when any value is allowed.
    """

    name: str
    type: ColumnType
    unit: str
    meaning: str
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the contract.

    Parameters
    ----------
    name : str
        Name in the contract.
    grain : str
        What one row is; said where it is shown, as the meaning is.
    key : tuple of str
        Columns that together are unique and never missing.
    meaning : str
        What the table says, in one sentence.
    columns : tuple of Column
        All columns, key first.
    references : tuple of (str, str)
        Pairs of a column here and the table in which its value must be a key.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    meaning: str
    columns: tuple[Column, ...]
    references: tuple[tuple[str, str], ...] = ()

    def column(self, name: str) -> Column:
        """Give a column by its name.

        Parameters
        ----------
        name : str
            Name in the contract.

        Returns
        -------
        Column
            The column.

        Raises
        ------
        KeyError
            If the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        message = f"Table {self.name!r} has no column {name!r}."
        raise KeyError(message)

    @property
    def has_periods(self) -> bool:
        """Whether rows belong to a period."""
        return "period" in self.key


# Units have names because a call inside `Column(...)` would hide the meaning from the
# program that collects the texts to be translated.
_NO_UNIT = mark("none")
_MONTHS = mark("months")
_MINUTES = mark("minutes")
_POINTS = mark("points")
_PEOPLE = mark("customers")
_YEAR = mark("calendar year")
_TIMES = mark("times")
_SECONDS = mark("seconds")
_MAJOR_UNITS = mark("major units of the source's currency")


def _text(
    name: str, meaning: str, *, required: bool = False, codes: tuple[str, ...] = ()
) -> Column:
    return Column(name, "text", _NO_UNIT, meaning, required=required, codes=codes)


def _day(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "date", mark("day"), meaning, required=required)


def _minor(
    name: str, meaning: str, *, required: bool = True, signed: bool = False
) -> Column:
    unit = mark("minor units of the source's currency")
    minimum = None if signed else 0
    return Column(name, "minor", unit, meaning, required=required, minimum=minimum)


def _rate(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(
        name,
        "rate",
        mark("decimal a year"),
        meaning,
        required,
        minimum=-0.05,
        maximum=0.5,
    )


def _share(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(
        name,
        "number",
        mark("share from 0 to 1"),
        meaning,
        required,
        minimum=0,
        maximum=1,
    )


_PERIOD = _day("period", "Last day of the month or quarter.", required=True)
_CUSTOMER = _text("customer_id", "The bank's key of a customer.", required=True)
_ACCOUNT = _text("account_id", "The bank's key of an account.", required=True)
_PRODUCT = _text("product", "Name of the product, as the bank calls it.", required=True)
_TENOR = Column(
    "tenor_months",
    "whole",
    _MONTHS,
    "Contract term; 0 for money that has no maturity.",
    required=True,
    minimum=0,
    maximum=600,
)
_WAVE = _text("wave", "Name of a survey wave.", required=True)
_RESPONDENT = _text("respondent_id", "Key of a respondent in a wave.", required=True)
_ITEM = _text("item", "Short name of a survey item.", required=True)

SIDES = ("deposit", "loan", "investment")
STATES = ("active", "sleeping", "closed")
RATE_SERIES = ("policy", "market", "funding", "inflation")
INCOME_LINES = ("fee", "points")
TRANSACTION_KINDS = (
    "deposit",
    "withdrawal",
    "interest",
    "fee",
    "penalty_interest",
)
LEDGER_LINES = (
    "interest_income",
    "interest_expense",
    "fee",
    "points",
    "operating_cost",
    "credit_loss",
)
ITEM_ROLES = (
    "driver",
    "expectation",
    "satisfaction",
    "acsi",
    "recommend",
    "marker",
)
"""What survey items are for.

Drivers rate an attribute as it was met, expectations the level of it that the customer
expected. The role "satisfaction" is overall satisfaction; "acsi" the two further
questions of the American Customer Satisfaction Index, expectations met and closeness
to the ideal. A marker has nothing to do with the bank.
"""
COMMENT_LANGUAGES = ("zh", "en")
CUT_BY_WAVES = ("survey_responses", "survey_answers", "survey_comments")
"""Tables that a quarter cuts by their wave, since a row need not have a day."""

_CUSTOMERS = Table(
    "customers",
    mark("one row per customer"),
    ("customer_id",),
    mark("Who the customers are: what does not change from one period to the next."),
    (
        _CUSTOMER,
        _text("customer_type", "Kind of customer, such as person or small business."),
        _text("region", "Region in which the customer's prices are set."),
        _text("branch", "Branch that keeps the customer."),
        _day("open_date", "Day on which the customer joined the bank."),
        _day("close_date", "Day on which the customer left; missing while here."),
        Column(
            "birth_year",
            "whole",
            _YEAR,
            "Year of birth.",
            minimum=1880,
            maximum=2030,
        ),
        _text("age_band", "Age group, where the source gives no year of birth."),
        _text("gender", "Gender, in the source's words."),
        _text("education", "Level of education, in the source's words."),
        _text("occupation", "Occupation, in the source's words."),
        Column("is_digital", "flag", _NO_UNIT, "Whether the customer uses an app."),
        _text("acquisition_channel", "How the customer was won."),
        _minor(
            "acquisition_cost_minor",
            "What winning the customer cost: advertising, premiums, commission.",
            required=False,
        ),
        _text(
            "referred_by",
            "Customer who recommended the bank; missing if nobody did or unknown.",
        ),
        _text(
            "relationship_manager_id",
            "The bank's key of the customer's relationship manager.",
        ),
    ),
)
_CUSTOMER_PERIODS = Table(
    "customer_periods",
    mark("one row per customer and period"),
    ("period", "customer_id"),
    mark("Tier and state of each customer in each period, closed customers left out."),
    (
        _PERIOD,
        _CUSTOMER,
        _text("tier", "Service tier held in the period.", required=True),
        _text("tier_by_assets", "Tier that the period's assets alone would give."),
        _text("state", "Whether the customer is active or sleeping.", codes=STATES),
        Column(
            "assets_average",
            "number",
            _MAJOR_UNITS,
            "Average deposits and investments in the period.",
            minimum=0,
        ),
    ),
    (("customer_id", "customers"),),
)
_ACCOUNTS = Table(
    "accounts",
    mark("one row per account"),
    ("account_id",),
    mark("Contracts: product, side, term and the rates fixed when they were made."),
    (
        _ACCOUNT,
        _CUSTOMER,
        _PRODUCT,
        _text(
            "side",
            "Deposit (the bank owes), loan (the bank is owed) or investment (off "
            "the bank's books).",
            required=True,
            codes=SIDES,
        ),
        _TENOR,
        _day("open_date", "Day on which the contract began."),
        _day("maturity_date", "Day on which the contract ends; missing for none."),
        _rate("contract_rate", "Rate fixed in the contract."),
        _rate(
            "transfer_rate",
            "Funds transfer price fixed when the contract began, at its term.",
        ),
        Column(
            "is_exception_rate",
            "flag",
            _NO_UNIT,
            "Whether the rate was granted above the posted one.",
        ),
    ),
    (("customer_id", "customers"),),
)
_BALANCES = Table(
    "balances",
    mark("one row per account and period"),
    ("period", "account_id"),
    mark("Balances and interest of each account in each period."),
    (
        _PERIOD,
        _ACCOUNT,
        _minor("balance_end_minor", "Balance at the end of the period's last day."),
        Column(
            "balance_average",
            "number",
            _MAJOR_UNITS,
            "Average of the daily balances in the period.",
            required=True,
            minimum=0,
        ),
        _rate("rate", "Rate paid (deposits) or charged (loans) in the period."),
        _minor(
            "interest_minor",
            "Interest accrued in the period: paid on deposits, earned on loans.",
        ),
        _minor(
            "interest_credited_minor",
            "Interest added to the balance in the period.",
            required=False,
        ),
    ),
    (("account_id", "accounts"),),
)
_TRANSACTIONS = Table(
    "transactions",
    mark("one row per booking"),
    ("transaction_id",),
    mark(
        "Every booking since the account was opened: another way to give balances, "
        "interest and fees."
    ),
    (
        _text("transaction_id", "Key of the booking.", required=True),
        _ACCOUNT,
        _day("date", "Day of the booking.", required=True),
        _minor(
            "amount_minor",
            "Amount: + into the account, - out of it.",
            signed=True,
        ),
        _text("kind", "What the booking is.", required=True, codes=TRANSACTION_KINDS),
    ),
    (("account_id", "accounts"),),
)
_POSTED_RATES = Table(
    "posted_rates",
    mark("one row per pricing cell and period"),
    ("period", "product", "tenor_months", "tier", "region"),
    mark("The bank's own price list: the average posted rate of each pricing cell."),
    (
        _PERIOD,
        _PRODUCT,
        _TENOR,
        _text("tier", "Tier that is offered the price, or 'all'.", required=True),
        _text("region", "Region that is offered the price, or 'all'.", required=True),
        _rate("rate", "Posted rate, average of the period.", required=True),
        _rate("ceiling_rate", "Highest rate that the rules allowed."),
        _rate("funding_rate", "What the treasury credits the cell for new money."),
        _rate("wedge_rate", "Part of the posted rate that was set at random."),
    ),
)
_RATE_NOTICES = Table(
    "rate_notices",
    mark("one row per customer, product, term and change of price"),
    ("period", "customer_id", "product", "tenor_months"),
    mark("Which customers were told of a change of their posted rate, and when."),
    (
        _day("period", "Last day of the period of the change.", required=True),
        _CUSTOMER,
        _PRODUCT,
        _TENOR,
        _text("channel", "Way in which the customer was told.", required=True),
        _day("sent_date", "Day on which the notice was sent.", required=True),
    ),
    (("customer_id", "customers"),),
)
_MARKET_RATES = Table(
    "market_rates",
    mark("one row per series, term and period"),
    ("period", "series", "tenor_months"),
    mark(
        "Policy rate, market rate, the bank's funding curve, and inflation over a year."
    ),
    (
        _PERIOD,
        _text("series", "Which rate it is.", required=True, codes=RATE_SERIES),
        _TENOR,
        _rate("rate", "The rate, average of the period.", required=True),
    ),
)
_COMPETITOR_RATES = Table(
    "competitor_rates",
    mark("one row per competitor, product, term and period"),
    ("period", "competitor", "product", "tenor_months"),
    mark("What competitors posted, as the bank saw it."),
    (
        _PERIOD,
        _text("competitor", "Name of the competitor.", required=True),
        _PRODUCT,
        _TENOR,
        _rate("rate", "Posted rate as last seen in the period.", required=True),
        _day("first_seen", "Day on which this quote was first seen."),
    ),
)
_EVENTS = Table(
    "events",
    mark("one row per customer, channel, activity and period"),
    ("period", "customer_id", "channel", "activity"),
    mark("What customers did, through which channel."),
    (
        _PERIOD,
        _CUSTOMER,
        _text("channel", "Such as counter, machine, telephone, app.", required=True),
        _text("activity", "What was done.", required=True),
        Column("count", "whole", _TIMES, "How often.", required=True, minimum=0),
        Column(
            "wait_minutes",
            "number",
            _MINUTES,
            "Average waiting time before being served.",
            minimum=0,
        ),
    ),
    (("customer_id", "customers"),),
)
_COST_POOLS = Table(
    "cost_pools",
    mark("one row per cost pool and period"),
    ("period", "cost_pool"),
    mark("What each resource cost, and how many minutes of work it could give."),
    (
        _PERIOD,
        _text("cost_pool", "Name of the resource.", required=True),
        _minor("amount_minor", "What the resource cost in the period."),
        Column(
            "practical_minutes",
            "number",
            _MINUTES,
            "Working time that the resource could give in the period.",
            required=True,
            minimum=1e-9,
        ),
    ),
)
_ACTIVITY_TIMES = Table(
    "activity_times",
    mark("one row per activity and channel"),
    ("activity", "channel"),
    mark("How long each activity takes, and which resource it uses."),
    (
        _text("activity", "What is done.", required=True),
        _text("channel", "Through which channel.", required=True),
        _text("cost_pool", "Resource whose time it takes.", required=True),
        Column(
            "minutes",
            "number",
            _MINUTES,
            "Time that one takes.",
            required=True,
            minimum=0,
        ),
    ),
)
_CUSTOMER_INCOME = Table(
    "customer_income",
    mark("one row per customer, line and period"),
    ("period", "customer_id", "line"),
    mark("Income and cost that are booked to a customer directly."),
    (
        _PERIOD,
        _CUSTOMER,
        _text("line", "Line of the profit account.", required=True, codes=INCOME_LINES),
        _minor("amount_minor", "Amount: income +, cost -.", signed=True),
    ),
    (("customer_id", "customers"),),
)
_CREDIT_RISK = Table(
    "credit_risk",
    mark("one row per loan and period"),
    ("period", "account_id"),
    mark("What the risk department expects of each loan."),
    (
        _PERIOD,
        _ACCOUNT,
        _share(
            "probability_of_default", "Chance of default within a year.", required=True
        ),
        _share("loss_given_default", "Share of the exposure lost then.", required=True),
        Column(
            "exposure_at_default",
            "number",
            _MAJOR_UNITS,
            "Exposure at the time of default.",
            required=True,
            minimum=0,
        ),
        _share(
            "capital_ratio",
            "Economic capital as a share of the exposure.",
            required=True,
        ),
    ),
    (("account_id", "accounts"),),
)
_LEDGER = Table(
    "ledger",
    mark("one row per line and period"),
    ("period", "line"),
    mark(
        "Control totals of the general ledger, to which the customers' profit must "
        "add up."
    ),
    (
        _PERIOD,
        _text("line", "Line of the ledger.", required=True, codes=LEDGER_LINES),
        _minor("amount_minor", "Amount: income +, cost -.", signed=True),
    ),
)
_FEE_TRIALS = Table(
    "fee_trials",
    mark("one row per trial and customer"),
    ("trial", "customer_id"),
    mark("Trials of a fee: what each customer was assigned to pay, at random."),
    (
        _text("trial", "Name of the trial.", required=True),
        _CUSTOMER,
        _day("period", "Last day of the first period charged.", required=True),
        _minor("fee_minor", "Fee for a calendar month; 0 for those who pay none."),
        Column(
            "minimum_balance",
            "number",
            _MAJOR_UNITS,
            "Average assets from which nothing is charged; missing if all pay.",
            minimum=0,
        ),
        Column(
            "is_exempt",
            "flag",
            _NO_UNIT,
            "Whether the customer never pays, as was known before fees were assigned.",
        ),
        _text(
            "randomisation_unit",
            "What was assigned as one, such as a branch; missing if each customer was.",
        ),
    ),
    (("customer_id", "customers"),),
)
_COMPLAINTS = Table(
    "complaints",
    mark("one row per complaint"),
    ("complaint_id",),
    mark("What customers complained of, and how long it took."),
    (
        _text("complaint_id", "The bank's key of a complaint.", required=True),
        _CUSTOMER,
        _day("opened_date", "Day on which it was received.", required=True),
        _day("closed_date", "Day on which it was settled; missing while open."),
        _text("cause", "What it is about, in the source's words.", required=True),
        _text("channel", "Way in which it came."),
        Column(
            "is_repeat",
            "flag",
            _NO_UNIT,
            "Whether the customer had complained of the same before.",
        ),
        _minor("compensation_minor", "What the customer was paid.", required=False),
    ),
    (("customer_id", "customers"),),
)
_SURVEY_WAVES = Table(
    "survey_waves",
    mark("one row per wave"),
    ("wave",),
    mark("When each survey was in the field."),
    (
        _WAVE,
        _day(
            "period", "Last day of the period that the wave describes.", required=True
        ),
        Column("invited", "whole", _PEOPLE, "How many were invited.", minimum=0),
    ),
)
_SURVEY_ITEMS = Table(
    "survey_items",
    mark("one row per item"),
    ("item",),
    mark("What was asked, and on which scale."),
    (
        _ITEM,
        _text(
            "role",
            "Driver, expectation, overall satisfaction, satisfaction index (acsi), "
            "readiness to recommend, or marker.",
            required=True,
            codes=ITEM_ROLES,
        ),
        _text(
            "attribute",
            "What a driver or an expectation is about; several items may share one.",
        ),
        Column("scale_minimum", "number", _POINTS, "Lowest answer.", required=True),
        Column("scale_maximum", "number", _POINTS, "Highest answer.", required=True),
        _text("label_en", "Label in English.", required=True),
        _text("label_zh", "Label in Chinese."),
        _text("attribute_label_en", "Name of the attribute in English."),
        _text("attribute_label_zh", "Name of the attribute in Chinese."),
    ),
)
_SURVEY_RESPONSES = Table(
    "survey_responses",
    mark("one row per respondent and wave"),
    ("wave", "respondent_id"),
    mark("Who answered."),
    (
        _WAVE,
        _RESPONDENT,
        _text("customer_id", "The customer who answered."),
        Column(
            "design_weight",
            "number",
            _PEOPLE,
            "How many customers the invitation stood for.",
            minimum=1e-9,
        ),
        Column("seconds", "number", _SECONDS, "Time taken to answer.", minimum=0),
        _day("answered_date", "Day on which the answers came in."),
        _text("channel", "Way in which the survey was answered."),
    ),
    (("customer_id", "customers"), ("wave", "survey_waves")),
)
_SURVEY_ANSWERS = Table(
    "survey_answers",
    mark("one row per answer"),
    ("wave", "respondent_id", "item"),
    mark("The answers; an item that was not answered has no row."),
    (
        _WAVE,
        _RESPONDENT,
        _ITEM,
        Column("score", "number", _POINTS, "The answer.", required=True),
    ),
    (("item", "survey_items"),),
)
_SURVEY_COMMENTS = Table(
    "survey_comments",
    mark("one row per comment"),
    ("comment_id",),
    mark("What respondents wrote in their own words."),
    (
        _text("comment_id", "Key of the comment.", required=True),
        _WAVE,
        _RESPONDENT,
        _text(
            "language",
            "Language of the text; missing if unknown.",
            codes=COMMENT_LANGUAGES,
        ),
        _text("text", "The comment as it was written.", required=True),
    ),
    (("wave", "survey_waves"),),
)

CONTRACT: dict[str, Table] = {
    table.name: table
    for table in (
        _CUSTOMERS,
        _CUSTOMER_PERIODS,
        _ACCOUNTS,
        _BALANCES,
        _TRANSACTIONS,
        _POSTED_RATES,
        _RATE_NOTICES,
        _MARKET_RATES,
        _COMPETITOR_RATES,
        _EVENTS,
        _COST_POOLS,
        _ACTIVITY_TIMES,
        _CUSTOMER_INCOME,
        _CREDIT_RISK,
        _LEDGER,
        _FEE_TRIALS,
        _COMPLAINTS,
        _SURVEY_WAVES,
        _SURVEY_ITEMS,
        _SURVEY_RESPONSES,
        _SURVEY_ANSWERS,
        _SURVEY_COMMENTS,
    )
}
"""Every table of the contract by its name."""

_CODE_NAMES = {
    "deposit": mark("deposit"),
    "loan": mark("loan"),
    "investment": mark("investment"),
    "active": mark("active"),
    "sleeping": mark("sleeping"),
    "closed": mark("closed"),
    "policy": mark("policy rate"),
    "market": mark("market rate"),
    "funding": mark("funding curve"),
    "inflation": mark("inflation"),
    "withdrawal": mark("withdrawal"),
    "interest": mark("interest"),
    "penalty_interest": mark("penalty interest"),
    "interest_income": mark("interest income"),
    "interest_expense": mark("interest expense"),
    "fee": mark("fee"),
    "points": mark("loyalty points"),
    "operating_cost": mark("operating cost"),
    "credit_loss": mark("credit loss"),
    "driver": mark("driver"),
    "expectation": mark("expectation"),
    "satisfaction": mark("overall satisfaction"),
    "acsi": mark("satisfaction index"),
    "recommend": mark("readiness to recommend"),
    "marker": mark("marker"),
    "zh": mark("Chinese"),
    "en": mark("English"),
    ANY: mark("all"),
}


def name_code(code: str) -> str:
    """Name a code of the contract for a reader.

    Parameters
    ----------
    code : str
        One of the contract's codes, or `ANY`.

    Returns
    -------
    str
        Its name in the reader's language.

    Raises
    ------
    KeyError
        If the contract has no such code.

    Examples
    --------
    >>> name_code("interest_income")
    'interest income'
    """
    return say(_CODE_NAMES[code])
