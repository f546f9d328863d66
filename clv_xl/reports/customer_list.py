"""The list of customers on its own: a row each, for other programs."""

import pandas as pd

from clv_xl.customers.orders import OrderLog
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.customer_tables import columns_of_customers, facts_of_customers
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
    return pd.DataFrame({column.key.removeprefix("own."): column.values for column in columns})  # noqa: PD011 - not pandas
