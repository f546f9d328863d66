"""Which Python a distribution is installed in: this one, or another that the user names.

Some peers pin versions of numpy or pandas, so they may live in an environment of their own.
"""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

CHECKOUT = "clv-xl"


@dataclass(frozen=True, slots=True)
class Interpreters:
    """Interpreters by the distribution they are to be used for; this one for all others."""

    of: Mapping[str, str] = field(default_factory=dict)

    def python(self, distribution: str) -> str:
        """Return the interpreter to measure a distribution with."""
        return self.of.get(distribution, sys.executable)

    def version(self, distribution: str) -> str | None:
        """Return the installed version of a distribution; None where there is none."""
        if distribution in self.of:
            return _version_elsewhere(self.of[distribution], distribution)
        try:
            return version(distribution)
        except PackageNotFoundError:
            return None

    def has(self, distribution: str) -> bool:
        """Tell whether a distribution is installed; the checkout itself always is."""
        return distribution == CHECKOUT or self.version(distribution) is not None


def _version_elsewhere(python: str, distribution: str) -> str | None:
    code = f"from importlib.metadata import version; print(version({distribution!r}))"
    try:
        done = subprocess.run(
            [python, "-c", code], capture_output=True, text=True, check=False, timeout=60
        )
    except OSError:
        return None
    return done.stdout.strip() or None
