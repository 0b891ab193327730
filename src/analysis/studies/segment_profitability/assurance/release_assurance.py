"""What may be shown of other assumptions: alternatives, segments, and the dial.

The profit of a segment is shown here only where the table of segments shows it, so that
what is hidden there can't be worked out from here.
"""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import Released, is_suppressed, release
from analysis.studies.segment_profitability.account.segment_names import (
    EVERYBODY,
    name_segment,
)
from analysis.studies.segment_profitability.assurance.dial import ChangedAssumptions
from analysis.studies.segment_profitability.assurance.segment_certainty import (
    SegmentCertainty,
)
from analysis.studies.segment_profitability.assurance.sign_stability import (
    Flips,
    SignStability,
)
from analysis.studies.segment_profitability.segments.release_segments import (
    release_segments,
)
from analysis.studies.segment_profitability.segments.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import scale_amounts
from analysis.studies.segment_profitability.shown_rows import ShownRows
from analysis.wording import say

_MOVED = ("profit", "economic")
_PROFITS = ("each", "pooled", "pooled_lower", "pooled_upper")


def release_flips(stability: SignStability) -> Released:
    """Release what each alternative does to the signs of profits.

    Parameters
    ----------
    stability : SignStability
        Signs of all customers under every alternative.

    Returns
    -------
    Released
        One row per alternative, the most changes of sign first and hidden ones last:
        `name`, `customers`, `to_loss`, `to_profit`, `flips_pct` with `lower`, `upper`
        and `previous`, `losing_pct`, `to_loss_pct`, and `to_profit_pct` (negative).
    """
    n = stability.panel.now.n_customers
    rows = pd.DataFrame([_lay_out(flips, n) for flips in stability.flips])
    both = ("to_loss", "to_profit")
    released = release(
        rows,
        count="customers",
        counts=both,
        derived={
            **dict.fromkeys(("flips_pct", "lower", "upper", "losing_pct"), both),
            "previous": both,
            "to_loss_pct": ("to_loss",),
            "to_profit_pct": ("to_profit",),
        },
    )
    return released.order("flips_pct", ascending=False)


def release_statuses(stability: SignStability) -> Released:
    """Release how many customers lose, or earn, whatever is assumed.

    Parameters
    ----------
    stability : SignStability
        Signs of all customers under every alternative.

    Returns
    -------
    Released
        One row: `customers`, `always_losing`, `depends` and `always_earning`.
    """
    loses, earns = stability.find_status()
    counts = {
        "always_losing": int(loses.sum()),
        "depends": int((~loses & ~earns).sum()),
        "always_earning": int(earns.sum()),
    }
    rows = pd.DataFrame([{"customers": len(loses)} | counts])
    return release(rows, count="customers", counts=tuple(counts))


def release_certainty(certainty: SegmentCertainty) -> ShownRows:
    """Release how sure each segment's profit is.

    Parameters
    ----------
    certainty : SegmentCertainty
        Segments with what is sure of them.

    Returns
    -------
    ShownRows
        Richest customers first, the total last: `segment`, `customers`, `depends`
        and its share `depends_pct` with `depends_lower` and `depends_upper`, `each`
        and `pooled` with its ends, and the `verdict`. What the table of segments
        hides is missing.
    """
    rows = certainty.rows
    shown = _find_shown(certainty.segments)
    is_known = rows["segment"].map(name_segment).isin(shown).to_numpy()
    ends = ["depends_lower", "depends_upper"]
    parts = rows[["segment", "customers", "depends", *ends]].assign(
        **{name: rows[name].where(is_known) for name in _PROFITS},
        verdict=[
            _write_verdict(row) if known else say("not shown")
            for (_, row), known in zip(rows.iterrows(), is_known, strict=True)
        ],
    )
    full = _add_total(parts, certainty.stability) if len(parts) > 1 else parts
    named = full.assign(
        segment=[name_segment(str(name)) for name in full["segment"]],
        depends_pct=100 * full["depends"] / full["customers"],
    )
    released = release(
        named,
        count="customers",
        counts=("depends",),
        derived={
            "depends_pct": ("depends", "customers"),
            **dict.fromkeys(ends, ("depends",)),
            **dict.fromkeys((*_PROFITS, "verdict"), ("customers",)),
        },
        has_total=len(parts) > 1,
    )
    return ShownRows(released)


def release_change(changed: ChangedAssumptions) -> tuple[ShownRows, str]:
    """Release the profits of segments before and after a change of assumptions.

    Parameters
    ----------
    changed : ChangedAssumptions
        Segments before and after.

    Returns
    -------
    ShownRows, str
        `segment`, `customers`, `losing_before`, `losing_after`, and the scaled
        `profit_before`, `profit_after`, `economic_before` and `economic_after`; and
        the unit of these.
    """
    rows = changed.rows
    counts = ["losing_before", "losing_after"]
    amounts = [f"{name}_{when}" for name in _MOVED for when in ("before", "after")]
    shown = _find_shown(changed.segments)
    whole = rows[["customers", *counts, *amounts]].sum().to_dict()
    total = pd.DataFrame([whole | {"segment": EVERYBODY}])
    full = pd.concat([rows, total], ignore_index=True) if len(rows) > 1 else rows
    names = [name_segment(str(name)) for name in full["segment"]]
    known = pd.Series(names, index=full.index).isin(shown)
    hidden = full.assign(**{name: full[name].where(known) for name in amounts})
    scaled, unit = scale_amounts(hidden, amounts, changed.segments.account.currency)
    kept = ["segment", "customers", *counts, *(f"{name}_scaled" for name in amounts)]
    whole_counts = dict.fromkeys(["customers", *counts], "int64")
    released = release(
        scaled.assign(segment=names)[kept].astype(whole_counts),
        count="customers",
        counts=counts,
        derived={f"{name}_scaled": ("customers",) for name in amounts},
        has_total=len(rows) > 1,
    )
    return ShownRows(released), unit


def _lay_out(flips: Flips, n: int) -> dict[str, object]:
    return {
        "key": flips.alternative.key,
        "name": flips.alternative.name,
        "customers": n,
        "to_loss": flips.to_loss,
        "to_profit": flips.to_profit,
        "flips_pct": flips.share_pct.estimate,
        "lower": flips.share_pct.lower,
        "upper": flips.share_pct.upper,
        "previous": flips.share_pct.previous,
        "losing_pct": flips.losing_pct,
        "to_loss_pct": 100 * flips.to_loss / n,
        "to_profit_pct": -100 * flips.to_profit / n,
    }


def _find_shown(segments: SegmentProfit) -> list[str]:
    """List the names, the total's too, whose profit the table of segments shows."""
    rows = release_segments(segments).released.rows
    return [str(n) for n in rows.loc[~rows["profit"].map(is_suppressed), "segment"]]


def _write_verdict(row: pd.Series) -> str:
    if row["turned_by"]:
        return say("depends on an assumption")
    if not row["is_sure"]:
        return say("too few customers to be sure")
    if row["is_losing"]:
        return say("loses, whatever is assumed")
    return say("earns, whatever is assumed")


def _add_total(parts: pd.DataFrame, stability: SignStability) -> pd.DataFrame:
    depends = stability.depends_pct
    sums = parts[["customers", "depends"]].sum().to_dict()
    total = pd.DataFrame(
        [
            sums
            | {
                "segment": EVERYBODY,
                "depends_lower": depends.lower,
                "depends_upper": depends.upper,
                "verdict": "",
            }
        ]
    )
    counts = dict.fromkeys(["customers", "depends"], "int64")
    return pd.concat([parts, total], ignore_index=True).astype(counts)
