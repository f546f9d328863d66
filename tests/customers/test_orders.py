from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.arrays import Dates, Texts
from clv_xl.customers.log_columns import by_customer_and_day
from clv_xl.customers.orders import OrderLog, OrderRules, TaxTreatment, order_log, validate_orders
from clv_xl.errors import ClvError, DataError, InvalidArgumentError
from tests.customers.order_rows import rows

Cell: TypeAlias = Any  # a cell of a messy table may hold anything
JAN_1 = int(np.datetime64("2024-01-01", "D").astype(int))


def cell(*values: Cell) -> st.SearchStrategy[Cell]:
    return st.sampled_from(values)


messy_row = st.fixed_dictionaries({
    "customer": cell("ada", " ada", "bob", "cyd", "dan", "eve", "", "a***n"),
    "day": cell(0, 1, 5, 9, 40, None),
    "amount": cell(10.0, 20.5, 0.0, -10.0, -3.0, float("nan")),
    "order_id": st.integers(0, 30).map(lambda n: "" if n > 25 else str(n)),
    "status": cell("paid", "", "Cancelled", "failed", "refunded"),
    "cancelled": st.booleans(),
    "refunded": cell(0.0, float("nan"), 5.0),
    "duplicate": st.booleans(),
    "footer": st.integers(0, 5).map(lambda n: n == 5),
})  # fmt: skip
rule_sets = st.builds(
    OrderRules,
    as_of=cell(None, date(2024, 1, 6)),
    refunds=cell("net", "drop"),
    zero=cell("keep", "drop"),
    drop_duplicates=st.booleans(),
    status_keep=cell(frozenset(), frozenset({"cancelled"})),
)


@given(st.lists(messy_row, min_size=1, max_size=40), rule_sets, cell("with", "without"))
def test_every_row_is_kept_or_dropped_for_one_reason(
    messy: list[dict[str, Any]], rules: OrderRules, order_ids: str
) -> None:
    columns = {key: [row[key] for row in messy] for key in messy[0]}
    footer = columns.pop("footer")
    if order_ids == "with":  # an order id belongs to one customer
        columns["order_id"] = [
            f"{who.strip()}-{number}" if number else ""
            for who, number in zip(columns["customer"], columns["order_id"], strict=True)
        ]
    else:
        del columns["order_id"]
    customer, day, amount = (columns.pop(key) for key in ("customer", "day", "amount"))
    try:
        log = validate_orders(rows(customer, day, amount, dropped={"footer": footer}, **columns),
                              rules)  # fmt: skip
    except DataError:
        return
    cleaning = log.cleaning
    assert cleaning.rows_read == len(messy)
    assert cleaning.rows_read == cleaning.rows_kept + sum(cleaning.dropped.values())
    assert cleaning.rows_kept == log.n_orders + cleaning.lines_merged + cleaning.refunds_netted
    assert (log.amount >= 0).all()
    assert set(log.customer.tolist()) == set(range(log.n_customers))
    assert log.last_day <= log.as_of


@given(st.from_type(OrderLog))
def test_orders_stand_by_customer_then_day(log: OrderLog) -> None:
    key = list(zip(log.customer.tolist(), log.day.tolist(), strict=True))
    assert key == sorted(key)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-(10**17), 10**17)), min_size=1))
def test_far_apart_days_sort_as_near_ones_do(pairs: list[tuple[int, int]]) -> None:
    customer, day = (np.array(column) for column in zip(*pairs, strict=True))
    sequence = by_customer_and_day(customer, day)
    expected = np.lexsort((day, customer))
    assert np.arange(len(pairs))[sequence].tolist() == expected.tolist()


def test_customers_keep_the_order_of_first_appearance() -> None:
    log = order_log(["z", "a", "m", "a"], ["2024-01-04", "2024-01-03", "2024-01-02", "2024-01-01"])
    assert log.customer_ids.tolist() == ["z", "a", "m"]
    assert (log.day - JAN_1).tolist() == [3, 0, 2, 1]


def test_ids_are_text_without_surrounding_blanks_and_case_sensitive() -> None:
    log = order_log(["001", "001 ", "1", "x", "X"], ["2024-01-01"] * 5)
    assert log.customer_ids.tolist() == ["001", "1", "x", "X"]


@pytest.mark.parametrize(
    "ids", [[7, 8, 7], [7.0, 8.0, 7.0], ["7", "8", "7"], np.array([7, 8, 7]),
            pd.Series([7, 8, 7], index=[5, 6, 7]), pd.Series(["7", "8", "7"], dtype="category"),
            pd.Series([7, "8", 7.0], dtype=object)],
)  # fmt: skip
def test_numbers_and_texts_are_the_same_ids(ids: Texts) -> None:
    log = order_log(ids, ["2024-01-01"] * 3)
    assert log.customer_ids.tolist() == ["7", "8"]
    assert log.customer.tolist() == [0, 0, 1]


@pytest.mark.parametrize("blank", ["", "  ", None, np.nan])
def test_a_row_without_customer_is_dropped(blank: Cell) -> None:
    log = order_log(["a", blank], ["2024-01-01"] * 2, [1, 2])
    assert log.cleaning.dropped == {"no_customer": 1}


@pytest.mark.parametrize("masked", ["a***n", "***", "j*", "j**@g***.com"])
def test_a_masked_name_is_no_customer(masked: str) -> None:
    log = order_log(["ada", masked, "bob", "cyd"], ["2024-01-01"] * 4, [1, 2, 3, 4])
    assert log.cleaning.dropped == {"masked_customer": 1}


def test_a_column_of_masked_names_is_no_customer_id() -> None:
    with pytest.raises(DataError, match=r"most customer ids are masked names such as a\*\*\*n"):
        order_log(["a***n", "b***y", "cyd"], ["2024-01-01"] * 3)


def test_a_column_of_new_and_returning_is_no_customer_id() -> None:
    with pytest.raises(DataError, match="holds only New, returning: that says what kind"):
        order_log(["New", "returning", "New"], ["2024-01-01"] * 3)


@pytest.mark.parametrize("rounded", ["1.23E+15", "1,23e+15", 1.234567890123456e18])
def test_ids_rounded_by_a_spreadsheet_are_refused(rounded: Cell) -> None:
    with pytest.raises(DataError, match=r"rounded by a spreadsheet.* export the customer ids"):
        order_log(["a", rounded], ["2024-01-01"] * 2)
    with pytest.raises(DataError, match=r"the order id .* rounded"):
        order_log(["a", "b"], ["2024-01-01"] * 2, order_ids=["x", rounded])


def test_ids_that_only_look_like_powers_are_kept() -> None:
    log = order_log(["1E5", "ada+news@example.org"], ["2024-01-01"] * 2)
    assert log.n_customers == 2


@pytest.mark.parametrize(
    "status",
    ["cancelled", "Canceled ", "VOIDED", "failed", "pending", "draft", "test", "trash", "expired",
     "checkout-draft", "wc-failed"],
)  # fmt: skip
def test_a_status_of_no_sale_drops_the_row_unless_kept(status: str) -> None:
    columns = rows(["a", "b"], [0, 1], [1, 2], status=["paid", status])
    name = status.strip().lower().removeprefix("wc-")
    assert validate_orders(columns).cleaning.dropped == {f"status_{name}": 1}
    kept = validate_orders(columns, OrderRules(status_keep=frozenset({name})))
    assert kept.cleaning.dropped == {}


def test_the_status_on_the_first_line_holds_for_the_whole_order() -> None:
    log = validate_orders(
        rows(["a", "a", "b"], [0, 0, 1], [1, 2, 3], order_id=["1", "1", "2"],
             status=["voided", "", "paid"])
    )  # fmt: skip
    assert log.cleaning.dropped == {"status_voided": 2}


def test_a_cancellation_drops_the_order_with_its_continuation_lines() -> None:
    log = validate_orders(
        rows(["a", "", "b", "b"], [0, None, 1, 1], [1, 2, 3, 4], order_id=["1", "1", "2", "2"],
             cancelled=[True, False, True, False])
    )  # fmt: skip
    assert log.cleaning.dropped == {"status_cancelled": 3}
    assert log.amount.tolist() == [4]  # a full line of its own stays


def test_kept_cancellations_are_kept() -> None:
    columns = rows(["a", "b"], [0, 1], [1, 2], cancelled=[True, False])
    rules = OrderRules(status_keep=frozenset({"canceled"}))
    assert validate_orders(columns, rules).n_orders == 2


def test_unlike_currencies_are_never_added() -> None:
    columns = rows(["a", "b", "c"], [0, 1, 2], [1, 2, 3], currency=["eur", "EUR", "USD"])
    with pytest.raises(DataError, match="EUR in 2 rows, USD in 1 row;"):
        validate_orders(columns)


def test_the_currency_of_a_dropped_row_does_not_count() -> None:
    columns = rows(["a", "b", ""], [0, 1, 2], [1, 2, 3], currency=["eur", "", "USD"])
    assert validate_orders(columns).currency == "EUR"


def test_a_currency_is_named_where_no_column_does() -> None:
    rules = OrderRules(currency="IRR")
    assert validate_orders(rows(["a"], [0], [1]), rules).currency == "IRR"
    assert validate_orders(rows(["a"], [0], [1], currency=[""]), rules).currency == "IRR"
    assert validate_orders(rows(["a"], [0], [1], currency=["irr"]), rules).currency == "IRR"
    with pytest.raises(DataError, match="amounts in USD, but the currency given is IRR"):
        validate_orders(rows(["a"], [0], [1], currency=["USD"]), rules)


def test_duplicates_are_counted_and_dropped_only_on_demand() -> None:
    columns = rows(["a", "a"], [0, 0], [1, 1], duplicate=[False, True])
    kept = validate_orders(columns)
    assert (kept.n_orders, kept.cleaning.duplicates) == (2, 1)
    dropped = validate_orders(columns, OrderRules(drop_duplicates=True))
    assert dropped.n_orders == 1
    assert dropped.cleaning.duplicates == 1
    assert dropped.cleaning.dropped == {"duplicate": 1}


def test_zero_amounts_are_orders_unless_dropped() -> None:
    columns = rows(["a", "a"], [0, 1], [0, 5])
    assert validate_orders(columns).cleaning.zero_orders == 1
    log = validate_orders(columns, OrderRules(zero="drop"))
    assert log.cleaning.dropped == {"zero_amount": 1}


def test_included_tax_is_divided_out() -> None:
    columns = rows(["a", "a"], [0, 1], [119, -59.5])
    log = validate_orders(columns, OrderRules(tax_rate=0.19))
    assert log.amount.tolist() == pytest.approx([50])
    assert log.tax is TaxTreatment.NET
    assert validate_orders(columns).tax is TaxTreatment.NOT_STATED
    assert validate_orders(rows(["a"], [0], [1], tax=TaxTreatment.GROSS)).tax is TaxTreatment.GROSS


def test_a_tax_in_per_cent_is_refused_with_what_was_meant() -> None:
    with pytest.raises(InvalidArgumentError, match=r"tax_rate .* got 19 \(did you mean 0.19\?\)"):
        validate_orders(rows(["a"], [0], [1]), OrderRules(tax_rate=19))


@pytest.mark.parametrize(("rule", "value"), [("refunds", "keep"), ("zero", "net")])
def test_an_unknown_policy_is_refused(rule: str, value: str) -> None:
    with pytest.raises(InvalidArgumentError, match=rule):
        validate_orders(rows(["a"], [0], [1]), OrderRules(**{rule: value}))  # type: ignore[arg-type]  # the fault to be found


def test_the_log_is_looked_at_on_the_day_of_its_last_kept_order() -> None:
    log = validate_orders(rows(["a", "a", ""], [0, 5, 9], [1, 2, 3]))
    assert log.as_of - JAN_1 == 5


def test_orders_after_the_as_of_day_are_dropped() -> None:
    columns = rows(["a", "a", "a"], [0, 5, 9], [1, 2, -1])
    log = validate_orders(columns, OrderRules(as_of=date(2024, 1, 4)))
    assert log.cleaning.dropped == {"after_as_of": 2}
    assert log.as_of - JAN_1 == 3


def test_an_as_of_day_before_every_order_is_refused() -> None:
    with pytest.raises(DataError, match=r"no order up to 2023-12-31, .* first is of 2024-01-01"):
        validate_orders(rows(["a"], [0], [1]), OrderRules(as_of=date(2023, 12, 31)))


def test_a_log_of_refunds_only_says_so() -> None:
    columns = rows(["a"] * 12, list(range(12)), [-1.0] * 12)
    with pytest.raises(DataError, match=r"all of its 12 rows left out: refund \(12 rows\)"):
        validate_orders(columns, OrderRules(refunds="drop"))


def test_an_empty_log_says_so() -> None:
    with pytest.raises(DataError, match="holds no rows"):
        order_log([], [])


def test_rows_that_the_reader_gave_up_keep_its_reason() -> None:
    columns = rows(["a", ""], [0, None], [1, 2], dropped={"footer": [False, True]})
    assert validate_orders(columns).cleaning.dropped == {"footer": 1}


def test_a_row_without_a_day_is_dropped() -> None:
    log = order_log(["a", "b"], ["2024-01-01", ""], [1, 2])
    assert log.cleaning.dropped == {"no_date": 1}


TEHRAN = timezone(timedelta(hours=3, minutes=30))


@pytest.mark.parametrize(
    "dates",
    [
        ["2024-01-31", "2024-02-01"],
        ["2024-01-31T23:59:59", "2024-02-01 00:00"],
        ["20240131", " 2024-02-01 "],
        [date(2024, 1, 31), date(2024, 2, 1)],
        [datetime(2024, 1, 31, 23, 59), date(2024, 2, 1)],  # noqa: DTZ001 - a local time
        [datetime(2024, 2, 1, 1, 0, tzinfo=TEHRAN), datetime(2024, 2, 1, 0, 0, tzinfo=UTC)],
        ["2024-02-01T01:00+03:30", "2024-02-01T00:00Z"],
        np.array(["2024-01-31", "2024-02-01"], dtype="datetime64[ns]"),
        pd.Series(pd.to_datetime(["2024-01-31", "2024-02-01"]), index=[8, 9]),
        pd.Series(pd.to_datetime(["2024-01-31 23:00", "2024-02-01 00:00"])).dt.tz_localize(
            "Asia/Tokyo"
        ),
        [np.datetime64("2024-01-31T23:00"), pd.Timestamp("2024-02-01")],
    ],
)
def test_every_form_of_date_gives_the_same_days(dates: Dates) -> None:
    assert (order_log(["a", "b"], dates).day - JAN_1).tolist() == [30, 31]


@pytest.mark.parametrize("date_", ["31/01/2024", "soon", 45322, 2024.5, True])
def test_an_unreadable_date_is_refused_with_its_row(date_: Cell) -> None:
    with pytest.raises(DataError, match=r"row 2: date .* cannot be read"):
        order_log(["a", "b"], pd.Series(["2024-01-01", date_], dtype=object))


def test_a_column_of_numbers_is_no_column_of_dates() -> None:
    with pytest.raises(DataError, match="row 1: date 45322 cannot be read"):
        order_log(["a"], [45322])


def test_columns_of_unlike_length_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="dates must be as long as customers"):
        order_log(["a", "b"], ["2024-01-01"])


def test_without_amounts_orders_are_counted_and_their_value_is_said_to_be_unknown() -> None:
    log = order_log(["a", "a"], ["2024-01-01", "2024-01-02"], rules=OrderRules(zero="drop"))
    assert log.n_orders == 2
    assert "no_amounts" in log.cleaning.notes


def test_a_customer_has_the_latest_name_given() -> None:
    log = validate_orders(
        rows(["a", "a", "a", "b"], [5, 0, 9, 1], [1, 2, 3, 4], name=["Ada L.", "Ada B.", "", ""])
    )
    assert log.names is not None
    assert log.names.tolist() == ["Ada L.", ""]
    assert order_log(["a"], ["2024-01-01"]).names is None


def test_an_order_has_the_segment_of_its_first_line_that_has_one() -> None:
    log = validate_orders(
        rows(["a", "a", "b", "c"], [0, 0, 1, 2], [1, 2, 3, -3], order_id=["1", "1", "2", "3"],
             segments={"channel": ["", "web", " ", "shop"]})
    )  # fmt: skip
    channel = log.segments["channel"]
    assert channel.labels[channel.codes].tolist() == ["web", "(none)"]
    assert channel.labels.tolist() == ["web", "(none)"]


def test_blank_segments_and_the_label_of_blanks_are_one() -> None:
    channel = order_log(
        ["a", "b", "c"], ["2024-01-01"] * 3, segments={"channel": ["(none)", "", None]}
    ).segments["channel"]
    assert channel.labels.tolist() == ["(none)"]
    assert channel.codes.tolist() == [0, 0, 0]


def test_a_kept_column_shows_the_latest_order_s_value() -> None:
    log = validate_orders(
        rows(["a", "a", "b"], [5, 0, 1], [1, 2, 3], kept={"city": ["Oslo", "Rome", ""]})
    )
    assert log.kept["city"].tolist() == ["Oslo", ""]


@given(st.from_type(OrderLog), st.integers(0, 900))
def test_the_log_until_a_day_is_the_log_of_the_orders_up_to_it(log: OrderLog, day: int) -> None:
    customers = log.customer_ids[log.customer]
    known = log.day <= day
    if not known.any():
        with pytest.raises(DataError, match="no order is known on"):
            log.until(day)
        return
    earlier = log.until(day)
    assert earlier.as_of == day
    assert earlier.customer_ids[earlier.customer].tolist() == customers[known].tolist()
    assert earlier.amount.tolist() == log.amount[known].tolist()
    assert set(earlier.customer.tolist()) == set(range(earlier.n_customers))
    assert len(earlier.existing_before_window) == earlier.n_customers


def test_the_log_until_a_day_keeps_names_and_segments_of_its_customers() -> None:
    log = validate_orders(
        rows(["a", "b", "b"], [5, 0, 7], [1, 2, 3], name=["Ada", "Bob", "Bob"],
             segments={"channel": ["web", "shop", "web"]}, kept={"city": ["Oslo", "Rome", "Rome"]})
    ).until(JAN_1 + 2)  # fmt: skip
    assert log.names is not None
    assert log.names.tolist() == ["Bob"]
    channel = log.segments["channel"]
    assert channel.labels[channel.codes].tolist() == ["shop"]
    assert log.kept["city"].tolist() == ["Rome"]


@given(st.lists(st.tuples(cell("a", "b", "", "a***n", 3, None), cell("2024-01-01", "", None, "x"),
                          cell(1, -1, 0, None, "y", "")), max_size=6))  # fmt: skip
def test_any_columns_give_a_log_or_an_error_of_ours(cells: list[tuple[Any, Any, Any]]) -> None:
    customers, dates, amounts = ([row[i] for row in cells] for i in range(3))
    with suppress(ClvError):
        assert order_log(customers, dates, amounts).n_orders >= 1
