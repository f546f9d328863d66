from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.reports.build import build_report
from clv_xl.reports.cards import amount_text, change_text, percent_text
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Card, Format
from tests.reports.inputs import CASES, inputs, report, texts

CARDS = ["revenue", "active", "new", "retention", "clv", "cac", "ratio", "expected"]
CARDS += ["top_tenth", "at_risk"]
UNKNOWN = texts().say("change.unknown")


def now(content: object) -> Any:  # noqa: ANN401 - whatever a cell holds
    return content.value if isinstance(content, Live) else content


def change(one: float | None, other: float | None, kind: Any = "relative") -> Any:  # noqa: ANN401
    plan = Plan(texts())
    for name, value in (("fact_revenue", one), ("prev_revenue", other)):
        plan.derive(name, Live(name, BLANK if value is None else value), Format.MONEY)
    return now(change_text(plan, "fact_revenue", "prev_revenue", kind))


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_change_has_its_direction_and_its_share_of_what_was(one: int, other: int) -> None:
    moved = 100 * (one - other) / other

    found = change(one, other)

    sign = "▲ +" if moved > 0 else "▼ " if moved < 0 else "= "
    assert found.startswith(sign)
    shown = float(found.removeprefix(sign).removesuffix(" %").replace(",", ""))
    assert shown == pytest.approx(moved, abs=0.0501)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_change_of_a_rate_is_in_points(one: float, other: float) -> None:
    found = change(one, other, "points")

    assert found.endswith(texts().say("amount.points", amount=""))
    shown = float(found.strip("▲▼=+ ").split()[0])
    assert shown == pytest.approx(100 * (one - other), abs=0.0501)


@pytest.mark.parametrize(("one", "other"), [(5, None), (None, 5), (None, None), (5, 0), (0, 0)])
def test_without_a_figure_before_there_is_no_change(one: float | None, other: float | None) -> None:
    assert change(one, other) in {UNKNOWN, BLANK}


def test_a_figure_that_no_period_before_has_is_compared_with_nothing() -> None:
    assert now(change_text(Plan(texts()), "fact_revenue", "prev_revenue")) == UNKNOWN


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "0.00"),
        (0.5, "0.50"),
        (99.99, "99.99"),
        (100, "100"),
        (9_999.4, "9,999"),
        (9_999.5, "10.0k"),
        (123_456, "123.5k"),
        (999_949, "999.9k"),
        (999_950, "1.00m"),
        (12_345_678, "12.35m"),
        (999_949_999, "999.95m"),
        (999_950_000, "1.00bn"),
        (2.5e12, "2,500.00bn"),
    ],
)
def test_amounts_scale_to_thousand_million_and_billion(amount: float, shown: str) -> None:
    assert now(amount_text(texts(), Live("amount", amount))) == shown


@given(st.floats(0, 1e13))
def test_no_amount_has_more_than_four_digits_before_its_point(amount: float) -> None:
    whole = now(amount_text(texts(), Live("amount", amount))).rstrip("kmbn").split(".")[0]

    assert len(whole.replace(",", "")) <= 5


def test_a_share_as_per_cent() -> None:
    assert now(percent_text(Live("rate", 0.1), 1)) == "10.0"
    assert now(percent_text(0.256)) == "26"


def card_texts(card: Card) -> list[str]:
    parts = [now(part) for part in (card.title, card.change, card.foot, card.tone)]
    return [str(part) for part in parts if part not in {None, BLANK}]


@pytest.mark.parametrize("case", CASES)
def test_every_card_says_what_it_shows_and_nothing_unreadable(case: str) -> None:
    made = report(case)
    assert list(made.cards) == CARDS
    for card in made.cards.values():
        assert str(now(card.title)).strip()
        for text in card_texts(card):
            assert {"None", "nan", "inf", "{", "}"}.isdisjoint(text.replace("(", " ").split()), text


@pytest.mark.parametrize("case", CASES)
def test_cards_show_the_figures_of_the_report(case: str) -> None:
    made, cards = report(case), report(case).cards
    shown = {
        "revenue": "fact_revenue",
        "active": "fact_active_close",
        "new": "fact_new_customers",
        "retention": "out_retention_rate",
        "cac": "calc_cac",
        "top_tenth": "out_top_tenth_share",
        "at_risk": "out_value_at_risk",
    }

    assert {card: now(cards[card].value) or None for card in shown} == {
        card: made.value(name) or None for card, name in shown.items()
    }


@pytest.mark.parametrize("case", CASES)
def test_history_stands_where_no_prediction_is_reliable(case: str) -> None:
    made, say = report(case), texts().say
    value, title = (now(part) for part in (made.cards["clv"].value, made.cards["clv"].title))
    named = made.value("in_margin_rate") is not None

    if made.value("calc_verdict") == "withheld":
        assert value == made.value("out_historic_value")
        assert title == say("card.historic" if named else "card.historic_revenue")
        assert now(made.cards["expected"].value) == made.value("out_historic_total")
    else:
        assert title == say("card.clv" if named else "card.revenue_of_new")
    if made.value("calc_verdict") == "shown":
        assert value == made.value("calc_new_customer_value")
        assert now(made.cards["expected"].value) == made.value("out_predicted_total")
    if made.value("calc_verdict") == "range":
        assert isinstance(value, str)
        assert now(made.cards["expected"].foot) == say("foot.wide_range")


@pytest.mark.parametrize("case", CASES)
def test_the_light_is_a_word_and_a_symbol_and_not_a_colour_alone(case: str) -> None:
    card = report(case).cards["ratio"]

    assert now(card.tone) == now(card.foot) == report(case).value("calc_rating")
    assert now(card.tone)[0] in "▼◆●▲–"
    assert len(now(card.tone)) > 3


def test_a_cost_that_is_typed_in_is_not_compared_with_what_was_spent_before() -> None:
    spent, given = inputs("full"), {"in_cac": 30.0}
    typed = build_report(spent.log, replace(spent.assumptions, entered=given), texts()).cards
    compared = report("full").cards

    assert now(compared["cac"].change)[0] in "▲▼="
    assert now(typed["cac"].change) == BLANK
    assert now(compared["ratio"].change)[0] in "▲▼="
    assert now(typed["ratio"].change).startswith(texts().say("payback.of", months=""))


def test_what_cannot_be_known_of_retention_is_said_on_its_card() -> None:
    say = texts().say
    for case in CASES:
        known, foot = (
            report(case).value("calc_retention_known"),
            report(case).cards["retention"].foot,
        )
        assert (now(foot) == say("foot.no_lapse")) == (not known)
    start = int(report("full").value("fact_active_start"))
    expected = say("foot.of_active_at_start", count=start)
    assert now(report("full").cards["retention"].foot) == expected
