from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.data_check import data_check_table
from clv_xl.customers.orders import Cleaning, OrderLog, order_log
from clv_xl.customers.quality import assess, passes


def _clean_log(orders: int = 400) -> OrderLog:
    rng = np.random.default_rng(3)
    customers = [f"c{n}" for n in rng.integers(0, 80, orders)]
    days = rng.integers(0, 300, orders).astype("datetime64[D]")
    return order_log(customers, days, rng.lognormal(3, 0.8, orders).round(2))


def _with_cleaning(rows_read: int, dropped: dict[str, int], duplicates: int = 0) -> OrderLog:
    log = _clean_log()
    kept = rows_read - sum(dropped.values())
    cleaning = Cleaning(rows_read=rows_read, rows_kept=kept, dropped=dropped, duplicates=duplicates)
    return replace(log, cleaning=cleaning)


def _keys(log: OrderLog) -> list[str]:
    return [finding.key for finding in assess(log).findings]


def test_a_clean_log_scores_100_however_small() -> None:
    assert assess(_clean_log()).score == 100
    assert assess(_clean_log()).findings == ()
    assert assess(order_log(["a"], ["2024-01-01"], [5])).score == 100


@pytest.mark.parametrize(
    "reason", ["date_not_readable", "amount_not_a_number", "no_amount", "no_customer",
               "masked_customer"]
)  # fmt: skip
def test_a_third_of_the_rows_unusable_fails_the_gate(reason: str) -> None:
    found = assess(_with_cleaning(900, {reason: 300}))

    assert found.score < 60
    assert not passes(found.score)
    assert found.unusable == 300
    assert found.findings[0].severity == "problem"


@pytest.mark.parametrize(
    "reason", ["after_as_of", "status_cancelled", "refund", "fully_refunded", "duplicate"]
)
def test_rows_left_out_on_purpose_cost_nothing_but_are_told(reason: str) -> None:
    found = assess(_with_cleaning(900, {reason: 300}, duplicates=300))

    duplicates_left = 0 if reason == "duplicate" else 300
    assert found.score == pytest.approx(100 - 50 * duplicates_left / 900, abs=0.05)
    assert f"dropped_{reason}" in [f.key for f in found.findings]
    assert found.unusable == 0


def test_refunds_without_an_order_cost_their_share() -> None:
    assert assess(_with_cleaning(1000, {"refund_without_order": 100})).score == 90


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 100))
def test_more_faults_never_raise_the_score(bad: int, repeated: int, more: int) -> None:
    def score(unusable: int, duplicates: int) -> float:
        return assess(_with_cleaning(1000, {"no_customer": unusable}, duplicates)).score

    assert 0 <= score(bad + more, repeated) <= score(bad, repeated) <= 100
    assert score(bad, repeated + more) <= score(bad, repeated)


def test_one_amount_that_dwarfs_the_rest_fails_the_gate() -> None:
    log = _clean_log()
    amount = log.amount.copy()
    amount[7] = 1e9
    found = assess(replace(log, amount=amount))

    assert found.score <= 60
    assert found.outliers.count == 1
    raw, cut = found.outliers.average_order_value, found.outliers.winsorised_order_value
    assert raw is not None
    assert cut is not None
    assert cut < raw / 1000
    assert _keys(replace(log, amount=amount)) == ["outliers"]


def test_equal_prices_with_a_double_price_are_no_outliers() -> None:
    log = order_log([f"c{n}" for n in range(20)], ["2024-01-01"] * 20, [10.0] * 18 + [20, 30])

    assert assess(log).outliers.count == 0


def test_a_log_of_free_orders_has_no_average_and_no_error() -> None:
    found = assess(order_log(["a", "b"], ["2024-01-01", "2024-01-02"], [0, 0]))

    assert found.outliers.limit is None
    assert found.outliers.average_order_value is None
    assert found.score == 100


def test_a_month_missing_from_a_busy_log_is_a_silence() -> None:
    days = np.repeat(np.r_[0:200, 230:400], 5)
    log = order_log([f"c{n % 300}" for n in range(len(days))], days.astype("datetime64[D]"))

    found = assess(log)

    assert found.silent_gaps == ((200, 229),)
    assert found.score == pytest.approx(100 * (1 - 30 / 400), abs=0.05)
    assert "from 1970-07-20 to 1970-08-18" in found.findings[0].sentence


def test_a_sparse_log_has_no_silences() -> None:
    days = np.arange(0, 700, 9)

    assert assess(order_log(["a"] * len(days), days.astype("datetime64[D]"))).silent_gaps == ()


def test_an_old_log_is_said_to_be_old() -> None:
    log = _clean_log()

    assert _keys(replace(log, as_of=log.last_day + 45)) == ["freshness"]
    assert assess(replace(log, as_of=log.last_day + 45)).freshness_days == 45


def test_span_and_density_describe_the_log() -> None:
    log = order_log(["a", "a", "b"], ["2024-01-01", "2024-01-01", "2024-01-10"])

    found = assess(log)

    assert found.span_months == pytest.approx(10 / 30.4375)
    assert found.day_density == pytest.approx(0.2)
    assert found.order_days_per_customer == 1


def test_the_table_begins_with_the_score_and_the_rows() -> None:
    log = _clean_log()
    table = data_check_table(
        log.customer_ids[log.customer], log.day.astype("datetime64[D]"), log.amount
    )

    assert table["check"].tolist()[:3] == ["score", "rows_read", "rows_kept"]
    assert table.loc[0, "value"] == 100
    assert table.loc[0, "finding"] == "reaches the gate of 60"


def test_the_cdnow_log_is_fit_for_use(cdnow: OrderLog) -> None:
    found = assess(cdnow)

    assert found.score >= 95
    assert found.span_months == pytest.approx(546 / 30.4375)


def test_cells_that_cannot_be_read_are_counted_and_not_refused() -> None:
    customers = ["a", "b", "", "c", "d", "a", "e", "e", 17]
    morning = datetime(2024, 1, 8, 9, tzinfo=UTC)
    days = ["2024-01-05", "5th of May", "2024-01-05", date(2024, 1, 6), "2024-01-07 10:30",
            "2024-01-05", morning, None, np.datetime64("2024-01-09")]  # fmt: skip
    amounts = [10, 20, 30, "ten", 40, 10, "", 5, "12.5"]

    table = data_check_table(customers, days, amounts).set_index("check")["value"]

    assert table["rows_read"] == 9
    assert table["rows_kept"] == 4
    for reason in (
        "date_not_readable",
        "no_customer",
        "amount_not_a_number",
        "no_amount",
        "no_date",
    ):
        assert table[f"dropped_{reason}"] == 1
    assert table["duplicates"] == 1
    assert table["score"] == pytest.approx(100 * (1 - 1.5 * 5 / 9 - 0.5 / 9), abs=0.05)
