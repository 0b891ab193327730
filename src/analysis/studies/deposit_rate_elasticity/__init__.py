"""How deposit rates stand in the market, follow policy, and move balances."""

from analysis.studies.appendix import describe_run, tabulate_checks
from analysis.studies.deposit_rate_elasticity.closing import (
    tabulate_assumptions,
    tabulate_codebook,
)
from analysis.studies.deposit_rate_elasticity.conduct.compliance import check_prices
from analysis.studies.deposit_rate_elasticity.conduct.compliance_exhibits import (
    find_compliance,
    tabulate_compliance,
)
from analysis.studies.deposit_rate_elasticity.conduct.exceptions import (
    measure_exceptions,
)
from analysis.studies.deposit_rate_elasticity.conduct.exceptions_exhibits import (
    tabulate_exceptions,
    tabulate_large_exceptions,
)
from analysis.studies.deposit_rate_elasticity.conduct.exceptions_findings import (
    find_exception_cost,
    find_kept_balance,
    find_large_exceptions,
)
from analysis.studies.deposit_rate_elasticity.conduct.notices import measure_notices
from analysis.studies.deposit_rate_elasticity.conduct.notices_exhibits import (
    find_coverage,
    find_notice_effect,
    tabulate_notices,
)
from analysis.studies.deposit_rate_elasticity.conduct.pre_trend import measure_pre_trend
from analysis.studies.deposit_rate_elasticity.conduct.price_changes import (
    measure_price_changes,
)
from analysis.studies.deposit_rate_elasticity.conduct.price_changes_exhibits import (
    find_price_changes,
    tabulate_price_changes,
)
from analysis.studies.deposit_rate_elasticity.conduct.priced_accounts import (
    price_accounts,
)
from analysis.studies.deposit_rate_elasticity.conduct.quarter_ends import (
    measure_quarter_ends,
)
from analysis.studies.deposit_rate_elasticity.conduct.quarter_ends_exhibits import (
    chart_quarter_ends,
    find_quarter_end,
)
from analysis.studies.deposit_rate_elasticity.conduct.thresholds import (
    measure_thresholds,
    tabulate_thresholds,
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
from analysis.studies.deposit_rate_elasticity.experiment.designs import design_tests
from analysis.studies.deposit_rate_elasticity.experiment.exhibits import (
    chart_tests,
    tabulate_tests,
)
from analysis.studies.deposit_rate_elasticity.experiment.findings import find_test
from analysis.studies.deposit_rate_elasticity.experiment.noise_panel import (
    build_noise_panel,
)
from analysis.studies.deposit_rate_elasticity.experiment.plan import tabulate_plan
from analysis.studies.deposit_rate_elasticity.maturity.choices import gather_maturities
from analysis.studies.deposit_rate_elasticity.maturity.exhibits import (
    chart_maturity_wall,
    list_largest_maturing,
    tabulate_maturity_wall,
)
from analysis.studies.deposit_rate_elasticity.maturity.findings import (
    find_gap_at_maturity,
    find_maturing,
)
from analysis.studies.deposit_rate_elasticity.maturity.renewals import estimate_renewals
from analysis.studies.deposit_rate_elasticity.maturity.wall import build_maturity_wall
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
from analysis.studies.deposit_rate_elasticity.pricing.cost_exhibits import (
    chart_new_money,
)
from analysis.studies.deposit_rate_elasticity.pricing.cost_findings import (
    find_new_money,
)
from analysis.studies.deposit_rate_elasticity.pricing.decisions import (
    price_new_money,
    weigh_moves,
)
from analysis.studies.deposit_rate_elasticity.pricing.move_exhibits import (
    chart_moves,
    tabulate_moves,
)
from analysis.studies.deposit_rate_elasticity.pricing.move_findings import (
    find_best_move,
)
from analysis.studies.deposit_rate_elasticity.pricing.net_findings import (
    find_net_new_money,
)
from analysis.studies.deposit_rate_elasticity.pricing.net_new_money import net_new_money
from analysis.studies.deposit_rate_elasticity.pricing.price_book import open_price_books
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
from analysis.studies.deposit_rate_elasticity.response.choice_exhibits import (
    chart_other_choices,
)
from analysis.studies.deposit_rate_elasticity.response.cross_effects import (
    estimate_cross_effects,
)
from analysis.studies.deposit_rate_elasticity.response.cross_exhibits import (
    chart_cross_effects,
)
from analysis.studies.deposit_rate_elasticity.response.diagnostics import (
    diagnose_responses,
    tabulate_diagnostics,
)
from analysis.studies.deposit_rate_elasticity.response.estimates import (
    estimate_responses,
)
from analysis.studies.deposit_rate_elasticity.response.exhibits import (
    chart_responses,
    tabulate_verdicts,
)
from analysis.studies.deposit_rate_elasticity.response.findings import find_responses
from analysis.studies.deposit_rate_elasticity.response.other_choices import (
    try_other_choices,
)
from analysis.studies.deposit_rate_elasticity.response.pooling import pool_segments
from analysis.studies.deposit_rate_elasticity.response.verdicts import judge_responses
from analysis.studies.deposit_rate_elasticity.scenarios.balances import measure_balances
from analysis.studies.deposit_rate_elasticity.scenarios.exhibits import (
    chart_scenarios,
    tabulate_scenarios,
)
from analysis.studies.deposit_rate_elasticity.scenarios.expense import measure_expense
from analysis.studies.deposit_rate_elasticity.scenarios.findings import find_scenarios
from analysis.studies.deposit_rate_elasticity.scenarios.forecasts import forecast_rates
from analysis.studies.deposit_rate_elasticity.scorecard.exhibits import (
    chart_forecast_scores,
    tabulate_forecast_scores,
)
from analysis.studies.deposit_rate_elasticity.scorecard.findings import (
    find_forecast_score,
)
from analysis.studies.deposit_rate_elasticity.scorecard.scores import score_forecasts
from analysis.studies.deposit_rate_elasticity.twin.exhibits import (
    find_twin_coverage,
    tabulate_twins,
)
from analysis.studies.deposit_rate_elasticity.twin.scores import score_twins

__all__ = [
    "OPTIONAL_TABLES",
    "OWNER",
    "QUESTION",
    "TABLES",
    "TITLE",
    "Parameters",
    "build_balance_panel",
    "build_maturity_wall",
    "build_noise_panel",
    "build_rate_history",
    "chart_competitor_map",
    "chart_cross_effects",
    "chart_forecast_scores",
    "chart_list_spread",
    "chart_maturity_wall",
    "chart_moves",
    "chart_new_money",
    "chart_other_choices",
    "chart_pass_through",
    "chart_policy_cycles",
    "chart_posted_rates",
    "chart_quarter_ends",
    "chart_rate_steps",
    "chart_real_rate",
    "chart_responses",
    "chart_scenarios",
    "chart_shape",
    "chart_tests",
    "chart_timing",
    "check_prices",
    "compare_with_competitors",
    "deflate_rates",
    "describe_run",
    "design_tests",
    "diagnose_responses",
    "estimate_cross_effects",
    "estimate_directions",
    "estimate_margins",
    "estimate_pass_through",
    "estimate_rate_steps",
    "estimate_renewals",
    "estimate_responses",
    "estimate_shape",
    "estimate_timing",
    "find_best_move",
    "find_competitor_gap",
    "find_compliance",
    "find_coverage",
    "find_direction",
    "find_exception_cost",
    "find_following",
    "find_forecast_score",
    "find_gap_at_maturity",
    "find_kept_balance",
    "find_large_exceptions",
    "find_long_run",
    "find_maturing",
    "find_net_new_money",
    "find_new_money",
    "find_notice_effect",
    "find_pass_through_across",
    "find_policy_cycles",
    "find_posted_rates",
    "find_price_changes",
    "find_quarter_end",
    "find_rate_steps",
    "find_real_rate",
    "find_responses",
    "find_scenarios",
    "find_shape",
    "find_shares",
    "find_test",
    "find_timing",
    "find_twin_coverage",
    "find_who_moves",
    "forecast_rates",
    "gather_maturities",
    "judge_responses",
    "list_largest_maturing",
    "measure_balances",
    "measure_core_shares",
    "measure_exceptions",
    "measure_expense",
    "measure_following",
    "measure_list_spread",
    "measure_notices",
    "measure_policy_cycles",
    "measure_pre_trend",
    "measure_price_changes",
    "measure_quarter_ends",
    "measure_thresholds",
    "net_new_money",
    "open_price_books",
    "pool_segments",
    "price_accounts",
    "price_new_money",
    "score_forecasts",
    "score_twins",
    "tabulate_assumptions",
    "tabulate_checks",
    "tabulate_codebook",
    "tabulate_competitor_gap",
    "tabulate_compliance",
    "tabulate_core_shares",
    "tabulate_diagnostics",
    "tabulate_directions",
    "tabulate_exceptions",
    "tabulate_following",
    "tabulate_forecast_scores",
    "tabulate_large_exceptions",
    "tabulate_margins",
    "tabulate_maturity_wall",
    "tabulate_moves",
    "tabulate_notices",
    "tabulate_pass_through",
    "tabulate_plan",
    "tabulate_policy_cycles",
    "tabulate_posted_rates",
    "tabulate_price_changes",
    "tabulate_rate_steps",
    "tabulate_repricing",
    "tabulate_scenarios",
    "tabulate_tests",
    "tabulate_thresholds",
    "tabulate_twins",
    "tabulate_verdicts",
    "try_other_choices",
    "weigh_moves",
]
