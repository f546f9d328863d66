"""What is measured: a task, those who do it, and what is to be reached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

Found = TypeVar("Found")

Contender = Callable[[int, Path], Callable[[], object]]
"""Takes a size and a folder for files, prepares everything, and returns what is to be timed."""


@dataclass(frozen=True, slots=True)
class Answering(Generic[Found]):
    """Work that is to be timed, and figures of what it found, by which contenders are compared."""

    work: Callable[[], Found]
    figures: Callable[[Found], Mapping[str, float]]

    def __call__(self) -> Found:
        """Do the work."""
        return self.work()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One who does a task.

    Attributes
    ----------
    name
        As the table shows it.
    contender
        Where the contender stands, as ``module:function`` inside this package.
    needs
        The installed distribution it needs.
    file_made_by
        A contender that makes the file this one reads, in a process of its own and not measured.
    whole_process
        Whether the time counts from the start of the process, imports included.
    share
        The share of the task that is really done; its time is divided by it.
    """

    name: str
    contender: str
    needs: str = "clv-xl"
    file_made_by: str | None = None
    whole_process: bool = False
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """At least so many times as fast as the peer, or at most so many seconds of CPU."""

    times_as_fast: float | None = None
    seconds: float | None = None

    def __str__(self) -> str:
        """Return the target in words."""
        if self.seconds is not None:
            return f"≤ {self.seconds:g} s"
        return "less CPU" if self.times_as_fast == 1 else f"≥ {self.times_as_fast:g}×"

    def is_met(self, seconds: float, peer_seconds: float | None) -> bool | None:
        """Tell whether a time meets the target; None where there is no peer to judge by."""
        if self.seconds is not None:
            return seconds <= self.seconds
        if peer_seconds is None or self.times_as_fast is None:
            return None
        return peer_seconds >= self.times_as_fast * seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to be done by clv_xl and by its peers, on the same data.

    The target is judged against the first peer. Their figures may differ by `agreement`, relative
    to the larger one.
    """

    name: str
    title: str
    size: int
    quick_size: int
    ours: Entry
    peers: tuple[Entry, ...] = ()
    target: Target | None = None
    agreement: float = 1e-6
