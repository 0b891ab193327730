"""Which customers and segments earn money, which lose it, and why."""

from analysis.studies.appendix import (
    describe_run,
    tabulate_checks,
)
from analysis.studies.segment_profitability.account.customer_profit import (
    build_customer_profit,
)
from analysis.studies.segment_profitability.account.funds_pricing import (
    price_balances,
)
from analysis.studies.segment_profitability.account.ledger_quarters import (
    tie_quarters,
)
from analysis.studies.segment_profitability.account.ledger_tie import (
    tie_to_ledger,
)
from analysis.studies.segment_profitability.account.service_cost import (
    cost_channels,
    cost_service,
)
from analysis.studies.segment_profitability.assumptions import (
    tabulate_assumptions,
    tabulate_codebook,
)
from analysis.studies.segment_profitability.assurance.charts_assurance import (
    chart_alternatives,
)
from analysis.studies.segment_profitability.assurance.choices import (
    Choices,
    choose,
)
from analysis.studies.segment_profitability.assurance.dial import (
    compare_assumptions,
)
from analysis.studies.segment_profitability.assurance.findings_assurance import (
    find_sign_stability,
)
from analysis.studies.segment_profitability.assurance.findings_certainty import (
    find_segment_certainty,
)
from analysis.studies.segment_profitability.assurance.findings_ledger import (
    find_ledger_quarters,
)
from analysis.studies.segment_profitability.assurance.findings_points import (
    find_points_liability,
)
from analysis.studies.segment_profitability.assurance.segment_certainty import (
    judge_segments,
)
from analysis.studies.segment_profitability.assurance.sign_stability import (
    vary_assumptions,
)
from analysis.studies.segment_profitability.assurance.tabulations_assurance import (
    tabulate_alternatives,
    tabulate_certainty,
    tabulate_change,
    tabulate_ledger_quarters,
)
from analysis.studies.segment_profitability.bridge.charts_bridge import (
    chart_profit_bridge,
)
from analysis.studies.segment_profitability.bridge.findings_bridge import (
    find_disguised_moves,
    find_profit_change,
)
from analysis.studies.segment_profitability.bridge.profit_bridge import (
    bridge_profit,
)
from analysis.studies.segment_profitability.bridge.tabulations_bridge import (
    tabulate_bridge,
    tabulate_rate_volume,
    tabulate_segment_bridge,
)
from analysis.studies.segment_profitability.capital.charts_capital import (
    chart_capital_reward,
)
from analysis.studies.segment_profitability.capital.findings_capital import (
    find_capital_reward,
    find_value_creators,
)
from analysis.studies.segment_profitability.capital.risk_reward import (
    reward_risk,
)
from analysis.studies.segment_profitability.classes.behaviour import (
    describe_behaviour,
)
from analysis.studies.segment_profitability.classes.charts_products import (
    chart_product_margins,
    chart_product_pairs,
)
from analysis.studies.segment_profitability.classes.charts_rules import (
    chart_tier_deciles,
)
from analysis.studies.segment_profitability.classes.depth import (
    measure_depth,
)
from analysis.studies.segment_profitability.classes.findings_kinds import (
    find_fifths,
    find_kinds,
    find_kinds_by_quarter,
)
from analysis.studies.segment_profitability.classes.findings_moves import (
    find_class_errors,
    find_class_moves,
)
from analysis.studies.segment_profitability.classes.findings_products import (
    find_product_depth,
    find_product_pairs,
)
from analysis.studies.segment_profitability.classes.findings_rules import (
    find_class_ranking,
    find_idle_customers,
)
from analysis.studies.segment_profitability.classes.kinds import (
    divide_customers,
)
from analysis.studies.segment_profitability.classes.margins import (
    measure_product_margins,
)
from analysis.studies.segment_profitability.classes.quintiles import (
    cut_fifths,
)
from analysis.studies.segment_profitability.classes.rules import (
    classify_customers,
)
from analysis.studies.segment_profitability.classes.tabulations_classes import (
    tabulate_class_moves,
    tabulate_class_rules,
    tabulate_classes,
)
from analysis.studies.segment_profitability.classes.tabulations_kinds import (
    tabulate_kind_traits,
    tabulate_kinds,
)
from analysis.studies.segment_profitability.costs.charts_costs import (
    chart_capacity,
)
from analysis.studies.segment_profitability.costs.deposit_margins import (
    measure_deposit_margins,
)
from analysis.studies.segment_profitability.costs.findings_costs import (
    find_channel_cost,
    find_deposit_margin,
    find_unused_capacity,
)
from analysis.studies.segment_profitability.costs.tabulations_costs import (
    tabulate_capacity,
    tabulate_channels,
    tabulate_deposit_margins,
)
from analysis.studies.segment_profitability.customers.charts_customers import (
    chart_lorenz,
    chart_whale,
)
from analysis.studies.segment_profitability.customers.customer_panel import (
    draw_customers,
)
from analysis.studies.segment_profitability.customers.deposit_spread import (
    measure_deposit_spread,
)
from analysis.studies.segment_profitability.customers.findings_customers import (
    find_deposit_spread,
    find_profit_gini,
    find_top_share,
)
from analysis.studies.segment_profitability.customers.findings_losers import (
    find_loss_makers,
)
from analysis.studies.segment_profitability.customers.profit_concentration import (
    count_loss_makers,
    measure_concentration,
)
from analysis.studies.segment_profitability.customers.year_ago import (
    draw_year_ago,
)
from analysis.studies.segment_profitability.levers.contacts import (
    build_contacts,
)
from analysis.studies.segment_profitability.levers.crowding import (
    estimate_crowding,
)
from analysis.studies.segment_profitability.levers.crowding_exhibits import (
    chart_crowding,
    find_crowding,
)
from analysis.studies.segment_profitability.levers.exhibits_fee import (
    chart_fee_profit,
    tabulate_fee_trial,
    tabulate_fees,
)
from analysis.studies.segment_profitability.levers.fee_response import (
    estimate_fee_response,
)
from analysis.studies.segment_profitability.levers.fee_simulation import (
    simulate_fees,
)
from analysis.studies.segment_profitability.levers.findings_fee import (
    find_fee_exits,
    find_fee_profit,
)
from analysis.studies.segment_profitability.levers.findings_vulnerable import (
    find_fee_vulnerable,
)
from analysis.studies.segment_profitability.levers.low_value_time import (
    find_low_value_time,
    measure_low_value_time,
    tabulate_low_value_time,
)
from analysis.studies.segment_profitability.levers.movable_contacts import (
    find_movable_contacts,
    measure_movable_contacts,
    tabulate_movable_contacts,
)
from analysis.studies.segment_profitability.levers.service_modes import (
    measure_service_modes,
    tabulate_service_modes,
)
from analysis.studies.segment_profitability.levers.trial_sums import (
    read_fee_trial,
)
from analysis.studies.segment_profitability.lifetime.acquisition import (
    weigh_acquisition,
)
from analysis.studies.segment_profitability.lifetime.activity import (
    score_activity,
)
from analysis.studies.segment_profitability.lifetime.backtest import (
    backtest_year,
)
from analysis.studies.segment_profitability.lifetime.charts_lifetime import (
    chart_backtest,
    chart_migration,
)
from analysis.studies.segment_profitability.lifetime.charts_stay import (
    chart_acquisition,
    chart_retention,
)
from analysis.studies.segment_profitability.lifetime.cohorts import (
    follow_cohorts,
)
from analysis.studies.segment_profitability.lifetime.customer_value import (
    value_customers,
)
from analysis.studies.segment_profitability.lifetime.findings_acquisition import (
    find_acquisition,
)
from analysis.studies.segment_profitability.lifetime.findings_stay import (
    find_retention,
    find_silent_customers,
)
from analysis.studies.segment_profitability.lifetime.findings_value import (
    find_backtest,
    find_customer_equity,
    find_memory,
)
from analysis.studies.segment_profitability.lifetime.lives import (
    trace_lives,
)
from analysis.studies.segment_profitability.lifetime.migration import (
    measure_migration,
)
from analysis.studies.segment_profitability.lifetime.tabulations_lifetime import (
    tabulate_acquisition,
    tabulate_customer_value,
    tabulate_migration,
)
from analysis.studies.segment_profitability.parameters import (
    OPTIONAL_TABLES,
    OWNER,
    QUESTION,
    TABLES,
    TITLE,
    Parameters,
)
from analysis.studies.segment_profitability.segments.charts_segments import (
    chart_profit_lines,
    chart_segment_lines,
)
from analysis.studies.segment_profitability.segments.customer_lists import (
    list_customers_to_keep,
    list_high_tier_losing,
)
from analysis.studies.segment_profitability.segments.findings_segments import (
    find_ledger_tie,
    find_missing_lines,
    find_profit_by_segment,
)
from analysis.studies.segment_profitability.segments.segment_profit import (
    sum_segments,
)
from analysis.studies.segment_profitability.segments.tabulations_segments import (
    tabulate_customers,
    tabulate_ledger_tie,
    tabulate_segments,
    tabulate_top_shares,
)

__all__ = [
    "OPTIONAL_TABLES",
    "OWNER",
    "QUESTION",
    "TABLES",
    "TITLE",
    "Choices",
    "Parameters",
    "backtest_year",
    "bridge_profit",
    "build_contacts",
    "build_customer_profit",
    "chart_acquisition",
    "chart_alternatives",
    "chart_backtest",
    "chart_capacity",
    "chart_capital_reward",
    "chart_crowding",
    "chart_fee_profit",
    "chart_lorenz",
    "chart_migration",
    "chart_product_margins",
    "chart_product_pairs",
    "chart_profit_bridge",
    "chart_profit_lines",
    "chart_retention",
    "chart_segment_lines",
    "chart_tier_deciles",
    "chart_whale",
    "choose",
    "classify_customers",
    "compare_assumptions",
    "cost_channels",
    "cost_service",
    "count_loss_makers",
    "cut_fifths",
    "describe_behaviour",
    "describe_run",
    "divide_customers",
    "draw_customers",
    "draw_year_ago",
    "estimate_crowding",
    "estimate_fee_response",
    "find_acquisition",
    "find_backtest",
    "find_capital_reward",
    "find_channel_cost",
    "find_class_errors",
    "find_class_moves",
    "find_class_ranking",
    "find_crowding",
    "find_customer_equity",
    "find_deposit_margin",
    "find_deposit_spread",
    "find_disguised_moves",
    "find_fee_exits",
    "find_fee_profit",
    "find_fee_vulnerable",
    "find_fifths",
    "find_idle_customers",
    "find_kinds",
    "find_kinds_by_quarter",
    "find_ledger_quarters",
    "find_ledger_tie",
    "find_loss_makers",
    "find_low_value_time",
    "find_memory",
    "find_missing_lines",
    "find_movable_contacts",
    "find_points_liability",
    "find_product_depth",
    "find_product_pairs",
    "find_profit_by_segment",
    "find_profit_change",
    "find_profit_gini",
    "find_retention",
    "find_segment_certainty",
    "find_sign_stability",
    "find_silent_customers",
    "find_top_share",
    "find_unused_capacity",
    "find_value_creators",
    "follow_cohorts",
    "judge_segments",
    "list_customers_to_keep",
    "list_high_tier_losing",
    "measure_concentration",
    "measure_deposit_margins",
    "measure_deposit_spread",
    "measure_depth",
    "measure_low_value_time",
    "measure_migration",
    "measure_movable_contacts",
    "measure_product_margins",
    "measure_service_modes",
    "price_balances",
    "read_fee_trial",
    "reward_risk",
    "score_activity",
    "simulate_fees",
    "sum_segments",
    "tabulate_acquisition",
    "tabulate_alternatives",
    "tabulate_assumptions",
    "tabulate_bridge",
    "tabulate_capacity",
    "tabulate_certainty",
    "tabulate_change",
    "tabulate_channels",
    "tabulate_checks",
    "tabulate_class_moves",
    "tabulate_class_rules",
    "tabulate_classes",
    "tabulate_codebook",
    "tabulate_customer_value",
    "tabulate_customers",
    "tabulate_deposit_margins",
    "tabulate_fee_trial",
    "tabulate_fees",
    "tabulate_kind_traits",
    "tabulate_kinds",
    "tabulate_ledger_quarters",
    "tabulate_ledger_tie",
    "tabulate_low_value_time",
    "tabulate_migration",
    "tabulate_movable_contacts",
    "tabulate_rate_volume",
    "tabulate_segment_bridge",
    "tabulate_segments",
    "tabulate_service_modes",
    "tabulate_top_shares",
    "tie_quarters",
    "tie_to_ledger",
    "trace_lives",
    "value_customers",
    "vary_assumptions",
    "weigh_acquisition",
]
