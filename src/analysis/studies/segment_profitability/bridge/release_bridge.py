"""What may be shown of the bridge: one release behind every table, chart and sentence.

Segments and their total pass the disclosure door together. A bar in which fewer than
ten customers have a part counts as dominated: it is hidden as if one made it alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from analysis.data.dominance import MEASURES, pool_dominance
from analysis.presentation.disclosure import (
    MINIMUM_CELL,
    Sum,
    release,
)
from analysis.studies.segment_profitability.account.segment_names import (
    EVERYBODY,
    name_segment,
)
from analysis.studies.segment_profitability.bridge.bar_sums import TESTED
from analysis.studies.segment_profitability.bridge.bar_words import (
    BAR_NAMES,
    VERDICTS,
)
from analysis.studies.segment_profitability.bridge.customer_changes import (
    MOVES,
    SEGMENT_BARS,
)
from analysis.studies.segment_profitability.bridge.hidden_bars import find_hidden_bars
from analysis.studies.segment_profitability.bridge.profit_bridge import ProfitBridge
from analysis.studies.segment_profitability.sentences import (
    name_product,
    scale_amounts,
)
from analysis.studies.segment_profitability.shown_rows import ShownRows
from analysis.wording import get_language, say, speak


@dataclass(frozen=True, slots=True, eq=False)
class ShownBridge(ShownRows):
    """What may be shown of the bridge.

    Parameters
    ----------
    released : Released
        One row per segment or bar, and the total.
    unit : str
        Unit of the columns ending in "_scaled", in words.
    """

    unit: str


def release_segment_bars(bridge: ProfitBridge) -> ShownBridge:
    """Release the bridge of each segment.

    Parameters
    ----------
    bridge : ProfitBridge
        Why profit changed.

    Returns
    -------
    ShownBridge
        Richest segment first, the total last: `segment` (as a reader knows it), each
        of `SEGMENT_BARS`, `tax` and `change` in major currency units, also as
        "<name>_scaled", and customers of each of `MOVES` as "n_<move>".
    """
    return _release_segments_once(bridge, get_language())


def release_bars(bridge: ProfitBridge) -> ShownBridge:
    """Release the bars of all customers together.

    Parameters
    ----------
    bridge : ProfitBridge
        Why profit changed.

    Returns
    -------
    ShownBridge
        One row per bar in the order of `BAR_NAMES`, and their sum: `bar` (code),
        `name`, `customers`, `amount`, `lower`, `upper`, `verdict` (in words),
        `is_sure`, `naive` (what two tables of segments would show) and `difference`,
        amounts also scaled.
    """
    return _release_bars_once(bridge, get_language())


def release_interest(bridge: ProfitBridge) -> ShownBridge:
    """Release rate and volume of each product's interest.

    Parameters
    ----------
    bridge : ProfitBridge
        Why profit changed.

    Returns
    -------
    ShownBridge
        Largest interest first: `name` (product with its term), `customers`,
        `interest_before`, `interest_now`, `rate`, `volume`, rates in percent a year.
    """
    rows = bridge.interest.assign(
        name=[
            name_product(str(product), int(term))
            for product, term in zip(
                bridge.interest["product"], bridge.interest["tenor_months"], strict=True
            )
        ]
    )
    amounts = ["interest_before", "interest_now"]
    parts = ["rate", "volume"]
    scaled, unit = scale_amounts(rows, [*amounts, *parts], bridge.account.currency)
    derived = dict.fromkeys([*parts, "rate_before_pct", "rate_now_pct"], amounts)
    derived |= {f"{name}_scaled": [name] for name in amounts}
    derived |= {f"{name}_scaled": amounts for name in parts}
    tested = [f"{name}_{end}" for name in amounts for end in MEASURES]
    released = release(
        scaled[["name", "customers", *amounts, *derived, *tested]],
        count="customers",
        amounts=amounts,
        derived=derived,
        dominance=amounts,
    )
    return ShownBridge(released, unit)


def find_leading(known: pd.DataFrame) -> pd.Series[float] | None:
    """Find the bar that moved profit most, among those that are sure and shown.

    Parameters
    ----------
    known : pandas.DataFrame
        Bars of `release_bars` that are not hidden.

    Returns
    -------
    pandas.Series or None
        The largest bar whose interval lies on one side of zero and which is worth a
        manager's time; None where there is none. Tax follows the others and is none.
    """
    sure = known[known["is_sure"] & (known["bar"] != "tax")]
    if sure.empty:
        return None
    sizes = sure["amount"].astype(float).abs().to_numpy()
    return sure.iloc[int(sizes.argmax())]


@lru_cache(maxsize=4)
def _release_segments_once(bridge: ProfitBridge, language: str) -> ShownBridge:
    with speak(language):
        return _release_segments(bridge)


def _release_segments(bridge: ProfitBridge) -> ShownBridge:
    rows = _add_total(bridge)
    named = rows.assign(segment=[name_segment(str(name)) for name in rows["segment"]])
    shown = [*SEGMENT_BARS, "tax", "change"]
    scaled, unit = scale_amounts(named, shown, bridge.account.currency)
    counts = [f"n_{name}" for name in (*MOVES, "new", "lost")]
    # Tax and the change after tax are fixed parts of the change before tax.
    derived = dict.fromkeys(("tax", "change"), ("gross_change",))
    derived |= {f"{name}_scaled": (name,) for name in shown}
    tested = [f"{name}_{end}" for name in TESTED for end in MEASURES]
    released = release(
        scaled[["segment", "customers", *counts, *TESTED, *derived, *tested]],
        count="customers",
        counts=counts,
        amounts=TESTED,
        derived=derived,
        dominance=TESTED,
        sums=(
            Sum("gross_change", SEGMENT_BARS),
            Sum("gross_now", ("gross_before", "gross_change")),
        ),
        has_total=len(rows) > 1,
    )
    return ShownBridge(released, unit)


def _add_total(bridge: ProfitBridge) -> pd.DataFrame:
    parts = bridge.segments.reset_index(drop=True)
    rows = parts
    if len(parts) > 1:
        counted = ["customers", *(f"n_{name}" for name in (*SEGMENT_BARS, *MOVES))]
        sums = parts[[*counted, *TESTED, "tax", "change"]].sum()
        largest = pool_dominance(parts, TESTED)
        total = pd.DataFrame([sums.to_dict() | largest]).assign(segment=EVERYBODY)
        rows = pd.concat([parts, total], ignore_index=True)
        rows = rows.astype(dict.fromkeys(counted, "int64"))
    marked = rows.copy()
    for name in SEGMENT_BARS:
        few = rows[f"n_{name}"].between(1, MINIMUM_CELL - 1)
        marked.loc[few, f"{name}_largest"] = rows.loc[few, f"{name}_absolute"]
    return marked


@lru_cache(maxsize=4)
def _release_bars_once(bridge: ProfitBridge, language: str) -> ShownBridge:
    with speak(language):
        return _release_bars(bridge)


def _release_bars(bridge: ProfitBridge) -> ShownBridge:
    order = {bar: place for place, bar in enumerate(BAR_NAMES)}
    bars = bridge.bars.sort_values("bar", key=lambda names: names.map(order))
    rows = _add_sum(_mark_hidden(bars, bridge), bridge)
    numbers = ["lower", "upper", "naive", "difference"]
    scaled, unit = scale_amounts(rows, ["amount", *numbers], bridge.account.currency)
    words = ["verdict", "is_sure"]
    derived = dict.fromkeys([*numbers, *words], ("amount",))
    derived |= {f"{name}_scaled": ("amount",) for name in ("amount", *numbers)}
    tested = [f"amount_{end}" for end in MEASURES]
    released = release(
        scaled[["bar", "name", "customers", "amount", *derived, *tested]],
        count="customers",
        amounts=("amount",),
        derived=derived,
        dominance=("amount",),
        has_total=True,
    )
    return ShownBridge(released, unit)


def _mark_hidden(bars: pd.DataFrame, bridge: ProfitBridge) -> pd.DataFrame:
    """Let a bar that may not be shown beside the segments count as one customer's."""
    hidden = find_hidden_bars(bridge, release_segment_bars(bridge).whole)
    is_hidden = bars["bar"].isin(hidden)
    follows = bars["bar"] == "tax"
    largest = bars["amount_largest"].where(~is_hidden, bars["amount_absolute"])
    shown_tax = follows & ~is_hidden
    return bars.assign(
        amount_largest=largest.where(~shown_tax, 0.0),
        amount_second=bars["amount_second"].where(~shown_tax, 0.0),
    )


def _add_sum(bars: pd.DataFrame, bridge: ProfitBridge) -> pd.DataFrame:
    naive = bars["bar"].map(bridge.naive)
    parts = bars.assign(
        name=[say(BAR_NAMES[bar]) for bar in bars["bar"]],
        is_sure=bars["verdict"].isin(("rose", "fell")),
        verdict=[say(VERDICTS[verdict]) for verdict in bars["verdict"]],
        naive=naive,
        difference=naive - bars["amount"],
    )
    total = {
        "bar": "change",
        "name": say("Change of profit after tax"),
        "customers": int(bars["customers"].sum()),
        "amount": bars["amount"].sum(),
        "lower": bridge.change.lower,
        "upper": bridge.change.upper,
        "verdict": "",
        "is_sure": False,
        "naive": naive.sum(),
        "difference": naive.sum() - bars["amount"].sum(),
        **pool_dominance(bars, ["amount"]),
    }
    return pd.concat([parts, pd.DataFrame([total])], ignore_index=True)
