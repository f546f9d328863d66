import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.groups import count_by_group, quantile_by_group, sum_by_group


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1000)), max_size=50),
    st.floats(0, 1),
)
def test_the_quantile_of_each_group_is_that_of_its_values_alone(
    entries: list[tuple[int, int]], share: float
) -> None:
    group = np.array([g for g, _ in entries], dtype=np.int64)
    values = np.array([v for _, v in entries], dtype=np.int64)

    found = quantile_by_group(group, values, 5, share)

    for number in range(5):
        alone = values[group == number]
        if len(alone):
            assert found[number] == pytest.approx(np.quantile(alone, share))
        else:
            assert np.isnan(found[number])


def test_groups_without_entries_count_and_sum_to_nothing() -> None:
    nobody = np.array([], dtype=np.int64)

    assert count_by_group(nobody, 2).tolist() == [0, 0]
    assert sum_by_group(nobody, nobody, 2).dtype == np.float64
