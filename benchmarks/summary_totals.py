"""What two summaries of an order log are compared by."""

import pandas as pd

COLUMNS = ("frequency", "recency", "T", "monetary_value")


def totals(summary: pd.DataFrame) -> dict[str, float]:
    """Return how many customers there are, and the sum of each column that libraries share."""
    sums = {name: float(summary[name].sum()) for name in COLUMNS}
    return {"customers": float(len(summary))} | sums
