"""How satisfied customers are, what drives it, and what should be fixed first."""

from __future__ import (
    annotations,
)

from analysis.studies.appendix import (
    describe_run,
    tabulate_checks,
)
from analysis.studies.satisfaction_drivers.answers.item_answers import read_item_answers
from analysis.studies.satisfaction_drivers.answers.response import (
    describe_response,
)
from analysis.studies.satisfaction_drivers.answers.survey import (
    read_survey,
)
from analysis.studies.satisfaction_drivers.answers.weighting import (
    weigh_survey,
)
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
    tabulate_splits,
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
from analysis.studies.satisfaction_drivers.drivers.importance import (
    rank_drivers,
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
from analysis.studies.satisfaction_drivers.fixes.exhibits_expectation import (
    chart_expectation_gap,
    find_expectation_gap,
)
from analysis.studies.satisfaction_drivers.fixes.exhibits_fixes import (
    chart_map,
    tabulate_fixes,
)
from analysis.studies.satisfaction_drivers.fixes.exhibits_segment_worth import (
    tabulate_segment_worth,
)
from analysis.studies.satisfaction_drivers.fixes.exhibits_worth import (
    chart_worth,
    tabulate_worth,
)
from analysis.studies.satisfaction_drivers.fixes.expectation_gap import (
    measure_expectation_gap,
)
from analysis.studies.satisfaction_drivers.fixes.findings_fixes import (
    find_fix_first,
    find_rates_and_service,
)
from analysis.studies.satisfaction_drivers.fixes.findings_worth import (
    find_best_fix,
    find_worth_of_point,
)
from analysis.studies.satisfaction_drivers.fixes.rates_and_service import (
    compare_rates_and_service,
)
from analysis.studies.satisfaction_drivers.fixes.segment_worth import (
    value_segment_fixes,
)
from analysis.studies.satisfaction_drivers.fixes.worth import (
    value_fixes,
)
from analysis.studies.satisfaction_drivers.items.exhibits_items import (
    chart_reliability,
    tabulate_gaps,
    tabulate_likeness,
    tabulate_reliability,
)
from analysis.studies.satisfaction_drivers.items.findings_items import (
    find_reliability,
    note_gaps,
    note_likeness,
    note_structure,
)
from analysis.studies.satisfaction_drivers.items.gaps import (
    measure_gaps,
)
from analysis.studies.satisfaction_drivers.items.item_reliability import (
    measure_reliability,
)
from analysis.studies.satisfaction_drivers.items.likeness import (
    compare_likeness,
)
from analysis.studies.satisfaction_drivers.levels.exhibits_change import (
    chart_change,
    tabulate_change,
)
from analysis.studies.satisfaction_drivers.levels.exhibits_levels import (
    chart_segments,
    chart_trend,
    tabulate_levels,
)
from analysis.studies.satisfaction_drivers.levels.exhibits_units import (
    chart_units,
    tabulate_units,
)
from analysis.studies.satisfaction_drivers.levels.findings_change import (
    find_change,
)
from analysis.studies.satisfaction_drivers.levels.findings_levels import (
    find_net_promoter_score,
    find_satisfaction,
    find_segment_gap,
)
from analysis.studies.satisfaction_drivers.levels.findings_units import (
    find_branches,
    find_managers,
)
from analysis.studies.satisfaction_drivers.levels.levels import (
    measure_levels,
)
from analysis.studies.satisfaction_drivers.levels.score_change import (
    explain_change,
)
from analysis.studies.satisfaction_drivers.levels.silence_band import (
    bend_score,
)
from analysis.studies.satisfaction_drivers.levels.unit_funnel import (
    compare_branches,
    compare_managers,
)
from analysis.studies.satisfaction_drivers.loyalty.charts_loyalty import (
    chart_leaving,
)
from analysis.studies.satisfaction_drivers.loyalty.findings_loyalty import (
    find_referrals,
    find_staying,
)
from analysis.studies.satisfaction_drivers.loyalty.growth import (
    measure_growth,
)
from analysis.studies.satisfaction_drivers.loyalty.leaving import (
    measure_leaving,
)
from analysis.studies.satisfaction_drivers.loyalty.linked_answers import (
    link_answers,
)
from analysis.studies.satisfaction_drivers.loyalty.referrals import (
    measure_referrals,
)
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
from analysis.studies.satisfaction_drivers.silence.early_and_late import (
    compare_early_and_late,
    note_early_and_late,
)
from analysis.studies.satisfaction_drivers.silence.exhibits_answers import (
    chart_funnel,
    tabulate_nonresponse,
    tabulate_weighting,
)
from analysis.studies.satisfaction_drivers.silence.exhibits_band import (
    chart_silence,
    find_silent_customers,
)
from analysis.studies.satisfaction_drivers.silence.exhibits_response import (
    chart_response,
    find_response,
    tabulate_response,
)
from analysis.studies.satisfaction_drivers.silence.exhibits_screening import (
    tabulate_screening,
)
from analysis.studies.satisfaction_drivers.silence.findings_answers import (
    find_who_answered,
)
from analysis.studies.satisfaction_drivers.silence.screening import (
    screen_answers,
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
    "bend_score",
    "chart_asymmetry",
    "chart_change",
    "chart_closure",
    "chart_comment_topics",
    "chart_complaint_causes",
    "chart_credited",
    "chart_expectation_gap",
    "chart_funnel",
    "chart_importance",
    "chart_leaving",
    "chart_map",
    "chart_ordinal_effects",
    "chart_rank_flips",
    "chart_reliability",
    "chart_response",
    "chart_segment_drivers",
    "chart_segments",
    "chart_silence",
    "chart_speed_response",
    "chart_trend",
    "chart_units",
    "chart_waiting",
    "chart_waiting_response",
    "chart_worth",
    "compare_branches",
    "compare_early_and_late",
    "compare_likeness",
    "compare_managers",
    "compare_rankings",
    "compare_rates_and_service",
    "count_complaints",
    "describe_response",
    "describe_run",
    "estimate_segment_drivers",
    "explain_change",
    "find_asymmetry",
    "find_best_fix",
    "find_branches",
    "find_change",
    "find_comment_topics",
    "find_complainers_leaving",
    "find_complaint_volume",
    "find_complaints_on_time",
    "find_expectation_gap",
    "find_fix_first",
    "find_managers",
    "find_net_promoter_score",
    "find_rank_flips",
    "find_rates_and_service",
    "find_referrals",
    "find_reliability",
    "find_response",
    "find_satisfaction",
    "find_segment_drivers",
    "find_segment_gap",
    "find_silent_customers",
    "find_speed_response",
    "find_staying",
    "find_top_driver",
    "find_trust",
    "find_waiting",
    "find_waiting_response",
    "find_who_answered",
    "find_worth_of_point",
    "fit_ordinal_effects",
    "follow_complainers",
    "link_answers",
    "measure_asymmetry",
    "measure_closure",
    "measure_expectation_gap",
    "measure_gaps",
    "measure_growth",
    "measure_leaving",
    "measure_levels",
    "measure_referrals",
    "measure_reliability",
    "measure_speed_response",
    "measure_waiting",
    "measure_waiting_response",
    "note_early_and_late",
    "note_gaps",
    "note_idle_attributes",
    "note_likeness",
    "note_structure",
    "rank_drivers",
    "read_comments",
    "read_item_answers",
    "read_survey",
    "screen_answers",
    "tabulate_assumptions",
    "tabulate_change",
    "tabulate_checks",
    "tabulate_codebook",
    "tabulate_comment_topics",
    "tabulate_complaints",
    "tabulate_fixes",
    "tabulate_gaps",
    "tabulate_kinds",
    "tabulate_levels",
    "tabulate_likeness",
    "tabulate_nonresponse",
    "tabulate_proportional_odds",
    "tabulate_quotes",
    "tabulate_ranks",
    "tabulate_reliability",
    "tabulate_response",
    "tabulate_screening",
    "tabulate_segment_worth",
    "tabulate_splits",
    "tabulate_units",
    "tabulate_waiting",
    "tabulate_weighting",
    "tabulate_worth",
    "value_fixes",
    "value_segment_fixes",
    "weigh_survey",
]
