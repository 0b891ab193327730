"""Which customers and segments earn money, which lose it, and why."""

from analysis.studies.appendix import describe_run, tabulate_checks
from analysis.studies.segment_profitability.account.customer_profit import (
    build_customer_profit,
)
from analysis.studies.segment_profitability.account.funds_pricing import price_balances
from analysis.studies.segment_profitability.account.ledger_tie import tie_to_ledger
from analysis.studies.segment_profitability.account.service_cost import (
    cost_channels,
    cost_service,
)
from analysis.studies.segment_profitability.assumptions import (
    tabulate_assumptions,
    tabulate_codebook,
)
from analysis.studies.segment_profitability.capital.charts_capital import (
    chart_capital_reward,
)
from analysis.studies.segment_profitability.capital.findings_capital import (
    find_capital_reward,
    find_value_creators,
)
from analysis.studies.segment_profitability.capital.risk_reward import reward_risk
from analysis.studies.segment_profitability.classes.behaviour import (
    describe_behaviour,
)
from analysis.studies.segment_profitability.classes.charts_kinds import (
    chart_fifths,
    chart_kind_stability,
)
from analysis.studies.segment_profitability.classes.charts_products import (
    chart_product_depth,
    chart_product_margins,
    chart_product_pairs,
)
from analysis.studies.segment_profitability.classes.charts_rules import (
    chart_class_deciles,
    chart_class_moves,
    chart_class_profit,
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
    tabulate_kind_counts,
    tabulate_kind_stays,
    tabulate_kind_traits,
    tabulate_kinds,
)
from analysis.studies.segment_profitability.costs.charts_costs import (
    chart_capacity,
    chart_channels,
    chart_deposit_margins,
    chart_loss_makers,
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
    measure_deposit_spread,
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
from analysis.studies.segment_profitability.segments.segment_profit import sum_segments
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
    "Parameters",
    "build_customer_profit",
    "chart_capacity",
    "chart_capital_reward",
    "chart_channels",
    "chart_class_deciles",
    "chart_class_moves",
    "chart_class_profit",
    "chart_deposit_margins",
    "chart_fifths",
    "chart_kind_stability",
    "chart_lorenz",
    "chart_loss_makers",
    "chart_product_depth",
    "chart_product_margins",
    "chart_product_pairs",
    "chart_profit_lines",
    "chart_segment_lines",
    "chart_tier_deciles",
    "chart_whale",
    "classify_customers",
    "cost_channels",
    "cost_service",
    "count_loss_makers",
    "cut_fifths",
    "describe_behaviour",
    "describe_run",
    "divide_customers",
    "draw_customers",
    "find_capital_reward",
    "find_channel_cost",
    "find_class_errors",
    "find_class_moves",
    "find_class_ranking",
    "find_deposit_margin",
    "find_deposit_spread",
    "find_fifths",
    "find_idle_customers",
    "find_kinds",
    "find_kinds_by_quarter",
    "find_ledger_tie",
    "find_loss_makers",
    "find_missing_lines",
    "find_product_depth",
    "find_product_pairs",
    "find_profit_by_segment",
    "find_profit_gini",
    "find_top_share",
    "find_unused_capacity",
    "find_value_creators",
    "list_customers_to_keep",
    "list_high_tier_losing",
    "measure_concentration",
    "measure_deposit_margins",
    "measure_deposit_spread",
    "measure_depth",
    "measure_product_margins",
    "price_balances",
    "reward_risk",
    "sum_segments",
    "tabulate_assumptions",
    "tabulate_capacity",
    "tabulate_channels",
    "tabulate_checks",
    "tabulate_class_moves",
    "tabulate_class_rules",
    "tabulate_classes",
    "tabulate_codebook",
    "tabulate_customers",
    "tabulate_deposit_margins",
    "tabulate_kind_counts",
    "tabulate_kind_stays",
    "tabulate_kind_traits",
    "tabulate_kinds",
    "tabulate_ledger_tie",
    "tabulate_segments",
    "tabulate_top_shares",
    "tie_to_ledger",
]
