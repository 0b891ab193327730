"""What the bars of the bridge are called, and what to do about each."""

from __future__ import annotations

from typing import Final

from analysis.wording import mark

BAR_NAMES: Final = {
    "rates": mark("Rates paid and charged"),
    "funding": mark("Transfer rates"),
    "days": mark("Days in the quarter"),
    "service_rate": mark("Cost of a minute"),
    "volume": mark("Volume"),
    "mix": mark("Mix of products"),
    "fees": mark("Fees"),
    "points": mark("Loyalty points"),
    "service_use": mark("Use of service"),
    "expected_loss": mark("Credit losses"),
    "moved_up": mark("Moved up"),
    "moved_down": mark("Moved down"),
    "new": mark("New customers"),
    "lost": mark("Lost customers"),
    "tax": mark("Tax"),
}
"""Bars in the order in which they are drawn, to be said where a reader sees them."""

VERDICTS: Final = {
    "rose": mark("raised profit"),
    "fell": mark("lowered profit"),
    "no clear change": mark("not clear"),
    "small": mark("too small to matter"),
}
"""What the interval of a bar allows to say."""

WHEN_RAISED: Final = {
    "rates": mark("Hold the price list, and watch whether balances leave over it."),
    "funding": mark(
        "Do not credit the branches with it: the treasury gave it, and may take it "
        "back."
    ),
    "days": mark("Do nothing: the calendar takes it back in a shorter quarter."),
    "service_rate": mark("Ask operations what made the minute cheaper, and keep it."),
    "volume": mark("Find out which offers brought the balances, and repeat those."),
    "mix": mark("Keep offering the products that customers changed to."),
    "fees": mark("Check that the fees will come again before counting on them."),
    "points": mark("Check that fewer points do not cost activity next quarter."),
    "service_use": mark("Keep the contacts where they went: they now cost less."),
    "expected_loss": mark(
        "Check with risk whether better ratings or fewer loans did it."
    ),
    "moved_up": mark("Call on those just below the next tier: moving up pays."),
    "moved_down": mark("Ask whether the lower tier is where these customers belong."),
    "new": mark("Win more customers of this kind: they pay from the first quarter."),
    "lost": mark("Do not win back those who left: they cost more than they brought."),
}
"""What to do where a bar raised profit most."""

WHEN_LOWERED: Final = {
    "rates": mark("Review the price list: it gave away more than any other cause."),
    "funding": mark(
        "Do not blame the branches: the treasury's rates moved. Reprice what does not "
        "follow them."
    ),
    "days": mark("Do nothing: the calendar gives it back in a longer quarter."),
    "service_rate": mark("Ask operations why a minute costs more, and lower the cost."),
    "volume": mark("Find out who took balances away, and call on the largest first."),
    "mix": mark("Review what pulls customers into thin products, and its price."),
    "fees": mark("Find the fees that fell away, and whether they come back."),
    "points": mark("Check that the points bought activity; else end the offer."),
    "service_use": mark("Move short contacts to cheaper channels."),
    "expected_loss": mark("Ask risk which loans got worse, and tighten those terms."),
    "moved_up": mark("Review what the higher tier gives: moving up costs the bank."),
    "moved_down": mark("Call on customers before they drop out of their tier."),
    "new": mark("Review how new customers are won: they cost more than they bring."),
    "lost": mark("Find out why customers left, and call on those like them."),
}
"""What to do where a bar lowered profit most."""
