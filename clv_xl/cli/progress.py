"""Progress on a terminal: what is being done, and how far it is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def steps(*names: str) -> Iterator[Callable[[], None]]:
    """Show a bar over named steps on a terminal; call what is yielded as each one begins."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415 - not needed without a terminal
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description:<24}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(names[0], total=len(names))
        begun = iter(names)

        def begin() -> None:
            name = next(begun)
            progress.update(task, description=name, completed=names.index(name))

        yield begin


@contextmanager
def counting() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on a terminal; call what is yielded with what is done, how many, of how many.

    Of none: what is done changes, and how far it is stays.
    """
    if not sys.stderr.isatty():
        yield lambda _what, _done, _all: None
        return
    from rich.console import Console  # noqa: PLC0415 - not needed without a terminal
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn()
    with Progress(
        *columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as progress:
        task = progress.add_task("")

        def step(what: str, done: int, total: int) -> None:
            far = done if total else None
            progress.update(task, description=what, completed=far, total=total or None)

        yield step
