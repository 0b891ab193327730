"""The bank's truths as named constants, and how three specifications became one.

Percent means percent a year; "pp" percentage points; money is yuan. Nothing here is
estimated: studies are judged by whether they find these numbers again.

One customer, three views
    A hidden factor of each customer (`Population.factor`) drives satisfaction,
    dormancy, use of the app and, through satisfaction, closing and downgrading.
Tier before balance
    Each month the tier by assets moves by known hazards; then total assets are drawn
    inside the tier's band (truncated Pareto, or lognormal for the lowest tier) from
    a standard-normal score with autocorrelation `SCORE_MEMORY`. A move flips
    the score's sign: who falls out of a band at its bottom arrives near the top of
    the next one, and the score stays standard normal. The held tier rises at once and
    falls after three months below. The score's memory is .98, not the .95 of a bank
    without term deposits, so that a contract outlives its customer's moods.
Rates inside the assets
    The balance of a term or notice account follows, exactly,
    ``ln B = a_i + segment-month effect + beta * (own posted - competitors, pp)
    + demand shock of the cell + AR noise``, without any effect of the prices of
    sister products. What total assets leave goes to the
    current account and, for holders, to wealth products: wealth is the residual. When
    planned contracts pass 80 % of assets the customer withdraws them all; that
    depends on assets only, never on rates. When their balances still pass
    97 % of assets they are scaled down (share in truth): the tier wins.
Contracts
    One account is one contract. A 12- or 36-month contract that is renewed gets a new
    account, with the contract rate and the transfer rate of its own first day. Only
    the 3-month deposit renews itself, three times, under one account: `rate` in
    balances moves with each renewal, `contract_rate` and `transfer_rate` are those
    of the first day. Accounts without maturity carry no transfer rate: the funding
    curve at term 0 of the period applies. Interest is days/365, never compounded.
Identification differs by product, on purpose: see `Pricing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

TIERS = ("普通", "金卡", "白金", "钻石", "私行")
TIER_FLOORS = (0.0, 50e3, 500e3, 5e6, 10e6)
"""Least average assets of each tier, yuan."""
LARGEST_ASSETS = 300e6
PARETO_EXPONENTS = (0.0, 0.9, 1.1, 1.1, 1.1)
LOWEST_MEDIAN, LOWEST_SIGMA, LOWEST_FLOOR = 4000.0, 1.7, 100.0
"""Lowest tier: lognormal median in yuan, log deviation, and least active assets."""
SCORE_MEMORY = 0.98

CUSTOMER_TYPES = ("个人", "小微企业")
SMALL_BUSINESS_SHARE = 0.06
GENDERS = ("女", "男")
EDUCATIONS = ("高中及以下", "大专", "本科", "研究生")
OCCUPATIONS = ("职员", "工人", "公务员", "经商", "退休", "其他")
REGIONS = (
    "北京", "上海", "广州", "深圳", "杭州", "南京", "苏州", "成都", "重庆", "武汉",
    "西安", "天津", "青岛", "大连", "宁波", "厦门", "长沙", "郑州", "济南", "合肥",
    "福州", "昆明", "沈阳", "长春", "哈尔滨", "石家庄", "太原", "南昌", "南宁", "贵阳",
)  # fmt: skip
BRANCHES_PER_REGION = 4

SLEEPING_SHARE = 0.42
TIER_SHARES = (0.8085, 0.1550, 0.0330, 0.0021, 0.0014)
"""Shares of active customers by tier at the start."""
ENTRY_RATE = 0.0030
"""New customers a month as a share of the customers at the start."""


@dataclass(frozen=True, slots=True)
class Hazard:
    """Monthly chance of a move: a logit in the state of the month before.

    Parameters
    ----------
    base : tuple of float
        Chance by tier when every covariate is 0; 0 where the move cannot happen.
    satisfaction : float
        Effect of latent satisfaction in the last finished quarter, per deviation.
    rate_gap : float
        Effect of own less competitors' 12-month rate in the customer's cell, per pp.
    is_digital : float
        Effect of using the app.
    drift : float
        Effect of the score's change over three months, per unit.
    low : float
        Effect of a score below -1.
    high : float
        Effect of a score above 1.
    """

    base: tuple[float, ...]
    satisfaction: float = 0.0
    rate_gap: float = 0.0
    is_digital: float = 0.0
    drift: float = 0.0
    low: float = 0.0
    high: float = 0.0


HAZARDS = {
    "downgrade": Hazard(
        (0.0, 0.0150, 0.0113, 0.0190, 0.0095),
        satisfaction=-0.35, rate_gap=-0.55, is_digital=-0.35, drift=-0.9, low=0.7,
    ),
    "upgrade": Hazard(
        (0.00235, 0.0022, 0.0012, 0.0060, 0.0),
        satisfaction=0.10, drift=0.9, high=0.7,
    ),
    "close": Hazard(
        (0.0033, 0.0022, 0.0017, 0.0013, 0.0010),
        satisfaction=-0.50, rate_gap=-0.40, is_digital=-0.35,
    ),
}  # fmt: skip
SLEEP_CHANCE, WAKE_CHANCE, SLEEPING_CLOSE_CHANCE = 0.0083, 0.0070, 0.0015
"""Monthly chances: lowest tier falls asleep, a sleeper wakes, a sleeper leaves."""
SLEEP_BY_FACTOR = -0.25
"""Effect of the hidden factor on the logit of falling asleep."""
MONTHS_OF_GRACE = 3


class Pricing(Enum):
    """How a product's price list is made, hence what its data can identify."""

    HEADQUARTERS = "one price everywhere: no cell variation, not identifiable"
    WEDGE = "regional wedges drawn apart from demand: fixed effects identify"
    OUTFLOW = "prices answer the cell's demand shock: fixed effects are biased"
    NONE = "not in the price list"


@dataclass(frozen=True, slots=True)
class Slot:
    """One product at one term: what a customer may hold once at a time.

    Parameters
    ----------
    product : str
        Name of the product.
    tenor : int
        Term in months, 0 for none.
    side : str
        "deposit", "investment" or "loan".
    life : int
        Months until the account ends or is made anew, 0 for never.
    holding : tuple of float
        Share of active customers with enough assets who hold it, by tier.
    least : float
        Least size, yuan.
    entry : float
        Least assets of a holder, yuan.
    size : tuple of float
        Smallest and largest planned share of assets; for loans, median in yuan and
        log deviation.
    pricing : Pricing
        How its price list is made.
    anchor, pass_through : float
        Posted rate in percent in the long run: anchor + pass_through * policy rate.
    elasticity : float
        Effect of 1 pp on the log balance, before the tier's multiplier.
    """

    product: str
    tenor: int
    side: str
    life: int
    holding: tuple[float, ...]
    least: float
    entry: float
    size: tuple[float, float]
    pricing: Pricing = Pricing.NONE
    anchor: float = 0.0
    pass_through: float = 0.0
    elasticity: float = 0.0


SLOTS = (
    Slot("活期", 0, "deposit", 0, (1.0, 1.0, 1.0, 1.0, 1.0), 0.0, 0.0, (0.06, 0.30),
         Pricing.HEADQUARTERS, -0.075, 0.10, 0.04),
    Slot("定期", 3, "deposit", 12, (0.10, 0.18, 0.15, 0.12, 0.10), 500.0, 2e3,
         (0.15, 0.35), Pricing.WEDGE, 0.150, 0.40, 0.12),
    Slot("定期", 12, "deposit", 12, (0.22, 0.36, 0.32, 0.25, 0.20), 500.0, 2e3,
         (0.15, 0.45), Pricing.WEDGE, 0.325, 0.50, 0.12),
    Slot("定期", 36, "deposit", 36, (0.16, 0.30, 0.30, 0.22, 0.18), 500.0, 2e3,
         (0.15, 0.45), Pricing.WEDGE, 0.500, 0.60, 0.12),
    Slot("大额存单", 12, "deposit", 12, (0.0, 0.30, 0.32, 0.32, 0.30), 200e3, 350e3,
         (0.20, 0.40), Pricing.OUTFLOW, 0.4625, 0.55, 0.20),
    Slot("大额存单", 36, "deposit", 36, (0.0, 0.30, 0.36, 0.32, 0.30), 200e3, 350e3,
         (0.20, 0.40), Pricing.OUTFLOW, 0.6375, 0.65, 0.20),
    Slot("通知存款", 0, "deposit", 0, (0.0, 0.22, 0.32, 0.35, 0.35), 50e3, 150e3,
         (0.08, 0.20), Pricing.OUTFLOW, 0.075, 0.30, 0.20),
    Slot("理财", 0, "investment", 0, (0.06, 0.45, 0.80, 0.90, 0.95), 0.0, 1e3,
         (0.0, 0.0)),
    Slot("个贷", 36, "loan", 36, (0.06, 0.12, 0.14, 0.12, 0.10), 0.0, 0.0,
         (60e3, 0.8)),
    Slot("信用卡", 0, "loan", 0, (0.10, 0.20, 0.22, 0.20, 0.15), 0.0, 0.0,
         (4e3, 0.9)),
)  # fmt: skip
CURRENT, SHORT_TERM, WEALTH, INSTALMENT, CARD = 0, 1, 7, 8, 9
TERM_SLOTS = range(1, 7)
PRICED_SLOTS = range(7)
REFERENCE_SLOT = 2
"""Whose gap to competitors enters the hazards: the 12-month term deposit."""
TIER_ELASTICITY = (0.6, 1.0, 1.2, 1.2, 1.5)
"""Multiplier of each slot's elasticity by tier."""
TIER_PREMIUMS = (0.0, 0.0, 0.05, 0.10, 0.15)
"""Posted above the reference price by tier, pp; not for headquarters' prices."""

RENEWAL_CHANCE = 0.80
MONTHLY_EXIT = 0.012
"""Rate at which accounts without maturity, other than current accounts, end."""
TERM_REOPENING, OTHER_REOPENING = 0.028, 0.009
"""Rates of opening, beside those of ending, that make up for withdrawal and sleep."""
PLANNED_LIMIT, OPENING_LIMIT, BALANCE_LIMIT = 0.80, 0.65, 0.97
NOISE_MEMORY, NOISE_DEVIATION = 0.8, 0.15
SEGMENT_DEVIATION, SEGMENT_MEMORY = 0.02, 0.9
EXCEPTION_CHANCE, EXCEPTION_CHANCE_OUTFLOW = 0.05, 0.25
EXCEPTION_TIER, EXCEPTION_BONUS = 2, (0.15, 0.30)

SPEED_UP, SPEED_DOWN, IMPACT = 0.08, 0.30, 0.10
"""Share of the distance to the long run closed in a month when the reference price
must rise, or fall; share of the long-run pass-through taken at once."""
REFERENCE_DEVIATION = 0.015
DEMAND_MEMORY, DEMAND_DEVIATION = 0.85, 0.06
OUTFLOW_RESPONSE = 2.0
"""Kappa: pp posted more per log point of balance lost."""
OUTFLOW_NOW = 0.25
"""Weight of this month's shock in the answer; the month before has the rest."""
COST_MEMORY, COST_DEVIATION, COST_LOAD = 0.9, 0.20, 0.6
WEDGES = (0.10, 0.15, 0.20, 0.25)
WEDGE_CHANGE_CHANCE = 0.5
PRICE_STEP, LOWEST_PRICE, CEILING_ROOM = 0.05, 0.05, 0.50
NOTICE_COVERAGE = 0.90
"""Chance that a customer is told of a change of the price of what is held: the same for
everybody, so that whom a notice missed is chance."""
NOTICE_CHANNELS = {
    "短信": (0.55, -5, 3), "手机银行": (0.25, -3, 2), "电话": (0.08, -2, 8),
    "信函": (0.12, 2, 15),
}  # fmt: skip
"""Way of telling: its share, and the first and last day on which a notice goes out,
counted from the first day of the change."""
NOTICE_EFFECT = 0.0
"""Effect of a notice on balances and on leaving: none."""
COMPETITORS = tuple(f"同业{letter}" for letter in "甲乙丙丁戊己庚辛")
COMPETITOR_SPEED, COMPETITOR_DEVIATION, REFRESH_MONTHS = 0.20, 0.03, 3

POLICY_STEPS = (
    ("2000-01", 3.25), ("2012-06", 3.00), ("2012-09", 2.75), ("2013-06", 3.00),
    ("2013-09", 3.25), ("2013-12", 3.50), ("2014-11", 3.25), ("2015-03", 3.00),
    ("2015-05", 2.75), ("2015-08", 2.50), ("2015-11", 2.25), ("2017-02", 2.50),
    ("2017-06", 2.75), ("2017-12", 3.00), ("2018-04", 3.25), ("2019-11", 3.00),
    ("2020-02", 2.75), ("2020-04", 2.50), ("2020-07", 2.25), ("2021-03", 2.50),
    ("2021-07", 2.75), ("2021-11", 3.00), ("2022-01", 2.75), ("2022-05", 2.50),
    ("2022-08", 2.25), ("2023-06", 2.00), ("2024-07", 1.75), ("2025-05", 1.50),
    ("2026-01", 1.25),
)  # fmt: skip
"""Invented policy rate: first month and percent."""
FUNDING_PREMIUMS = {0: 0.10, 3: 0.20, 12: 0.40, 36: 0.65, 60: 0.80}
CORE_SHARE, CORE_MONTHS, CORE_DISCOUNT = 0.75, 60, 0.30
"""Money without maturity is credited partly like a rolling five-year portfolio: share,
months, and pp kept back for liquidity."""
MARKET_PREMIUMS = {12: 0.30, 120: 0.90}
HISTORY_MONTHS = 144
"""Months of market and reference prices before the first balances."""
LOAN_SPREADS = {INSTALMENT: (1.3, 2.6), CARD: (7.0, 11.0)}
"""Lowest and highest loan rate above the funding curve, pp."""
DAYS_A_YEAR = 365
