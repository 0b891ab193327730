"""What customers feel is found again in what they do, write and wait for."""

import json
import re

import duckdb
import numpy as np
import pandas as pd
import pytest

from analysis.synthetic import attributes, customer_links
from analysis.synthetic import survey_comments as comments
from analysis.synthetic.attributes import draw_attribute
from analysis.synthetic.streams import Streams
from analysis.synthetic.survey_items import DRIVERS, NUMBERS

ROWS = "r.wave = a.wave and r.respondent_id = a.respondent_id"


def ask(folder, query):
    """Run a query whose $bank stands for the bank's folder."""
    with duckdb.connect() as connection:
        return connection.sql(query.replace("$bank", str(folder))).df()


@pytest.fixture(scope="module")
def truth(large_bank):
    return json.loads((large_bank / "truth" / "params.json").read_text("utf-8"))[
        "survey"
    ]


def rate(folder, item):
    """Give mean ratings of an attribute by customer and quarter's last day."""
    return ask(
        folder,
        f"select customer_id, w.period, avg(score) as score "
        f"from '$bank/survey_responses.parquet' r "
        f"join '$bank/survey_answers.parquet' a on {ROWS} "
        f"join '$bank/survey_waves.parquet' w on w.wave = r.wave "
        f"where item in ('{item}_1', '{item}_2', '{item}_3') group by all",
    )


def test_an_opinion_does_not_depend_on_who_comes_later():
    factor = np.linspace(-2, 2, 5_000, dtype=np.float32)
    whole = draw_attribute(Streams(4), factor, "waiting", 24_320)
    part = draw_attribute(Streams(4), factor[:4_001], "waiting", 24_320)
    np.testing.assert_array_equal(whole[:4_001], part)
    months = [draw_attribute(Streams(4), factor, "waiting", m)[0] for m in range(6)]
    assert months[0] == months[1] == months[2] != months[3]
    assert months[3] == months[5]


def test_who_waits_long_rates_waiting_low(large_bank):
    waits = ask(
        large_bank,
        "select customer_id, last_day(period + to_months(2 - (month(period) - 1) % 3)) "
        "as period, avg(ln(wait_minutes)) as wait from '$bank/events/*.parquet' "
        "where channel = '柜面' and wait_minutes > 0 group by all",
    )
    both = rate(large_bank, "waiting").merge(waits, on=["customer_id", "period"])
    assert len(both) > 3_000
    assert both["score"].corr(both["wait"]) < -0.2


def test_waiting_times_follow_opinions_by_the_planted_slope(large_bank, truth):
    waits = ask(
        large_bank,
        "select customer_id, period, count, wait_minutes as wait "
        "from '$bank/events/2026-09.parquet' where channel = '柜面'",
    )
    own = read_opinions(large_bank, "waiting", waits["customer_id"])
    kept = waits["wait"] > 0
    slope = np.polyfit(own[kept], np.log(waits["wait"][kept]), 1)[0]
    assert slope == pytest.approx(truth["behaviour"]["log_wait_by_waiting"], abs=0.06)


def read_opinions(folder, item, customers):
    """Draw the part of the opinions of 2026Q3 that is free of the hidden factor."""
    seed = json.loads((folder / "bank.json").read_text("utf-8"))["seed"]
    total = len(ask(folder, "select customer_id from '$bank/customers.parquet'"))
    own = draw_attribute(
        Streams(seed), np.zeros(total, np.float32), item, 12 * 2026 + 8
    )
    return own[customers.str[1:].astype(int).to_numpy() - 1]


def test_complaints_that_take_long_are_rated_low(large_bank, truth):
    found = ask(
        large_bank,
        "select customer_id, closed_date - opened_date as days, opened_date "
        "from '$bank/complaints/*.parquet' "
        "where opened_date between date '2026-07-01' and date '2026-09-30'",
    )
    own = read_opinions(large_bank, "complaints", found["customer_id"])
    days = np.log(found["days"] + 0.5)
    slope, _ = np.polyfit(own, days, 1)
    assert len(found) > 80
    planted = truth["behaviour"]["log_settling_days_by_complaints"]
    assert planted == -attributes.SETTLING_BY_ATTRIBUTE
    error = days.std() / (own.std() * len(found) ** 0.5)
    assert abs(slope - planted) < 3 * error
    assert slope < -2 * error


def test_some_branches_keep_customers_waiting(large_bank):
    means = ask(
        large_bank,
        "select branch, avg(wait_minutes) as wait from '$bank/events/*.parquet' "
        "join '$bank/customers.parquet' using (customer_id) "
        "where channel = '柜面' group by all",
    )
    assert np.log(means["wait"]).std() > 0.1


def test_managers_move_what_customers_think_of_staff(large_bank, truth):
    scores = ask(
        large_bank,
        f"select relationship_manager_id as manager, "
        f"avg(score) filter (item in ('staff_1', 'staff_2', 'staff_3')) as staff, "
        f"avg(score) filter (item like 'trust_%') as trust, count(*) as n "
        f"from '$bank/survey_responses.parquet' r "
        f"join '$bank/survey_answers.parquet' a on {ROWS} "
        f"join '$bank/customers.parquet' using (customer_id) group by all",
    ).set_index("manager")
    effects = pd.read_parquet(large_bank / "truth" / "manager_effects.parquet")
    effects = effects.set_index("relationship_manager_id")["effect_on_staff"]
    assert len(scores) == len(effects) == 240
    assert effects.std() == pytest.approx(customer_links.MANAGER_SIGMA, abs=0.05)
    assert scores["staff"].corr(effects) > 0.6
    assert abs(scores["trust"].corr(effects)) < 0.2


def test_every_manager_works_in_one_branch(large_bank):
    branches = ask(
        large_bank,
        "select relationship_manager_id, count(distinct branch) as n "
        "from '$bank/customers.parquet' group by all",
    )
    assert (branches["n"] == 1).all()


def test_satisfied_customers_recommend_the_bank(large_bank, truth):
    found = ask(
        large_bank,
        "with sent as (select distinct referred_by as customer_id "
        "from '$bank/customers.parquet' where referred_by is not null) "
        "select avg(satisfaction) filter (sent.customer_id is not null) as sent, "
        "avg(satisfaction) as everyone from '$bank/truth/moves/*.parquet' "
        "left join sent using (customer_id)",
    ).iloc[0]
    assert found["sent"] > found["everyone"] + 0.2
    slope = customer_links.REFERRAL_BY_SATISFACTION
    assert truth["behaviour"]["log_referrals_by_satisfaction"] == slope


def test_referrers_were_here_before_those_they_sent(large_bank):
    pairs = ask(
        large_bank,
        "select c.acquisition_channel as channel, c.open_date as day, "
        "b.open_date as before, b.close_date as left_day "
        "from '$bank/customers.parquet' c join '$bank/customers.parquet' b "
        "on c.referred_by = b.customer_id",
    )
    assert len(pairs) > 100
    assert set(pairs["channel"]) == {"转介绍"}
    assert (pairs["before"] < pairs["day"]).all()
    months = pairs["day"].dt.to_period("M")
    gone = pairs["left_day"].notna()
    assert (pairs["left_day"].dt.to_period("M")[gone] >= months[gone]).all()


@pytest.fixture(scope="module")
def written(large_bank):
    return ask(
        large_bank,
        "select c.*, t.topic, t.is_praise from '$bank/survey_comments.parquet' c "
        "join '$bank/truth/comment_topics.parquet' t using (comment_id)",
    )


def test_the_dissatisfied_write_more(large_bank, written):
    scores = ask(
        large_bank,
        f"select r.wave, r.respondent_id, score "
        f"from '$bank/survey_responses.parquet' r "
        f"join '$bank/survey_answers.parquet' a on {ROWS} where item = 'overall'",
    )
    key = ["wave", "respondent_id"]
    told = scores.merge(written[key], on=key, how="left", indicator=True)
    writes = told["_merge"].eq("both").groupby(told["score"].gt(8)).mean()
    assert writes[False] > writes[True] + 0.2


def test_comments_have_the_planted_languages_and_topics(written):
    languages = written["language"].value_counts(normalize=True)
    assert languages["zh"] == pytest.approx(comments.CHINESE_SHARE, abs=0.02)
    topics = written["topic"].value_counts(normalize=True)
    off = 1 - comments.ON_TOPIC_SHARE
    assert topics["off_topic"] == pytest.approx(off, abs=0.02)
    weighted = {driver.item for driver in DRIVERS if driver.weight > 0}
    assert set(topics.index) == {*weighted, "off_topic"}
    assert not written.loc[written["topic"] == "off_topic", "is_praise"].any()


def test_comments_are_about_what_is_rated_lowest(large_bank, written):
    items = [driver.item for driver in DRIVERS if driver.weight > 0]
    asked = ", ".join(f"'{item}_{number}'" for item in items for number in (1, 2, 3))
    lowest = ask(
        large_bank,
        f"with s as (select wave, respondent_id, regexp_replace(item, '_.$', '') as "
        f"item, avg(score) as score from '$bank/survey_answers.parquet' "
        f"where item in ({asked}) group by all) "
        f"select wave, respondent_id, arg_min(item, score) as item from s group by all",
    )
    both = written.merge(lowest, on=["wave", "respondent_id"])
    about = both[both["topic"] != "off_topic"]
    assert (about["topic"] == about["item"]).mean() > 0.4  # by chance: 1 of 8


def test_some_comments_hold_what_must_be_masked(written):
    text = written["text"]
    for form in (r"13\d{9}", r"622202\d{13}", r"@example\.com", "王先生", "Mr Smith"):
        assert text.str.contains(form).sum() > 10, form
    assert text.str.contains(re.escape("<script>")).any()
    assert text.str.contains("不是等太久").any()
    assert not text.str.contains(r"[{}]").any()
    assert (text.str.len() > 0).all()


def test_places_of_attributes_are_those_of_their_streams():
    # Streams are named by number: another order would change everyone's satisfaction.
    assert (NUMBERS["staff"], NUMBERS["waiting"], NUMBERS["fees"]) == (0, 3, 6)
