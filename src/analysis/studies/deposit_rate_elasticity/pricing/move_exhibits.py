"""Chart and table of volume against margin."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.presentation.charts import Chart, draw_curve
from analysis.presentation.disclosure import release_public
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.deposit_rate_elasticity.parameters import Parameters
from analysis.studies.deposit_rate_elasticity.pricing.decisions import Frontiers
from analysis.studies.deposit_rate_elasticity.pricing.release import (
    INCOMES,
    NOTHING_GRADED,
    release_moves,
)
from analysis.studies.deposit_rate_elasticity.sentences import write_basis_points
from analysis.units import (
    Unit,
    choose_step,
    write_money_unit,
    write_number,
    write_value,
)
from analysis.wording import mark, say

BOUNDS = {
    "data": mark("as far as past prices reach"),
    "outflow": mark("the outflow allowed"),
    "": mark("nothing"),
}
"""What keeps a best move from going on."""


def chart_moves(frontiers: Frontiers) -> Chart | Note:
    """Draw volume against margin: what each product earns when it gives up balance.

    Parameters
    ----------
    frontiers : Frontiers
        Moves of each product.

    Returns
    -------
    Chart or Note
        A note where no response may be priced on.
    """
    if frontiers.products.empty:
        return Note(say(NOTHING_GRADED))
    rows = _scale_steps(frontiers)
    if rows.empty:
        return Note(say("Rates differed too little between cells to try any move."))
    products = frontiers.products
    dearest = _rank_prices(rows).index[0]
    return Chart(
        drawing=draw_curve(
            release_public(rows, reason="changes in percent of whole products"),
            x="balance_pct",
            y="income_pct",
            lower="income_pct_lower",
            upper="income_pct_upper",
            series="product",
            x_label=say("Change of the product's balance, percent"),
            y_label=say("Change of its margin income, percent"),
            reference=0.0,
        ),
        title=say(
            "Giving up balance brings most on {product}: 1% of balance for {gain} of "
            "margin income",
            product=str(dearest),
            gain=write_value(float(_rank_prices(rows).iloc[0]), Unit.PERCENT),
        ),
        subtitle=say(
            "Margin income against balance as the rate moves in steps of 5 bp, 95% "
            "band; today is where both are 0"
        ),
        source=frontiers.source,
        nobs=int(products["nobs"].sum()),
        alt=say(
            "{n} curves that fall from left to right through today's point: less "
            "balance, more margin income.",
            n=write_number(len(products)),
        ),
        note=say(
            "Once the whole book has the new rate, balances funded at the treasury's "
            "credit; competitors' rates as they are."
        ),
    )


def _scale_steps(frontiers: Frontiers) -> pd.DataFrame:
    """Give incomes in percent of the product's margin income today."""
    margins = frontiers.products.set_index("product")
    today = margins["balance"] * (margins["funding_pct"] - margins["rate_pct"]) / 100
    moves = frontiers.steps.groupby("product")["move_pp"].transform("size")
    steps = frontiers.steps[(frontiers.steps["product"].map(today) > 0) & (moves > 1)]
    base = steps["product"].map(today)
    scaled = {
        "income_pct": 100 * steps["income"] / base,
        "income_pct_lower": 100 * steps["income_lower"] / base,
        "income_pct_upper": 100 * steps["income_upper"] / base,
    }
    columns = ["product", "balance_pct", *scaled]
    return steps.assign(**scaled)[columns].sort_values(
        ["product", "balance_pct"], ignore_index=True
    )


def _rank_prices(rows: pd.DataFrame) -> pd.Series[float]:
    """Give what 1 % of balance given up brings, dearest first."""
    slopes = {
        product: -float(np.polyfit(part["balance_pct"], part["income_pct"], 1)[0])
        for product, part in rows.groupby("product")
    }
    return pd.Series(slopes).sort_values(ascending=False)


def tabulate_moves(frontiers: Frontiers, parameters: Parameters) -> DisplayTable | Note:
    """Show the best move of each product and what it risks.

    Parameters
    ----------
    frontiers : Frontiers
        Best moves.
    parameters : Parameters
        The outflow allowed.

    Returns
    -------
    DisplayTable or Note
        A note where no response may be priced on.
    """
    if frontiers.products.empty:
        return Note(say(NOTHING_GRADED))
    step = choose_step(float(frontiers.products["income"].abs().max()))
    rows = _write_rows(frontiers.products, step.divisor)
    money = write_money_unit(frontiers.currency, step)
    columns = (
        DisplayColumn("product", say("Product")),
        DisplayColumn("move_bp", say("Best move"), Unit.BASIS_POINTS),
        DisplayColumn("balance_pct", say("Balance"), Unit.PERCENT),
        DisplayColumn("balance_lower", say("from"), Unit.PERCENT),
        DisplayColumn("balance_upper", say("to"), Unit.PERCENT),
        DisplayColumn("income", say("Income a year"), None, 1, money),
        DisplayColumn("income_lower", say("from"), None, 1, money),
        DisplayColumn("income_upper", say("to"), None, 1, money),
        DisplayColumn("loss_pct", say("Chance of loss"), Unit.PERCENT, 0),
        DisplayColumn("value_of_knowing", say("Worth of knowing"), None, 1, money),
        DisplayColumn("bound", say("Held back by")),
    )
    return DisplayTable(
        title=_title_moves(frontiers),
        released=release_moves(rows),
        columns=columns,
        source=frontiers.source,
        note=say(
            "Best: highest expected income a year among moves that cost more than "
            "{limit} of balance with a chance of one in ten at most. Worth of knowing: "
            "what an exact response would add a year, the most that a test may cost.",
            limit=write_value(parameters.largest_outflow_percent, Unit.PERCENT),
        ),
    )


def _write_rows(products: pd.DataFrame, divisor: float) -> pd.DataFrame:
    """Scale incomes, and say in words what holds a move back."""
    scaled = {name: products[name] / divisor for name in INCOMES}
    bounds = [say(BOUNDS[bound]) for bound in products["bound"]]
    return products.assign(**scaled, bound=bounds)


def _title_moves(frontiers: Frontiers) -> str:
    moves = frontiers.products["move_bp"]
    if (moves == 0).all():
        return say("No move of a rate earns more within the outflow allowed")
    biggest = frontiers.products.sort_values("income").iloc[-1]
    return say(
        "Most is to be earned on {product}: {move} at its best",
        product=str(biggest["product"]),
        move=write_basis_points(float(biggest["move_bp"]), signed=True),
    )
