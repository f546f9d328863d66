"""The contenders of a task, by the function that each has for it."""

from benchmarks.task import Entry

LIFETIMES, CLVKIT, PYMC = "lifetimes", "clvkit", "PyMC-Marketing, MAP"
_NEEDS = {LIFETIMES: "lifetimes", CLVKIT: "clvkit", PYMC: "pymc-marketing"}
_SUFFIXES = {LIFETIMES: "lifetimes", CLVKIT: "clvkit", PYMC: "pymc"}


def ours(contender: str, needs: str = "clv-xl") -> Entry:
    """Return clv_xl."""
    return Entry(name="clv_xl", contender=contender, needs=needs)


def peers(contender: str, *names: str) -> tuple[Entry, ...]:
    """Return the peers of a contender: a module beside ours has a function of the same name."""
    module, function = contender.split(":")
    return tuple(
        Entry(
            name=name,
            contender=f"{module}_by_{_SUFFIXES[name]}:{function}",
            needs=_NEEDS[name],
        )
        for name in names
    )
