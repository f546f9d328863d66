from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.customers.rfm import RFM_SEGMENTS, Rfm, RfmCuts, rfm, rfm_segment, rfm_table
from clv_xl.errors import InvalidArgumentError

bin_counts = st.integers(2, 9)

THE_25_CELLS = {
    (5, 1): "New customers",
    (5, 2): "Potential loyalists",
    (5, 3): "Potential loyalists",
    (5, 4): "Champions",
    (5, 5): "Champions",
    (4, 1): "Promising",
    (4, 2): "Potential loyalists",
    (4, 3): "Potential loyalists",
    (4, 4): "Loyal",
    (4, 5): "Loyal",
    (3, 1): "About to sleep",
    (3, 2): "About to sleep",
    (3, 3): "Need attention",
    (3, 4): "Loyal",
    (3, 5): "Loyal",
    (2, 1): "Hibernating",
    (2, 2): "Hibernating",
    (2, 3): "At risk",
    (2, 4): "At risk",
    (2, 5): "Can't lose",
    (1, 1): "Hibernating",
    (1, 2): "Hibernating",
    (1, 3): "At risk",
    (1, 4): "At risk",
    (1, 5): "Can't lose",
}


def _figures_and_scores(found: Rfm) -> list[tuple[np.ndarray, np.ndarray, int]]:
    return [
        (found.days_since_last, found.recency_score, -1),
        (found.order_days, found.frequency_score, 1),
        (found.total, found.monetary_score, 1),
    ]


@given(st.from_type(OrderLog), bin_counts)
def test_equal_figures_always_get_equal_scores(log: OrderLog, bins: int) -> None:
    for figure, score, _ in _figures_and_scores(rfm(log, bins)):
        for value in np.unique(figure):
            assert len(set(score[figure == value].tolist())) == 1


@given(st.from_type(OrderLog), bin_counts)
def test_a_better_figure_never_gets_a_lower_score(log: OrderLog, bins: int) -> None:
    for figure, score, better in _figures_and_scores(rfm(log, bins)):
        by_figure = np.argsort(better * figure, kind="stable")
        assert (np.diff(score[by_figure]) >= 0).all()
        assert score.min() >= 1
        assert score.max() <= bins


@given(st.from_type(OrderLog), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(log: OrderLog, random: Random) -> None:
    rows = list(range(log.n_orders))
    random.shuffle(rows)
    ids = log.customer_ids[log.customer]
    days = log.day.astype("datetime64[D]")

    straight = rfm_table(ids, days, log.amount).set_index("customer").sort_index()
    shuffled = rfm_table(ids[rows], days[rows], log.amount[rows]).set_index("customer").sort_index()

    columns = ["recency_score", "frequency_score", "monetary_score", "segment"]
    assert straight[columns].equals(shuffled[columns])


@given(st.from_type(OrderLog))
def test_a_customer_with_one_order_day_scores_1_for_frequency(log: OrderLog) -> None:
    found = rfm(log)

    assert (found.frequency_score[found.order_days == 1] == 1).all()


@given(st.from_type(OrderLog), bin_counts)
def test_the_grid_holds_every_customer_and_all_their_money(log: OrderLog, bins: int) -> None:
    found = rfm(log, bins)

    assert found.grid_customers.shape == (bins, bins)
    assert found.grid_customers.sum() == log.n_customers
    assert found.grid_total.sum() == pytest.approx(log.revenue)


@pytest.mark.parametrize(("scores", "name"), THE_25_CELLS.items())
def test_each_of_the_25_cells_has_its_segment(scores: tuple[int, int], name: str) -> None:
    assert rfm_segment(*scores) == name


def test_the_25_cells_use_every_name_and_no_other() -> None:
    assert set(THE_25_CELLS.values()) == set(RFM_SEGMENTS)


def test_segments_of_columns_keep_their_rows_and_shape() -> None:
    names = rfm_segment([[5], [1]], [[1], [5]])

    assert isinstance(names, np.ndarray)
    assert names.tolist() == [["New customers"], ["Can't lose"]]
    assert isinstance(rfm_segment([5], [1]), np.ndarray)
    assert rfm_segment([5, 1], 1).tolist() == ["New customers", "Hibernating"]  # type: ignore[union-attr]


@pytest.mark.parametrize("score", [0, 6, 55])
def test_a_score_outside_1_to_5_is_refused(score: int) -> None:
    with pytest.raises(InvalidArgumentError, match="recency_score must be at least 1 and at most"):
        rfm_segment(score, 1)


def test_a_broken_score_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="frequency_score must be a whole number"):
        rfm_segment([5, 4], [1, 2.5])


def test_score_columns_of_unlike_length_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="frequency_score must be as long as"):
        rfm_segment([5, 4], [1, 2, 3])


def test_ties_in_recency_get_the_better_score_and_ties_in_frequency_the_lower() -> None:
    log = order_log(["a", "b", "c", "d"], ["1970-01-01", "1970-01-11", "1970-01-11", "1970-01-21"])
    cuts = RfmCuts(recency=np.array([10.0]), frequency=np.array([1.0]), monetary=np.array([5.0]))

    found = rfm(log, cuts)

    assert found.recency_score.tolist() == [1, 2, 2, 2]
    assert found.frequency_score.tolist() == [1, 1, 1, 1]
    assert found.segment is None


def test_own_cuts_come_as_three_columns() -> None:
    table = rfm_table(
        ["a", "b", "b"],
        ["2024-01-01", "2024-01-01", "2024-03-01"],
        [500, 10, 10],
        bins=[[10, 1, 100], [30, 2, 200], [60, 3, 300], [90, 4, 400]],
    )

    scores = ["recency_score", "frequency_score", "monetary_score"]
    assert table[scores].to_numpy().tolist() == [[3, 1, 5], [5, 2, 1]]  # 60 days: the better score
    assert "segment" in table


@pytest.mark.parametrize(
    ("bins", "message"),
    [
        (1, "bins must be at least 2 and at most 9"),
        (10, "bins must be at least 2 and at most 9"),
        ([1, 2, 3], "bins must be a number or cuts in three columns"),
        ([[2, 2, 2], [1, 3, 3]], "each column ascending"),
    ],
)
def test_unusable_bins_are_refused(bins: object, message: str) -> None:
    with pytest.raises(InvalidArgumentError, match=message):
        rfm_table(["a"], ["2024-01-01"], [1], bins=bins)


def test_most_cdnow_customers_ordered_once_and_score_1(cdnow: OrderLog) -> None:
    found = rfm(cdnow)

    assert (found.frequency_score == 1).sum() == (found.order_days == 1).sum() == 12_054
    assert found.segment is not None
    assert (found.days_since_last.min(), found.cuts.frequency.tolist()) == (0, [1, 1, 2, 4])
