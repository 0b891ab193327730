"""The closing pages: what the numbers rest on, and what each column means."""

from __future__ import annotations

from dataclasses import replace

from analysis.presentation.tables import DisplayTable
from analysis.studies import appendix
from analysis.studies.satisfaction_drivers.parameters import (
    OPTIONAL_TABLES,
    TABLES,
    Parameters,
)
from analysis.units import write_number
from analysis.wording import mark, say

_READ = {
    "customers": (
        "customer_id",
        "customer_type",
        "region",
        "birth_year",
        "age_band",
        "is_digital",
        "branch",
        "relationship_manager_id",
        "referred_by",
        "open_date",
        "close_date",
    ),
    "customer_periods": (
        "period",
        "customer_id",
        "tier",
        "state",
        "assets_average",
    ),
    "complaints": (
        "complaint_id",
        "customer_id",
        "opened_date",
        "closed_date",
        "cause",
        "channel",
        "is_repeat",
    ),
}
"""What is read of tables that hold more."""

ASSUMPTIONS = (
    appendix.Assumption(
        mark(
            "Within a tier, age, region and channel, customers who answer are like "
            "those who do not."
        ),
        quality="red",
        impact="red",
        why=mark(
            "Nobody can check it from the answers; the band on silent customers shows "
            "how far the score could move. Calls to silent customers would help."
        ),
    ),
    appendix.Assumption(
        mark(
            "Customers of one tier, kind, age and channel are equally easy to please "
            "at every branch."
        ),
        quality="amber",
        impact="amber",
        why=mark(
            "Branches are compared after taking these four off. What else differs "
            "between their customers still counts for or against a branch."
        ),
    ),
    appendix.Assumption(
        mark("An attribute that goes along with satisfaction also causes it."),
        quality="amber",
        impact="red",
        why=mark(
            "All answers come from one questionnaire on one day. A trial is needed "
            "before money is spent."
        ),
    ),
    appendix.Assumption(
        mark(
            "Who does not use a channel would judge it like users with the same other "
            "answers."
        ),
        quality="amber",
        impact="amber",
        why=mark("The column on complete answers shows the ranking of users alone."),
    ),
    appendix.Assumption(
        mark("Customers who become more satisfied stay as those who are so already."),
        quality="amber",
        impact="red",
        why=mark(
            "Leaving follows the answer, and customers alike are compared; what else "
            "makes them satisfied and stay is not seen. A trial would tell."
        ),
    ),
    appendix.Assumption(
        mark("Attributes are measured equally well."),
        quality="amber",
        impact="amber",
        why=mark(
            "A badly measured attribute looks less important. Where several questions "
            "are asked, the table on reliability tells how badly; where one is, "
            "nothing does."
        ),
    ),
    appendix.Assumption(
        mark("Who skips a question would answer like those with the same answers."),
        quality="amber",
        impact="green",
        why=mark(
            "Few questions are skipped. Who does not use a channel is not filled in."
        ),
    ),
    appendix.Assumption(
        mark("Who waits longer, or whose complaint takes longer, is otherwise alike."),
        quality="amber",
        impact="amber",
        why=mark(
            "Tier, quarter and use of the app are held alike; busy hours and hard "
            "cases are not seen. A trial would tell."
        ),
    ),
    appendix.Assumption(
        mark("Complaints of one customer close independently of each other."),
        quality="amber",
        impact="green",
        why=mark("Few customers have several complaints in a quarter."),
    ),
    appendix.Assumption(
        mark("Words of the code frame mean the same to all who write them."),
        quality="amber",
        impact="amber",
        why=mark(
            "Code a hundred comments by hand each year and compare; irony and rare "
            "words are missed."
        ),
    ),
    appendix.Assumption(
        mark("Steps of the scale are equally wide and effects are straight lines."),
        quality="amber",
        impact="green",
        why=mark(
            "Answers on ten steps come close to it; a model for ordered answers would "
            "tell."
        ),
    ),
    appendix.Assumption(
        mark("Weights are known without error when drivers are resampled."),
        quality="green",
        impact="green",
        why=mark(
            "Replicates keep the raked weights, which makes intervals a little wide."
        ),
    ),
)


def tabulate_assumptions(parameters: Parameters) -> DisplayTable:
    """Show what the study takes for granted.

    Parameters
    ----------
    parameters : Parameters
        Of the run; the answers that count as too fast follow from it.

    Returns
    -------
    DisplayTable
        One row per assumption.
    """
    margin = appendix.Assumption(
        say(
            "A customer's assets earn {margin}% a year before tax.",
            margin=write_number(parameters.yearly_margin_pct, decimals=1),
        ),
        quality="red",
        impact="amber",
        why=say(
            "Set by the parameter yearly_margin_pct; the profitability report measures "
            "it. Balances kept do not depend on it."
        ),
    )
    screening = appendix.Assumption(
        say(
            "Who gives one answer throughout in less than {share}% of the median time "
            "did not read.",
            share=write_number(100 * parameters.fast_share),
        ),
        quality="amber",
        impact="green",
        why=say(
            "What the score would be with these answers kept is said beside the "
            "number of answers."
        ),
    )
    said = [
        replace(each, assumption=say(each.assumption), why=say(each.why))
        for each in ASSUMPTIONS
    ]
    return appendix.tabulate_assumptions([*said, margin, screening])


def tabulate_codebook() -> DisplayTable:
    """Show the columns that the study reads.

    Returns
    -------
    DisplayTable
        One row per column.
    """
    return appendix.tabulate_codebook([*TABLES, *OPTIONAL_TABLES], read=_READ)
