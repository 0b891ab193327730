"""How deposit rates stand in the market, follow policy, and move balances."""

from analysis.studies.appendix import describe_run, tabulate_checks
from analysis.studies.deposit_rate_elasticity.closing import (
    tabulate_assumptions,
    tabulate_codebook,
)
from analysis.studies.deposit_rate_elasticity.maturity.choices import (
    gather_maturities,
)
from analysis.studies.deposit_rate_elasticity.maturity.exhibits import (
    chart_maturity_wall,
    list_largest_maturing,
    tabulate_maturity_wall,
)
from analysis.studies.deposit_rate_elasticity.maturity.findings import (
    find_gap_at_maturity,
    find_maturing,
)
from analysis.studies.deposit_rate_elasticity.maturity.renewals import (
    estimate_renewals,
)
from analysis.studies.deposit_rate_elasticity.maturity.wall import (
    build_maturity_wall,
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
from analysis.studies.deposit_rate_elasticity.rates.following import measure_following
from analysis.studies.deposit_rate_elasticity.rates.history import build_rate_history
from analysis.studies.deposit_rate_elasticity.rates.line_release import find_shares
from analysis.studies.deposit_rate_elasticity.rates.market_position import (
    compare_with_competitors,
    deflate_rates,
)
from analysis.studies.deposit_rate_elasticity.rates.rival_exhibits import (
    chart_competitor_map,
    find_following,
    tabulate_following,
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
from analysis.studies.deposit_rate_elasticity.scenarios.balances import (
    measure_balances,
)
from analysis.studies.deposit_rate_elasticity.scenarios.exhibits import (
    chart_scenarios,
    tabulate_scenarios,
)
from analysis.studies.deposit_rate_elasticity.scenarios.expense import (
    measure_expense,
)
from analysis.studies.deposit_rate_elasticity.scenarios.findings import find_scenarios
from analysis.studies.deposit_rate_elasticity.scenarios.forecasts import (
    forecast_rates,
)

__all__ = [
    "OPTIONAL_TABLES",
    "OWNER",
    "QUESTION",
    "TABLES",
    "TITLE",
    "Parameters",
    "build_balance_panel",
    "build_maturity_wall",
    "build_rate_history",
    "chart_competitor_map",
    "chart_maturity_wall",
    "chart_pass_through",
    "chart_posted_rates",
    "chart_real_rate",
    "chart_responses",
    "chart_scenarios",
    "compare_with_competitors",
    "deflate_rates",
    "describe_run",
    "estimate_pass_through",
    "estimate_renewals",
    "estimate_responses",
    "find_competitor_gap",
    "find_following",
    "find_gap_at_maturity",
    "find_long_run",
    "find_maturing",
    "find_pass_through_across",
    "find_posted_rates",
    "find_real_rate",
    "find_responses",
    "find_scenarios",
    "find_shares",
    "forecast_rates",
    "gather_maturities",
    "judge_responses",
    "list_largest_maturing",
    "measure_balances",
    "measure_expense",
    "measure_following",
    "tabulate_assumptions",
    "tabulate_checks",
    "tabulate_codebook",
    "tabulate_competitor_gap",
    "tabulate_following",
    "tabulate_maturity_wall",
    "tabulate_pass_through",
    "tabulate_posted_rates",
    "tabulate_scenarios",
    "tabulate_verdicts",
]
