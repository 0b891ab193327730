"""The finding and the table on whether prices were kept as posted."""

from __future__ import annotations

from analysis.presentation.disclosure import Released, current_rules, release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.conduct.compliance import (
    AMOUNTS,
    Compliance,
)
from analysis.studies.deposit_rate_elasticity.conduct.sentences import scale_amounts
from analysis.studies.deposit_rate_elasticity.sentences import refuse
from analysis.units import Unit, write_number, write_value
from analysis.wording import mark, say

RULE_NAMES = {
    "less": mark("Paid no less than posted"),
    "unrecorded": mark("Paid above posted only as a recorded exception"),
    "ceiling": mark("Paid no more than the ceiling"),
    "posted_ceiling": mark("Posted no more than the ceiling"),
    "dispersion": mark("One price within a pricing cell and month"),
}
REMEDIES = {
    "less": mark("Pay the difference, and find out why the system paid less."),
    "unrecorded": mark("Record who granted each, or lower them at maturity."),
    "ceiling": mark("Report each to compliance; lower the rate where the law asks."),
    "posted_ceiling": mark("Withdraw the price today."),
    "dispersion": mark("Look at these contracts: same cell, same month, other rates."),
}
"""What to do about a broken rule."""
_KEPT = mark("Nothing to do.")
_WHOLE_PCT = 100.0
_LARGEST_SHOWN_PCT = 99.95
_DERIVED = {
    "share_pct": ("broken_balance",),
    "broken_balance_scaled": ("broken_balance",),
    "yearly_scaled": ("yearly",),
    "broken_accounts": ("broken_customers",),
}


def find_compliance(compliance: Compliance) -> Finding:
    """Say how much of the balance is paid as posted or by a recorded exception.

    Parameters
    ----------
    compliance : Compliance
        Rules and what breaks them.

    Returns
    -------
    Finding
        Share of balance, percent.
    """
    paid = compliance.paid
    if paid is None:
        return refuse(
            "price_compliance",
            "A10",
            question=say("Whether prices were kept as posted is not known"),
            reason=say("The source gives no rates paid to lay beside posted ones."),
            quarter=compliance.quarter,
            source=compliance.source,
        )
    if _is_telling(compliance):
        return _refuse_few(compliance)
    broken = compliance.rules.set_index("rule")["share_pct"]
    kept = _WHOLE_PCT - float(broken["less"] + broken["unrecorded"])
    return Finding(
        key="price_compliance",
        requirement="A10",
        headline=_write_headline(kept),
        sentence=say(
            "At the end of {quarter}, of {accounts} deposits laid beside the price of "
            "their cell, {exact} of the balance was paid exactly as posted, {more} "
            "more and {less} less. Rates paid within one cell and month deviate by "
            "{deviation}.",
            quarter=write_quarter(compliance.quarter),
            accounts=write_number(paid["accounts"]),
            exact=write_value(paid["exact_pct"], Unit.PERCENT),
            more=write_value(paid["more_pct"], Unit.PERCENT),
            less=write_value(paid["less_pct"], Unit.PERCENT),
            deviation=say(
                "{number} bp", number=write_number(paid["deviation_bp"], decimals=1)
            ),
        ),
        action=_advise(compliance),
        measure=say("Balance paid as posted or by exception"),
        verdict="exact",
        unit=Unit.PERCENT,
        nobs=int(paid["accounts"]),
        period=str(compliance.quarter),
        source=compliance.source,
        estimate=kept,
        importance=0.3 if kept >= _LARGEST_SHOWN_PCT else 0.8,
    )


def tabulate_compliance(compliance: Compliance) -> DisplayTable | Note:
    """Show each rule, how often it was broken, and what to do.

    Parameters
    ----------
    compliance : Compliance
        Rules and what breaks them.

    Returns
    -------
    DisplayTable or Note
        One row per rule that could be tested; a note where none could.
    """
    if compliance.rules.empty:
        return Note(
            say("No rule of pricing could be tested: the source gives no rates paid.")
        )
    released, unit = _release_rules(compliance)
    return DisplayTable(
        title=say("Rules of pricing, {q}", q=write_quarter(compliance.quarter)),
        released=released,
        columns=(
            DisplayColumn("name", say("Rule")),
            DisplayColumn("accounts", say("Tested"), Unit.COUNT),
            DisplayColumn("broken_accounts", say("Broken"), Unit.COUNT),
            DisplayColumn("share_pct", say("Share of balance"), Unit.PERCENT, 2),
            DisplayColumn(
                "broken_balance_scaled", say("Balance"), decimals=1, unit_label=unit
            ),
            DisplayColumn(
                "yearly_scaled", say("Interest a year"), decimals=1, unit_label=unit
            ),
            DisplayColumn("remedy", say("What to do")),
        ),
        source=compliance.source,
        note=say(
            "Rates within half a basis point are the same. A contract is held against "
            "the price of its first period, other money against today's. Within a "
            "cell, deposits are named where rates deviate by more than {tolerance} "
            "(standard deviation weighted by balance).",
            tolerance=write_value(compliance.tolerance_bp, Unit.BASIS_POINTS),
        ),
    )


def _release_rules(compliance: Compliance) -> tuple[Released, str]:
    """Release the rules; what few customers break is hidden."""
    rows, unit = scale_amounts(
        compliance.rules, ["broken_balance", "yearly"], compliance.currency
    )
    named = rows.assign(
        name=[say(RULE_NAMES[rule]) for rule in rows["rule"]],
        remedy=[
            say(REMEDIES[rule] if broken else _KEPT)
            for rule, broken in zip(rows["rule"], rows["broken_accounts"], strict=True)
        ],
    )
    ends = [f"{name}_{end}" for name in AMOUNTS for end in ("largest", "second")]
    measures = [*AMOUNTS, *ends, *(f"{name}_absolute" for name in AMOUNTS)]
    columns = ["name", "remedy", "accounts", "broken_customers", *measures, *_DERIVED]
    released = release(
        named[columns],
        count="broken_customers",
        amounts=AMOUNTS,
        derived=_DERIVED,
        dominance=AMOUNTS,
    )
    return released, unit


def _is_telling(compliance: Compliance) -> bool:
    """Say whether a share would tell on few customers."""
    rows = compliance.rules[compliance.rules["rule"].isin(("less", "unrecorded"))]
    few = (rows["broken_customers"] > 0) & (
        rows["broken_customers"] < current_rules().minimum_count
    )
    return bool(few.any())


def _refuse_few(compliance: Compliance) -> Finding:
    return Finding(
        key="price_compliance",
        requirement="A10",
        headline=say("A few customers are not paid as posted"),
        sentence=say(
            "At the end of {quarter} so few customers were paid otherwise than posted "
            "that a share would tell on them; the table names the rules.",
            quarter=write_quarter(compliance.quarter),
        ),
        action=_advise(compliance),
        verdict="not identified",
        unit=Unit.PERCENT,
        nobs=0,
        period=str(compliance.quarter),
        source=compliance.source,
        reason=say("Too few customers to be shown."),
        importance=0.6,
    )


def _write_headline(kept: float) -> str:
    if kept >= _LARGEST_SHOWN_PCT:
        return say("Deposits are paid as posted, or more by a recorded exception")
    return say(
        "{share} of deposits are paid neither as posted nor by a recorded exception",
        share=write_value(_WHOLE_PCT - kept, Unit.PERCENT),
    )


def _advise(compliance: Compliance) -> str:
    broken = compliance.rules[compliance.rules["broken_accounts"] > 0]
    if broken.empty:
        return say("Keep the check; no rule was broken.")
    worst = broken.sort_values("yearly", ascending=False)["rule"].iloc[0]
    return say(REMEDIES[str(worst)])
