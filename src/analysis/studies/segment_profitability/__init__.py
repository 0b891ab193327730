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
from analysis.studies.segment_profitability.levers.contacts import build_contacts
from analysis.studies.segment_profitability.levers.crowding import estimate_crowding
from analysis.studies.segment_profitability.levers.crowding_exhibits import (
    chart_crowding,
    find_crowding,
)
from analysis.studies.segment_profitability.levers.exhibits_fee import (
    chart_fee_exits,
    chart_fee_losses,
    chart_fee_profit,
    tabulate_fee_trial,
    tabulate_fees,
)
from analysis.studies.segment_profitability.levers.fee_response import (
    estimate_fee_response,
)
from analysis.studies.segment_profitability.levers.fee_simulation import simulate_fees
from analysis.studies.segment_profitability.levers.findings_fee import (
    find_fee_exits,
    find_fee_profit,
)
from analysis.studies.segment_profitability.levers.findings_vulnerable import (
    find_fee_vulnerable,
)
from analysis.studies.segment_profitability.levers.low_value_time import (
    chart_low_value_time,
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
from analysis.studies.segment_profitability.levers.trial_sums import read_fee_trial
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
    "build_contacts",
    "build_customer_profit",
    "chart_capacity",
    "chart_capital_reward",
    "chart_channels",
    "chart_crowding",
    "chart_deposit_margins",
    "chart_fee_exits",
    "chart_fee_losses",
    "chart_fee_profit",
    "chart_lorenz",
    "chart_loss_makers",
    "chart_low_value_time",
    "chart_profit_lines",
    "chart_segment_lines",
    "chart_whale",
    "cost_channels",
    "cost_service",
    "count_loss_makers",
    "describe_run",
    "draw_customers",
    "estimate_crowding",
    "estimate_fee_response",
    "find_capital_reward",
    "find_channel_cost",
    "find_crowding",
    "find_deposit_margin",
    "find_deposit_spread",
    "find_fee_exits",
    "find_fee_profit",
    "find_fee_vulnerable",
    "find_ledger_tie",
    "find_loss_makers",
    "find_low_value_time",
    "find_missing_lines",
    "find_movable_contacts",
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
    "measure_low_value_time",
    "measure_movable_contacts",
    "measure_service_modes",
    "price_balances",
    "read_fee_trial",
    "reward_risk",
    "simulate_fees",
    "sum_segments",
    "tabulate_assumptions",
    "tabulate_capacity",
    "tabulate_channels",
    "tabulate_checks",
    "tabulate_codebook",
    "tabulate_customers",
    "tabulate_deposit_margins",
    "tabulate_fee_trial",
    "tabulate_fees",
    "tabulate_ledger_tie",
    "tabulate_low_value_time",
    "tabulate_movable_contacts",
    "tabulate_segments",
    "tabulate_service_modes",
    "tabulate_top_shares",
    "tie_to_ledger",
]
