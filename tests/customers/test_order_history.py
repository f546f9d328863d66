import numpy as np
import pytest

from clv_xl.customers.orders import OrderLog, OrderRules, order_log


def shop(early: int, later: int, span: int, rules: OrderRules) -> OrderLog:
    """A log of `span` days: `early` customers first seen in its first tenth, `later` after it."""
    first_tenth = np.arange(early) * (span // 10) // max(early, 1)
    rest = span // 10 + np.arange(later) * (span - span // 10) // max(later, 1)
    days = np.concatenate([first_tenth, rest, [span - 1]])
    customers = [f"c{number}" for number in [*range(early + later), 0]]
    return order_log(customers, days.astype("datetime64[D]"), [1.0] * len(days), rules=rules)


def test_a_log_that_begins_in_the_middle_is_left_truncated() -> None:
    log = shop(early=60, later=90, span=300, rules=OrderRules())
    assert log.existing_before_window.sum() == 60
    assert "60 customers are first seen in the first 30 days" in str(
        log.cleaning.notes["left_truncated"]
    )
    assert "6.0 times" in str(log.cleaning.notes["left_truncated"])


@pytest.mark.parametrize(
    ("early", "later", "span"),
    [
        (30, 90, 300),  # exactly three times the later rate
        (10, 90, 300),  # an even stream of new customers
        (19, 20, 300),  # too few to judge
        (60, 90, 80),  # too short
    ],
)
def test_other_logs_are_not(early: int, later: int, span: int) -> None:
    log = shop(early, later, span, OrderRules())
    assert not log.existing_before_window.any()
    assert "left_truncated" not in log.cleaning.notes


def test_a_history_known_to_be_complete_is_believed() -> None:
    log = shop(60, 90, 300, OrderRules(history_complete=True))
    assert not log.existing_before_window.any()
    assert log.cleaning.notes == {}


def test_a_closed_cohort_is_new_and_said() -> None:
    days = np.append(np.arange(40), 299)
    customers = [f"c{number}" for number in [*range(40), 0]]
    log = order_log(customers, days.astype("datetime64[D]"), [1.0] * 41)
    assert not log.existing_before_window.any()
    assert "300 days" in str(log.cleaning.notes["closed_cohort"])


def test_cdnow_is_a_closed_cohort(cdnow: OrderLog) -> None:
    assert not cdnow.existing_before_window.any()
    assert "closed_cohort" in cdnow.cleaning.notes


def test_cdnow_read_in_full(cdnow: OrderLog) -> None:
    assert cdnow.cleaning.rows_read == cdnow.cleaning.rows_kept == cdnow.n_orders == 69_659
    assert cdnow.n_customers == 23_570
    assert cdnow.revenue == pytest.approx(2_500_315.63, abs=0.005)
    assert cdnow.cleaning.zero_orders == 80
