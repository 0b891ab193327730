"""How satisfied customers are, what drives it, and what should be fixed first."""

from __future__ import annotations

from analysis.studies.appendix import describe_run, tabulate_checks
from analysis.studies.satisfaction_drivers.answers.survey import read_survey
from analysis.studies.satisfaction_drivers.answers.weighting import weigh_survey
from analysis.studies.satisfaction_drivers.closing import (
    tabulate_assumptions,
    tabulate_codebook,
)
from analysis.studies.satisfaction_drivers.drivers.asymmetry import (
    measure_asymmetry,
)
from analysis.studies.satisfaction_drivers.drivers.exhibits_drivers import (
    chart_importance,
    tabulate_ranks,
)
from analysis.studies.satisfaction_drivers.drivers.exhibits_kinds import (
    chart_asymmetry,
    chart_segment_drivers,
    tabulate_kinds,
)
from analysis.studies.satisfaction_drivers.drivers.exhibits_sure import (
    chart_credited,
    chart_ordinal_effects,
    chart_rank_flips,
    tabulate_proportional_odds,
)
from analysis.studies.satisfaction_drivers.drivers.findings_drivers import (
    find_top_driver,
    note_idle_attributes,
)
from analysis.studies.satisfaction_drivers.drivers.findings_kinds import (
    find_asymmetry,
    find_segment_drivers,
)
from analysis.studies.satisfaction_drivers.drivers.findings_sure import (
    find_rank_flips,
    find_trust,
)
from analysis.studies.satisfaction_drivers.drivers.importance import rank_drivers
from analysis.studies.satisfaction_drivers.drivers.item_answers import (
    read_item_answers,
)
from analysis.studies.satisfaction_drivers.drivers.ordinal_effects import (
    fit_ordinal_effects,
)
from analysis.studies.satisfaction_drivers.drivers.rank_flips import (
    compare_rankings,
)
from analysis.studies.satisfaction_drivers.drivers.segment_drivers import (
    estimate_segment_drivers,
)
from analysis.studies.satisfaction_drivers.fixes.exhibits_fixes import (
    chart_map,
    tabulate_fixes,
)
from analysis.studies.satisfaction_drivers.fixes.findings_fixes import (
    find_fix_first,
    find_rates_and_service,
)
from analysis.studies.satisfaction_drivers.fixes.rates_and_service import (
    compare_rates_and_service,
)
from analysis.studies.satisfaction_drivers.levels.exhibits_levels import (
    chart_segments,
    chart_trend,
    tabulate_levels,
)
from analysis.studies.satisfaction_drivers.levels.findings_levels import (
    find_net_promoter_score,
    find_satisfaction,
    find_segment_gap,
)
from analysis.studies.satisfaction_drivers.levels.levels import measure_levels
from analysis.studies.satisfaction_drivers.parameters import (
    OPTIONAL_TABLES,
    OWNER,
    QUESTION,
    TABLES,
    TITLE,
    Parameters,
)
from analysis.studies.satisfaction_drivers.silence.exhibits_answers import (
    chart_funnel,
    tabulate_nonresponse,
    tabulate_weighting,
)
from analysis.studies.satisfaction_drivers.silence.findings_answers import (
    find_silent_customers,
    find_who_answered,
)

__all__ = [
    "OPTIONAL_TABLES",
    "OWNER",
    "QUESTION",
    "TABLES",
    "TITLE",
    "Parameters",
    "chart_asymmetry",
    "chart_credited",
    "chart_funnel",
    "chart_importance",
    "chart_map",
    "chart_ordinal_effects",
    "chart_rank_flips",
    "chart_segment_drivers",
    "chart_segments",
    "chart_trend",
    "compare_rankings",
    "compare_rates_and_service",
    "describe_run",
    "estimate_segment_drivers",
    "find_asymmetry",
    "find_fix_first",
    "find_net_promoter_score",
    "find_rank_flips",
    "find_rates_and_service",
    "find_satisfaction",
    "find_segment_drivers",
    "find_segment_gap",
    "find_silent_customers",
    "find_top_driver",
    "find_trust",
    "find_who_answered",
    "fit_ordinal_effects",
    "measure_asymmetry",
    "measure_levels",
    "note_idle_attributes",
    "rank_drivers",
    "read_item_answers",
    "read_survey",
    "tabulate_assumptions",
    "tabulate_checks",
    "tabulate_codebook",
    "tabulate_fixes",
    "tabulate_kinds",
    "tabulate_levels",
    "tabulate_nonresponse",
    "tabulate_proportional_odds",
    "tabulate_ranks",
    "tabulate_weighting",
    "weigh_survey",
]
