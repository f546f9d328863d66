"""The functions clv_xl offers: one list, read by the worksheet hosts, the CLI and the docs.

Names, texts, defaults and kinds of arguments all come from the functions themselves: their
signatures and docstrings. Adding a function is writing it, and adding its line to `CATALOGUE`.
"""

import ast
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from doctest import DocTestParser
from enum import StrEnum
from functools import cached_property
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd

from clv_xl import __version__
from clv_xl.arrays import Cell, Kind, Stands, Unreadable, checked
from clv_xl.customers.activity import activity_table
from clv_xl.customers.cohorts import cohort_table, retention_curve_table
from clv_xl.customers.concentration import top_share, whale_curve_table
from clv_xl.customers.data_check import data_check_table
from clv_xl.customers.n_day import n_day_table
from clv_xl.customers.purchasing import (
    historic_value,
    purchase_frequency,
    repeat_rate,
    time_between,
)
from clv_xl.customers.rfm import rfm_segment, rfm_table
from clv_xl.customers.segment_table import segment_table
from clv_xl.customers.summary import customer_summary
from clv_xl.customers.value_distribution import abc_classes, tiers
from clv_xl.errors import CELL_MARK, CallError, InvalidArgumentError, listed
from clv_xl.formulas.acquisition import (
    blended_cac,
    cac_payback,
    cac_rating,
    clv_to_cac_ratio,
    max_cac,
)
from clv_xl.formulas.lifetime_value import (
    clv_curve,
    customer_equity,
    discounted_clv,
    margin_multiple,
    subscription_clv,
)
from clv_xl.formulas.order_value import average_order_value, average_revenue_per_account
from clv_xl.formulas.retention import (
    churn_rate,
    customer_lifetime,
    gross_revenue_retention,
    net_revenue_retention,
    retention_rate,
)
from clv_xl.formulas.retention_value import break_even_retention, retention_uplift
from clv_xl.formulas.sentiment import customer_satisfaction, net_promoter_score
from clv_xl.formulas.simple_value import product_clv, service_clv, simple_clv
from clv_xl.models.bg_bb_functions import bg_bb_alive, bg_bb_expected, bg_bb_fit
from clv_xl.models.bg_nbd_functions import bg_nbd_alive, bg_nbd_expected, bg_nbd_fit, bg_nbd_new
from clv_xl.models.contract_value import sbg_derl, sbg_retention, sbg_survival, sbg_value
from clv_xl.models.gamma_gamma_functions import gamma_gamma_fit, gamma_gamma_spend
from clv_xl.models.kaplan_meier_functions import km_mean, km_table
from clv_xl.models.mbg_nbd_functions import (
    mbg_nbd_alive,
    mbg_nbd_expected,
    mbg_nbd_fit,
    mbg_nbd_new,
)
from clv_xl.models.model_comparison_functions import holdout_table, model_comparison_table
from clv_xl.models.order_log_predictions import predict_customers, predict_total
from clv_xl.models.pareto_nbd_functions import (
    pareto_nbd_alive,
    pareto_nbd_dert,
    pareto_nbd_expected,
    pareto_nbd_fit,
    pareto_nbd_new,
)
from clv_xl.models.shifted_beta_geometric_functions import sbg_fit
from clv_xl.models.value_functions import value_ahead
from clv_xl.periods import convert_discount, convert_retention

_COLUMNS = frozenset({Kind.RANGE, Kind.TEXTS, Kind.DATES})
_PLAIN_KINDS = {int: Kind.NUMBER, float: Kind.NUMBER, str: Kind.TEXT}
_SECTION = re.compile(r"^(\w+)\n-{3,}\n", re.MULTILINE)
_DOCUMENTED = re.compile(r"^(\w+)\n((?:    .+\n?)+)", re.MULTILINE)


class Category(StrEnum):
    """Heading a function stands under, in the wizard and in the docs."""

    VALUE = "value"
    RATES = "rates"
    RETENTION = "retention"
    ACQUISITION = "acquisition"
    ORDERS = "orders and customers"
    SENTIMENT = "sentiment"
    PREDICTION = "prediction"
    HELP = "help"


class Gives(StrEnum):
    """The shape of a result: one value, a value for each row given, or a table with a header."""

    VALUE = "value"
    ROWS = "rows"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One argument as a worksheet asks for it."""

    name: str
    kind: Kind
    required: bool
    default: Any
    description: str
    takes_number: bool
    """Whether a table may also be a plain number."""
    keeps_unreadable: bool
    """Whether the function counts cells that it cannot read, where others refuse them."""
    stands_alone: bool
    """Whether a column has rows of its own, not those of the other columns."""

    def omitted(self, value: object) -> bool:
        """Return whether a value stands for an argument left out: a blank cell or an empty text."""
        return self.kind is not Kind.CELL and (
            value is None or (isinstance(value, str) and not value)
        )

    def read(self, value: Any) -> Any:  # noqa: ANN401 - whatever a host hands over
        """Return a value in the form that the function takes, or say what form that is."""
        if self.kind in {Kind.CELL, Kind.BLOCK}:
            return value if self.kind is Kind.CELL else _as_line(value)
        if self.kind is Kind.TABLE:
            return self._table(value)
        if self.kind in _COLUMNS or (self.kind is Kind.NUMBERS and _is_range(value)):
            return self._column(value)
        value = self._one(value)
        if self.kind is Kind.NUMBER:
            return float(checked(self.name, value))
        if self.kind is Kind.TEXT:
            return str(value).strip().lower()
        return value

    def _column(self, value: Any) -> Any:  # noqa: ANN401
        column = _as_line(value)
        if _width(column):
            raise InvalidArgumentError(self.name, f"{_width(column)} columns", "one column")
        if len(column) == 0:
            raise InvalidArgumentError(self.name, "none", "at least one row")
        return column

    def _table(self, value: Any) -> Any:  # noqa: ANN401
        if self.takes_number and not _is_range(value):
            return float(checked(self.name, value))
        if not _is_range(value) or not _width(value):
            shown = "one column" if _is_range(value) else repr(value)
            raise InvalidArgumentError(self.name, shown, "a table: a range of several columns")
        return value

    def _one(self, value: Any) -> Any:  # noqa: ANN401
        if not _is_range(value):
            return value
        cells = np.asarray(value, dtype=object).ravel().tolist()
        if len(cells) != 1:
            raise InvalidArgumentError(self.name, f"{len(cells)} cells", "one value")
        return cells[0]


def _is_range(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim > 0
    return isinstance(value, list | tuple | pd.Series | pd.DataFrame)


def _as_line(value: Any) -> Any:  # noqa: ANN401 - a range in any form
    """Return a row or a column as a plain column, a value as a column of one, a block as it is."""
    if not _is_range(value):
        return [value]
    if isinstance(value, pd.DataFrame):
        return value.iloc[:, 0] if value.shape[1] == 1 else value
    if _width(value) > 1 and len(value) == 1:
        return list(value[0])
    return [row[0] for row in value] if _width(value) == 1 else value


def _width(column: Any) -> int:  # noqa: ANN401 - a range in any form
    """Return how many columns a range has; 0 where it is a plain column of cells."""
    if isinstance(column, pd.DataFrame | np.ndarray):
        return int(column.shape[1]) if column.ndim > 1 else 0
    if isinstance(column, pd.Series) or not len(column) or not _is_range(column[0]):
        return 0
    return len(column[0])


@dataclass(frozen=True, kw_only=True)
class CatalogueEntry:
    """One function under the name a worksheet shows."""

    excel_name: str
    category: Category
    function: Callable[..., Any]

    @property
    def summary(self) -> str:
        """What you get, in one line."""
        return self._doc.partition("\n")[0]

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Arguments in the order a worksheet asks for them."""
        hints = get_type_hints(self.function, include_extras=True)
        texts = {
            name: _joined(text) for name, text in _DOCUMENTED.findall(self._section("Parameters"))
        }
        return tuple(
            Parameter(
                name=name,
                kind=_kind_of(hints[name]),
                required=asked.default is inspect.Parameter.empty,
                default=None if asked.default is inspect.Parameter.empty else asked.default,
                description=texts[name],
                takes_number=bool({int, float} & set(get_args(hints[name]))),
                keeps_unreadable=Unreadable.KEPT in _marks(hints[name]),
                stands_alone=Stands.ALONE in _marks(hints[name]),
            )
            for name, asked in inspect.signature(self.function).parameters.items()
        )

    @property
    def signature(self) -> str:
        """Name and arguments, the optional ones in brackets."""
        shown = (p.name if p.required else f"[{p.name}]" for p in self.parameters)
        return f"{self.excel_name}({', '.join(shown)})"

    @property
    def gives(self) -> Gives:
        """The shape of the result."""
        hint = get_type_hints(self.function)["return"]
        if hint is pd.DataFrame:
            return Gives.TABLE
        return Gives.VALUE if hint in {float, str, bool} else Gives.ROWS

    @property
    def result(self) -> str:
        """What the result holds, with its unit."""
        return _joined(self._section("Returns").partition("\n")[2])

    @property
    def formula(self) -> str:
        """The formula, where the function has one that can be written down."""
        return _joined(self._section("Notes"))

    @property
    def source(self) -> str:
        """The paper, where there is one."""
        return _joined(self._section("References"))

    @cached_property
    def example_arguments(self) -> Mapping[str, Any]:
        """The arguments of the first call in the docstring whose arguments are written out."""
        asked = inspect.signature(self.function)
        for positional, named in _written_calls(self._doc, self.function.__name__):
            return asked.bind(*positional, **named).arguments
        raise LookupError(f"the docstring of {self.excel_name} has no example with its arguments")

    @property
    def example(self) -> str:
        """That call as a worksheet formula."""
        given = [cell_text(self.example_arguments.get(p.name)) for p in self.parameters]
        while given and not given[-1]:
            given.pop()
        return f"={self.excel_name}({', '.join(given)})"

    @property
    def example_result(self) -> Any:  # noqa: ANN401 - each function its own
        """What that call gives."""
        return self.call([self.example_arguments.get(p.name) for p in self.parameters])

    def call(self, arguments: Sequence[object]) -> Any:  # noqa: ANN401 - each function its own
        """Return the value for arguments in worksheet order; blank ones count as left out."""
        self.check_count(arguments)
        return self.function(**{p.name: p.read(value) for p, value in self._given(arguments)})

    def check_count(self, arguments: Sequence[object]) -> None:
        """Refuse more arguments than there are, and required ones that were left out."""
        if len(arguments) > len(self.parameters):
            most = f"{self.excel_name} takes at most {len(self.parameters)} arguments"
            raise CallError(f"{most}, got {len(arguments)}: {self.signature}")
        given = {p.name for p, _ in self._given(arguments)}
        missing = [p.name for p in self.parameters if p.required and p.name not in given]
        if missing:
            raise CallError(f"{self.excel_name} needs {listed(missing)}: {self.signature}")

    def _given(self, arguments: Sequence[object]) -> list[tuple[Parameter, object]]:
        pairs = zip(self.parameters, arguments, strict=False)
        return [(parameter, value) for parameter, value in pairs if not parameter.omitted(value)]

    @property
    def _doc(self) -> str:
        return inspect.getdoc(self.function) or ""

    def _section(self, title: str) -> str:
        """Return the text under a heading of the docstring; empty where it has none."""
        pieces = _SECTION.split(self._doc)
        return dict(zip(pieces[1::2], pieces[2::2], strict=True)).get(title, "")


def _joined(text: str) -> str:
    return " ".join(text.split())


def _kind_of(hint: Any) -> Kind:  # noqa: ANN401 - a type hint
    """Return what an annotation says of an argument; the aliases in `arrays` say it themselves."""
    if get_origin(hint) in {Union, UnionType}:
        kinds = [_kind_of(member) for member in get_args(hint) if member is not type(None)]
        return kinds[-1]  # a number or a table asks for a table
    for mark in _marks(hint):
        if isinstance(mark, Kind):
            return mark
    return _PLAIN_KINDS.get(hint, Kind.TEXT)  # what is left are the words of a choice


def _marks(hint: Any) -> list[Any]:  # noqa: ANN401 - a type hint
    """Return the marks of an annotation, those of its alternatives one after the other."""
    if get_origin(hint) in {Union, UnionType}:
        return [mark for member in get_args(hint) for mark in _marks(member)]
    return [*getattr(hint, "__metadata__", ())]


def _written_calls(doc: str, name: str) -> list[tuple[list[Any], dict[str, Any]]]:
    """Return the arguments of each call of `name` in the doctests that is written in literals."""
    known: dict[str, Any] = {}
    calls = []
    for example in DocTestParser().get_examples(doc):
        for node in ast.walk(ast.parse(example.source)):
            try:
                if isinstance(node, ast.Assign):
                    _remember(node, known)
                elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                    positional = [_literal(argument, known) for argument in node.args]
                    named = {k.arg or "": _literal(k.value, known) for k in node.keywords}
                    calls.append((positional, named))
            except (KeyError, ValueError):
                continue  # not written out
    return calls


def _remember(node: ast.Assign, known: dict[str, Any]) -> None:
    target = node.targets[0]
    pairs = [(target, node.value)]
    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
        pairs = list(zip(target.elts, node.value.elts, strict=True))
    for variable, value in pairs:
        if isinstance(variable, ast.Name):
            known[variable.id] = _literal(value, known)


def _literal(node: ast.expr, known: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any literal
    if isinstance(node, ast.Name):
        return known[node.id]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _literal(node.left, known) * _literal(node.right, known)
    return ast.literal_eval(node)


def cell_text(value: Any) -> str:  # noqa: ANN401 - any literal
    """Write a literal as a worksheet formula does; a range as an array of constants."""
    if value is None:
        return ""
    if isinstance(value, str):
        doubled = value.replace('"', '""')
        return f'"{doubled}"'
    if isinstance(value, list | tuple):
        rows = [row if isinstance(row, list | tuple) else [row] for row in value]
        return "{" + ";".join(",".join(map(cell_text, row)) for row in rows) + "}"
    return f"{value:.15g}"


def is_clv_error(value: Cell) -> Any:  # noqa: ANN401 - one value, or one a row
    """Whether a cell shows a sentence of clv_xl instead of a result: TRUE or FALSE.

    Parameters
    ----------
    value
        A cell, or a range of cells, such as the first cell of a table.

    Returns
    -------
    bool or array
        TRUE where the text begins with #CLV!, one per cell.

    Examples
    --------
    >>> is_clv_error("#CLV! row 7: amount is #N/A"), is_clv_error(366.67)
    (True, False)
    """
    if not _is_range(value):
        return isinstance(value, str) and value.lstrip().startswith(CELL_MARK)
    return np.array([is_clv_error(cell) for cell in np.asarray(value, dtype=object).ravel()])


def why(cell: Cell) -> str:
    """Sentence that says what is wrong in a cell of clv_xl, text; empty where nothing is.

    Parameters
    ----------
    cell
        The cell that shows an error; in Excel on Windows also one that shows #VALUE!.

    Returns
    -------
    str
        What is wrong and what to do.

    Examples
    --------
    >>> why("#CLV! row 7: amount is #N/A")
    'row 7: amount is #N/A'
    """
    text = str(cell).strip()
    return text.removeprefix(CELL_MARK).strip() if text.startswith(CELL_MARK) else ""


def functions_table() -> pd.DataFrame:
    """List of every function of clv_xl with its arguments and what it gives, a row a function.

    Returns
    -------
    DataFrame
        name, category, summary and arguments, the optional ones in brackets.

    Examples
    --------
    >>> functions_table().head(2)[["name", "category"]]
              name category
    0   CLV_SIMPLE    value
    1  CLV_PRODUCT    value
    """
    return pd.DataFrame(
        {
            "name": [entry.excel_name for entry in CATALOGUE],
            "category": [entry.category.value for entry in CATALOGUE],
            "summary": [entry.summary for entry in CATALOGUE],
            "arguments": [entry.signature.partition("(")[2][:-1] for entry in CATALOGUE],
        }
    )


def version() -> str:
    """Version of clv_xl that answers in this workbook, text.

    Returns
    -------
    str
        The version, as in the changelog.

    Examples
    --------
    >>> version() == __version__
    True
    """
    return __version__


def find_entry(name: str) -> CatalogueEntry:
    """Return the entry of a function by its worksheet name, or say which names are close.

    Examples
    --------
    >>> find_entry("clv_simple").signature
    'CLV_SIMPLE(average_order_value, orders_per_year, lifespan_years, [margin_rate])'
    >>> find_entry("CLV_SIMPEL")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    clv_xl.errors.CallError: there is no function CLV_SIMPEL (did you mean CLV_SIMPLE...
    """
    wanted = name.strip().upper()
    found = next((entry for entry in CATALOGUE if entry.excel_name == wanted), None)
    if found is not None:
        return found
    close = get_close_matches(wanted, [entry.excel_name for entry in CATALOGUE], cutoff=0.7)
    hint = f" (did you mean {' or '.join(close)}?)" if close else ""
    raise CallError(f"there is no function {name}{hint}: `clv-xl functions` lists all of them")


def call_entry(name: str, arguments: Sequence[object]) -> Any:  # noqa: ANN401 - each its own
    """Return what the function `name` gives for arguments in worksheet order.

    Blank arguments (None or "") count as left out; a column may come as a list, an array or a
    pandas column, a table as a DataFrame or as rows.

    Examples
    --------
    >>> call_entry("CLV_CAC_RATIO", [900, 300])
    3.0
    >>> call_entry("CLV_CAC_RATIO", [900])
    Traceback (most recent call last):
    clv_xl.errors.CallError: CLV_CAC_RATIO needs cac: CLV_CAC_RATIO(clv, cac)
    """
    return find_entry(name).call(arguments)


def _entry(excel_name: str, category: Category, function: Callable[..., Any]) -> CatalogueEntry:
    return CatalogueEntry(excel_name=excel_name, category=category, function=function)


CATALOGUE: tuple[CatalogueEntry, ...] = (
    _entry("CLV_SIMPLE", Category.VALUE, simple_clv),
    _entry("CLV_PRODUCT", Category.VALUE, product_clv),
    _entry("CLV_SERVICE", Category.VALUE, service_clv),
    _entry("CLV_DISCOUNTED", Category.VALUE, discounted_clv),
    _entry("CLV_SUBSCRIPTION", Category.VALUE, subscription_clv),
    _entry("CLV_HISTORIC", Category.VALUE, historic_value),
    _entry("CLV_CURVE", Category.VALUE, clv_curve),
    _entry("CLV_MARGIN_MULTIPLE", Category.VALUE, margin_multiple),
    _entry("CLV_CUSTOMER_EQUITY", Category.VALUE, customer_equity),
    _entry("CLV_BREAK_EVEN_RETENTION", Category.VALUE, break_even_retention),
    _entry("CLV_RETENTION_UPLIFT", Category.VALUE, retention_uplift),
    _entry("CLV_DISCOUNT_CONVERT", Category.RATES, convert_discount),
    _entry("CLV_RETENTION_CONVERT", Category.RATES, convert_retention),
    _entry("CLV_LIFETIME", Category.RATES, customer_lifetime),
    _entry("CLV_RETENTION_RATE", Category.RETENTION, retention_rate),
    _entry("CLV_CHURN_RATE", Category.RETENTION, churn_rate),
    _entry("CLV_GRR", Category.RETENTION, gross_revenue_retention),
    _entry("CLV_NRR", Category.RETENTION, net_revenue_retention),
    _entry("CLV_ACTIVITY", Category.RETENTION, activity_table),
    _entry("CLV_REPEAT_RATE", Category.RETENTION, repeat_rate),
    _entry("CLV_COHORT", Category.RETENTION, cohort_table),
    _entry("CLV_NDAY", Category.RETENTION, n_day_table),
    _entry("CLV_RETENTION_CURVE", Category.RETENTION, retention_curve_table),
    _entry("CLV_TIME_BETWEEN", Category.RETENTION, time_between),
    _entry("CLV_CAC", Category.ACQUISITION, blended_cac),
    _entry("CLV_CAC_RATIO", Category.ACQUISITION, clv_to_cac_ratio),
    _entry("CLV_CAC_RATING", Category.ACQUISITION, cac_rating),
    _entry("CLV_CAC_PAYBACK", Category.ACQUISITION, cac_payback),
    _entry("CLV_MAX_CAC", Category.ACQUISITION, max_cac),
    _entry("CLV_AOV", Category.ORDERS, average_order_value),
    _entry("CLV_FREQUENCY", Category.ORDERS, purchase_frequency),
    _entry("CLV_ARPA", Category.ORDERS, average_revenue_per_account),
    _entry("CLV_SUMMARY", Category.ORDERS, customer_summary),
    _entry("CLV_RFM", Category.ORDERS, rfm_table),
    _entry("CLV_RFM_SEGMENT", Category.ORDERS, rfm_segment),
    _entry("CLV_SEGMENT_TABLE", Category.ORDERS, segment_table),
    _entry("CLV_TIERS", Category.ORDERS, tiers),
    _entry("CLV_ABC", Category.ORDERS, abc_classes),
    _entry("CLV_WHALE_CURVE", Category.ORDERS, whale_curve_table),
    _entry("CLV_TOP_SHARE", Category.ORDERS, top_share),
    _entry("CLV_DATA_CHECK", Category.ORDERS, data_check_table),
    _entry("CLV_NPS", Category.SENTIMENT, net_promoter_score),
    _entry("CLV_CSAT", Category.SENTIMENT, customer_satisfaction),
    _entry("CLV_BGNBD_FIT", Category.PREDICTION, bg_nbd_fit),
    _entry("CLV_BGNBD_EXPECTED", Category.PREDICTION, bg_nbd_expected),
    _entry("CLV_BGNBD_ALIVE", Category.PREDICTION, bg_nbd_alive),
    _entry("CLV_BGNBD_NEW", Category.PREDICTION, bg_nbd_new),
    _entry("CLV_MBGNBD_FIT", Category.PREDICTION, mbg_nbd_fit),
    _entry("CLV_MBGNBD_EXPECTED", Category.PREDICTION, mbg_nbd_expected),
    _entry("CLV_MBGNBD_ALIVE", Category.PREDICTION, mbg_nbd_alive),
    _entry("CLV_MBGNBD_NEW", Category.PREDICTION, mbg_nbd_new),
    _entry("CLV_PNBD_FIT", Category.PREDICTION, pareto_nbd_fit),
    _entry("CLV_PNBD_EXPECTED", Category.PREDICTION, pareto_nbd_expected),
    _entry("CLV_PNBD_ALIVE", Category.PREDICTION, pareto_nbd_alive),
    _entry("CLV_PNBD_NEW", Category.PREDICTION, pareto_nbd_new),
    _entry("CLV_PNBD_DERT", Category.PREDICTION, pareto_nbd_dert),
    _entry("CLV_BGBB_FIT", Category.PREDICTION, bg_bb_fit),
    _entry("CLV_BGBB_EXPECTED", Category.PREDICTION, bg_bb_expected),
    _entry("CLV_BGBB_ALIVE", Category.PREDICTION, bg_bb_alive),
    _entry("CLV_GG_FIT", Category.PREDICTION, gamma_gamma_fit),
    _entry("CLV_GG_SPEND", Category.PREDICTION, gamma_gamma_spend),
    _entry("CLV_VALUE_AHEAD", Category.PREDICTION, value_ahead),
    _entry("CLV_PREDICT", Category.PREDICTION, predict_customers),
    _entry("CLV_PREDICT_TOTAL", Category.PREDICTION, predict_total),
    _entry("CLV_MODEL_COMPARE", Category.PREDICTION, model_comparison_table),
    _entry("CLV_HOLDOUT", Category.PREDICTION, holdout_table),
    _entry("CLV_SBG_FIT", Category.PREDICTION, sbg_fit),
    _entry("CLV_SBG_RETENTION", Category.PREDICTION, sbg_retention),
    _entry("CLV_SBG_SURVIVAL", Category.PREDICTION, sbg_survival),
    _entry("CLV_SBG_DERL", Category.PREDICTION, sbg_derl),
    _entry("CLV_SBG_VALUE", Category.PREDICTION, sbg_value),
    _entry("CLV_KM", Category.PREDICTION, km_table),
    _entry("CLV_KM_MEAN", Category.PREDICTION, km_mean),
    _entry("CLV_ISERR", Category.HELP, is_clv_error),
    _entry("CLV_WHY", Category.HELP, why),
    _entry("CLV_FUNCTIONS", Category.HELP, functions_table),
    _entry("CLV_VERSION", Category.HELP, version),
)
