"""What may be shown of segments: one release behind every table, chart and sentence.

Amounts, averages and shares of a segment pass the disclosure door together, so that a
cell hidden in one exhibit can't be worked out from another. Profit after tax is a fixed
part of profit before tax: it is hidden where that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from analysis.data.dominance import MEASURES, pool_dominance
from analysis.presentation.disclosure import Released, Sum, is_suppressed, release
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.account.segment_names import (
    EVERYBODY,
    name_segment,
)
from analysis.studies.segment_profitability.segments.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import (
    LINE_NAMES,
    scale_amounts,
)
from analysis.studies.segment_profitability.shown_rows import ShownRows
from analysis.wording import get_language, say, speak

_INCOME = ("deposit_margin", "loan_margin", "fee")
_COSTS = ("points", "cost_to_serve", "expected_loss")
_AFTER_TAX = ("tax", "profit")
_CHANNELS = ("main_channel", "main_cost_channel")


@dataclass(frozen=True, slots=True, eq=False)
class ShownSegments(ShownRows):
    """What may be shown of the segments of a quarter.

    Parameters
    ----------
    released : Released
        One row per segment and, below several, the total: `segment` (as a reader knows
        it), `customers`, `losing`, `losing_pct`, the known amounts in major currency
        units, each also as "<amount>_scaled" and as "<amount>_each" (of an average
        customer), and the main channels.
    unit : str
        Unit of the scaled amounts, in words.
    """

    unit: str


def release_segments(segments: SegmentProfit) -> ShownSegments:
    """Release the segments of the quarter reported.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    ShownSegments
        Richest customers first, the total last.
    """
    return _release_once(segments, get_language())


def release_previous(segments: SegmentProfit) -> ShownSegments:
    """Release the segments of the quarter before.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments; the quarter before must have rows.

    Returns
    -------
    ShownSegments
        In the same form, without channels.
    """
    return _release(segments.previous, segments.account)


def release_lines(segments: SegmentProfit) -> Released | None:
    """Release the steps from margin to profit of all customers together.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    Released or None
        One row per line: `line` (as a reader knows it), `amount`, `customers`; None
        where a line of all customers is hidden beside its segments.
    """
    whole = release_segments(segments).whole
    lines = list_lines(segments.account)
    if any(is_suppressed(whole[line]) for line in lines):
        return None
    kept = [line for line in lines if whole[line] != 0]
    rows = pd.DataFrame(
        {
            "line": [say(LINE_NAMES[line]) for line in kept],
            "amount": [float(whole[line]) for line in kept],
            "customers": int(whole["customers"]),
        }
    )
    # Each line has passed the door as the total of the segments.
    return release(rows, count="customers", amounts=("amount",))


def list_lines(account: ProfitAccount) -> list[str]:
    """List the lines of the profit account that the source can fill.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of all customers.

    Returns
    -------
    list of str
        In the order in which they lead to profit.
    """
    return [n for n in (*_INCOME, *_COSTS, "tax") if n not in account.refused]


@lru_cache(maxsize=2)
def _release_once(segments: SegmentProfit, language: str) -> ShownSegments:
    # Five exhibits show the same release; the audit of many segments takes its time.
    with speak(language):
        return _release(segments.rows, segments.account)


def _release(rows: pd.DataFrame, account: ProfitAccount) -> ShownSegments:
    amounts = _list_amounts(account)
    after_tax = [] if account.refusal else list(_AFTER_TAX)
    whole = _add_total(rows, amounts, after_tax)
    shown = [*amounts, *after_tax]
    scaled, unit = scale_amounts(whole, shown, account.currency)
    channels = [name for name in _CHANNELS if name in whole.columns]
    full = scaled.assign(
        segment=[name_segment(str(name)) for name in whole["segment"]],
        losing_pct=100 * whole["losing"] / whole["customers"],
        **{f"{name}_each": whole[name] / whole["customers"] for name in shown},
    )
    derived: dict[str, list[str]] = {"losing_pct": ["losing", "customers"]}
    derived |= {name: ["customers"] for name in channels}
    derived |= {name: ["before_tax"] for name in after_tax}
    derived |= {f"{name}_scaled": [name] for name in shown}
    derived |= {f"{name}_each": [name, "customers"] for name in shown}
    tested = [f"{name}_{end}" for name in amounts for end in MEASURES]
    released = release(
        full[["segment", "customers", "losing", *amounts, *derived, *tested]],
        count="customers",
        counts=("losing",),
        amounts=amounts,
        derived=derived,
        dominance=amounts,
        sums=_list_sums(amounts),
        has_total=len(rows) > 1,
    )
    return ShownSegments(released, unit)


def _list_amounts(account: ProfitAccount) -> list[str]:
    """List the amounts shown; without a transfer rate there is no profit."""
    if account.refusal:
        return ["deposits", "interest_paid", "fee"]
    costs = [name for name in _COSTS if name not in account.refused]
    return [*_INCOME, "income", *costs, "before_tax"]


def _list_sums(amounts: list[str]) -> list[Sum]:
    if "before_tax" not in amounts:
        return []
    costs = tuple(name for name in _COSTS if name in amounts)
    return [Sum("income", _INCOME), Sum("before_tax", ("income", *costs))]


def _add_total(
    rows: pd.DataFrame, amounts: list[str], after_tax: list[str]
) -> pd.DataFrame:
    parts = rows.reset_index(drop=True)
    if len(parts) <= 1:
        return parts
    sums = parts[["customers", "losing", *amounts, *after_tax]].sum()
    largest = pool_dominance(parts, amounts)
    total = pd.DataFrame([sums.to_dict() | largest]).assign(segment=EVERYBODY)
    counts = {"customers": "int64", "losing": "int64"}
    return pd.concat([parts, total], ignore_index=True).astype(counts)
