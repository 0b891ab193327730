"""The quarterly survey: latent satisfaction of everyone, answers of those who reply.

Satisfaction is the weighted sum of the opinions of all attributes plus noise. A
customer who does not use the app has an opinion of it that counts in satisfaction and
is never asked for: the gap is at random given use of the app. What a relationship
manager or a branch adds to an opinion is felt in the answers only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic.attributes import (
    EXPLAINED,
    WAIT_BY_ATTRIBUTE,
    draw_attribute,
    draw_branch_waits,
    scale_satisfaction,
    shift_attribute,
)
from analysis.synthetic.customer_links import (
    BRANCHES,
    assign_managers,
    draw_manager_effects,
)
from analysis.synthetic.months import start_month
from analysis.synthetic.population import Population
from analysis.synthetic.quantiles import grade_scores
from analysis.synthetic.streams import Streams
from analysis.synthetic.survey_answers import (
    LIKERT_SHARES,
    RECOMMEND_SHARES,
    Minds,
    draw_answers,
    expect_index,
    lean_to_recommend,
)
from analysis.synthetic.survey_comments import Remarks, draw_remarks
from analysis.synthetic.survey_field import (
    draw_channels,
    draw_days,
    find_respondents,
    invite,
)
from analysis.synthetic.survey_items import DRIVERS, NUMBERS

Floats = NDArray[np.float32]


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
    scores : array, shape (answers, items)
        Answers by `survey_items.ITEMS`, NaN for none.
    straight : array of bool, shape (answers,)
        Who gave the same answer throughout.
    day, channel : array, shape (answers,)
        When and how they answered; codes of `survey_field.CHANNELS`.
    remarks : Remarks
        What they wrote.
    net_promoter, satisfaction, top_box, index : float
        True net promoter score in points, mean overall answer, share of 9 and 10,
        and satisfaction index from 0 to 100, had every active customer answered.
    """

    month: int
    invited: int
    frame: int
    customer: NDArray[np.int64]
    respondent: NDArray[np.int64]
    weight: NDArray[np.float64]
    seconds: NDArray[np.float64]
    scores: Floats
    straight: NDArray[np.bool_]
    day: NDArray[np.datetime64]
    channel: NDArray[np.int8]
    remarks: Remarks
    net_promoter: float
    satisfaction: float
    top_box: float
    index: float


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
    invited, weight = invite(streams, people, wave)
    opinions = _renew_satisfaction(streams, people, invited, month, wave)
    recommend = lean_to_recommend(people.satisfaction, streams.at("overall", month))
    chosen = find_respondents(streams.at("response", month), people, invited, month)
    who = invited[chosen]
    minds = _read_minds(streams, people, who, opinions[chosen], recommend[who])
    answers = draw_answers(streams.at("answers", month), minds)
    return Wave(
        month=month,
        invited=len(invited),
        frame=int(people.active.sum()),
        customer=who,
        respondent=np.arange(len(who)),
        weight=weight[chosen],
        seconds=answers.seconds,
        scores=answers.scores,
        straight=answers.straight,
        day=draw_days(streams.at("answer days", month), minds.satisfaction, month),
        channel=draw_channels(streams.at("answer channels", month), minds.is_digital),
        remarks=draw_remarks(streams.at("comments", month), minds),
        **_tell_truth(people, recommend),
    )


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
    for number, driver in enumerate(DRIVERS):
        own = draw_attribute(streams, people.factor, driver.item, month)
        own += np.float32(shift_attribute(driver.item, wave))
        total += np.float32(driver.weight) * own
        kept[:, number] = own[invited]
    scale = scale_satisfaction()
    noise = streams.at("satisfaction", month).standard_normal(len(people), np.float32)
    people.satisfaction = total / np.float32(scale)
    people.satisfaction += np.float32((1 - EXPLAINED) ** 0.5) * noise
    return kept


def _read_minds(
    streams: Streams,
    people: Population,
    who: NDArray[np.int64],
    opinions: Floats,
    recommend: Floats,
) -> Minds:
    """Add what managers and branches do to the opinions of respondents."""
    manager = assign_managers(streams, people.branch)[who]
    waits = draw_branch_waits(streams, BRANCHES)[people.branch[who]]
    felt = opinions.copy()
    felt[:, NUMBERS["staff"]] += draw_manager_effects(streams)[manager]
    felt[:, NUMBERS["waiting"]] -= waits / WAIT_BY_ATTRIBUTE
    return Minds(
        opinions=felt,
        factor=people.factor[who],
        satisfaction=people.satisfaction[who],
        recommend=recommend,
        is_digital=people.is_digital[who],
    )


def _tell_truth(people: Population, recommend: Floats) -> dict[str, float]:
    frame = people.active
    overall = grade_scores(people.satisfaction[frame], LIKERT_SHARES, 1)
    ready = grade_scores(recommend[frame], RECOMMEND_SHARES, 0)
    return {
        "net_promoter": 100 * float((ready >= 9).mean() - (ready <= 6).mean()),
        "satisfaction": float(overall.mean(dtype=np.float64)),
        "top_box": float((overall >= 9).mean()),
        "index": expect_index(people.satisfaction[frame]),
    }
