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
from analysis.synthetic.survey import Wave, name_wave
from analysis.synthetic.survey_comments import (
    LANGUAGES,
    NO_COMMENT,
    OFF_TOPIC,
    TOPICS,
    compose_texts,
)
from analysis.synthetic.survey_field import CHANNELS
from analysis.synthetic.survey_items import DRIVERS, ITEMS, NUMBERS, PLACES


def write_survey(folder: BankFolder, waves: list[Wave]) -> None:
    """Write waves, items, respondents, answers and comments.

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
            "answered_date": np.concatenate([wave.day for wave in waves]),
            "channel": write_codes(
                np.concatenate([wave.channel for wave in waves]), CHANNELS
            ),
        },
    )
    scores = np.concatenate([wave.scores for wave in waves])
    row, item = np.nonzero(~np.isnan(scores))
    folder.write(
        "survey_answers",
        {
            "wave": write_codes(number[row], names),
            "respondent_id": write_ids("R", person[row] + 1, 6),
            "item": write_codes(item, list(PLACES)),
            "score": scores[row, item],
        },
    )
    _write_items(folder)
    _write_comments(folder, waves)


def _write_items(folder: BankFolder) -> None:
    about = [NUMBERS.get(item.attribute or "", -1) for item in ITEMS]
    codes = np.array(about)
    lowest = np.array([item.lowest for item in ITEMS], np.float64)
    folder.write(
        "survey_items",
        {
            "item": pa.array([item.item for item in ITEMS]),
            "role": pa.array([item.role for item in ITEMS]),
            "attribute": write_codes(codes, [part.item for part in DRIVERS]),
            "scale_minimum": lowest,
            "scale_maximum": np.full(len(ITEMS), 10.0),
            "label_en": pa.array([item.english for item in ITEMS]),
            "label_zh": pa.array([item.chinese for item in ITEMS]),
            "attribute_label_en": write_codes(codes, [d.english for d in DRIVERS]),
            "attribute_label_zh": write_codes(codes, [d.chinese for d in DRIVERS]),
        },
    )


def _write_comments(folder: BankFolder, waves: list[Wave]) -> None:
    """Write comments, and to truth/comment_topics what they are about."""
    written = [wave.remarks.topic != NO_COMMENT for wave in waves]
    parts = [wave.remarks.take(rows) for wave, rows in zip(waves, written, strict=True)]
    sizes = [len(part.topic) for part in parts]
    wave_number = np.repeat(np.arange(len(waves)), sizes)
    writers = [wave.respondent[rows] for wave, rows in zip(waves, written, strict=True)]
    comment = write_ids("T", np.arange(sum(sizes)) + 1, 7)
    language = np.concatenate([part.language for part in parts])
    folder.write(
        "survey_comments",
        {
            "comment_id": comment,
            "wave": write_codes(wave_number, [name_wave(w.month) for w in waves]),
            "respondent_id": write_ids("R", np.concatenate(writers) + 1, 6),
            "language": write_codes(language, LANGUAGES),
            "text": pa.array([text for part in parts for text in compose_texts(part)]),
        },
    )
    topic = np.concatenate([part.topic for part in parts])
    praises = np.concatenate([part.praises for part in parts])
    columns = {
        "comment_id": comment,
        "topic": write_codes(topic, TOPICS),
        "is_praise": praises & (topic != OFF_TOPIC),
    }
    folder.write_truth("comment_topics", pa.table(columns))
