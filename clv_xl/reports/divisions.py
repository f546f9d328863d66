"""Ways of dividing the customers: a segment column each, or the RFM segments without any."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.customers.groups import count_by_group, sum_by_group
from clv_xl.customers.order_log import Labels
from clv_xl.customers.rfm import RFM_SEGMENTS
from clv_xl.customers.segments import Membership, Segments, segments
from clv_xl.reports.customer_tables import CustomerFacts, segment_name
from clv_xl.reports.disclosure import hidden
from clv_xl.reports.live import Live
from clv_xl.reports.plan import Plan
from clv_xl.reports.texts import Texts, slug
from clv_xl.reports.told_days import told_of

RFM_HEADER = "RFM"
_REST = "\N{INFORMATION SEPARATOR ONE}"
"""Begins the label of the smallest segments together; no label from data begins so."""
LONGEST_LABEL = 200
"""Characters of a name in a table or beside a bar: LibreOffice never ends drawing 32,000."""
MOST_SEGMENTS = 40
"""Beyond this many, the smallest are put together: a table nobody reads decides nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Division:
    """One way of dividing the customers."""

    number: int
    header: str
    membership: Membership
    counted: Segments
    has_cac: bool
    by: Literal["latest", "first"] = "latest"

    @property
    def groups(self) -> int:
        """Number of segments."""
        return len(self.counted.labels)

    @property
    def by_rfm(self) -> bool:
        """Whether the segments are those that the RFM scores name."""
        named = {label for label in self.membership.labels if not _is_rest(label)}
        return self.header == RFM_HEADER and named <= set(RFM_SEGMENTS)

    def shown_header(self, texts: Texts) -> str:
        """Return what the customers are divided by, as the reader sees it."""
        return texts.say("segments.by_rfm") if self.by_rfm else self.header

    def shown_labels(self, texts: Texts) -> Labels:
        """Return the names of the segments as the reader sees them."""
        if self.by_rfm:
            named = [_rfm_shown(str(label), texts) for label in self.membership.labels]
        else:
            named = [_shown(str(label), texts) for label in self.membership.labels]
        return np.array(named, dtype=object)

    @property
    def is_rest(self) -> list[bool]:
        """Whether each segment is several small ones together."""
        return [_is_rest(label) for label in self.membership.labels]

    @property
    def numbers(self) -> Ints:
        """Numbers of the segments, from 1."""
        return np.arange(1, self.groups + 1)

    def number_here(self, plan: Plan) -> Live:
        """Return the segment's number as a formula in its row sees it."""
        header = plan.texts.say("column.number")
        return Live(f"{self.table}[[#This Row],[{header}]]", self.numbers)

    @property
    def table(self) -> str:
        """Name of its table."""
        return "Segments" if self.number == 1 else f"Segments_{self.number}"

    @property
    def data(self) -> str:
        """Name of the table of its counts and sums."""
        return f"{self.table}_data"

    @property
    def ahead(self) -> str:
        """Name of the matrix of its expected spend: a row a month, a column a segment."""
        return f"data_spend_{self.number}"


def others_shown(count: int, texts: Texts) -> str:
    """Return what so many small segments are called together."""
    return texts.say("segments.rest", count=count)


def _is_rest(label: object) -> bool:
    return str(label).startswith(_REST)


def _rfm_shown(label: str, texts: Texts) -> str:
    return _shown(label, texts) if _is_rest(label) else texts.say(f"rfm.{slug(label)}")


def _shown(label: str, texts: Texts) -> str:
    if _is_rest(label):
        return others_shown(int(label.removeprefix(_REST)), texts)
    name = segment_name(label, texts)
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"


def divide(
    facts: CustomerFacts,
    number: int,
    header: str,
    membership: Membership,
    *,
    has_cac: bool,
    by: Literal["latest", "first"] = "latest",
) -> Division:
    """Return a division with its counts and sums, the largest segments first."""
    active = facts.snapshot.activity
    ordered = _by_size(membership, facts.snapshot.summary.total)
    counted = segments(
        facts.snapshot.log,
        ordered,
        first_day=active.first_day,
        last_day=active.last_day,
        window_days=active.window_days,
    )
    return Division(
        number=number, header=header, membership=ordered, counted=counted, has_cac=has_cac, by=by
    )


def _by_size(membership: Membership, brought: Floats) -> Membership:
    """Return the segments by customers, then by what they brought, the many smallest as one."""
    groups = len(membership.labels)
    sizes = count_by_group(membership.codes, groups)
    order = np.lexsort((-sum_by_group(membership.codes, brought, groups), -sizes))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    labels = membership.labels[order]
    codes = rank[membership.codes]
    if len(labels) > MOST_SEGMENTS:
        rest = f"{_REST}{len(labels) - MOST_SEGMENTS + 1}"
        labels = np.append(labels[: MOST_SEGMENTS - 1], np.array([rest], dtype=object))
        codes = np.minimum(codes, MOST_SEGMENTS - 1)
    return Membership(codes=codes, labels=labels, several=membership.several)


def hidden_rfm(facts: CustomerFacts) -> Bools:
    """Return which of the RFM segments are not to be shown by themselves."""
    codes, count = facts.rfm.segment, len(RFM_SEGMENTS)
    if codes is None:
        return np.zeros(count, dtype=np.bool_)
    active = facts.snapshot.activity
    covered = (active.first_day, active.last_day)
    return hidden(facts.fewest, *told_of(facts.snapshot.log, codes, count, covered))


def rfm_membership(facts: CustomerFacts) -> Membership:
    """Return the RFM segments as a division, for logs without a segment column."""
    codes = facts.rfm.segment
    if codes is None:
        codes = np.zeros(len(facts.rfm.total), dtype=np.int64)
    used, compact = np.unique(codes, return_inverse=True)
    labels: Labels = np.array(RFM_SEGMENTS, dtype=object)[used]
    gone = hidden_rfm(facts)[used]
    if gone.any():
        compact = np.where(gone, int((~gone).sum()), np.cumsum(~gone) - 1)[compact]
        rest = np.array([f"{_REST}{gone.sum()}"], dtype=object)
        labels = np.append(labels[~gone], rest)
    return Membership(codes=compact, labels=labels)
