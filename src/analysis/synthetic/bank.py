"""Make a whole bank, month by month, and write it in the contract's form."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.errors import BadInputError, Problem
from analysis.synthetic import model, rate_tables, tables, truth
from analysis.synthetic.acquisition import Acquired, draw_acquired, join
from analysis.synthetic.balances import draw_balances
from analysis.synthetic.book import Book
from analysis.synthetic.complaints import Complaints
from analysis.synthetic.credit import rate_loans
from analysis.synthetic.customer_links import CustomerLinks
from analysis.synthetic.departures import (
    MonthRows,
    leave_out_answers,
    leave_out_contracts,
    leave_out_notices,
)
from analysis.synthetic.fee_trial import FeeTrial, starts_trial
from analysis.synthetic.files import BankFolder
from analysis.synthetic.ledger import Ledger
from analysis.synthetic.months import end_month, ends_quarter, number_month
from analysis.synthetic.notices import send_notices, write_due_notices
from analysis.synthetic.population import (
    Moves,
    Population,
    close_customers,
    draw_customers,
    move_customers,
)
from analysis.synthetic.prices import MonthPrices, PriceMaker
from analysis.synthetic.profit_lines import ProfitLines, sum_booked
from analysis.synthetic.quantiles import draw_assets
from analysis.synthetic.queueing import shape_queues
from analysis.synthetic.rates import make_rate_world
from analysis.synthetic.service import MonthEvents, book_income, draw_events, size_pools
from analysis.synthetic.streams import Streams
from analysis.synthetic.survey import Wave, run_wave
from analysis.synthetic.survey_tables import write_survey

GENERATOR_VERSION = 2
SMALLEST, LARGEST, SHORTEST, LONGEST = 2_000, 2_000_000, 6, 120
DEFAULT_CUSTOMERS = 20_000
DEFAULT_SEED = 4
"""One of several that were tried: the estimates of its bank look typical."""


@dataclass(frozen=True, slots=True)
class BankSummary:
    """What was written.

    Parameters
    ----------
    folder : Path
        Where the bank is.
    customers : int
        Customers at the start.
    months : int
        Months with balances.
    seed : int
        Seed.
    rows : dict of str to int
        Rows of every table.
    """

    folder: Path
    customers: int
    months: int
    seed: int
    rows: dict[str, int]


def make_bank(
    folder: Path,
    *,
    customers: int = DEFAULT_CUSTOMERS,
    months: int = 36,
    last_month: date = date(2026, 9, 30),
    seed: int = DEFAULT_SEED,
    report_progress: Callable[[int, int], None] | None = None,
) -> BankSummary:
    """Make a synthetic bank and write it as contract tables.

    The same arguments always give the same content. A bank with a later last month
    and more months, both by the same number, continues the shorter one.

    Parameters
    ----------
    folder : Path
        Where to write; an older synthetic bank there is replaced, whole.
    customers : int
        Customers at the start, 2,000 to 2,000,000; newcomers come on top.
    months : int
        Months with balances, 6 to 120.
    last_month : date
        Last day of the last month.
    seed : int
        Seed of every random number, 0 or more.
    report_progress : callable or None
        Called after each month with the months done and their total.

    Returns
    -------
    BankSummary
        What was written.

    Raises
    ------
    BadInputError
        If a size is out of range or the folder holds something else.
    """
    _check_sizes(customers, months, last_month, seed)
    last = number_month(last_month)
    first = last - months + 1
    with BankFolder(Path(folder)) as bank_folder:
        run = _Run(bank_folder, Streams(seed), first, last)
        run.draw_start(customers)
        for month in range(first, last + 1):
            run.add_month(month)
            if report_progress is not None:
                report_progress(month - first + 1, months)
        run.write_whole_tables()
        rows = dict(sorted(bank_folder.rows.items()))
        summary = BankSummary(Path(folder), customers, months, seed, rows)
        bank_folder.write_text("bank.json", _describe(summary, last_month))
    return summary


def _describe(summary: BankSummary, last_month: date) -> str:
    description = {
        "generator_version": GENERATOR_VERSION,
        "seed": summary.seed,
        "customers": summary.customers,
        "months": summary.months,
        "last_month": last_month.isoformat(),
        "rows": summary.rows,
    }
    return json.dumps(description, indent=2) + "\n"


def _check_sizes(customers: int, months: int, last_month: date, seed: int) -> None:
    checks = (
        (SMALLEST <= customers <= LARGEST, "customers", customers,
         f"Give {SMALLEST:,} to {LARGEST:,}."),
        (SHORTEST <= months <= LONGEST, "months", months,
         f"Give {SHORTEST} to {LONGEST}."),
        (last_month == end_month(number_month(last_month)), "last_month", last_month,
         "Give the last day of a month."),
        (seed >= 0, "seed", seed, "Give 0 or more."),
    )  # fmt: skip
    problems = [
        Problem(f"'{name}' must be in range, not {value}.", "make_bank", remedy)
        for holds, name, value, remedy in checks
        if not holds
    ]
    if problems:
        raise BadInputError(problems)


class _Run:
    """The state that is carried from month to month."""

    def __init__(
        self, folder: BankFolder, streams: Streams, first: int, last: int
    ) -> None:
        self.folder = folder
        self.streams = streams
        self.first = first
        self.last = last
        self.world = make_rate_world(streams, first - model.HISTORY_MONTHS, last)
        self.price_maker = PriceMaker(streams, self.world, first)
        self.book = Book(streams, self.world)
        self.ledger = Ledger()
        self.trial = FeeTrial(streams)
        self.links = CustomerLinks(streams)
        self.complaints = Complaints(streams)
        self.profit_lines = ProfitLines()
        self.prices: dict[int, MonthPrices] = {}
        self.waves: list[Wave] = []
        self.due_notices: dict[int, int] = {}
        self.acquired: list[Acquired] = []
        self.scaled = 0

    def draw_start(self, customers: int) -> None:
        """Draw the customers of the first month."""
        self.start_size = customers
        self.people: Population = draw_customers(
            self.streams, self.first, customers, newcomers=False
        )
        self._win(self.people, self.first, newcomers=False)
        run_wave(self.streams, self.people, self.first - 1, -1)

    def add_month(self, month: int) -> None:
        """Move the bank one month on and write the month."""
        self.prices[month] = self.price_maker.make_month(month)
        prices = self.prices[month]
        self._tell_people(month)
        moves = self._move_people(month)
        people, accounts = self.people, self.book
        wanted = draw_assets(people.score, people.asset_tier, people.sleeping)
        wanted *= people.present
        accounts.move(people, wanted, prices, month)
        live = accounts.accounts
        draws = self.streams.at("balances", month)
        balances = draw_balances(live, people, wanted, prices, month, draws)
        self.scaled += balances.scaled
        wave = len(self.waves)
        events = self._draw_events(month, wave)
        fee, points = book_income(people, live, balances, events.transfers)
        fee += self.trial.charge(people, balances.assets)
        risk = rate_loans(live, people, balances)
        pools = size_pools(events.expected_minutes, (month - self.first) / 12)
        whole = MonthRows(people, live, balances, risk, events, fee, points)
        gone = self.trial.find_gone(len(people))
        self._write_month(whole.leave_out(gone), pools, month)
        self.complaints.add_month(
            self.folder,
            replace(people, present=people.present & ~gone),
            events,
            self.trial,
            month,
        )
        if moves is not None:
            truth.write_moves(self.folder, people, moves, end_month(month))
        if ends_quarter(month):
            answered = run_wave(self.streams, people, month, wave)
            self.waves.append(leave_out_answers(answered, gone))

    def _write_month(
        self,
        rows: MonthRows,
        pools: tuple[NDArray[np.int64], NDArray[np.float64]],
        month: int,
    ) -> None:
        day, folder = end_month(month), self.folder
        income = (rows.fee, rows.points)
        self.ledger.add_month(month, rows.live, rows.balances, rows.risk, income, pools)
        n = len(rows.people)
        booked = sum_booked(n, rows.live, rows.balances, rows.risk, income)
        self.profit_lines.add_month(month, rows.people, booked, rows.events, pools)
        tables.write_customer_periods(folder, rows.people, rows.balances.assets, day)
        tables.write_balances(folder, rows.live, rows.balances, day)
        tables.write_events(folder, rows.events, day)
        tables.write_income(folder, *income, day)
        tables.write_risk(folder, rows.live, rows.risk, day)

    def _draw_events(self, month: int, wave: int) -> MonthEvents:
        queues = shape_queues(self.streams, self.people, month, wave)
        draws = self.streams.at("events", month)
        return draw_events(self.people, month, draws, queues)

    def _tell_people(self, month: int) -> None:
        """Tell holders of new prices before anybody moves: notices know no move."""
        if month == self.first:
            return
        notices = send_notices(
            self.book.accounts,
            self.people,
            self.prices[month - 1],
            self.prices[month],
            month,
            self.streams.at("notices", month),
        )
        self.due_notices[month] = notices.due
        told = leave_out_notices(notices, self.trial.find_gone(len(self.people)))
        rate_tables.write_rate_notices(self.folder, told, end_month(month))

    def _move_people(self, month: int) -> Moves | None:
        if month == self.first:
            return None
        if starts_trial(month, self.first):
            self.trial.begin(self.people)
        draws = self.streams.at("moves", month)
        before = self.people.present.copy()
        gap = self.prices[month - 1].gap[model.REFERENCE_SLOT]
        moves = move_customers(self.people, draws, gap)
        here = ~self.trial.find_gone(len(self.people))
        self.trial.drive_out(self.people, moves, month)
        close_customers(self.people, before, draws, month)
        size = draws.binomial(self.start_size, model.ENTRY_RATE)
        newcomers = draw_customers(self.streams, month, size, newcomers=True)
        won = self._win(newcomers, month, newcomers=True)
        self.links.add_newcomers(self.people, ~here, won.channel, month)
        self.people.extend(newcomers)
        return replace(moves, at_risk=moves.at_risk & here)

    def _win(self, people: Population, month: int, *, newcomers: bool) -> Acquired:
        won = draw_acquired(self.streams, people, month, newcomers=newcomers)
        self.acquired.append(won)
        return won

    def write_whole_tables(self) -> None:
        """Write the tables that are not split by month, and the truth."""
        folder = self.folder
        people = self.trial.date_leavers(self.people)
        won, links = join(self.acquired), self.links.join(people)
        tables.write_customers(folder, people, won, links)
        contracts = leave_out_contracts(self.book.contracts, self.trial)
        tables.write_accounts(folder, contracts)
        rate_tables.write_posted_rates(folder, self.world, self.prices)
        rate_tables.write_market_rates(folder, self.world)
        rate_tables.write_competitor_rates(folder, self.world)
        tables.write_activity_times(folder)
        self.ledger.write(folder)
        self.profit_lines.write(folder)
        write_survey(folder, self.waves)
        truth.write_truth(folder, self.prices, self.waves, self.scaled)
        self.links.write_truth(folder)
        write_due_notices(folder, self.due_notices)
        self.trial.write(folder)
