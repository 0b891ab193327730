"""How satisfied customers are, what drives it, and what should be fixed first."""

from __future__ import annotations

from analysis.studies.appendix import describe_run, tabulate_checks
from analysis.studies.satisfaction_drivers.answers.survey import read_survey
from analysis.studies.satisfaction_drivers.answers.weighting import weigh_survey
from analysis.studies.satisfaction_drivers.closing import (
    tabulate_assumptions,
    tabulate_codebook,
)
from analysis.studies.satisfaction_drivers.drivers.exhibits_drivers import (
    chart_importance,
    tabulate_ranks,
)
from analysis.studies.satisfaction_drivers.drivers.findings_drivers import (
    find_top_driver,
    note_idle_attributes,
)
from analysis.studies.satisfaction_drivers.drivers.importance import rank_drivers
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
from analysis.studies.satisfaction_drivers.service.closure import (
    measure_closure,
)
from analysis.studies.satisfaction_drivers.service.complaint_volume import (
    count_complaints,
)
from analysis.studies.satisfaction_drivers.service.exhibits_complaints import (
    chart_closure,
    chart_complaint_causes,
    tabulate_complaints,
)
from analysis.studies.satisfaction_drivers.service.exhibits_waiting import (
    chart_speed_response,
    chart_waiting,
    chart_waiting_response,
    tabulate_waiting,
)
from analysis.studies.satisfaction_drivers.service.findings_complaints import (
    find_complainers_leaving,
    find_complaint_volume,
    find_complaints_on_time,
)
from analysis.studies.satisfaction_drivers.service.findings_waiting import (
    find_speed_response,
    find_waiting,
    find_waiting_response,
)
from analysis.studies.satisfaction_drivers.service.leavers import (
    follow_complainers,
)
from analysis.studies.satisfaction_drivers.service.rating_response import (
    measure_speed_response,
    measure_waiting_response,
)
from analysis.studies.satisfaction_drivers.service.waiting import (
    measure_waiting,
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
from analysis.studies.satisfaction_drivers.verbatims.comments import (
    read_comments,
)
from analysis.studies.satisfaction_drivers.verbatims.exhibits_verbatims import (
    chart_comment_topics,
    tabulate_comment_topics,
    tabulate_quotes,
)
from analysis.studies.satisfaction_drivers.verbatims.findings_verbatims import (
    find_comment_topics,
)

__all__ = [
    "OPTIONAL_TABLES",
    "OWNER",
    "QUESTION",
    "TABLES",
    "TITLE",
    "Parameters",
    "chart_closure",
    "chart_comment_topics",
    "chart_complaint_causes",
    "chart_funnel",
    "chart_importance",
    "chart_map",
    "chart_segments",
    "chart_speed_response",
    "chart_trend",
    "chart_waiting",
    "chart_waiting_response",
    "compare_rates_and_service",
    "count_complaints",
    "describe_run",
    "find_comment_topics",
    "find_complainers_leaving",
    "find_complaint_volume",
    "find_complaints_on_time",
    "find_fix_first",
    "find_net_promoter_score",
    "find_rates_and_service",
    "find_satisfaction",
    "find_segment_gap",
    "find_silent_customers",
    "find_speed_response",
    "find_top_driver",
    "find_waiting",
    "find_waiting_response",
    "find_who_answered",
    "follow_complainers",
    "measure_closure",
    "measure_levels",
    "measure_speed_response",
    "measure_waiting",
    "measure_waiting_response",
    "note_idle_attributes",
    "rank_drivers",
    "read_comments",
    "read_survey",
    "tabulate_assumptions",
    "tabulate_checks",
    "tabulate_codebook",
    "tabulate_comment_topics",
    "tabulate_complaints",
    "tabulate_fixes",
    "tabulate_levels",
    "tabulate_nonresponse",
    "tabulate_quotes",
    "tabulate_ranks",
    "tabulate_waiting",
    "tabulate_weighting",
    "weigh_survey",
]
