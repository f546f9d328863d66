"""What every function is shown on.

A function that is not named here has the values of its docstring's example in input cells; what is
given nowhere has its default there, and is left out where it has none.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from clv_xl.catalogue import CatalogueEntry, Parameter
from clv_xl.excel.workbench.arguments import Argument, Columns, LeftOut, ResultOf, Typed
from clv_xl.excel.workbench.shop_tables import AS_OF, serial
from clv_xl.reports.report import Format

_AS_OF = {"as_of": Typed(serial(AS_OF), Format.DATE)}
_VISITS: Mapping[str, Argument] = {
    "customers": Columns("Orders", "customer"),
    "dates": Columns("Orders", "date"),
}
_ORDERS: Mapping[str, Argument] = {**_VISITS, "amounts": Columns("Orders", "amount")}
_MARGIN = {"margin_rate": Typed(0.4)}
_QUARTERS = {"period": Typed("quarter")}
_VALUES = {"values": ResultOf("CLV_HISTORIC", "historic_value")}
_HISTORY: Mapping[str, Argument] = {
    "frequency": ResultOf("CLV_SUMMARY", "frequency"),
    "recency": ResultOf("CLV_SUMMARY", "recency"),
    "age": ResultOf("CLV_SUMMARY", "T"),
}
_SPENDING: Mapping[str, Argument] = {
    "frequency": ResultOf("CLV_SUMMARY", "frequency"),
    "monetary": ResultOf("CLV_SUMMARY", "monetary_value"),
}
_VISITS_COUNTED: Mapping[str, Argument] = {
    "frequency": Columns("Fairs", "attended"),
    "recency": Columns("Fairs", "last"),
    "age": Columns("Fairs", "held"),
}
_MEMBERS: Mapping[str, Argument] = {
    "tenure": Columns("Members", "months"),
    "churned": Columns("Members", "churned"),
}
_YEAR = {"horizon": Typed("12 months")}


def _model(name: str) -> dict[str, Mapping[str, Argument]]:
    fit: dict[str, Argument] = {"fit": ResultOf(f"CLV_{name}_FIT")}
    whole: dict[str, Argument] = {"weights": LeftOut(), "unit": LeftOut()}
    return {
        f"CLV_{name}_FIT": {**_HISTORY, **whole},
        f"CLV_{name}_EXPECTED": {**fit, **_YEAR, **_HISTORY},
        f"CLV_{name}_ALIVE": {**fit, **_HISTORY},
        f"CLV_{name}_NEW": {**fit, **_YEAR},
    }


MISTAKE = "CLV_NPS"
"""The function that is also called wrongly, for CLV_WHY to tell about."""
MISTAKEN: Mapping[str, Argument] = MappingProxyType({"scores": Typed(11.0)})

_FURTHER: Mapping[str, Mapping[str, Argument]] = MappingProxyType(
    {
        "CLV_DISCOUNTED": {"retention_cost": Typed(5.0)},
        "CLV_SUBSCRIPTION": {"discount_per_period": Typed(0.01)},
        "CLV_NRR": {"reactivation": Typed(100.0)},
        "CLV_CAC_PAYBACK": {"retention": Typed(0.95), "discount_per_period": Typed(0.01)},
    }
)
"""What a function takes beyond the example of its docstring."""
EXAMPLES: Mapping[str, Mapping[str, Argument]] = MappingProxyType(
    {
        "CLV_HISTORIC": {
            "customers": Columns("Orders", "customer"),
            "amounts": Columns("Orders", "amount"),
            **_MARGIN,
        },
        "CLV_CURVE": {
            "margin_per_period": Typed(100.0),
            "retention": Typed(0.8),
            "discount_per_period": Typed(0.1),
            "periods": Typed(6.0),
        },
        "CLV_CUSTOMER_EQUITY": {
            "clv": Columns("Channels", "clv"),
            "counts": Columns("Channels", "customers"),
        },
        "CLV_ACTIVITY": {
            **_VISITS,
            "from_date": Typed(serial(date(2024, 1, 1)), Format.DATE),
            "to_date": Typed(serial(AS_OF), Format.DATE),
            "window_days": Typed(180.0),
        },
        "CLV_REPEAT_RATE": {**_VISITS, **_AS_OF},
        "CLV_COHORT": {**_ORDERS, **_QUARTERS, "measure": Typed("rate"), **_AS_OF},
        "CLV_NDAY": {**_ORDERS, "days": Columns("Windows", "days"), **_AS_OF},
        "CLV_RETENTION_CURVE": {**_VISITS, **_QUARTERS, **_AS_OF},
        "CLV_TIME_BETWEEN": _VISITS,
        "CLV_CAC": {
            "spend": Columns("Spend", "spend"),
            "new_customers": Columns("Spend", "new_customers"),
        },
        "CLV_CAC_RATIO": {"clv": Columns("Channels", "clv"), "cac": Columns("Channels", "cac")},
        "CLV_CAC_RATING": {"ratio": ResultOf("CLV_CAC_RATIO")},
        "CLV_MAX_CAC": {"clv": Columns("Channels", "clv"), "target_ratio": Typed(3.0)},
        "CLV_AOV": {
            "amounts": Columns("Orders", "amount"),
            "orders": Columns("Orders", "order"),
        },
        "CLV_FREQUENCY": {**_VISITS, "orders": Columns("Orders", "order"), **_AS_OF},
        "CLV_SUMMARY": {**_ORDERS, **_AS_OF},
        "CLV_RFM": {**_ORDERS, **_AS_OF},
        "CLV_RFM_SEGMENT": {
            "recency_score": ResultOf("CLV_RFM", "recency_score"),
            "frequency_score": ResultOf("CLV_RFM", "frequency_score"),
        },
        "CLV_SEGMENT_TABLE": {
            **_ORDERS,
            "segments": Columns("Orders", "channel"),
            **_MARGIN,
            "cac": Columns("Channels", "channel", "cac"),
            **_AS_OF,
        },
        "CLV_TIERS": _VALUES,
        "CLV_ABC": _VALUES,
        "CLV_WHALE_CURVE": _VALUES,
        "CLV_TOP_SHARE": {**_VALUES, "share": Typed(0.2)},
        "CLV_DATA_CHECK": {
            "customers": Columns("Flawed", "customer"),
            "dates": Columns("Flawed", "date"),
            "amounts": Columns("Flawed", "amount"),
        },
        "CLV_NPS": {"scores": Columns("Answers", "recommend")},
        "CLV_CSAT": {"scores": Columns("Answers", "satisfied")},
        **_model("BGNBD"),
        **_model("MBGNBD"),
        **_model("PNBD"),
        "CLV_PNBD_DERT": {
            "fit": ResultOf("CLV_PNBD_FIT"),
            "annual_discount_rate": Typed(0.1),
            **_HISTORY,
        },
        "CLV_BGBB_FIT": {
            "frequency": Columns("Fairs", "attended"),
            "recency": Columns("Fairs", "last"),
            "periods": Columns("Fairs", "held"),
            "weights": Columns("Fairs", "visitors"),
        },
        "CLV_BGBB_EXPECTED": {
            "fit": ResultOf("CLV_BGBB_FIT"),
            "periods": Typed(3.0),
            **_VISITS_COUNTED,
        },
        "CLV_BGBB_ALIVE": {"fit": ResultOf("CLV_BGBB_FIT"), **_VISITS_COUNTED},
        "CLV_GG_FIT": _SPENDING,
        "CLV_GG_SPEND": {"fit": ResultOf("CLV_GG_FIT"), **_SPENDING},
        "CLV_VALUE_AHEAD": {
            "fit": ResultOf("CLV_PNBD_FIT"),
            "horizon": Typed("infinite"),
            **_HISTORY,
            "spend": ResultOf("CLV_GG_SPEND"),
            **_MARGIN,
        },
        "CLV_PREDICT": {**_ORDERS, **_MARGIN, **_AS_OF},
        "CLV_PREDICT_TOTAL": {**_ORDERS, **_MARGIN, **_AS_OF},
        "CLV_MODEL_COMPARE": {**_VISITS, "holdout_days": Typed(180.0)},
        "CLV_HOLDOUT": {**_VISITS, "split_date": Typed(serial(date(2024, 6, 30)), Format.DATE)},
        "CLV_SBG_FIT": {"survivors": Columns("Contracts", "survivors")},
        "CLV_KM": {**_MEMBERS, "weights": Columns("Members", "members")},
        "CLV_KM_MEAN": {**_MEMBERS, "horizon": Typed(24.0)},
        "CLV_ISERR": {"value": ResultOf(MISTAKE)},
        "CLV_WHY": {"cell": ResultOf(MISTAKE)},
    }
)  # fmt: skip

_PERIODS = ("day", "week", "month", "quarter", "year")
CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "timing": ("now", "renewal", "end"),
        "from_period": _PERIODS,
        "to_period": _PERIODS,
        "period": ("month", "quarter", "year"),
        "measure": ("customers", "rate", "revenue", "cumulative", "cumulative_per_customer"),
        "unit": ("day", "week", "month", "year"),
        "refunds": ("net", "drop", "refuse"),
        "model": ("mbg_nbd", "bg_nbd", "pareto_nbd"),
    }
)
"""The words that an argument takes, by its name: what an input cell offers."""


def arguments_of(entry: CatalogueEntry) -> dict[str, Argument]:
    """Return what each argument of a function is shown on, in worksheet order.

    Examples
    --------
    >>> from clv_xl.catalogue import find_entry
    >>> {name: given.value for name, given in arguments_of(find_entry("CLV_LIFETIME")).items()}
    {'churn': 0.05}
    """
    usual: dict[str, Argument] = {
        name: Typed(_cell(value)) for name, value in entry.example_arguments.items()
    }
    usual |= _FURTHER.get(entry.excel_name, {})
    given = EXAMPLES.get(entry.excel_name, usual)
    return {p.name: given[p.name] if p.name in given else _usual(p) for p in entry.parameters}


def _usual(parameter: Parameter) -> Argument:
    return LeftOut() if parameter.default is None else Typed(_cell(parameter.default))


def _cell(value: object) -> float | str:
    return float(value) if isinstance(value, int | float) else str(value)
