"""What LibreOffice's Python loads: the object whose methods are the worksheet functions.

The extension carries this file beside a folder `pythonpath`, which holds clv_xl itself. What is
missing in LibreOffice's Python is said in the cell; hence this file must be readable for old
versions of Python, and it imports nothing beyond the standard library until a function is called.
"""

import importlib
import sys
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

NEEDED_PYTHON = (3, 11)
NEEDED_PACKAGES = {"numpy": (2, 0), "pandas": (2, 2), "scipy": (1, 13)}
"""The oldest versions, as the package itself asks for them."""

_PREFIX = "CLV_"


def getComponentFactory(name: str, manager: Any, registry: Any) -> Any:  # noqa: ANN401, N802 - UNO's
    """Return what makes the object that has the functions; LibreOffice's loader calls this."""
    # Only import statements find UNO's own names, and only within LibreOffice.
    import unohelper  # noqa: PLC0415
    from com.sun.star.lang import XServiceInfo  # noqa: PLC0415
    from org.clvxl import XFunctions  # noqa: PLC0415

    helper = unohelper.ImplementationHelper()
    bases = (Functions, unohelper.Base, XFunctions, XServiceInfo)
    helper.addImplementation(type("UnoFunctions", bases, {}), name, (name,))
    return helper.getComponentFactory(name, registry, manager)


class Functions:
    """The worksheet functions, each a method under its worksheet name."""

    def __init__(self, context: Any) -> None:  # noqa: ANN401 - LibreOffice's
        """Keep nothing of the context in which LibreOffice works."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a method
        """Return a function under its worksheet name."""
        if not name.startswith(_PREFIX):
            raise AttributeError(name)

        def function(*given: Any) -> Any:  # noqa: ANN401 - whatever LibreOffice hands over
            *arguments, document = given
            return answer(name, arguments, document)

        return function

    def getImplementationName(self) -> str:  # noqa: N802 - UNO's
        """Return the name under which formulas are stored."""
        return "org.clvxl.Functions"

    def supportsService(self, name: str) -> bool:  # noqa: N802 - UNO's
        """Return whether this is the service of that name."""
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> Any:  # noqa: ANN401, N802 - UNO's; old versions of Python
        """Return the names of the services this is."""
        return (self.getImplementationName(),)


def answer(name: str, arguments: Any, document: Any) -> Any:  # noqa: ANN401 - LibreOffice's
    """Return the rows of cells that a formula shows.

    Where packages are missing no function works, and each of them says so in its cell.
    """
    fault = installation_fault()
    if fault:
        return ((f"#CLV! {fault}",),)
    answers = importlib.import_module("clv_xl.excel.libreoffice.answers")
    return answers.answer(name, arguments, document)


@lru_cache(maxsize=1)
def installation_fault() -> str:
    """Return what is missing for clv_xl to run and what to do, in one sentence; empty: nothing."""
    carried = Path(__file__).parent / "pythonpath"
    if carried.is_dir():
        sys.path.insert(0, str(carried))  # an installed clv_xl of another version stays aside
    version = ".".join(map(str, sys.version_info[:2]))
    if sys.version_info[:2] < NEEDED_PYTHON:
        return (
            f"LibreOffice runs Python {version}, and clv_xl needs {_dotted(NEEDED_PYTHON)} or "
            f"newer: install a newer LibreOffice"
        )
    fault = _package_fault()
    mend = (
        "install numpy, pandas and scipy for it with pip, as docs/excel.md tells, and start "
        "LibreOffice anew"
    )
    return f"LibreOffice's Python {version} ({sys.prefix}) {fault}: {mend}" if fault else ""


def _package_fault() -> str:
    """Return which package is missing, too old or broken; empty: none."""
    for package, oldest in NEEDED_PACKAGES.items():
        found = _version(package)
        if not found:
            return f"has no {package}"
        if _numbers(found) < oldest:
            return f"has {package} {found}, {_dotted(oldest)} or newer is needed"
    try:
        importlib.import_module("clv_xl.excel.libreoffice.answers")
    except ImportError as fault:
        return f"cannot load a package ({' '.join(str(fault).split())})"
    return ""


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _numbers(version: str) -> Any:  # noqa: ANN401 - old versions of Python
    return tuple(int("0" + "".join(filter(str.isdigit, part))) for part in version.split(".")[:2])


def _dotted(version: Any) -> str:  # noqa: ANN401 - old versions of Python
    return ".".join(map(str, version))
