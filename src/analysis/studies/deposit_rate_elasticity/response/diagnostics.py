"""Say what errors and prices of each response rest on: clusters, ceilings, signs.

Shares are percent. Errors that are clustered by account ignore that prices are set by
pricing cell or region: their ratio to those used says how sure a report would have been
that did so.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.rates.history import (
    SMALLEST_MOVE_PCT,
    RateHistory,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    SEGMENT,
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.response.estimates import (
    DESIGNS,
    Design,
)
from analysis.studies.deposit_rate_elasticity.response.verdicts import (
    REFUSED,
    Verdicts,
)
from analysis.units import Unit, write_value
from analysis.wording import say


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What the responses of products rest on.

    Parameters
    ----------
    products : pandas.DataFrame
        One row per product that holds a response: `customers`, `grade`, `clusters`,
        `largest_cluster_pct` (of account-periods), `error_ratio` (error clustered by
        accounts over the error used), `empty_pct` (of balances), `ceiling_pct` (of
        posted rates that stand at their ceiling; missing without ceilings),
        `wrong_signs` (segments refused for their sign).
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    products: pd.DataFrame
    quarter: Quarter
    source: str


def diagnose_responses(
    panel: BalancePanel, history: RateHistory, verdicts: Verdicts
) -> Diagnostics:
    """Measure what the response of each product rests on.

    Parameters
    ----------
    panel : BalancePanel
        Compressed panel.
    history : RateHistory
        Price list with its ceilings.
    verdicts : Verdicts
        Which responses are shown.

    Returns
    -------
    Diagnostics
        Empty where no response is shown.
    """
    rows = []
    for product in verdicts.products.to_dict("records"):
        if product["grade"] == REFUSED:
            continue
        design = next(each for each in DESIGNS if each.grade == product["grade"])
        segments = verdicts.segments[verdicts.segments["product"] == product["product"]]
        best = segments[segments["grade"] == product["grade"]]
        mine = panel.groups.merge(best[SEGMENT], on=SEGMENT)
        rows.append(
            {
                "product": product["product"],
                "grade": product["grade"],
                "customers": int(best["customers"].max()),
                "clusters": int(product["clusters"]),
                "wrong_signs": int((segments["check"] == "sign").sum()),
                **_measure_clusters(mine, design, float(product["std_error"])),
                **_measure_limits(best, history, str(product["product"])),
            }
        )
    return Diagnostics(pd.DataFrame(rows), panel.quarter, panel.source)


def _measure_clusters(
    rows: pd.DataFrame, design: Design, std_error: float
) -> dict[str, float]:
    sizes = rows["weight"].groupby(rows[design.cluster]).sum()
    by_account = design.fit(rows.assign(**{design.cluster: rows["group"]}))
    return {
        "largest_cluster_pct": 100 * float(sizes.max() / sizes.sum()),
        "error_ratio": by_account["std_error"] / std_error,
    }


def _measure_limits(
    segments: pd.DataFrame, history: RateHistory, product: str
) -> dict[str, float]:
    cells = history.cells[history.cells["product"] == product].dropna(
        subset=["ceiling_pct"]
    )
    at_ceiling = cells["own_pct"] > cells["ceiling_pct"] - SMALLEST_MOVE_PCT
    weights = segments["account_periods"]
    empty = (segments["empty_share_pct"] * weights).sum() / weights.sum()
    return {"ceiling_pct": 100 * float(at_ceiling.mean()), "empty_pct": float(empty)}


def tabulate_diagnostics(diagnostics: Diagnostics) -> DisplayTable | Note:
    """Show what the response of each product rests on.

    Parameters
    ----------
    diagnostics : Diagnostics
        By product.

    Returns
    -------
    DisplayTable or Note
        A note where no response is shown.
    """
    rows = diagnostics.products
    if rows.empty:
        return Note(say("No response is shown, so there is none to diagnose."))
    columns = (
        DisplayColumn("product", say("Product")),
        DisplayColumn("grade", say("Grade")),
        DisplayColumn("clusters", say("Clusters"), Unit.COUNT),
        DisplayColumn("largest_cluster_pct", say("Largest cluster"), Unit.PERCENT),
        DisplayColumn("error_ratio", say("Error by account over error used"), None, 2),
        DisplayColumn("ceiling_pct", say("Rates at the ceiling"), Unit.PERCENT),
        DisplayColumn("empty_pct", say("Empty balances"), Unit.PERCENT, 2),
        DisplayColumn("wrong_signs", say("Segments of the wrong sign"), Unit.COUNT),
    )
    derived = [column.name for column in columns if column.name != "product"]
    worst = float(rows["error_ratio"].min())
    return DisplayTable(
        title=say(
            "Clustered by account, errors would be down to {ratio} of those used",
            ratio=write_value(100 * worst, Unit.PERCENT),
        )
        if worst < 1
        else say("Errors clustered by account are no smaller than those used"),
        released=release(
            rows,
            count="customers",
            derived={name: ("customers",) for name in derived},
        ),
        columns=columns,
        source=diagnostics.source,
        note=say(
            "Prices are set by pricing cell and the treasury's credit by region: errors"
            " must allow that accounts of a cluster go together."
        ),
    )
