"""The survey in the field: who is invited, who answers, when and how.

Everyone keeps one random number for good, and each wave invites those whose number
falls into a window of the length of their chance. The window moves on a little more
than half its length, so that some of the invited have answered the wave before while
the chance of an invitation stays what the design weight says.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.months import start_month
from analysis.synthetic.population import Population
from analysis.synthetic.streams import Streams

INVITED_AT_20K, RESPONSE_BASE = 4200, -0.55
REINVITED = 0.47
"""Share of a wave's invited who are invited again; less than half of them answer."""
OVERSAMPLED_TIER, OVERSAMPLED_TYPE = 3.0, 2.0
NONRESPONSE_SLOPE = 0.2
"""Effect of satisfaction on the logit of answering: not ignorable."""
RESPONSE_BY_AGE, RESPONSE_BY_APP = 0.25, 0.35
FIELD_DAYS, MEAN_DELAY_DAYS = 28, 6.0
DELAY_BY_SATISFACTION = -0.25
"""How much later, in logs, an answer comes in per deviation of satisfaction."""
CHANNELS = ("手机", "短信", "电话", "网点")
CHANNEL_SHARES = ((0.0, 0.45, 0.35, 0.20), (0.62, 0.23, 0.10, 0.05))
"""Ways of answering of those without, and with, the app."""


def invite(
    streams: Streams, people: Population, wave: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Invite customers to a wave.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    people : Population
        Customers at the quarter's end; the active ones are the frame.
    wave : int
        Number of the wave, from 0; negative before the first.

    Returns
    -------
    invited : array of int, shape (invited,)
        Positions of the invited.
    weight : array of float, shape (invited,)
        Customers that each invitation stands for.
    """
    frame = np.flatnonzero(people.active)
    wanted = INVITED_AT_20K * (len(people) / 20_000) ** 0.5
    wanted = min(wanted, 0.3 * len(people))
    size = np.ones(len(frame))
    size[people.held_tier[frame] == len(model.TIERS) - 1] *= OVERSAMPLED_TIER
    size[people.is_business[frame]] *= OVERSAMPLED_TYPE
    chance = np.minimum(wanted * size / size.sum(), 0.95)
    number = streams.at("panel").random(len(people))[frame]
    drawn = (number - wave * (1 - REINVITED) * chance) % 1.0 < chance
    return frame[drawn], 1 / chance[drawn]


def find_respondents(
    draws: np.random.Generator,
    people: Population,
    invited: NDArray[np.int64],
    month: int,
) -> NDArray[np.int64]:
    """Draw who of the invited answers.

    Parameters
    ----------
    draws : numpy.random.Generator
        Random numbers.
    people : Population
        Customers with their satisfaction of the quarter.
    invited : array of int, shape (invited,)
        Their positions.
    month : int
        Number of the quarter's last month.

    Returns
    -------
    array of int, shape (answers,)
        Places among the invited.
    """
    age = start_month(month).year - people.birth_year[invited]
    lean = (
        RESPONSE_BASE
        + NONRESPONSE_SLOPE * people.satisfaction[invited]
        + RESPONSE_BY_AGE * (age - 47) / 15
        + RESPONSE_BY_APP * people.is_digital[invited]
    )
    return np.flatnonzero(draws.random(len(invited)) < 1 / (1 + np.exp(-lean)))


def draw_days(
    draws: np.random.Generator, satisfaction: NDArray[np.float32], month: int
) -> NDArray[np.datetime64]:
    """Draw the days on which answers come in, from the month's first day on.

    Parameters
    ----------
    draws : numpy.random.Generator
        Random numbers.
    satisfaction : array, shape (answers,)
        Latent satisfaction; the dissatisfied answer later.
    month : int
        Number of the quarter's last month.

    Returns
    -------
    array of datetime64[D], shape (answers,)
        Days within the month.
    """
    mean = MEAN_DELAY_DAYS * np.exp(DELAY_BY_SATISFACTION * satisfaction)
    delay = draws.exponential(1.0, len(satisfaction)) * mean
    days = np.minimum(delay, FIELD_DAYS - 1).astype(np.int64)
    first: NDArray[np.datetime64] = np.datetime64(start_month(month), "D") + days
    return first


def draw_channels(
    draws: np.random.Generator, is_digital: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """Draw the ways in which the survey is answered.

    Parameters
    ----------
    draws : numpy.random.Generator
        Random numbers.
    is_digital : array of bool, shape (answers,)
        Who uses the app.

    Returns
    -------
    array of int, shape (answers,)
        Codes in `CHANNELS`.
    """
    ends = np.cumsum(CHANNEL_SHARES, axis=1)[is_digital.astype(np.int8), :-1]
    drawn = draws.random(len(is_digital))[:, None]
    codes: NDArray[np.int8] = (drawn > ends).sum(axis=1).astype(np.int8)
    return codes
