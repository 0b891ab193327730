"""Turn survey waves into contract tables."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from analysis.synthetic.files import (
    BankFolder,
    write_codes,
    write_customer_ids,
    write_ids,
)
from analysis.synthetic.months import end_month
from analysis.synthetic.survey import DRIVERS, ITEMS, ROLES, Wave, name_wave


def write_survey(folder: BankFolder, waves: list[Wave]) -> None:
    """Write waves, items, respondents and answers.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    waves : list of Wave
        All waves, in time.
    """
    names = [name_wave(wave.month) for wave in waves]
    sizes = [len(wave.customer) for wave in waves]
    number = np.repeat(np.arange(len(waves)), sizes)
    person = np.concatenate([wave.respondent for wave in waves])
    folder.write(
        "survey_waves",
        {
            "wave": pa.array(names),
            "period": np.array([end_month(w.month) for w in waves], "datetime64[D]"),
            "invited": np.array([wave.invited for wave in waves]),
        },
    )
    folder.write(
        "survey_responses",
        {
            "wave": write_codes(number, names),
            "respondent_id": write_ids("R", person + 1, 6),
            "customer_id": write_customer_ids(
                np.concatenate([wave.customer for wave in waves])
            ),
            "design_weight": np.concatenate([wave.weight for wave in waves]),
            "seconds": np.concatenate([wave.seconds for wave in waves]),
        },
    )
    scores = np.concatenate([wave.scores for wave in waves])
    row, item = np.nonzero(~np.isnan(scores))
    folder.write(
        "survey_answers",
        {
            "wave": write_codes(number[row], names),
            "respondent_id": write_ids("R", person[row] + 1, 6),
            "item": write_codes(item, ITEMS),
            "score": scores[row, item],
        },
    )
    _write_items(folder)


def _write_items(folder: BankFolder) -> None:
    others = {
        "overall": ("Overall satisfaction", "总体满意度"),
        "recommend": ("Readiness to recommend", "推荐意愿"),
        "marker": ("Liking of the colour blue", "对蓝色的喜好"),
    }
    named = [(driver.english, driver.chinese) for driver in DRIVERS]
    labels = named + [others[item] for item in ROLES]
    attributes = [driver.item for driver in DRIVERS] + [None] * len(ROLES)
    names = [*named, *[(None, None)] * len(ROLES)]  # one item an attribute
    roles = ["driver"] * len(DRIVERS) + list(ROLES.values())
    lowest = [0.0 if item == "recommend" else 1.0 for item in ITEMS]
    folder.write(
        "survey_items",
        {
            "item": pa.array(ITEMS),
            "role": pa.array(roles),
            "attribute": pa.array(attributes, pa.string()),
            "scale_minimum": np.array(lowest),
            "scale_maximum": np.full(len(ITEMS), 10.0),
            "label_en": pa.array([english for english, _ in labels]),
            "label_zh": pa.array([chinese for _, chinese in labels]),
            "attribute_label_en": pa.array([name[0] for name in names], pa.string()),
            "attribute_label_zh": pa.array([name[1] for name in names], pa.string()),
        },
    )
