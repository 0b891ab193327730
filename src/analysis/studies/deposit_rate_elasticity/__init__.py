"""How deposit rates stand in the market, follow policy, and move balances."""

from analysis.studies.appendix import describe_run, tabulate_checks
from analysis.studies.deposit_rate_elasticity.closing import (
    tabulate_assumptions,
    tabulate_codebook,
)
from analysis.studies.deposit_rate_elasticity.dynamics.directions import (
    estimate_directions,
)
from analysis.studies.deposit_rate_elasticity.dynamics.directions_shown import (
    find_direction,
    tabulate_directions,
)
from analysis.studies.deposit_rate_elasticity.dynamics.margins import estimate_margins
from analysis.studies.deposit_rate_elasticity.dynamics.margins_shown import (
    find_who_moves,
    tabulate_margins,
)
from analysis.studies.deposit_rate_elasticity.dynamics.repricing import (
    tabulate_repricing,
)
from analysis.studies.deposit_rate_elasticity.dynamics.shape import estimate_shape
from analysis.studies.deposit_rate_elasticity.dynamics.shape_shown import (
    chart_shape,
    find_shape,
)
from analysis.studies.deposit_rate_elasticity.dynamics.timing import estimate_timing
from analysis.studies.deposit_rate_elasticity.dynamics.timing_shown import (
    chart_timing,
    find_timing,
)
from analysis.studies.deposit_rate_elasticity.parameters import (
    OPTIONAL_TABLES,
    OWNER,
    QUESTION,
    TABLES,
    TITLE,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.pass_through.estimates import (
    estimate_pass_through,
)
from analysis.studies.deposit_rate_elasticity.pass_through.exhibits import (
    chart_pass_through,
    tabulate_pass_through,
)
from analysis.studies.deposit_rate_elasticity.pass_through.findings import (
    find_long_run,
    find_pass_through_across,
)
from analysis.studies.deposit_rate_elasticity.rates.exhibits import (
    chart_competitor_gap,
    chart_posted_rates,
    chart_real_rate,
    tabulate_competitor_gap,
    tabulate_posted_rates,
)
from analysis.studies.deposit_rate_elasticity.rates.findings import (
    find_competitor_gap,
    find_posted_rates,
    find_real_rate,
)
from analysis.studies.deposit_rate_elasticity.rates.history import build_rate_history
from analysis.studies.deposit_rate_elasticity.rates.line_release import find_shares
from analysis.studies.deposit_rate_elasticity.rates.market_position import (
    compare_with_competitors,
    deflate_rates,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    build_balance_panel,
)
from analysis.studies.deposit_rate_elasticity.response.estimates import (
    estimate_responses,
)
from analysis.studies.deposit_rate_elasticity.response.exhibits import (
    chart_responses,
    tabulate_verdicts,
)
from analysis.studies.deposit_rate_elasticity.response.findings import find_responses
from analysis.studies.deposit_rate_elasticity.response.verdicts import judge_responses

__all__ = [
    "OPTIONAL_TABLES",
    "OWNER",
    "QUESTION",
    "TABLES",
    "TITLE",
    "Parameters",
    "build_balance_panel",
    "build_rate_history",
    "chart_competitor_gap",
    "chart_pass_through",
    "chart_posted_rates",
    "chart_real_rate",
    "chart_responses",
    "chart_shape",
    "chart_timing",
    "compare_with_competitors",
    "deflate_rates",
    "describe_run",
    "estimate_directions",
    "estimate_margins",
    "estimate_pass_through",
    "estimate_responses",
    "estimate_shape",
    "estimate_timing",
    "find_competitor_gap",
    "find_direction",
    "find_long_run",
    "find_pass_through_across",
    "find_posted_rates",
    "find_real_rate",
    "find_responses",
    "find_shape",
    "find_shares",
    "find_timing",
    "find_who_moves",
    "judge_responses",
    "tabulate_assumptions",
    "tabulate_checks",
    "tabulate_codebook",
    "tabulate_competitor_gap",
    "tabulate_directions",
    "tabulate_margins",
    "tabulate_pass_through",
    "tabulate_posted_rates",
    "tabulate_repricing",
    "tabulate_verdicts",
]
