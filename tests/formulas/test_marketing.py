import pytest

from clv_xl.errors import InvalidArgumentError
from clv_xl.formulas.marketing import (
    conversion_rate,
    cost_per_conversion,
    magic_number,
    return_on_ad_spend,
    return_on_marketing_investment,
)


def test_marketing_ratios_by_hand() -> None:
    assert conversion_rate(30, 1_200) == 0.025
    assert cost_per_conversion(600, 30) == 20
    assert return_on_ad_spend(4_000, 1_000) == 4
    assert return_on_marketing_investment(4_000 * 0.25, 1_000) == 0
    assert magic_number(1_100, 1_000, 400) == 1


def test_nothing_is_divided_by_nothing() -> None:
    with pytest.raises(InvalidArgumentError, match="spend must be above 0, got 0"):
        return_on_ad_spend(100, 0)
    with pytest.raises(InvalidArgumentError, match="visits must be above 0, got 0"):
        conversion_rate(0, 0)
