import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import DataError, InvalidArgumentError
from clv_xl.formulas.sentiment import customer_satisfaction, net_promoter_score

answers = st.lists(st.integers(0, 10), min_size=1, max_size=200)


@given(answers)
def test_nps_and_its_interval_stay_within_their_bounds(scores: list[int]) -> None:
    row = net_promoter_score(scores).iloc[0]

    assert -100 <= row["low"] <= row["nps"] <= row["high"] <= 100
    assert row["n"] == len(scores)
    assert row["promoters"] + row["passives"] + row["detractors"] == pytest.approx(1)
    assert row["nps"] == pytest.approx(100 * (row["promoters"] - row["detractors"]))


@given(answers)
def test_nps_is_the_mean_of_plus_one_none_and_minus_one(scores: list[int]) -> None:
    marks = np.array([1 if score >= 9 else -1 if score <= 6 else 0 for score in scores])
    half = 1.959964 * marks.std() / math.sqrt(len(marks))

    row = net_promoter_score(scores).iloc[0]

    assert row["nps"] == pytest.approx(100 * marks.mean())
    assert row["high"] == pytest.approx(100 * min(marks.mean() + half, 1), abs=1e-4)


@given(answers, st.integers(0, 10))
def test_a_better_answer_never_lowers_nps(scores: list[int], place: int) -> None:
    better = list(scores)
    better[place % len(scores)] = 10

    before, after = (net_promoter_score(s)["nps"].iloc[0] for s in (scores, better))

    assert after >= before


def test_nps_at_its_ends() -> None:
    assert net_promoter_score([10, 9])["nps"].item() == 100
    assert net_promoter_score([0, 6])["nps"].item() == -100
    assert net_promoter_score([7, 8, None])[["nps", "n"]].iloc[0].tolist() == [0, 2]  # type: ignore[arg-type]


def test_answers_off_the_scale_are_refused_without_a_guess_at_per_cent() -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        net_promoter_score([9, 11])

    assert str(refused.value) == "scores must be at least 0 and at most 10, got 11 (row 2)"
    with pytest.raises(InvalidArgumentError, match=r"scores must be a whole number, got 8\.5"):
        net_promoter_score([8.5])
    with pytest.raises(DataError, match="scores must hold at least one number"):
        net_promoter_score([None])  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="at least 1 and at most 5, got 6"):
        customer_satisfaction([6, 4])


@given(st.lists(st.integers(1, 5), min_size=1, max_size=200))
def test_csat_is_the_share_of_the_two_best_answers(scores: list[int]) -> None:
    row = customer_satisfaction(scores).iloc[0]

    assert row["csat"] == pytest.approx(sum(score >= 4 for score in scores) / len(scores))
    assert row["mean"] == pytest.approx(sum(scores) / len(scores))
    assert 0 <= row["low"] <= row["csat"] + 1e-12
    assert row["csat"] - 1e-12 <= row["high"] <= 1


def test_the_interval_of_csat_is_wilsons() -> None:
    row = customer_satisfaction([5] * 8 + [1] * 2).iloc[0]

    # Published example of the score interval: 8 of 10.
    assert row["low"] == pytest.approx(0.490, abs=5e-4)
    assert row["high"] == pytest.approx(0.943, abs=5e-4)


def test_csat_on_another_scale() -> None:
    assert customer_satisfaction([10, 9, 8, 1], 10)["csat"].item() == 0.5
    assert customer_satisfaction([5, 4, 3, 1], None)["csat"].item() == 0.5
