"""Which customers and segments earn money, which lose it, and why."""

from analysis.studies.appendix import describe_run, tabulate_checks
from analysis.studies.segment_profitability.account.customer_profit import (
    build_customer_profit,
)
from analysis.studies.segment_profitability.account.funds_pricing import price_balances
from analysis.studies.segment_profitability.account.ledger_quarters import tie_quarters
from analysis.studies.segment_profitability.account.ledger_tie import tie_to_ledger
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
from analysis.studies.segment_profitability.assurance.choices import Choices, choose
from analysis.studies.segment_profitability.assurance.dial import compare_assumptions
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
from analysis.studies.segment_profitability.capital.charts_capital import (
    chart_capital_reward,
)
from analysis.studies.segment_profitability.capital.findings_capital import (
    find_capital_reward,
    find_value_creators,
)
from analysis.studies.segment_profitability.capital.risk_reward import reward_risk
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
    "Choices",
    "Parameters",
    "build_customer_profit",
    "chart_alternatives",
    "chart_capacity",
    "chart_capital_reward",
    "chart_channels",
    "chart_deposit_margins",
    "chart_lorenz",
    "chart_loss_makers",
    "chart_profit_lines",
    "chart_segment_lines",
    "chart_whale",
    "choose",
    "compare_assumptions",
    "cost_channels",
    "cost_service",
    "count_loss_makers",
    "describe_run",
    "draw_customers",
    "find_capital_reward",
    "find_channel_cost",
    "find_deposit_margin",
    "find_deposit_spread",
    "find_ledger_quarters",
    "find_ledger_tie",
    "find_loss_makers",
    "find_missing_lines",
    "find_points_liability",
    "find_profit_by_segment",
    "find_profit_gini",
    "find_segment_certainty",
    "find_sign_stability",
    "find_top_share",
    "find_unused_capacity",
    "find_value_creators",
    "judge_segments",
    "list_customers_to_keep",
    "list_high_tier_losing",
    "measure_concentration",
    "measure_deposit_margins",
    "measure_deposit_spread",
    "price_balances",
    "reward_risk",
    "sum_segments",
    "tabulate_alternatives",
    "tabulate_assumptions",
    "tabulate_capacity",
    "tabulate_certainty",
    "tabulate_change",
    "tabulate_channels",
    "tabulate_checks",
    "tabulate_codebook",
    "tabulate_customers",
    "tabulate_deposit_margins",
    "tabulate_ledger_quarters",
    "tabulate_ledger_tie",
    "tabulate_segments",
    "tabulate_top_shares",
    "tie_quarters",
    "tie_to_ledger",
    "vary_assumptions",
]
