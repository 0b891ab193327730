"""What accounts held in a quarter, and parts computed side by side."""

import shutil

import numpy as np
import pandas as pd
import pytest

from analysis.data.sources import read_tables
from analysis.studies import segment_profitability as study
from analysis.studies.kept_rows import keep_rows, keep_side_by_side
from analysis.studies.segment_profitability.account.balance_sums import sum_balances
from analysis.studies.segment_profitability.account.held_accounts import keep_accounts

PARAMETERS = study.Parameters(quarter="2026Q3")
KEYS = ["quarter", "customer_id", "product", "side", "tenor_months"]


@pytest.fixture(scope="module")
def priced(bank_folder, tmp_path_factory):
    """Balances of a bank that lacks some of its contracts' rates and first days."""
    folder = tmp_path_factory.mktemp("banks") / "bank"
    shutil.copytree(bank_folder, folder)
    accounts = pd.read_parquet(folder / "accounts.parquet")
    place = np.arange(len(accounts))
    accounts.loc[place % 2 == 0, "transfer_rate"] = np.nan
    accounts.loc[place % 3 == 0, "open_date"] = None
    accounts.to_parquet(folder / "accounts.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUARTERBOOK_BANK", str(folder))
        tables = read_tables(
            study.TABLES,
            quarter="2026Q3",
            source="synthetic",
            optional=study.OPTIONAL_TABLES,
        )
        yield study.price_balances(tables, PARAMETERS)


def test_accounts_summed_first_give_what_balances_priced_one_by_one_give(priced):
    rows = priced.rows.filter(priced.rows.side.isin(("deposit", "loan")))
    years = rows.balance_average * rows.year_share
    expected = rows.group_by(*KEYS).agg(
        interest_minor=rows.interest_minor.sum(),
        years=years.sum(),
        held=(rows.balance_average * rows.days / rows.quarter_days).sum(),
        funds=(years * rows.transfer_rate.fill_null(0.0)).sum(),
        volatile_funds=(years * rows.volatile_rate.fill_null(0.0)).sum(),
        holds=(rows.balance_average > 0).any(),
    )
    accounts = keep_accounts(priced)
    accounts = accounts.filter(accounts.side.isin(("deposit", "loan")))
    names = ["interest_minor", "years", "held", "funds", "volatile_funds"]
    sums = {name: accounts[name].sum() for name in names}
    found = accounts.group_by(*KEYS).agg(**sums, holds=accounts.holds.any())
    frames = [
        table.to_pandas().set_index(KEYS).sort_index() for table in (expected, found)
    ]
    pd.testing.assert_frame_equal(*frames, check_dtype=False, rtol=1e-12, atol=1e-9)
    assert priced.late_rates is not None


def test_parts_side_by_side_have_the_bits_of_parts_one_after_the_other(priced):
    quarters = ("2026Q2", "2026Q3")
    parts = {name: sum_balances(priced, name) for name in quarters}
    alone = pd.concat(
        [keep_rows(part, "alone").to_pandas() for part in parts.values()],
        keys=quarters,
        names=["quarter", None],
    ).reset_index("quarter")
    together = keep_side_by_side(parts, "together", column="quarter").to_pandas()
    pd.testing.assert_frame_equal(
        together.reset_index(drop=True),
        alone[list(together)].reset_index(drop=True),
        check_exact=True,
    )
