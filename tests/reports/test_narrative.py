import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from clv_xl.customers.purchase_gaps import purchase_gaps
from clv_xl.customers.rfm import RFM_SEGMENTS, rfm
from clv_xl.reports.cards import amount_text
from clv_xl.reports.live import Live, live
from clv_xl.reports.live_functions import fixed
from clv_xl.reports.report import Report
from tests.reports.inputs import CASES, inputs, report, texts

UNREADABLE = re.compile(r"\b(None|nan|inf|NaT)\b|[{}]|  |\(\)|\s[.,;]\s|^\s|\s$")


def now(content: object) -> Any:  # noqa: ANN401 - whatever a cell holds
    return content.value if isinstance(content, Live) else content


def said(made: Report, key: str) -> list[str]:
    return [str(now(line)) for line in made.lines[key].lines]


def money(amount: float) -> str:
    return str(amount_text(texts(), live(amount)).value)


@pytest.mark.parametrize("case", CASES)
def test_every_sentence_can_be_read(case: str) -> None:
    made = report(case)
    sentences = [line for key in made.lines for line in said(made, key)]
    sentences += [str(now(made.cover)), *made.notes.values()]

    assert [sentence for sentence in sentences if UNREADABLE.search(sentence)] == []
    assert len(sentences) > 8


@pytest.mark.parametrize("case", CASES)
def test_the_cover_says_day_period_money_basis_horizon_discount_and_data(case: str) -> None:
    made, given = report(case), inputs(case).assumptions
    cover = now(made.cover)

    for name in ("src_as_of", "src_period_from", "src_period_to", "src_period_kind"):
        assert str(made.value(name)) in cover
    for name in ("src_currency", "src_tax", "calc_basis"):
        assert made.value(name) in cover
    assert f"{given.horizon_months} months" in cover
    assert f"{100 * given.annual_discount_rate:.1f} %" in cover
    assert str(made.lines["data_badge"].lines[0]) in cover
    if "src_previous_from" in made.figures:
        assert str(made.value("src_previous_from")) in cover
    else:
        assert texts().say("cover.no_comparison") in cover


def test_the_cover_follows_the_cells_it_speaks_of() -> None:
    cover = report("full").cover

    assert isinstance(cover, Live)
    for name in ("in_horizon_months", "in_discount_rate", "calc_basis"):
        assert name in cover.formula


@pytest.mark.parametrize("case", CASES)
def test_the_first_reading_counts_who_came_and_went(case: str) -> None:
    made = report(case)
    names = ("start", "close", "new", "reactivated", "lost")
    counts = {name: f"{made.value(f'fact_active_{name}'):,}" for name in names}

    assert said(made, "readings")[0] == texts().say("reading.customers", **counts)


@pytest.mark.parametrize("case", CASES)
def test_the_second_reading_splits_the_value_of_a_new_customer(case: str) -> None:
    made = report(case)
    sentence, value = said(made, "readings")[1], made.value("calc_new_customer_value")

    if value is None:
        historic = money(made.value("out_historic_value"))
        assert sentence == texts().say("reading.value_withheld", value=historic)
        return
    first = made.value("calc_margin") * made.value("fact_first_order_value")
    for amount in (first, value - first):
        assert money(amount) in sentence
    ends = [made.value("calc_new_low"), made.value("calc_new_high")]
    shown = ends if made.value("calc_verdict") == "range" else [value]
    for amount in shown:
        assert money(amount) in sentence
    for months in (24, 36):
        assert money(made.value(f"calc_new_customer_{months}m")) in sentence
    assert made.value("calc_basis") in sentence


@pytest.mark.parametrize("case", CASES)
def test_the_third_reading_says_when_the_cac_comes_back_or_why_that_is_unknown(case: str) -> None:
    made, say = report(case), texts().say
    cac, months = made.value("calc_cac"), made.value("out_payback_months")
    sentence = said(made, "readings")[2]

    if made.value("in_margin_rate") is None:
        assert sentence == say("reading.no_margin")
    elif cac is None:
        assert sentence == say("reading.no_cac")
    elif made.value("out_clv") is None:
        assert sentence == say("reading.no_prediction", cac=money(cac))
    else:
        limit = money(made.value("out_max_cac"))
        key = "no_payback" if isinstance(months, str) else "payback"
        after = "" if isinstance(months, str) else say("payback.after", count=f"{months:.0f}")
        after = say("payback.at_once") if months == 0 else after
        after = say("payback.after.one", count="1") if months == 1 else after
        expected = say(f"reading.{key}", cac=money(cac), months=after, target="3.0", limit=limit)
        assert sentence == expected


def test_every_ending_of_the_third_reading_is_seen() -> None:
    seen = {
        case: report(case).value("out_payback_months")
        for case in ("full", "given_cac", "month", "plain", "few", "withheld")
    }

    assert isinstance(seen["month"], str)
    assert isinstance(seen["given_cac"], float)
    assert seen["plain"] is seen["few"] is seen["withheld"] is None


@pytest.mark.parametrize("case", CASES)
def test_the_next_steps_count_customers_and_money(case: str) -> None:
    made, log, say = report(case), inputs(case).log, texts().say
    orders = pd.DataFrame({"customer": log.customer, "day": log.day, "amount": log.amount})
    total = orders.groupby("customer")["amount"].sum().to_numpy()
    recent = orders["amount"].where(orders["day"] > log.as_of - 365, 0.0)
    last_year = recent.groupby(orders["customer"]).sum().to_numpy()
    days = orders.groupby("customer")["day"].nunique().to_numpy()
    once = (days == 1) & ~purchase_gaps(log).overdue
    codes = rfm(log).segment
    best = np.zeros(log.n_customers, dtype=np.bool_)
    if codes is not None:
        best = np.isin(codes, [RFM_SEGMENTS.index(name) for name in ("Champions", "Loyal")])
    factor = made.value("calc_margin")

    steps = said(made, "next")

    risk = made.value("out_value_at_risk")
    expected = [
        ("win_back", made.value("fact_at_risk_customers"), risk, "nobody_at_risk"),
        ("second_order", int(once.sum()), factor * total[once].sum(), "nobody_once"),
        ("protect", int(best.sum()), factor * last_year[best].sum(), "nobody_best"),
    ]
    for step, (key, count, amount, nobody) in zip(steps, expected, strict=True):
        if not count:
            assert step == say(f"next.{nobody}")
        else:
            form = "one" if count == 1 else "other"
            basis = made.value("calc_basis")
            text = key if amount else f"{key}_few"
            told = say(f"next.{text}.{form}", count=f"{count:,}", money=money(amount), basis=basis)
            assert step == told


def history(made: Report) -> str:
    """Return the length of the log as the warning says it."""
    return f"{fixed(made.value('fact_history_months')).value} months"


@pytest.mark.parametrize("case", CASES)
def test_a_horizon_beyond_twice_the_history_is_warned_of(case: str) -> None:
    made = report(case)
    far = made.value("in_horizon_months") > 2 * made.value("fact_history_months")

    assert (str(history(made)) in str(made.value("calc_horizon_warning"))) == far


def test_sentences_are_formulas_that_follow_the_inputs() -> None:
    made = report("full")
    formulas = [
        line.formula
        for key in ("readings", "next")
        for line in made.lines[key].lines
        if isinstance(line, Live)
    ]

    assert len(formulas) == 6
    assert all("FIXED(" in formula for formula in formulas)
    assert "calc_new_customer_value" in formulas[1]
    assert "calc_cac" in formulas[2]
    assert "out_value_at_risk" in formulas[3]
