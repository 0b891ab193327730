"""The quarterly survey: latent satisfaction of everyone, answers of those who reply.

Attributes are standard normal with correlation .6 through the customer's factor;
satisfaction is their weighted sum plus noise. A customer who does not use the app has
an opinion of it that counts in satisfaction and is never asked for: the gap is at
random given use of the app.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.months import start_month
from analysis.synthetic.population import Population
from analysis.synthetic.quantiles import grade_scores
from analysis.synthetic.streams import Streams

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Driver:
    """One attribute of the survey.

    Parameters
    ----------
    item, english, chinese : str
        Short name and the question's labels.
    weight : float
        Effect of one deviation on latent satisfaction.
    """

    item: str
    english: str
    chinese: str
    weight: float


DRIVERS = (
    Driver("staff", "Staff", "服务人员", 0.30),
    Driver("app", "Mobile app", "手机银行", 0.25),
    Driver("rates", "Interest rates", "存款利率", 0.20),
    Driver("waiting", "Waiting time", "等候时间", 0.15),
    Driver("trust", "Trust", "信任", 0.12),
    Driver("complaints", "Complaint handling", "投诉处理", 0.09),
    Driver("fees", "Fees", "收费", 0.06),
    Driver("transparency", "Transparency", "信息透明", 0.03),
    Driver("branch", "Branch convenience", "网点便利", 0.0),
    Driver("advice", "Advice", "理财建议", 0.0),
    Driver("saving_time", "Saving time", "节省时间", 0.0),
    Driver("offerings", "Account offerings", "产品种类", 0.0),
)
ROLES = {"overall": "satisfaction", "recommend": "recommend", "marker": "marker"}
ITEMS = (*(driver.item for driver in DRIVERS), *ROLES)
WEIGHTS = np.array([driver.weight for driver in DRIVERS])
CORRELATION, EXPLAINED, RECOMMEND_CORRELATION = 0.6, 0.60, 0.85
HALO = 0.45
LIKERT_SHARES = (0.01, 0.015, 0.025, 0.04, 0.07, 0.11, 0.17, 0.22, 0.18, 0.16)
RECOMMEND_SHARES = (
    0.02, 0.01, 0.01, 0.02, 0.03, 0.07, 0.08, 0.14, 0.22, 0.20, 0.20,
)  # fmt: skip
SHIFTS = (
    ("app", 5, -0.40), ("waiting", 8, 0.30), ("rates", 10, -0.25), ("staff", 11, -0.30)
)  # fmt: skip
"""Lasting shifts of an attribute, in deviations: item, first wave (from 0), size."""
WAIT_BY_SHIFT = 0.5
"""How much shorter, in logs, waiting becomes per deviation of a planted shift."""
INVITED_AT_20K, RESPONSE_BASE = 4200, -0.55
OVERSAMPLED_TIER, OVERSAMPLED_TYPE = 3.0, 2.0
NONRESPONSE_SLOPE = 0.2
"""Effect of satisfaction on the logit of answering: not ignorable."""
RESPONSE_BY_AGE, RESPONSE_BY_APP = 0.25, 0.35
STRAIGHT_SHARE, MISSING_SHARE = 0.06, 0.02
SECONDS, STRAIGHT_SECONDS, SECONDS_SIGMA = 210.0, 80.0, 0.35


@dataclass(frozen=True, slots=True)
class Wave:
    """One survey wave, and the truth of the whole frame.

    Parameters
    ----------
    month : int
        Number of the last month of the quarter described.
    invited, frame : int
        Customers invited; active customers.
    customer, respondent : array of int, shape (answers,)
        Positions of those who answered; their numbers in the wave, from 0.
    weight, seconds : array, shape (answers,)
        Customers that the invitation stood for; time taken.
    scores : array, shape (answers, 15)
        Answers by `ITEMS`, NaN for none.
    straight : array of bool, shape (answers,)
        Who gave the same answer throughout.
    net_promoter, satisfaction, top_box : float
        True net promoter score in points, mean overall answer, and share of 9 and
        10, had every active customer answered.
    """

    month: int
    invited: int
    frame: int
    customer: NDArray[np.int64]
    respondent: NDArray[np.int64]
    weight: NDArray[np.float64]
    seconds: NDArray[np.float64]
    scores: NDArray[np.float64]
    straight: NDArray[np.bool_]
    net_promoter: float
    satisfaction: float
    top_box: float


def name_wave(month: int) -> str:
    """Name the wave of a quarter, such as "2026Q3".

    Parameters
    ----------
    month : int
        Number of a month of the quarter.

    Returns
    -------
    str
        Name of the wave.
    """
    day = start_month(month)
    return f"{day.year}Q{(day.month + 2) // 3}"


def shift_attribute(item: str, wave: int) -> float:
    """Give the planted shift of an attribute in a wave, counted from 0.

    Parameters
    ----------
    item : str
        Short name of the attribute.
    wave : int
        Number of the wave, from 0; negative before the first.

    Returns
    -------
    float
        Sum of the shifts so far, in deviations.
    """
    return sum(size for name, first, size in SHIFTS if name == item and wave >= first)


def scale_satisfaction() -> float:
    """Give the standard deviation of latent satisfaction before it is scaled."""
    common = CORRELATION * WEIGHTS.sum() ** 2
    own = (1 - CORRELATION) * (WEIGHTS**2).sum()
    return float(((common + own) / EXPLAINED) ** 0.5)


def run_wave(streams: Streams, people: Population, month: int, wave: int) -> Wave:
    """Renew everyone's latent satisfaction and survey some of them.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    people : Population
        Customers at the quarter's end; `satisfaction` is changed in place.
    month : int
        Number of the quarter's last month.
    wave : int
        Number of the wave, from 0; negative before the first.

    Returns
    -------
    Wave
        The answers.
    """
    frame = np.flatnonzero(people.active)
    invited, weight = _invite(streams.at("invitations", month), people, frame)
    attributes = _renew_satisfaction(streams, people, invited, month, wave)
    draws = streams.at("overall", month)
    recommend = _recommend(people.satisfaction, draws)
    overall = grade_scores(people.satisfaction[frame], LIKERT_SHARES, 1)
    ready = grade_scores(recommend[frame], RECOMMEND_SHARES, 0)
    answers = _find_respondents(streams.at("response", month), people, invited, month)
    who = invited[answers]
    scores, straight, seconds = _answer(
        streams.at("answers", month), people, who, attributes[answers], recommend
    )
    return Wave(
        month=month,
        invited=len(invited),
        frame=len(frame),
        customer=who,
        respondent=np.arange(len(who)),
        weight=weight[answers],
        seconds=seconds,
        scores=scores,
        straight=straight,
        net_promoter=100 * float((ready >= 9).mean() - (ready <= 6).mean()),
        satisfaction=float(overall.mean(dtype=np.float64)),
        top_box=float((overall >= 9).mean()),
    )


def _invite(
    draws: np.random.Generator, people: Population, frame: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    wanted = INVITED_AT_20K * (len(people) / 20_000) ** 0.5
    wanted = min(wanted, 0.3 * len(people))
    size = np.ones(len(frame))
    size[people.held_tier[frame] == len(model.TIERS) - 1] *= OVERSAMPLED_TIER
    size[people.is_business[frame]] *= OVERSAMPLED_TYPE
    chance = np.minimum(wanted * size / size.sum(), 0.95)
    drawn = draws.random(len(frame)) < chance
    return frame[drawn], 1 / chance[drawn]


def _renew_satisfaction(
    streams: Streams,
    people: Population,
    invited: NDArray[np.int64],
    month: int,
    wave: int,
) -> Floats:
    """Draw attributes of all, one at a time; keep those of the invited."""
    total = np.zeros(len(people), np.float32)
    kept = np.empty((len(invited), len(DRIVERS)), np.float32)
    for number, weight in enumerate(WEIGHTS):
        draws = streams.at(f"attribute {number}", month)
        own = draws.standard_normal(len(people), np.float32)
        own *= np.float32((1 - CORRELATION) ** 0.5)
        own += np.float32(CORRELATION**0.5) * people.factor
        own += np.float32(shift_attribute(DRIVERS[number].item, wave))
        total += np.float32(weight) * own
        kept[:, number] = own[invited]
    scale = scale_satisfaction()
    noise = streams.at("satisfaction", month).standard_normal(len(people), np.float32)
    people.satisfaction = total / np.float32(scale)
    people.satisfaction += np.float32((1 - EXPLAINED) ** 0.5) * noise
    return kept


def _recommend(satisfaction: Floats, draws: np.random.Generator) -> Floats:
    noise = draws.standard_normal(len(satisfaction), np.float32)
    own = np.float32((1 - RECOMMEND_CORRELATION**2) ** 0.5)
    return np.float32(RECOMMEND_CORRELATION) * satisfaction + own * noise


def _find_respondents(
    draws: np.random.Generator,
    people: Population,
    invited: NDArray[np.int64],
    month: int,
) -> NDArray[np.int64]:
    age = start_month(month).year - people.birth_year[invited]
    lean = (
        RESPONSE_BASE
        + NONRESPONSE_SLOPE * people.satisfaction[invited]
        + RESPONSE_BY_AGE * (age - 47) / 15
        + RESPONSE_BY_APP * people.is_digital[invited]
    )
    return np.flatnonzero(draws.random(len(invited)) < 1 / (1 + np.exp(-lean)))


def _answer(
    draws: np.random.Generator,
    people: Population,
    who: NDArray[np.int64],
    attributes: Floats,
    recommend: Floats,
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    size = len(who)
    halo = np.float32(HALO) * draws.standard_normal((size, 1), np.float32)
    spread = np.float32((1 + HALO**2) ** 0.5)
    marker = draws.standard_normal((size, 1), np.float32)
    scaled = (np.hstack([attributes, marker]) + halo) / spread
    overall = people.satisfaction[who][:, None]
    items = grade_scores(np.hstack([scaled[:, :-1], overall]), LIKERT_SHARES, 1)
    ready = grade_scores(recommend[who][:, None], RECOMMEND_SHARES, 0)
    last = grade_scores(scaled[:, -1:], LIKERT_SHARES, 1)
    scores = np.hstack([items, ready, last]).astype(np.float64)
    straight = draws.random(size) < STRAIGHT_SHARE
    scores[straight] = scores[straight, len(DRIVERS)][:, None]
    scores[draws.random(scores.shape) < MISSING_SHARE] = np.nan
    scores[~people.is_digital[who], ITEMS.index("app")] = np.nan
    middle = np.where(straight, STRAIGHT_SECONDS, SECONDS)
    seconds = middle * np.exp(SECONDS_SIGMA * draws.standard_normal(size))
    return scores, straight, np.round(seconds)
