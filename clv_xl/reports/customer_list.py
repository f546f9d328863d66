"""The list of customers on its own: a row each, for other programs."""

import pandas as pd

from clv_xl.customers.orders import OrderLog
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.customer_tables import (
    OWN,
    columns_of_customers,
    facts_of_customers,
    header_on,
    unique_header,
)
from clv_xl.reports.report import Column
from clv_xl.reports.reporting_period import choose_period
from clv_xl.reports.snapshot import take_snapshot
from clv_xl.reports.texts import Texts

_ANY_WINDOW = 365


def customer_list(log: OrderLog, assumptions: Assumptions, texts: Texts) -> pd.DataFrame:
    """Return one row a customer, in order of first appearance, with the columns of the sheet."""
    period = choose_period(assumptions.period, log.first_day, log.as_of)
    now = take_snapshot(log, period.first_day, period.last_day, _ANY_WINDOW, assumptions.model)
    facts = facts_of_customers(now, assumptions)
    columns = columns_of_customers(texts, facts)
    taken = {column.key for column in columns}
    named = {_name(texts, column, taken): column.values for column in columns}  # noqa: PD011 - not pandas
    return pd.DataFrame(named)


def _name(texts: Texts, column: Column, taken: set[str]) -> str:
    """Return a column's key; a column of the source does not take the name of one of ours."""
    own = column.key.removeprefix(OWN)
    return column.key if own == column.key else unique_header(header_on(texts, own), taken)
