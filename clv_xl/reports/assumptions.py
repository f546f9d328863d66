"""What the owner of a report decides: rates, horizon, costs, period, model, names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

import pandas as pd

from clv_xl.arrays import checked
from clv_xl.errors import InvalidArgumentError
from clv_xl.remarks import Remark

LONGEST_HORIZON_MONTHS = 60
LONGEST_TITLE = 100
"""Characters that stand in one line above the cards, on the screen and on paper."""

ModelName = Literal["mbg_nbd", "bg_nbd", "pareto_nbd"]
ContractName = Literal["auto", "week", "month", "quarter", "year", "no"]
"""How the orders are billed, if they are: ``auto`` as they look, ``no`` for no contract."""
Listing = Literal["all", "at_risk", "none"]
"""Which lists of single customers a report has: all of them, the overdue ones only, or none."""
Entered: TypeAlias = float | str | tuple[float | str | None, ...] | None
"""What stands in an input cell, or in a row of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """Acquisition spend by month, where it is known.

    Parameters
    ----------
    months
        Month of each row, ``datetime64[M]`` as a pandas column of period starts.
    amounts
        Spend of each row, money.
    by_segment
        Name of the segment column that `segments` follows, where the spend is split.
    segments
        Segment of each row, None where the spend is not split.
    new_customers
        New customers as the spend file states them, None where it does not.
    source
        The file it came from.
    notes
        What was inferred when it was read.
    """

    months: pd.Series
    amounts: pd.Series
    by_segment: str | None = None
    segments: pd.Series | None = None
    new_customers: pd.Series | None = None
    source: str = ""
    notes: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Inputs of a report; rates are decimals.

    Parameters
    ----------
    margin_rate
        Contribution as a share of revenue, 0 to 1; None: figures are on revenue basis.
    annual_discount_rate
        Effective rate a year, 0.10 by default.
    horizon_months
        Months ahead, 1 to 60, 12 by default.
    cac
        Acquisition cost of a new customer, money; None: from `spend`, or unknown.
    spend
        Acquisition spend by month.
    target_ratio
        CLV:CAC to aim at, 3 by default.
    activity_window_days
        Days after an order in which a customer counts as active; None: suggested by the gaps.
    period
        ``month``, ``quarter``, ``year``, ``FROM..TO``, or None for the last twelve complete months.
    model
        Purchase model that the figures rest on.
    contract
        Billing period where the orders are under contract, ``no`` where they are not; ``auto``:
        as they look.
    currency
        Unit of money; None: as the orders say.
    title
        Title on the cover, at most `LONGEST_TITLE` characters in one line.
    layout
        Name of the layout.
    source, mapping, rules
        Where the orders came from and how they were read, for the Assumptions sheet. What the
        source or a command itself calls so is text; other words are remarks.
    reading_notes
        What was inferred when the sources were read.
    source_table
        The Excel table of the workbook itself that holds the orders; empty: they are elsewhere.
    options
        How the orders are to be read and reported, as on the command line: what a refresh repeats.
    refreshed
        When the workbook was last computed anew in place; None: it is as it was made.
    listing
        Which lists of single customers the report has; figures do not depend on it.
    fewest
        Customers that a group or a sum of money must be of to be shown; 1: any may be.
    known_from
        Day of the first order known, where the report is of a part of them: one period then holds
        for the reports of all parts. None: the report is of all.
    entered
        What a reader typed into the inputs of an earlier workbook, by name: a value, None for a
        cell left blank, or the values of a row or column of heads.
    """

    margin_rate: float | None = None
    annual_discount_rate: float = 0.10
    horizon_months: int = 12
    cac: float | None = None
    spend: Spend | None = None
    target_ratio: float = 3.0
    activity_window_days: int | None = None
    period: str | None = None
    model: ModelName = "mbg_nbd"
    contract: ContractName = "auto"
    title: str | None = None
    layout: str = "executive"
    source: str = ""
    source_hash: str = ""
    source_table: str = ""
    options: str = ""
    refreshed: datetime | None = None
    entered: Mapping[str, Entered] = field(default_factory=dict)
    mapping: Mapping[str, str | Remark] = field(default_factory=dict)
    rules: Mapping[str, str | Remark] = field(default_factory=dict)
    reading_notes: tuple[Remark, ...] = ()
    segment_columns: tuple[str, ...] = ()
    segment_by: Literal["latest", "first"] = "latest"
    gate: float = 60.0
    listing: Listing = "all"
    fewest: int = 1
    known_from: int | None = None

    def __post_init__(self) -> None:
        """Refuse values outside their bounds."""
        if self.margin_rate is not None:
            checked("margin_rate", self.margin_rate, at_least=0, at_most=1)
        checked("discount_rate", self.annual_discount_rate, at_least=0, below=1)
        checked("horizon", self.horizon_months, at_least=1, at_most=LONGEST_HORIZON_MONTHS)
        if self.cac is not None:
            checked("cac", self.cac, above=0)
        checked("target_ratio", self.target_ratio, at_least=0.1, at_most=100)
        if self.activity_window_days is not None:
            checked("activity_window", self.activity_window_days, at_least=1, at_most=3650)
        if self.title is not None and len(self.title) > LONGEST_TITLE:
            raise InvalidArgumentError(
                "title",
                f"{len(self.title)}: shorten it",
                f"at most {LONGEST_TITLE} characters long",
            )
        checked("gate", self.gate, at_least=0, at_most=100)
        checked("fewest", self.fewest, at_least=1)
        if self.cac is not None and self.spend is not None:
            raise InvalidArgumentError("cac", self.cac, "left out where a spend file is given")
