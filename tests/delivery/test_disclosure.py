"""No figure that leaves is of fewer than five customers, nor do two of them differ by such."""

import io
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import combinations

import numpy as np
import openpyxl
import pytest
from numpy.typing import NDArray

from clv_xl.customers.order_log import OrderLog
from clv_xl.delivery.attachment import Attachment
from clv_xl.delivery.audience import Detail
from clv_xl.delivery.shown_values import now
from clv_xl.delivery.suppression import FEWEST_CUSTOMERS
from tests.delivery.shops import Row, Shop, shop

Numbers = NDArray[np.float64]
CLOSE = 1e-6
OF_SINGLE_CUSTOMERS = {"Customers", "At risk"}
"""Lists that those may see who get pseudonyms."""


def branch(seed: int, customers: int) -> list[Row]:
    """Return orders of a small branch; every sum of amounts is one of its own."""
    chance = random.Random(seed)  # noqa: S311 - rows for a test
    rows: list[Row] = []
    for number in range(customers):
        first = date(2022, 1, 3) + timedelta(days=chance.randrange(700))
        for again in range(chance.choice([1, 1, 2, 3, 5, 8])):
            day = first + timedelta(days=again * chance.randrange(20, 120))
            if day <= date(2024, 1, 31):
                channel = chance.choice(["web", "web", "shop", "fair"])
                amount = repr(chance.uniform(1e4, 1e6))
                rows.append((f"c{number}", day.isoformat(), amount, channel, f"N{number}", "-"))
    return rows


@cache
def small(seed: int, customers: int, period: str | None) -> Shop:
    return shop(branch(seed, customers), period=period, margin_rate=None)


@cache
def sent(seed: int, customers: int, period: str | None, detail: Detail) -> Attachment:
    return small(seed, customers, period).attachment(detail=detail)


def numbers_of(attachment: Attachment) -> Iterator[tuple[str, Numbers]]:
    """Yield every number of every table, matrix and figure of a workbook, as Excel shows it."""
    book = openpyxl.load_workbook(io.BytesIO(attachment.data), data_only=True)
    for sheet in book.worksheets:
        if sheet.title not in OF_SINGLE_CUSTOMERS:
            cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
            found = [float(c) for c in cells if isinstance(c, (int, float))]
            yield sheet.title, np.array(found, dtype=np.float64)


def secrets(log: OrderLog, covered: list[tuple[int, int]]) -> Numbers:
    """Return what one to four customers spent: ever, in a period, a year, a month, a quarter."""
    whole = (log.first_day, log.as_of)
    stretches = [whole, *covered, (log.as_of - 364, log.as_of), *_calendar(log)]
    inside = [(log.day >= first) & (log.day <= last) for first, last in stretches]
    inside.append(~np.any(inside[1 : 1 + len(covered)], axis=0))
    return np.unique(np.concatenate([_sums_of_few(log, orders) for orders in inside]))


def _calendar(log: OrderLog) -> Iterator[tuple[int, int]]:
    for unit in (1, 3):
        start = np.datetime64("2022-01", "M")
        while start.astype("datetime64[D]").astype(int) <= log.as_of:
            first, last = ((start + k).astype("datetime64[D]").astype(int) for k in (0, unit))
            yield int(first), int(last) - 1
            start += unit


def _sums_of_few(log: OrderLog, orders: NDArray[np.bool_]) -> Numbers:
    each = np.bincount(log.customer[orders], log.amount[orders])
    each = each[each > 0]
    sums = [
        each[list(some)].sum()
        for count in range(1, FEWEST_CUSTOMERS)
        for some in combinations(range(len(each)), count)
    ]
    return np.array(sums, dtype=np.float64)


def told(numbers: Numbers, secret: Numbers) -> list[float]:
    """Return which of the numbers are among the secrets."""
    place = np.clip(np.searchsorted(secret, numbers), 1, len(secret) - 1)
    apart = np.minimum(abs(secret[place] - numbers), abs(secret[place - 1] - numbers))
    return sorted(set(numbers[apart < CLOSE].tolist()))


def differences(numbers: Numbers) -> Numbers:
    """Return by how much any two numbers differ."""
    unique = np.unique(numbers)
    return np.unique(np.abs(unique[:, None] - unique[None, :])[np.triu_indices(len(unique), 1)])


def covered_by(attachment: Attachment) -> list[tuple[int, int]]:
    """Return the period and the one before it as day numbers."""
    found = []
    for name in ("src_period", "src_previous"):
        if f"{name}_from" in attachment.report.figures:
            ends = (attachment.report.value(f"{name}_{end}") for end in ("from", "to"))
            first, last = ((day - date(1970, 1, 1)).days for day in ends)
            found.append((first, last))
    return found


SHOPS = [(1, 21, None), (2, 24, None), (3, 18, "2023"), (4, 34, "quarter"), (6, 22, "2023-Q2")]


@pytest.mark.parametrize("detail", [Detail.NONE, Detail.MASKED])
@pytest.mark.parametrize("case", SHOPS)
def test_no_table_tells_what_fewer_than_five_customers_spent(
    case: tuple[int, int, str | None], detail: Detail
) -> None:
    found = sent(*case, detail)
    secret = secrets(small(*case).read.log, covered_by(found))

    sheets = list(numbers_of(found))

    assert len(sheets) > 7
    for name, numbers in sheets:
        assert told(numbers, secret) == [], name


@pytest.mark.parametrize("case", SHOPS)
def test_no_two_figures_differ_by_what_fewer_than_five_customers_spent(
    case: tuple[int, int, str | None],
) -> None:
    found = sent(*case, Detail.NONE)
    secret = secrets(small(*case).read.log, covered_by(found))

    every = np.concatenate([numbers for _, numbers in numbers_of(found)])

    assert told(differences(every[every > 1e4]), secret) == []


@pytest.mark.parametrize("case", SHOPS)
def test_what_to_do_next_names_no_money_of_few_customers(case: tuple[int, int, str | None]) -> None:
    steps = [str(now(step)) for step in sent(*case, Detail.NONE).report.lines["next"].lines]
    counts = [re.search(r"\. [A-Z][a-z ]*(\d+)", step) for step in steps]

    assert any(counts), steps
    for step, count in zip(steps, counts, strict=True):
        if count is not None and int(count[1]) < FEWEST_CUSTOMERS:
            assert "revenue" not in step


def test_this_proof_finds_single_customers_where_they_are_shown() -> None:
    case = SHOPS[0]
    found = sent(*case, Detail.FULL)
    secret = secrets(small(*case).read.log, covered_by(found))

    tellers = {name for name, numbers in numbers_of(found) if told(numbers, secret)}

    assert {"Data", "Cohorts", "RFM", "Figures", "Segments"} <= tellers
