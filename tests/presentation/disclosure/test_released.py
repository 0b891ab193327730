"""Released rows are made by the door only, and no verb brings back what is hidden."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.presentation.disclosure import (
    Released,
    is_suppressed,
    release,
    release_public,
    stack,
)

SOURCE = Path(__file__).parents[3] / "src/analysis"


@pytest.fixture
def released() -> Released:
    rows = pd.DataFrame(
        {
            "tier": ["a", "b", "c", "d", "all"],
            "customers": [5, 40, 20, 30, 95],
            "profit": [50.0, 400.0, 100.0, 900.0, 1450.0],
        }
    )
    return release(rows, count="customers", amounts=["profit"], has_total=True)


def list_tiers(released: Released) -> str:
    return " ".join(released.rows["tier"])


def test_only_the_door_makes_released_rows(released: Released) -> None:
    with pytest.raises(TypeError, match="must pass `release`"):
        Released(released.rows, released.customers)
    with pytest.raises(TypeError, match="must pass `release`"):
        dataclasses.replace(released, rows=pd.DataFrame({"profit": [1.0]}))


def test_no_module_outside_the_door_makes_released_rows() -> None:
    for path in SOURCE.rglob("*.py"):
        if "disclosure" not in path.parts:
            source = path.read_text("utf-8")
            assert not re.search(r"\bReleased\(|\blet_out\b|\b_DOOR\b", source), path


def test_released_rows_survive_a_copy_and_a_pickle(released: Released) -> None:
    for twin in (copy.deepcopy(released), pickle.loads(pickle.dumps(released))):
        pd.testing.assert_frame_equal(twin.rows, released.rows)
        assert twin.customers == released.customers
        assert twin.n_hidden == released.n_hidden == 4


def test_keep_takes_rows_with_their_customers(released: Released) -> None:
    kept = released.keep(released.rows["tier"].isin(["c", "d"]))
    assert list_tiers(kept) == "c d"
    assert kept.customers == (None, 30)
    assert kept.n_hidden == 2
    assert kept.version == released.version


@pytest.mark.parametrize("mask", [[True], [1, 0, 1, 0, 1], [None] * 5])
def test_a_mask_that_is_none_is_refused(released: Released, mask: list[object]) -> None:
    with pytest.raises(ValueError, match="5 truth values, one per row"):
        released.keep(np.array(mask))


def test_order_puts_hidden_rows_last_and_the_total_below(released: Released) -> None:
    assert list_tiers(released.order("profit")) == "b d a c all"
    falling = released.order("profit", ascending=False)
    assert list_tiers(falling) == "d b a c all"
    assert falling.customers == (30, 40, None, None, 95)


def test_order_by_two_columns_keeps_ties_as_they_were() -> None:
    rows = pd.DataFrame(
        {"x": [2, 1, 2, 1], "y": [1.0, np.nan, 0.0, 5.0], "z": [*"abcd"]}
    )
    public = release_public(rows, reason="test")
    assert "".join(public.order(["x", "y"]).rows["z"]) == "dbca"
    assert "".join(public.order("x", ascending=False).rows["z"]) == "acbd"


def test_rename_and_select_keep_what_is_hidden(released: Released) -> None:
    chosen = released.rename({"profit": "profit_cny"}).select(["profit_cny"])
    assert list(chosen.rows.columns) == ["profit_cny"]
    assert [is_suppressed(cell) for cell in chosen.rows["profit_cny"]] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert chosen.customers == released.customers
    assert chosen.n_hidden == 2


@pytest.mark.parametrize("verb", ["order", "select", "rename"])
def test_verbs_name_the_columns_that_are_missing(released: Released, verb: str) -> None:
    wanted = {"income": "x"} if verb == "rename" else ["income"]
    with pytest.raises(ValueError, match=r"no columns \['income'\]"):
        getattr(released, verb)(wanted)


def test_two_columns_cannot_share_a_name(released: Released) -> None:
    with pytest.raises(ValueError, match="keep different names"):
        released.rename({"profit": "tier"})


def test_stacked_rows_keep_their_customers_and_their_totals(released: Released) -> None:
    both = stack([released, released.keep(np.arange(5) != 4)])
    assert both.customers == (*released.customers, *released.customers[:-1])
    assert both.totals == (False,) * 4 + (True,) + (False,) * 4
    assert both.n_hidden == 8
    assert both.rows.index.tolist() == list(range(9))


def test_tables_about_customers_and_about_none_do_not_stack(released: Released) -> None:
    public = release_public(released.rows, reason="posted rates")
    with pytest.raises(ValueError, match="same columns, reason and rule set"):
        stack([released, public])
    with pytest.raises(ValueError, match="same columns, reason and rule set"):
        stack([released, released.select(["tier"])])
    assert stack([public, public]).customers is None
    with pytest.raises(ValueError, match="At least one release"):
        stack([])


def test_the_rows_given_can_change_without_changing_what_was_released() -> None:
    rows = pd.DataFrame({"customers": [5, 40]})
    released = release(rows, count="customers")
    public = release_public(rows, reason="test")
    rows.loc[0, "customers"] = 77
    assert is_suppressed(released.rows.loc[0, "customers"])
    assert public.rows.loc[0, "customers"] == 5


def test_rows_about_nobody_say_why() -> None:
    with pytest.raises(ValueError, match="must say why; the reason is empty"):
        release_public(pd.DataFrame(), reason=" ")
