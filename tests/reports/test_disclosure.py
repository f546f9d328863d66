"""What is hidden is enough together, what is shown is enough by itself."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.reports.disclosure import ANY, apart, enough, hidden, runs

_sizes = st.lists(st.integers(0, 30), min_size=1, max_size=12)
_fewest = st.integers(1, 6)


@given(_sizes, st.data(), _fewest)
def test_groups_that_are_shown_are_large_enough_and_so_is_the_rest(
    sizes: list[int], data: st.DataObject, fewest: int
) -> None:
    buyers = [data.draw(st.integers(0, size)) for size in sizes]

    gone = hidden(fewest, sizes, buyers)

    for counts in (np.array(sizes), np.array(buyers)):
        assert all(enough(int(count), fewest) for count in counts[~gone])
        assert enough(int(counts[gone].sum()), fewest) or gone[np.array(sizes) > 0].all()


@given(_sizes, _fewest)
def test_nothing_is_hidden_without_need(sizes: list[int], fewest: int) -> None:
    gone = hidden(fewest, sizes)

    assert gone.any() == any(0 < size < fewest for size in sizes)
    assert not hidden(ANY, sizes).any()
    assert not gone[np.array(sizes) == 0].any()


@given(st.lists(st.integers(0, 100), max_size=30), st.integers(1, 100), _fewest)
def test_cuts_that_stand_together_are_apart(wanted: list[int], last: int, fewest: int) -> None:
    inside = [min(cut, last) for cut in wanted]

    kept = apart(inside, last, fewest)

    assert kept[0] == 0
    assert kept[-1] == last
    assert set(kept) <= {0, last, *inside}
    assert all(gap >= fewest for gap in np.diff(kept)) or kept == [0, last]


@given(_sizes, st.data())
def test_classes_are_joined_where_no_cut_parts_them(sizes: list[int], data: st.DataObject) -> None:
    bounds = np.cumsum(sizes)
    cuts = data.draw(st.sets(st.sampled_from(bounds.tolist())))

    rows = runs(np.array(sizes), cuts)

    assert [place for row in rows for place in row] == list(range(len(sizes)))
    assert {int(bounds[row[-1]]) for row in rows[:-1]} <= cuts
