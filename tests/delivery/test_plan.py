from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from clv_xl.delivery.audience import Audience, Detail, own_orders
from clv_xl.delivery.fingerprint import data_hash
from clv_xl.delivery.ledger import Ledger, State
from clv_xl.delivery.plan import Fate, Line, Mailing, Wishes, message_id, plan_run
from clv_xl.errors import DataError
from clv_xl.reports.assumptions import Spend
from clv_xl.sources.source_read import SourceRead
from tests.delivery.mailings import ADA, BOB, EVE, PLAIN, audience, mailing, read, rows

NOW = datetime(2025, 1, 2, 6, tzinfo=UTC)
NEWER = [("c1", "2024-11-20", 99.0, "web")]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "mail.sqlite") as opened:
        yield opened


def fates(lines: tuple[Line, ...]) -> list[Fate]:
    return [line.fate for line in lines]


def planned(what: Mailing, ledger: Ledger, **wishes: bool) -> list[Fate]:
    asked = replace(Wishes(), **wishes)  # type: ignore[arg-type] # by name
    return fates(plan_run(what, ledger, asked, NOW))


def settle(ledger: Ledger, line: Line, state: State, when: datetime = NOW) -> None:
    """Let a delivery end so."""
    ledger.plan([line.delivery])
    if state is not State.PLANNED:
        ledger.begin(line.delivery, when)
        if state is not State.SENDING:
            ledger.settle(line.delivery, state, "answer", when)


def served(ledger: Ledger, what: Mailing, *states: State) -> None:
    """Let the deliveries of a mailing end so, one after the other."""
    for line, state in zip(plan_run(what, ledger, Wishes(), NOW), states, strict=True):
        settle(ledger, line, state)


@pytest.mark.parametrize(
    ("state", "plain", "retried", "corrected"),
    [
        (State.PLANNED, Fate.SEND, Fate.SEND, Fate.SEND),
        (State.SENDING, Fate.UNKNOWN, Fate.AGAIN, Fate.UNKNOWN),
        (State.SENT, Fate.SERVED, Fate.SERVED, Fate.SERVED),
        (State.REFUSED, Fate.SEND, Fate.SEND, Fate.SEND),
        (State.UNKNOWN, Fate.UNKNOWN, Fate.AGAIN, Fate.UNKNOWN),
    ],
)
def test_what_a_run_does_follows_from_where_the_delivery_stands(
    state: State, plain: Fate, retried: Fate, corrected: Fate, ledger: Ledger
) -> None:
    what = mailing(audience())
    served(ledger, what, state)

    assert planned(what, ledger) == [plain]
    assert planned(what, ledger, retry_unknown=True) == [retried]
    assert planned(what, ledger, correct=True) == [corrected]


def test_another_period_another_title_and_another_layout_are_other_reports(ledger: Ledger) -> None:
    what = mailing(audience())
    served(ledger, what, State.SENT)

    other_title = replace(what, assumptions=replace(PLAIN, title="Shop B"))
    assert planned(mailing(audience(), period="2023"), ledger) == [Fate.SEND]
    assert planned(other_title, ledger) == [Fate.SEND]
    assert planned(mailing(Audience((), "own.toml", Detail.NONE)), ledger) == [Fate.SEND]


@pytest.mark.parametrize(
    ("state", "fate", "corrected"),
    [
        (State.SENT, Fate.SERVED, Fate.SERVED),
        (State.UNKNOWN, Fate.UNKNOWN, Fate.UNKNOWN),
        (State.REFUSED, Fate.SEND, Fate.SEND),
    ],
)
def test_whoever_was_served_under_a_former_name_of_the_period_has_it(
    state: State, fate: Fate, corrected: Fate, ledger: Ledger
) -> None:
    former = "2024-01-01..2024-12-31"
    served(ledger, mailing(audience(), period=former), state)
    today = replace(mailing(audience(), period="2024-12"), former_periods=(former,))

    (line,) = plan_run(today, ledger, Wishes(), NOW)

    assert line.fate is fate
    assert line.delivery.period == former, "it goes on under that name, and is in the ledger once"
    assert planned(today, ledger, correct=True) == [corrected]


def test_of_two_names_of_one_period_the_one_that_was_sent_counts(ledger: Ledger) -> None:
    former = "2024-01-01..2024-12-31"
    served(ledger, mailing(audience(), period=former), State.SENT)
    served(ledger, mailing(audience(), period="2024-12"), State.PLANNED)
    what = replace(mailing(audience(), period="2024-12"), former_periods=(former,))

    assert planned(what, ledger) == [Fate.SERVED]
    newer = replace(what, read=read(rows(NEWER)))
    assert planned(newer, ledger) == [Fate.CHANGED]
    (line,) = plan_run(newer, ledger, Wishes(correct=True), NOW)
    assert (line.fate, line.delivery.correction) == (Fate.CORRECT, 1)


def test_the_spelling_of_an_address_makes_no_other_recipient(ledger: Ledger) -> None:
    what = mailing(audience())
    served(ledger, what, State.SENT)
    (to,) = what.recipients

    again = replace(what, recipients=(replace(to, email="ADA@example.org"),))

    assert planned(again, ledger) == [Fate.SERVED]


def test_only_those_whose_data_have_changed_are_corrected_and_only_once(ledger: Ledger) -> None:
    every = (audience(), audience("web"), audience("Rome"))
    served(ledger, mailing(*every), State.SENT, State.SENT, State.SENT)
    newer = mailing(*every, source=read(rows(NEWER)))

    assert planned(newer, ledger) == [Fate.CHANGED, Fate.CHANGED, Fate.SERVED]
    lines = plan_run(newer, ledger, Wishes(correct=True), NOW)
    assert fates(lines) == [Fate.CORRECT, Fate.CORRECT, Fate.SERVED]
    assert [line.delivery.correction for line in lines] == [1, 1, 0]
    settle(ledger, lines[0], State.SENT)
    settle(ledger, lines[1], State.REFUSED)

    again = plan_run(newer, ledger, Wishes(correct=True), NOW)
    assert fates(again) == [Fate.SERVED, Fate.CORRECT, Fate.SERVED]
    assert again[1].delivery.correction == 1, "the one that was refused"
    assert planned(newer, ledger) == [Fate.SERVED, Fate.CHANGED, Fate.SERVED]


def test_a_correction_that_may_have_arrived_is_not_sent_again_unasked(ledger: Ledger) -> None:
    served(ledger, mailing(audience()), State.SENT)
    newer = mailing(audience(), source=read(rows(NEWER)))
    (line,) = plan_run(newer, ledger, Wishes(correct=True), NOW)
    settle(ledger, line, State.UNKNOWN)

    assert planned(newer, ledger, correct=True) == [Fate.UNKNOWN]
    (again,) = plan_run(newer, ledger, Wishes(retry_unknown=True), NOW)
    assert (again.fate, again.corrects) == (Fate.AGAIN, True)


def test_if_changed_compares_with_the_last_message_of_any_period(ledger: Ledger) -> None:
    every = (audience("web"), audience("Rome"))
    served(ledger, mailing(*every), State.SENT, State.REFUSED)

    next_year = mailing(*every, period="2025")
    assert planned(next_year, ledger, if_changed=True) == [Fate.SAME, Fate.SEND]
    assert planned(next_year, ledger) == [Fate.SEND, Fate.SEND]
    newer = replace(next_year, read=read(rows(NEWER)))
    assert planned(newer, ledger, if_changed=True) == [Fate.SEND, Fate.SEND]


def test_the_last_message_is_the_one_that_was_sent_last(ledger: Ledger) -> None:
    newer = mailing(audience(), source=read(rows(NEWER)), period="2023")
    (old,) = plan_run(mailing(audience()), ledger, Wishes(), NOW)
    settle(ledger, old, State.SENT, NOW - timedelta(days=40))
    (new,) = plan_run(newer, ledger, Wishes(), NOW)
    settle(ledger, new, State.SENT)

    third = mailing(audience(), period="2025")
    assert planned(third, ledger, if_changed=True) == [Fate.SEND]
    assert planned(replace(third, read=newer.read), ledger, if_changed=True) == [Fate.SAME]


def test_a_trial_takes_no_note_of_the_ledger(ledger: Ledger) -> None:
    what = mailing()
    served(ledger, what, State.SENT, State.UNKNOWN, State.REFUSED)

    lines = plan_run(what, ledger, Wishes(to_self="me@example.org"), NOW)

    assert fates(lines) == [Fate.SEND] * 3


def test_the_trial_of_a_correction_is_a_correction(ledger: Ledger) -> None:
    every = (audience("web"), audience("Rome"))
    served(ledger, mailing(*every), State.SENT, State.SENT)
    newer = mailing(*every, source=read(rows(NEWER)))

    lines = plan_run(newer, ledger, Wishes(correct=True, to_self="me@example.org"), NOW)

    assert [(line.goes, line.corrects) for line in lines] == [(True, True), (True, False)]


def test_a_title_in_other_letters_is_the_same_report(ledger: Ledger) -> None:
    titled = replace(mailing(audience()), assumptions=replace(PLAIN, title="Shop Süd"))
    served(ledger, titled, State.SENT)

    shouted = replace(titled, assumptions=replace(PLAIN, title="SHOP SÜD"))
    (line,) = plan_run(shouted, ledger, Wishes(), NOW)

    assert (line.fate, line.delivery.report) == (Fate.SERVED, "Shop Süd · executive")
    newer = replace(shouted, read=read(rows(NEWER)))
    (again,) = plan_run(newer, ledger, Wishes(correct=True), NOW)
    assert (again.delivery.report, again.delivery.correction) == ("Shop Süd · executive", 1)


def test_the_maximum_counts_the_messages_that_would_go(ledger: Ledger) -> None:
    what = mailing()
    served(ledger, what, State.SENT, State.REFUSED, State.PLANNED)

    assert len(plan_run(what, ledger, Wishes(most=2), NOW)) == 3
    with pytest.raises(DataError, match="2 messages would go, more than the 1 that --max allows"):
        plan_run(what, ledger, Wishes(most=1), NOW)


def test_a_message_has_the_same_identity_whenever_it_is_made(ledger: Ledger) -> None:
    lines = plan_run(mailing(), ledger, Wishes(), NOW)
    later = plan_run(mailing(), ledger, Wishes(), NOW + timedelta(days=1))

    ids = [message_id(line.delivery, "reports@example.org") for line in lines]
    assert ids == [message_id(line.delivery, "reports@example.org") for line in later]
    corrected = replace(lines[0].delivery, correction=1)
    others = [message_id(corrected, "r@example.org"), message_id(corrected, "r@example.org", "now")]
    assert len({*ids, *others}) == 5
    assert all(one.endswith("@example.org>") for one in ids)
    assert [line.recipient.email for line in lines] == [ADA, BOB, EVE]


def hashed(orders: SourceRead, who: Audience, **rates: object) -> str:
    assumptions = replace(PLAIN, **rates)  # type: ignore[arg-type] # by name
    return data_hash(own_orders(orders, who), assumptions, who)


def test_a_contract_that_was_asked_for_makes_other_data() -> None:
    source, rome = read(rows()), audience("Rome")
    plain = hashed(source, rome)

    assert hashed(source, rome, contract="auto") == plain
    assert len({plain, *(hashed(source, rome, contract=c) for c in ("no", "month"))}) == 3


def test_data_are_the_same_whatever_their_file_the_period_and_the_rows_of_others() -> None:
    source, newer = read(rows()), read(rows(NEWER))
    rome = audience("Rome")

    assert hashed(source, rome) == hashed(read(rows()), rome)
    assert hashed(source, rome) == hashed(source, rome, period="2023", source="other.csv")
    assert hashed(source, rome) == hashed(newer, rome)
    assert hashed(source, audience()) != hashed(newer, audience())


@pytest.mark.parametrize(
    "rates",
    [
        {"margin_rate": 0.4},
        {"horizon_months": 24},
        {"annual_discount_rate": 0.2},
        {"cac": 30.0},
        {"target_ratio": 4.0},
        {"model": "bg_nbd"},
        {"segment_by": "first"},
        {"activity_window_days": 90},
        {"spend": Spend(months=pd.Series(["2024-01-01"]), amounts=pd.Series([100.0]))},
    ],
    ids=lambda rates: next(iter(rates)),
)
def test_another_rate_makes_other_data(rates: dict[str, object]) -> None:
    source = read(rows())

    assert hashed(source, audience(), **rates) != hashed(source, audience())


def test_another_filter_makes_other_data() -> None:
    source = read(rows())
    every = [
        audience(),
        audience("web"),
        audience("Rome", "web"),
        audience(detail=Detail.MASKED),
        audience(detail=Detail.FULL),
    ]

    assert len({hashed(source, who) for who in every}) == len(every)
