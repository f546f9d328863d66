from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.orders import OrderLog, validate_orders
from clv_xl.delivery.audience import Detail
from clv_xl.delivery.masking import masked, pseudonyms
from clv_xl.errors import InvalidArgumentError
from tests.customers.order_rows import rows

SALT = b"0123456789abcdef"
_ids = st.lists(st.text(max_size=12), unique=True, max_size=30)


def named_log() -> OrderLog:
    return validate_orders(
        rows(
            ["ada@x.lv", "bob", "cid"],
            [0, 1, 2],
            [5, 6, 7],
            name=["Ada", "", "Cid"],
            kept={"phone": ["+371 1", "+371 2", ""]},
        )
    )


@given(_ids)
def test_pseudonyms_are_unique_stable_and_independent_of_the_others(ids: list[str]) -> None:
    named = pseudonyms(ids, SALT)

    assert len(set(named)) == len(ids)
    assert [pseudonyms([one], SALT)[0] for one in ids] == named


@given(_ids.filter(bool), st.integers(1, 2))
def test_customers_who_would_share_a_pseudonym_get_longer_ones(
    ids: list[str], letters: int
) -> None:
    named = pseudonyms(ids, SALT, letters=letters)

    assert len(set(named)) == len(ids)
    assert all(len(name) >= len("C-") + letters for name in named)


def test_a_pseudonym_has_ten_letters_that_cannot_be_mistaken_for_each_other() -> None:
    named = pseudonyms([f"customer {number}" for number in range(2000)], SALT)

    assert {len(name) for name in named} == {12}
    assert set("".join(named)) <= set("C-0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_another_salt_gives_other_pseudonyms() -> None:
    assert pseudonyms(["ada"], SALT) != pseudonyms(["ada"], SALT[::-1])


def test_a_short_salt_is_refused_without_being_shown() -> None:
    with pytest.raises(InvalidArgumentError, match="at least 16 bytes, got 6 bytes") as caught:
        pseudonyms(["ada"], b"secret")
    assert "secret" not in str(caught.value)


def test_full_detail_changes_nothing() -> None:
    log = named_log()

    assert masked(log, Detail.FULL, SALT, "*") is log


def test_masked_detail_covers_ids_names_and_kept_columns_and_leaves_blanks() -> None:
    log = masked(named_log(), Detail.MASKED, SALT, "***")

    assert log.customer_ids.tolist() == pseudonyms(["ada@x.lv", "bob", "cid"], SALT)
    assert log.names is not None
    assert log.names.tolist() == ["***", "", "***"]
    assert log.kept["phone"].tolist() == ["***", "***", ""]


def test_without_detail_neither_names_nor_kept_columns_are_left() -> None:
    log = masked(named_log(), Detail.NONE, SALT, "***")

    assert log.customer_ids.tolist() == pseudonyms(["ada@x.lv", "bob", "cid"], SALT)
    assert log.names is None
    assert log.kept == {}


@pytest.mark.parametrize("detail", Detail)
def test_orders_and_money_stay_as_they_are(detail: Detail) -> None:
    log = named_log()
    named = masked(replace(log, names=None), detail, SALT, "*")

    assert np.array_equal(named.customer, log.customer)
    assert np.array_equal(named.amount, log.amount)
    assert named.names is None
