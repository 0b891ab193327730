"""A market for deposits as one panel, drawn in a second: what each price did is known.

Where the whole bank has customers, ledgers and surveys, this has only accounts, prices
and what moved them, so that an estimator can be scored over hundreds of draws. Every
trouble of real deposit panels has a switch. Rates are percent a year, responses are
log points of balance per percentage point.
"""

from analysis.synthetic.deposit_market.accounts import (
    BUNCHING_SHARE,
    UNINSURED_OUTFLOW,
)
from analysis.synthetic.deposit_market.answers import SPEED_DOWN, SPEED_UP
from analysis.synthetic.deposit_market.contracts import HAZARD_RESPONSE
from analysis.synthetic.deposit_market.market import Market, draw_market
from analysis.synthetic.deposit_market.switches import (
    CROSS_SHARE,
    PRODUCTS,
    SEGMENTS,
    SISTER,
    STEP,
    MarketSwitches,
)

__all__ = [
    "BUNCHING_SHARE",
    "CROSS_SHARE",
    "HAZARD_RESPONSE",
    "PRODUCTS",
    "SEGMENTS",
    "SISTER",
    "SPEED_DOWN",
    "SPEED_UP",
    "STEP",
    "UNINSURED_OUTFLOW",
    "Market",
    "MarketSwitches",
    "draw_market",
]
