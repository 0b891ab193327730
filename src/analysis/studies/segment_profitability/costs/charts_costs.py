"""Charts on loss-makers, channels, capacity and deposit products."""

from __future__ import annotations

from analysis.presentation.charts import Chart, draw_stacked_bars
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.service_cost import ChannelCost
from analysis.studies.segment_profitability.costs.tabulations_costs import release_pools
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import Nothing
from analysis.units import Unit, write_value
from analysis.wording import join_names, say


def chart_capacity(channels: ChannelCost | Refused) -> Chart | Nothing:
    """Draw the cost of each resource, charged to customers and unused.

    Parameters
    ----------
    channels : ChannelCost or Refused
        Cost of channels with the pools behind them.

    Returns
    -------
    Chart, or nothing where it is refused
        Dearest resource first.
    """
    if isinstance(channels, Refused):
        return ()
    released, _ = release_pools(channels)
    names = [str(name) for name in released.rows["cost_pool"]]
    parts = {
        "cost_assigned": say("Charged to customers"),
        "cost_unused": say("Unused capacity"),
    }
    emptiest = released.order("share_used").rows.iloc[0]
    unused = write_value(100 * (1 - float(emptiest["share_used"])), Unit.PERCENT)
    return Chart(
        drawing=draw_stacked_bars(
            released.rename(parts),
            label="cost_pool",
            parts=list(parts.values()),
            unit=channels.cost.currency,
        ),
        title=say(
            "{unused} of {pool} stood idle",
            unused=unused,
            pool=str(emptiest["cost_pool"]),
        ),
        subtitle=say("Cost of each resource, {q}", q=write_quarter(channels.quarter)),
        source=channels.cost.source,
        nobs=len(names),
        alt=say(
            "Stacked bars of cost charged and unused for {names}.",
            names=join_names(names),
        ),
    )
