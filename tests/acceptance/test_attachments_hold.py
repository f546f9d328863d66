"""The workbook of an audience opens without a complaint, and calculates what it says."""

from pathlib import Path

import pytest

from clv_xl.delivery.audience import Detail
from tests.acceptance.test_workbooks_hold import faults
from tests.delivery.shops import orders_of, shop, spend_by
from tests.delivery.test_disclosure import branch

HOUSE = [
    *orders_of("web", "QW", 40, cents="11"),
    *orders_of("Rome", "ZR", 25, cents="77"),
    *orders_of("Tiny", "XT", 3, cents="93"),
]


@pytest.mark.parametrize("detail", [Detail.NONE, Detail.MASKED])
@pytest.mark.parametrize("number", [1, 3])
def test_the_workbook_of_a_small_branch_holds_where_much_is_withheld(
    number: int, detail: Detail, tmp_path: Path
) -> None:
    path = tmp_path / "sent.xlsx"
    path.write_bytes(shop(branch(number, 20)).attachment(detail=detail).data)

    assert faults(path) == []


@pytest.mark.parametrize("detail", Detail)
@pytest.mark.parametrize("segments", [(), ("web",), ("Rome", "Tiny", "web")])
def test_the_workbook_of_an_audience_holds(
    segments: tuple[str, ...], detail: Detail, tmp_path: Path
) -> None:
    house = shop(HOUSE, spend=spend_by(["web", "Rome", "Tiny"]))
    sent = house.attachment(*segments, detail=detail)
    path = tmp_path / "sent.xlsx"
    path.write_bytes(sent.data)

    assert faults(path) == []
