"""Read answers to single items, where an attribute has more than one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data.sources import Tables
from analysis.studies.satisfaction_drivers.answers.survey import Attribute, Survey
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ItemAnswers:
    """Answers to the items of attributes that have two or more.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per quarter and respondent (its index), one column per item; empty
        where every attribute has one item.
    """

    table: pd.DataFrame

    def read(self, attribute: Attribute, wave: WeightedWave) -> _Floats:
        """Give the items of an attribute for the respondents of a wave.

        Parameters
        ----------
        attribute : Attribute
            What was asked.
        wave : WeightedWave
            Who answered.

        Returns
        -------
        numpy.ndarray, shape (respondents, items)
            Points of the scale, NaN where missing; one empty column where the
            attribute has one item.
        """
        names = list(attribute.items)
        if len(names) < 2 or not set(names) <= set(self.table.columns):
            return np.full((len(wave.respondents), 1), np.nan)
        who = pd.MultiIndex.from_frame(wave.respondents[["quarter", "respondent_id"]])
        return self.table[names].reindex(who).to_numpy(dtype=np.float64)


def read_item_answers(tables: Tables, survey: Survey) -> ItemAnswers:
    """Read the items of the wave reported and the one before.

    Parameters
    ----------
    tables : Tables
        Answers.
    survey : Survey
        What was asked, in which waves.

    Returns
    -------
    ItemAnswers
        Answers by item.
    """
    wanted = [
        i for each in survey.attributes if len(each.items) > 1 for i in each.items
    ]
    held = survey.respondents
    waves = held.loc[held["quarter"].isin(survey.quarters[-2:]), ["wave", "quarter"]]
    quarters = waves.drop_duplicates().set_index("wave")["quarter"]
    if not wanted:
        return ItemAnswers(pd.DataFrame())
    answers = tables["survey_answers"]
    answers = answers.filter(
        answers.wave.isin(quarters.index.tolist()), answers.item.isin(wanted)
    )
    scores = {item: answers.score.mean(where=answers.item == item) for item in wanted}
    rows = answers.group_by(["wave", "respondent_id"]).aggregate(**scores)
    table: pd.DataFrame = rows.to_pandas()
    table["quarter"] = table["wave"].map(quarters)
    indexed = table.set_index(["quarter", "respondent_id"])[wanted]
    # A quarter of several waves may have asked the same person twice.
    return ItemAnswers(indexed[~indexed.index.duplicated()].sort_index())
