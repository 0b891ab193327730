"""How deposit rates stand in the market, follow policy, and move balances."""

from analysis.studies.appendix import describe_run, tabulate_checks
from analysis.studies.deposit_rate_elasticity.closing import (
    tabulate_assumptions,
    tabulate_codebook,
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
from analysis.studies.deposit_rate_elasticity.scorecard.exhibits import (
    chart_forecast_scores,
    tabulate_forecast_scores,
)
from analysis.studies.deposit_rate_elasticity.scorecard.findings import (
    find_forecast_score,
)
from analysis.studies.deposit_rate_elasticity.scorecard.scores import score_forecasts

__all__ = [
    "OPTIONAL_TABLES",
    "OWNER",
    "QUESTION",
    "TABLES",
    "TITLE",
    "Parameters",
    "build_balance_panel",
    "build_noise_panel",
    "build_rate_history",
    "chart_competitor_gap",
    "chart_forecast_scores",
    "chart_pass_through",
    "chart_posted_rates",
    "chart_real_rate",
    "chart_responses",
    "chart_tests",
    "compare_with_competitors",
    "deflate_rates",
    "describe_run",
    "design_tests",
    "estimate_pass_through",
    "estimate_responses",
    "find_competitor_gap",
    "find_forecast_score",
    "find_long_run",
    "find_pass_through_across",
    "find_posted_rates",
    "find_real_rate",
    "find_responses",
    "find_shares",
    "find_test",
    "judge_responses",
    "score_forecasts",
    "tabulate_assumptions",
    "tabulate_checks",
    "tabulate_codebook",
    "tabulate_competitor_gap",
    "tabulate_forecast_scores",
    "tabulate_pass_through",
    "tabulate_plan",
    "tabulate_posted_rates",
    "tabulate_tests",
    "tabulate_verdicts",
]
