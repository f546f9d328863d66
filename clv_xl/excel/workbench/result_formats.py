"""How results are shown: by the header of a column, or by the function for a single value."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from clv_xl.excel.cell_results import CellValue
from clv_xl.excel.workbench.plan import Block
from clv_xl.reports.report import Format


def _words(text: str, shown_as: Format) -> dict[str, Format]:
    return dict.fromkeys(text.split(), shown_as)


_BY_HEADER: Mapping[str, Format] = MappingProxyType(
    _words(
        """
        revenue historic_value present_value cumulative_clv total monetary_value
        average_order_value historic_contribution cac expected_spend predicted_value_12_months
        predicted_value_infinite predicted_total
        """,
        Format.MONEY_EXACT,
    )
    | _words(
        """
        customers size orders frequency recency T days_since_last order_days recency_score
        frequency_score monetary_score start new reactivated lost close active eligible n quarter
        period horizon_months tenure at_risk churned censored
        """,
        Format.COUNT,
    )
    | _words(
        """
        retention customer_share revenue_share value_share share survival share_of_lifetime rate
        probability_alive promoters passives detractors change_rate level annual_discount_rate csat
        """,
        Format.RATE,
    )
    | _words("discount_factor", Format.PARAMETER)
)
_BY_FUNCTION: Mapping[str, Format] = MappingProxyType(
    _words(
        """
        CLV_SIMPLE CLV_PRODUCT CLV_SERVICE CLV_DISCOUNTED CLV_SUBSCRIPTION CLV_CUSTOMER_EQUITY
        CLV_CAC CLV_MAX_CAC CLV_AOV CLV_ARPA CLV_NDAY CLV_WHALE_CURVE CLV_PREDICT_TOTAL
        CLV_SBG_VALUE
        """,
        Format.MONEY_EXACT,
    )
    | _words(
        """
        CLV_BREAK_EVEN_RETENTION CLV_RETENTION_RATE CLV_CHURN_RATE CLV_GRR CLV_NRR CLV_REPEAT_RATE
        CLV_COHORT CLV_TOP_SHARE CLV_SBG_RETENTION CLV_SBG_SURVIVAL CLV_KM
        """,
        Format.RATE,
    )
    | _words("CLV_DISCOUNT_CONVERT CLV_RETENTION_CONVERT", Format.PARAMETER)
    | _words("CLV_BGNBD_FIT CLV_MBGNBD_FIT CLV_GG_FIT CLV_SBG_FIT CLV_ISERR", Format.TEXT)
    | _words("CLV_CAC_RATIO", Format.RATIO)
)


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """How a column of a result is shown."""

    shown_as: Format
    of_numbers: bool
    """Whether it holds any."""


def column_looks(block: Block) -> list[ColumnLook]:
    """Return how each column of a result is shown."""
    usual = _BY_FUNCTION.get(block.entry.excel_name, Format.NUMBER)
    body = block.result[1:] if block.has_header else block.result
    looks = []
    for header, column in zip(block.result[0], zip(*body, strict=True), strict=True):
        shown_as = _BY_HEADER.get(str(header), usual) if block.has_header else usual
        looks.append(ColumnLook(shown_as, any(isinstance(cell, float) for cell in column)))
    return looks


def cell_look(usual: ColumnLook, value: CellValue) -> ColumnLook:
    """Return how one cell is shown: numbers among words are counts, or parameters of a model."""
    if usual.shown_as is not Format.TEXT or not isinstance(value, float):
        return usual
    shown_as = Format.COUNT if value.is_integer() else Format.PARAMETER
    return ColumnLook(shown_as, usual.of_numbers)
