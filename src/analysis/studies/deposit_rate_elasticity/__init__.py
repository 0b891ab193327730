"""How deposit rates stand in the market, follow policy, and move balances."""

from analysis.studies.appendix import describe_run, tabulate_checks
from analysis.studies.deposit_rate_elasticity.closing import (
    tabulate_assumptions,
    tabulate_codebook,
)
from analysis.studies.deposit_rate_elasticity.parameters import (
    OPTIONAL_TABLES,
    OWNER,
    QUESTION,
    TABLES,
    TITLE,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.pass_through.core import (
    measure_core_shares,
)
from analysis.studies.deposit_rate_elasticity.pass_through.core_exhibits import (
    tabulate_core_shares,
)
from analysis.studies.deposit_rate_elasticity.pass_through.cycle_exhibits import (
    chart_policy_cycles,
    tabulate_policy_cycles,
)
from analysis.studies.deposit_rate_elasticity.pass_through.cycle_findings import (
    find_policy_cycles,
)
from analysis.studies.deposit_rate_elasticity.pass_through.cycles import (
    measure_policy_cycles,
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
from analysis.studies.deposit_rate_elasticity.pass_through.price_lists import (
    chart_list_spread,
    measure_list_spread,
)
from analysis.studies.deposit_rate_elasticity.pass_through.step_exhibits import (
    chart_rate_steps,
    tabulate_rate_steps,
)
from analysis.studies.deposit_rate_elasticity.pass_through.step_findings import (
    find_rate_steps,
)
from analysis.studies.deposit_rate_elasticity.pass_through.steps import (
    estimate_rate_steps,
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
    "chart_list_spread",
    "chart_pass_through",
    "chart_policy_cycles",
    "chart_posted_rates",
    "chart_rate_steps",
    "chart_real_rate",
    "chart_responses",
    "compare_with_competitors",
    "deflate_rates",
    "describe_run",
    "estimate_pass_through",
    "estimate_rate_steps",
    "estimate_responses",
    "find_competitor_gap",
    "find_long_run",
    "find_pass_through_across",
    "find_policy_cycles",
    "find_posted_rates",
    "find_rate_steps",
    "find_real_rate",
    "find_responses",
    "find_shares",
    "judge_responses",
    "measure_core_shares",
    "measure_list_spread",
    "measure_policy_cycles",
    "tabulate_assumptions",
    "tabulate_checks",
    "tabulate_codebook",
    "tabulate_competitor_gap",
    "tabulate_core_shares",
    "tabulate_pass_through",
    "tabulate_policy_cycles",
    "tabulate_posted_rates",
    "tabulate_rate_steps",
    "tabulate_verdicts",
]
