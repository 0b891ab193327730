"""What may be shown of shares by band of satisfaction."""

from __future__ import annotations

from analysis.presentation.disclosure import Released, is_suppressed, release
from analysis.studies.satisfaction_drivers.loyalty.outcomes import Outcome


def release_bands(outcome: Outcome) -> Released:
    """Release the bands of which the share may be shown.

    Parameters
    ----------
    outcome : Outcome
        Shares by band.

    Returns
    -------
    Released
        One row per band, least satisfied first: `band`, `answers`, `share_pct` with
        its ends; bands with few events, or few without, are left out.
    """
    shares = ["share_pct", "share_lower", "share_upper"]
    bands = outcome.bands
    released = release(
        bands[["band", "answers", "events", *shares]],
        count="answers",
        counts=("events",),
        derived={name: ("answers", "events") for name in shares},
    )
    hidden = released.rows["share_pct"].map(is_suppressed).to_numpy(dtype=bool)
    return released.keep(~hidden).select(["band", "answers", *shares])
