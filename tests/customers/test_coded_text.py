import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.coded_text import coded

texts = st.text(st.sampled_from("ab \0\u00a0é1"), max_size=3)


@given(st.lists(texts), st.booleans(), st.sampled_from([1, 60]))
def test_codes_and_labels_give_back_the_stripped_texts(
    given_texts: list[str],
    ordered: bool,  # noqa: FBT001 - drawn
    times: int,
) -> None:
    rows = sorted(given_texts * times) if ordered else given_texts * times
    for column in (pd.Series(rows, dtype="str"), pd.Series(rows, dtype=object)):
        found = coded(column)
        stripped = [text.strip() for text in rows]
        assert np.append(found.labels, "")[found.codes].tolist() == stripped
        assert found.labels.tolist() == list(dict.fromkeys(filter(None, stripped)))


@pytest.mark.parametrize("rows", [["a", "a", None, "b"], [None, "a"], ["a", "b", None], [None]])
def test_a_missing_text_is_blank_also_in_a_sorted_column(rows: list[str | None]) -> None:
    for times in (1, 200):
        column = pd.Series(np.repeat(np.array(rows, dtype=object), times), dtype="str")
        found = coded(column)
        labels = np.array([*found.labels, None], dtype=object)[found.codes]
        assert labels.tolist() == np.repeat(np.array(rows, dtype=object), times).tolist()


def test_the_labels_that_hold_a_sign_are_found() -> None:
    column = coded(pd.Series(["a*", "b", "c d", "e*f"]))
    assert column.labels_holding("*") == ["a*", "e*f"]
    assert coded(pd.Series(["x", "y"])).labels_holding("*") == []
