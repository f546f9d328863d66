"""What a run did: line by line, and how many ended how."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clv_xl.delivery.attachment import Attachment
from clv_xl.delivery.audience import Audience
from clv_xl.delivery.ledger import State
from clv_xl.delivery.plan import Fate, Line
from clv_xl.delivery.transport import Receipt
from clv_xl.errors import ClvError

Built = Mapping[Audience, Attachment | ClvError]
"""By audience its workbook, or why there is none."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a line: its state, None where nothing was to go; the answer, and the receipt.

    Without a receipt nothing left.
    """

    line: Line
    state: State | None
    answer: str = ""
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did, and why it ended before its end, where it did."""

    results: tuple[Result, ...]
    stopped: str = ""
    built: Built = field(default_factory=dict, repr=False)

    def count(self, *states: State | None) -> int:
        """Return how many lines ended so."""
        return sum(result.state in states for result in self.results)

    @property
    def complete(self) -> bool:
        """Whether everything that was to go went, and nothing is in doubt."""
        return not self.in_doubt and self.count(State.SENT, None) == len(self.results)

    @property
    def in_doubt(self) -> int:
        """How many messages of this run or earlier ones may or may not have arrived."""
        left = sum(result.line.fate is Fate.UNKNOWN for result in self.results)
        return left + self.count(State.UNKNOWN)

    @property
    def skipped(self) -> int:
        """How many lines had nothing to send, and nothing in doubt."""
        return self.count(None) + self.count(State.UNKNOWN) - self.in_doubt
